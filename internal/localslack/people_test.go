package localslack_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

// listen runs an app that acknowledges all and returns what was told in the events so far, in order.
func (r *rig) listen(tell func(event map[string]any) string) func() []string {
	r.t.Helper()
	var heard []string
	r.app(func(e socketmode.Event) (any, bool) {
		var body struct{ Event map[string]any }
		if e.Type == socketmode.EventTypeEventsAPI {
			if err := json.Unmarshal(e.Request.Payload, &body); err != nil {
				r.t.Error(err)
			}
			heard = append(heard, tell(body.Event))
		}
		return nil, true
	})
	return func() []string {
		synctest.Wait()
		all := slices.Clone(heard)
		heard = nil
		return all
	}
}

func str(v any) string { s, _ := v.(string); return s }

func scopes(more ...string) func(*localslack.Options) {
	return func(o *localslack.Options) { o.Config.Apps[0].Scopes = slices.Concat(allScopes, more) }
}

func TestPeopleEditDeleteAndReact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, scopes("reactions:read"))
		heard := r.listen(func(e map[string]any) string {
			switch e["type"] {
			case "message":
				inner, _ := e["message"].(m)
				before, _ := e["previous_message"].(m)
				return str(e["subtype"]) + " " + str(before["text"]) + " → " + str(inner["text"])
			default:
				return str(e["type"]) + " " + str(e["reaction"]) + " by " + str(e["user"]) + " to " + str(e["item_user"])
			}
		})
		ts := r.must("message", m{"channel": "support", "text": "a refund", "user": "ana"})["ts"]
		own := r.post(slack.MsgOptionText("card", false))
		heard()
		at := func(more m) m {
			in := m{"channel": "support", "ts": ts, "user": "ana"}
			maps.Copy(in, more)
			return in
		}
		r.must("edit", at(m{"text": "the refund"}))
		r.must("react", at(m{"name": ":eyes:", "user": "ben"}))
		r.must("react", at(m{"name": "eyes", "user": "ben"})) // changes nothing, so says nothing
		r.must("react", at(m{"name": "eyes", "user": "ben", "remove": true}))
		r.must("delete", at(nil))
		want := []string{
			"message_changed a refund → the refund", "reaction_added eyes by U2 to U1", "reaction_removed eyes by U2 to U1",
			"message_deleted the refund → ",
		}
		if diff := cmp.Diff(want, heard()); diff != "" {
			t.Errorf("the app heard (-want +got):\n%s", diff)
		}
		for path, in := range map[string]m{
			"edit":   {"channel": "support", "ts": own, "text": "mine now", "user": "ana"},
			"delete": {"channel": "support", "ts": own, "user": "ana"},
			"react":  {"channel": "secret", "ts": own, "name": "eyes", "user": "ana"},
		} {
			if out := r.control(path, in); out["ok"] != false {
				t.Errorf("%s %v: %v, want a refusal", path, in, out)
			}
		}
		if got, err := r.api.GetReactions(slack.NewRefToMessage("C1", own), slack.NewGetReactionsParameters()); err != nil || len(got.Reactions) != 0 {
			t.Errorf("reactions = %v, %v", got, err)
		}
	})
}

func TestStatusPresenceAndDoNotDisturb(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, scopes("dnd:read", "users.profile:read"))
		heard := r.listen(func(e map[string]any) string { return str(e["type"]) })
		r.must("person", m{"user": "ana", "status_text": "Lunch", "status_emoji": ":pizza:", "status_minutes": 30, "away": true})
		r.must("person", m{"user": "ana", "dnd_minutes": 60})
		if diff := cmp.Diff([]string{"user_change", "user_status_changed", "dnd_updated_user"}, heard()); diff != "" {
			t.Errorf("the app heard (-want +got):\n%s", diff)
		}
		ana, err := r.api.GetUserInfo("U1")
		if err != nil || ana.Profile.StatusText != "Lunch" || ana.Profile.StatusEmoji != ":pizza:" {
			t.Errorf("status %q, %v", ana.Profile.StatusText, err)
		}
		if p, err := r.api.GetUserPresence("U1"); err != nil || p.Presence != "away" {
			t.Errorf("presence %+v, %v", p, err)
		}
		id := "U1"
		until := int(time.Now().Add(time.Hour).Unix())
		if d, err := r.api.GetDNDInfo(&id); err != nil || !d.Enabled || d.NextEndTimestamp != until {
			t.Errorf("dnd %+v, %v, want until %d", d, err, until)
		}
		time.Sleep(time.Hour)
		if d, err := r.api.GetDNDTeamInfo([]string{"U1", "U2"}); err != nil || d["U1"].Enabled || d["U1"].NextStartTimestamp != 1 || len(d) != 2 {
			t.Errorf("dnd after its end %+v, %v", d, err)
		}
		if p, err := r.api.GetUserProfile(&slack.GetUserProfileParameters{UserID: "U1"}); err != nil || p.StatusText != "" {
			t.Errorf("status after its end %+v, %v", p, err)
		}
		r.must("person", m{"user": "ana", "deleted": true})
		if u, err := r.api.GetUserInfo("U1"); err != nil || !u.Deleted {
			t.Errorf("deactivated: %+v, %v", u, err)
		}
		if out := r.control("message", m{"channel": "support", "text": "still here", "user": "ana"}); out["ok"] != false {
			t.Errorf("a deactivated person wrote: %v", out)
		}
		r.wantError("user_not_in_channel", "chat.postEphemeral", "channel=C1", "user=U1", "text=x")
	})
}

func TestMembersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		heard := r.listen(func(e map[string]any) string { return str(e["type"]) + " " + str(e["user"]) })
		r.must("channel", m{"channel": "support", "remove": []string{"ben"}})
		r.must("channel", m{"channel": "support", "add": []string{"ben", "ana"}})
		r.must("channel", m{"channel": "secret", "add": []string{"warmline"}})
		r.must("channel", m{"channel": "support", "remove": []string{"warmline"}})
		want := []string{"member_left_channel U2", "member_joined_channel U2", "member_joined_channel UBOT", "channel_left "}
		if diff := cmp.Diff(want, heard()); diff != "" {
			t.Errorf("the app heard (-want +got):\n%s", diff)
		}
		r.wantError("not_in_channel", "chat.postMessage", "channel=C1", "text=x")
		if _, out := r.call("chat.postMessage", "channel=C3", "text=x"); out["ok"] != true {
			t.Errorf("post where the bot was invited: %v", out)
		}
	})
}

func TestArchivedChannelsTakeNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		ts := r.post(slack.MsgOptionText("x", false))
		heard := r.listen(func(e map[string]any) string { return str(e["type"]) })
		r.must("channel", m{"channel": "support", "archived": true})
		if diff := cmp.Diff([]string{"channel_archive"}, heard()); diff != "" {
			t.Errorf("the app heard (-want +got):\n%s", diff)
		}
		r.wantError("is_archived", "chat.postMessage", "channel=C1", "text=x")
		r.wantError("is_archived", "chat.postEphemeral", "channel=C1", "user=U1", "text=x")
		r.wantError("is_inactive", "chat.update", "channel=C1", "ts="+ts, "text=y")
		r.wantError("is_archived", "reactions.add", "channel=C1", "timestamp="+ts, "name=eyes")
		if out := r.control("message", m{"channel": "support", "text": "x", "user": "ana"}); out["ok"] != false {
			t.Errorf("a person wrote: %v", out)
		}
		channels, _, err := r.api.GetConversations(&slack.GetConversationsParameters{ExcludeArchived: true})
		if err != nil || len(channels) != 1 || channels[0].Name != "general" {
			t.Errorf("channels that are not archived: %+v, %v", channels, err)
		}
		r.must("channel", m{"channel": "support", "archived": false})
		r.post(slack.MsgOptionText("x", false))
	})
}

// TestADeletedMessageLeavesItsThread holds that a thread outlives the message it began with, which no longer can be changed.
func TestADeletedMessageLeavesItsThread(t *testing.T) {
	path := ""
	r := newRig(t, func(o *localslack.Options) { path = o.Journal })
	card := r.post(slack.MsgOptionText("card", false))
	reply := r.post(slack.MsgOptionText("transcript", false), slack.MsgOptionTS(card))
	r.wantOK("chat.delete", "channel=C1", "ts="+card)
	r.wantError("message_not_found", "chat.update", "channel=C1", "ts="+card, "text=x")
	r.wantError("message_not_found", "chat.delete", "channel=C1", "ts="+card)
	r.post(slack.MsgOptionText("more", false), slack.MsgOptionTS(card))
	for name, at := range map[string]*rig{"now": r, "after replay": newRig(t, func(o *localslack.Options) { o.Journal = path })} {
		thread, _, _, err := at.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: card})
		if err != nil || len(thread) != 3 || thread[0].SubType != "tombstone" || thread[0].User != "USLACKBOT" || thread[1].Text != "transcript" {
			t.Errorf("the thread %s: %+v, %v", name, thread, err)
		}
	}
	r.wantOK("chat.delete", "channel=C1", "ts="+reply)
	_, out := r.call("conversations.replies", "channel=C1", "ts="+card)
	last := out["messages"].([]any)[1].(m)["ts"].(string)
	r.wantOK("chat.delete", "channel=C1", "ts="+last)
	r.wantError("thread_not_found", "conversations.replies", "channel=C1", "ts="+card)
}
