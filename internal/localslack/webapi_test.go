package localslack_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"warmline/internal/localslack"
)

func TestSlackClientReadsWhatItWrote(t *testing.T) {
	r := newRig(t)
	id, err := r.api.AuthTest()
	if err != nil || id.UserID != "UBOT" || id.TeamID != "T1" || id.BotID == "" {
		t.Fatalf("auth.test = %+v, %v", id, err)
	}
	meta := slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"key": "k-1"}}
	ts := r.post(slack.MsgOptionText("Refund", false), slack.MsgOptionBlocks(buttonBlocks()...), slack.MsgOptionMetadata(meta))
	reply := r.post(slack.MsgOptionText("transcript", false), slack.MsgOptionTS(ts))

	h, err := r.api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true})
	if err != nil || len(h.Messages) != 1 {
		t.Fatalf("history = %+v, %v, want the card alone", h, err)
	}
	if card := h.Messages[0]; card.ReplyCount != 1 || card.LatestReply != reply || card.Metadata.EventPayload["key"] != "k-1" || card.BotID == "" {
		t.Errorf("card = %+v", card)
	}
	thread, _, _, err := r.api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: ts})
	if err != nil || len(thread) != 2 || thread[1].Text != "transcript" || thread[1].ThreadTimestamp != ts || thread[0].Metadata.EventType != "" {
		t.Errorf("replies = %+v, %v", thread, err)
	}
	if _, _, text, err := r.api.UpdateMessage("C1", ts, slack.MsgOptionText("claimed", false)); err != nil || text != "claimed" {
		t.Errorf("update answered %q, %v", text, err)
	}
	shown := r.control("messages?channel=support", nil)["messages"].([]any)[0].(m)
	if len(shown["blocks"].([]any)) != 0 || shown["edited"] == nil || shown["metadata"] == nil {
		t.Errorf("after a text-only update the card is %v, want no blocks, an edit and its metadata", shown)
	}
	link, err := r.api.GetPermalink(&slack.PermalinkParameters{Channel: "C1", Ts: ts})
	if err != nil || link != base+"/archives/C1/p"+strings.Replace(ts, ".", "", 1) {
		t.Errorf("permalink %q, %v", link, err)
	}
	if _, _, err := r.api.DeleteMessage("C1", reply); err != nil {
		t.Errorf("delete: %v", err)
	}
}

