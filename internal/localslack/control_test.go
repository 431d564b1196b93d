package localslack_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

func TestStateNamesEverything(t *testing.T) {
	r := newRig(t)
	s := r.control("state", nil)
	ana := s["users"].([]any)[0].(m)
	if ana["id"] != "U1" || ana["is_bot"] != false || cmp.Diff(ana["groups"], []any{"support-agents"}) != "" {
		t.Errorf("ana = %v", ana)
	}
	if ch := s["channels"].([]any)[0].(m); ch["name"] != "support" || len(ch["members"].([]any)) != 3 {
		t.Errorf("first channel = %v", ch)
	}
	if c := s["commands"].([]any)[0].(m); c["command"] != "/escalate" || c["usage_hint"] != "[next|queue]" {
		t.Errorf("command = %v", c)
	}
	if strings.Contains(mustJSON(s), botToken) {
		t.Error("state shows a token")
	}
}

func TestControlRefusals(t *testing.T) {
	r := newRig(t)
	for path, in := range map[string]any{
		"messages?channel=nope": nil, "messages?channel=support&as=nobody": nil, "views?user=": nil, "traffic?after=x": nil, "nothing": nil,
		"click": m{"channel": "C1", "ts": "1.000001", "action_id": "a", "user": "ana"}, "submit": m{"view_id": "V1", "user": "ana"},
		"close": m{"view_id": "V1", "user": "ana"}, "message": m{"channel": "general", "text": "x", "user": "ben"},
		"home": m{"user": "warmline"}, "group": m{"handle": "nobody"}, "disconnect": m{"reason": "boredom"}, "command": m{"unknown": 1},
	} {
		if out := r.control(path, in); out["ok"] != false || out["error"] == "" {
			t.Errorf("%s %v answered %v, want a refusal", path, in, out)
		}
	}
	for _, in := range []m{
		{"channel": "C1", "text": " ", "user": "ana"},
		{"channel": "C1", "text": "x", "user": "gone"},
		{"channel": "C1", "text": "x", "user": "ana", "thread_ts": "1.000001"},
	} {
		if out := r.control("message", in); out["ok"] != false {
			t.Errorf("message %v was posted", in)
		}
	}
}

func TestForeignPagesCannotAct(t *testing.T) {
	r := newRig(t)
	req, _ := http.NewRequest(http.MethodPost, base+"/_control/message", strings.NewReader(`{"channel":"C1","text":"x","user":"ana"}`))
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := r.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if all := r.control("messages?channel=C1", nil)["messages"].([]any); res.StatusCode != http.StatusForbidden || len(all) != 0 {
		t.Errorf("a foreign page's request answered %d and left %d messages", res.StatusCode, len(all))
	}
}

func TestGroupChangesReachTheApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var changed []*slackevents.SubteamMembersChangedEvent
		var updated int
		r.app(func(e socketmode.Event) (any, bool) {
			if ev, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				switch in := ev.InnerEvent.Data.(type) {
				case *slackevents.SubteamMembersChangedEvent:
					changed = append(changed, in)
				case *slackevents.SubteamUpdatedEvent:
					updated++
				}
			}
			return nil, true
		})
		r.must("group", m{"handle": "support-agents", "add": []string{"ben"}, "remove": []string{"ana"}})
		synctest.Wait()
		if len(changed) != 1 || changed[0].AddedUsers[0] != "U2" || changed[0].RemovedUsers[0] != "U1" || changed[0].SubteamID != "S1" || updated != 1 {
			t.Fatalf("events: %+v and %d updates", changed, updated)
		}
		r.must("group", m{"handle": "support-agents", "add": []string{"ana"}, "silent": true})
		synctest.Wait()
		if len(changed) != 1 {
			t.Errorf("a silent change sent an event")
		}
		if in, err := r.api.GetUserGroupMembers("S1"); err != nil || len(in) != 2 {
			t.Errorf("members = %v, %v", in, err)
		}
	})
}

func TestMessagesReachTheApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var heard []string
		r.app(func(e socketmode.Event) (any, bool) {
			if ev, ok := e.Data.(slackevents.EventsAPIEvent); ok {
				switch in := ev.InnerEvent.Data.(type) {
				case *slackevents.MessageEvent:
					heard = append(heard, "message "+in.SubType+" "+in.Text)
				case *slackevents.AppMentionEvent:
					heard = append(heard, "mention "+in.Text+" "+in.ThreadTimeStamp)
				}
			}
			return nil, true
		})
		ts := r.must("message", m{"channel": "support", "text": "hi @warmline, and @ben", "user": "ana"})["ts"].(string)
		r.must("message", m{"channel": "general", "text": "not for the bot", "user": "ana"})
		r.must("message", m{"channel": "support", "text": "@warmline why?", "thread_ts": ts, "user": "ben"})
		synctest.Wait()
		want := []string{
			"message  hi <@UBOT>, and <@U2>", "mention hi <@UBOT>, and <@U2> ",
			"message  <@UBOT> why?", "mention <@UBOT> why? " + ts,
		}
		if diff := cmp.Diff(want, heard); diff != "" {
			t.Errorf("the app heard (-want +got):\n%s", diff)
		}
	})
}

func TestStreamTellsOfChanges(t *testing.T) {
	r := newRig(t)
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/_control/stream", nil)
	res, err := r.http.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	lines := bufio.NewScanner(res.Body)
	next := func() string {
		for lines.Scan() {
			if s, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return s
			}
			if lines.Text() == ": open" {
				return "open"
			}
		}
		return "end"
	}
	if got := next(); got != "open" {
		t.Fatalf("first line %q", got)
	}
	ts := r.post(slack.MsgOptionText("x", false))
	var c m
	if err := json.Unmarshal([]byte(next()), &c); err != nil || c["kind"] != "message" || c["channel"] != "C1" || c["ts"] != ts {
		t.Errorf("change = %v, %v", c, err)
	}
	if err := r.w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "end" {
		t.Errorf("after Close the stream says %q", got)
	}
}

func TestTrafficHasNoTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.app(quiet)
		r.post(slack.MsgOptionText("my token is "+botToken, false))
		r.must("command", m{"command": "/escalate", "channel": "support", "user": "ana"})
		all := r.control("traffic?after=0", nil)
		raw := mustJSON(all)
		if strings.Contains(raw, botToken) || strings.Contains(raw, appToken) || !strings.Contains(raw, "/_socket/[redacted]") {
			t.Error("traffic shows a token or a ticket")
		}
		for _, want := range []string{`"chat.postMessage"`, `"envelope"`, `"ack"`, `"reply"`} {
			if !strings.Contains(raw, want) {
				t.Errorf("traffic lacks %s", want)
			}
		}
		if rest := r.control("traffic?after=999999", nil)["traffic"].([]any); len(rest) != 0 {
			t.Errorf("%d entries after the last", len(rest))
		}
	})
}

func TestPermalinkLeadsToThePage(t *testing.T) {
	r := newRig(t)
	r.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, _ := r.do("GET", "/archives/C1/p1700000000000100", "", "")
	if got := res.Header.Get("Location"); got != "/slack/#C1/p1700000000000100" {
		t.Errorf("permalink leads to %q", got)
	}
	if res, _ := r.do("GET", "/slack/", "", ""); res.StatusCode != http.StatusOK {
		t.Errorf("the page answers %d", res.StatusCode)
	}
}