func TestPeopleChannelsAndGroups(t *testing.T) {
	r := newRig(t)
	users, err := r.api.GetUsers(slack.GetUsersOptionLimit(2))
	if err != nil || len(users) != 4 {
		t.Errorf("users over pages of two: %d, %v, want 4", len(users), err)
	}
	ana, err := r.api.GetUserByEmail("ANA@northlight.example")
	if err != nil || ana.ID != "U1" || ana.Profile.Email != "ana@northlight.example" || ana.TZOffset == 0 {
		t.Errorf("lookup by e-mail = %+v, %v", ana, err)
	}
	if u, err := r.api.GetUserInfo("U3"); err != nil || !u.Deleted {
		t.Errorf("deactivated user = %+v, %v", u, err)
	}
	channels, _, err := r.api.GetConversations(&slack.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	if err != nil || len(channels) != 2 || !channels[0].IsMember || channels[1].IsMember {
		t.Errorf("channels = %+v, %v, want the two public ones", channels, err)
	}
	members, _, err := r.api.GetUsersInConversation(&slack.GetUsersInConversationParameters{ChannelID: "C1"})
	if err != nil || cmp.Diff(members, []string{"U1", "U2", "UBOT"}) != "" {
		t.Errorf("members = %v, %v", members, err)
	}
	if _, _, _, err := r.api.JoinConversation("C2"); err != nil {
		t.Errorf("join: %v", err)
	}
	groups, err := r.api.GetUserGroups(slack.GetUserGroupsOptionIncludeUsers(true))
	if err != nil || len(groups) != 1 || cmp.Diff(groups[0].Users, []string{"U1"}) != "" {
		t.Errorf("groups = %+v, %v", groups, err)
	}
	if _, err := r.api.UpdateUserGroupMembers("S1", "U1,U2"); err != nil {
		t.Errorf("update group: %v", err)
	}
	if in, err := r.api.GetUserGroupMembers("S1"); err != nil || len(in) != 2 {
		t.Errorf("group members = %v, %v", in, err)
	}
	im, _, _, err := r.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U2"}})
	if err != nil || !strings.HasPrefix(im.ID, "D") {
		t.Errorf("open conversation = %+v, %v", im, err)
	}
	if err := r.api.AddReaction("eyes", slack.NewRefToMessage("C1", r.post(slack.MsgOptionText("x", false)))); err != nil {
		t.Errorf("react: %v", err)
	}
	if b, err := r.api.GetBotInfo(slack.GetBotInfoParameters{}); err != nil || b.AppID != "A1" {
		t.Errorf("bots.info = %+v, %v", b, err)
	}
	if team, err := r.api.GetTeamInfo(); err != nil || team.Domain != "northlight" {
		t.Errorf("team.info = %+v, %v", team, err)
	}
}

func TestRefusals(t *testing.T) {
	r := newRig(t)
	foreign := r.must("message", m{"channel": "C1", "text": "by a person", "user": "ana"})["ts"].(string)
	own := r.post(slack.MsgOptionText("x", false))
	reply := r.post(slack.MsgOptionText("y", false), slack.MsgOptionTS(own))
	note, err := r.api.PostEphemeral("C1", "U1", slack.MsgOptionText("psst", false))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("ä", 2001)
	heavy := url.QueryEscape(`[` + repeat(5, `{"type":"section","text":{"type":"plain_text","text":"`+strings.Repeat("&", 600)+`"}}`) + `]`)
	cases := []struct {
		code, method string
		form         []string
	}{
		{"unknown_method", "chat.shout", nil},
		{"channel_not_found", "chat.postMessage", []string{"channel=nope", "text=x"}},
		{"channel_not_found", "chat.postMessage", []string{"channel=C3", "text=x"}},
		{"not_in_channel", "chat.postMessage", []string{"channel=C2", "text=x"}},
		{"invalid_arguments", "chat.postMessage", []string{"text=x"}},
		{"no_text", "chat.postMessage", []string{"channel=C1"}},
		{"no_text", "chat.postMessage", []string{"channel=C1", "blocks=[]"}},
		{"thread_not_found", "chat.postMessage", []string{"channel=C1", "text=x", "thread_ts=1.000001"}},
		{"cannot_reply_to_message", "chat.postMessage", []string{"channel=C1", "text=x", "thread_ts=" + reply}},
		{"invalid_blocks_format", "chat.postMessage", []string{"channel=C1", "blocks=[{"}},
		{"invalid_blocks", "chat.postMessage", []string{"channel=C1", `blocks=[{"type":"blink"}]`}},
		{"msg_blocks_too_long", "chat.postMessage", []string{"channel=C1", "blocks=" + heavy}},
		{"invalid_metadata_format", "chat.postMessage", []string{"channel=C1", "text=x", "metadata=[1]"}},
		{"invalid_metadata_schema", "chat.postMessage", []string{"channel=C1", "text=x", `metadata={"event_type":"x"}`}},
		{"user_not_in_channel", "chat.postEphemeral", []string{"channel=C1", "user=U3", "text=x"}},
		{"message_not_found", "chat.update", []string{"channel=C1", "ts=1.000001", "text=x"}},
		{"message_not_found", "chat.update", []string{"channel=C1", "ts=" + note, "text=x"}},
		{"cant_update_message", "chat.update", []string{"channel=C1", "ts=" + foreign, "text=x"}},
		{"msg_too_long", "chat.update", []string{"channel=C1", "ts=" + own, "text=" + url.QueryEscape(long)}},
		{"cant_delete_message", "chat.delete", []string{"channel=C1", "ts=" + foreign}},
		{"not_in_channel", "conversations.history", []string{"channel=C2"}},
		{"channel_not_found", "conversations.info", []string{"channel=C3"}},
		{"thread_not_found", "conversations.replies", []string{"channel=C1", "ts=1.000001"}},
		{"invalid_ts_oldest", "conversations.history", []string{"channel=C1", "oldest=yesterday"}},
		{"invalid_cursor", "conversations.history", []string{"channel=C1", "cursor=x"}},
		{"invalid_cursor", "users.list", []string{"cursor=x"}},
		{"invalid_limit", "users.list", []string{"limit=x"}},
		{"invalid_types", "conversations.list", []string{"types=dungeon"}},
		{"user_not_found", "users.info", []string{"user=U9"}},
		{"users_not_found", "users.lookupByEmail", []string{"email=x@y.example"}},
		{"users_list_not_supplied", "conversations.open", nil},
		{"user_disabled", "conversations.open", []string{"users=U3"}},
		{"no_such_subteam", "usergroups.users.list", []string{"usergroup=S9"}},
		{"no_reaction", "reactions.remove", []string{"channel=C1", "timestamp=" + own, "name=eyes"}},
		{"message_not_found", "reactions.add", []string{"channel=C1", "timestamp=1.000001", "name=eyes"}},
		{"invalid_name", "reactions.add", []string{"channel=C1", "timestamp=" + own, "name=!"}},
		{"bot_not_found", "bots.info", []string{"bot=B9"}},
		{"message_not_found", "chat.getPermalink", []string{"channel=C1", "message_ts=1.000001"}},
		{"invalid_arguments", "blocks.validate", nil},
	}
	for _, c := range cases {
		r.wantError(c.code, c.method, c.form...)
	}
}

func TestInvalidBlocksNameTheFault(t *testing.T) {
	r := newRig(t)
	out := r.wantError("invalid_blocks", "chat.postMessage", "channel=C1",
		`blocks=[{"type":"divider"},{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`)
	if want := []any{"unsupported"}; len(out["errors"].([]any)) == 0 {
		t.Fatalf("errors = %v, want %v", out["errors"], want)
	}
	first := out["errors"].([]any)[0].(string)
	if !strings.HasSuffix(first, "[json-pointer:/blocks/1/text/type]") {
		t.Errorf("error %q lacks its pointer", first)
	}
	if got := out["response_metadata"].(m)["messages"].([]any)[0]; got != "[ERROR] "+first {
		t.Errorf("response_metadata.messages[0] = %q", got)
	}
	fault := r.wantError("invalid_blocks", "blocks.validate", `blocks=[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`)
	if f := fault["errors"].([]any)[0].(m); f["pointer"] != "/0/text/type" || f["code"] != "failed_constraint" {
		t.Errorf("blocks.validate reports %v", f)
	}
}

func TestTokensAndScopes(t *testing.T) {
	r := newRig(t, func(o *localslack.Options) { o.Config.Apps[0].Scopes = []string{"chat:write", "users:read"} })
	for token, code := range map[string]string{"": "not_authed", "xoxb-other": "invalid_auth", appToken: "not_allowed_token_type"} {
		_, out := r.do("POST", "/api/auth.test", "application/x-www-form-urlencoded", "token="+token)
		if out["error"] != code {
			t.Errorf("token %q: %v, want %s", token, out["error"], code)
		}
	}
	res, out := r.call("usergroups.list")
	if out["error"] != "missing_scope" || out["needed"] != "usergroups:read" || out["provided"] != "chat:write,users:read" {
		t.Errorf("missing scope answered %v", out)
	}
	if got := res.Header.Get("X-OAuth-Scopes"); got != "chat:write,users:read" {
		t.Errorf("X-OAuth-Scopes = %q", got)
	}
	if u, err := r.api.GetUserInfo("U1"); err != nil || u.Profile.Email != "" {
		t.Errorf("without users:read.email the address is %q, %v", u.Profile.Email, err)
	}
}

func TestHistoryPagesNewestFirst(t *testing.T) {
	r := newRig(t)
	var posted []string
	for range 5 {
		posted = append(posted, r.post(slack.MsgOptionText("x", false)))
	}
	var seen []string
	p := &slack.GetConversationHistoryParameters{ChannelID: "C1", Limit: 2}
	for {
		h, err := r.api.GetConversationHistory(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, msg := range h.Messages {
			seen = append([]string{msg.Timestamp}, seen...)
		}
		if !h.HasMore {
			break
		}
		p.Cursor = h.ResponseMetaData.NextCursor
	}
	if diff := cmp.Diff(posted, seen); diff != "" {
		t.Errorf("history over pages (-posted +seen):\n%s", diff)
	}
	between := &slack.GetConversationHistoryParameters{ChannelID: "C1", Oldest: posted[1], Latest: posted[3]}
	if h, err := r.api.GetConversationHistory(between); err != nil || len(h.Messages) != 1 {
		t.Errorf("exclusive range has %d messages, %v, want 1", len(h.Messages), err)
	}
	between.Inclusive = true
	if h, err := r.api.GetConversationHistory(between); err != nil || len(h.Messages) != 3 {
		t.Errorf("inclusive range has %d messages, %v, want 3", len(h.Messages), err)
	}
}

func TestArgumentsComeInEveryForm(t *testing.T) {
	r := newRig(t)
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"a & b"}}]`
	bodies := map[string]string{
		"application/json":                  `{"token":"` + botToken + `","channel":"#support","blocks":` + blocks + `}`,
		"application/json; charset=utf-8":   `{"token":"` + botToken + `","channel":"C1","blocks":` + mustJSON(blocks) + `}`,
		"application/x-www-form-urlencoded": "token=" + botToken + "&channel=C1&blocks=" + url.QueryEscape(blocks),
	}
	for kind, body := range bodies {
		_, out := r.do("POST", "/api/chat.postMessage", kind, body)
		if out["ok"] != true {
			t.Errorf("%s: %v", kind, out)
			continue
		}
		b := out["message"].(m)["blocks"].([]any)[0].(m)
		if b["block_id"] == "" || b["block_id"] == nil || b["text"].(m)["verbatim"] != false || b["text"].(m)["text"] != "a & b" {
			t.Errorf("%s: block comes back as %v", kind, b)
		}
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}
