package localslack_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"warmline/internal/localslack"
)

func withShortcuts(o *localslack.Options) {
	o.Config.Apps[0].Shortcuts = []localslack.Shortcut{
		{CallbackID: "escalate", Name: "Escalate this", Type: "message"}, {CallbackID: "queue", Name: "Show the queue", Type: "global"},
	}
}

func TestShortcutsReachTheApp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, withShortcuts)
		got := make(chan slack.InteractionCallback, 1)
		var raw []byte
		r.app(func(e socketmode.Event) (any, bool) {
			if cb, ok := e.Data.(slack.InteractionCallback); ok {
				raw = e.Request.Payload
				got <- cb
			}
			return nil, true
		})
		ts := r.must("message", m{"channel": "support", "text": "please help Kim", "user": "ben"})["ts"]
		r.must("shortcut", m{"callback_id": "escalate", "channel": "support", "ts": ts, "user": "ana"})
		cb := <-got
		if cb.Type != slack.InteractionTypeMessageAction || cb.CallbackID != "escalate" || cb.Message.Text != "please help Kim" || cb.Message.User != "U2" ||
			cb.Channel.ID != "C1" || cb.MessageTs != ts || cb.User.ID != "U1" {
			t.Errorf("message shortcut: %+v", cb)
		}
		var keys any
		if err := json.Unmarshal(raw, &keys); err != nil {
			t.Fatal(err)
		}
		if bad := unknownKeys(keys, "", sampleKeys(t)["MessageShortcutPayload"]); len(bad) > 0 {
			t.Errorf("the payload has keys that Slack's does not: %v", bad)
		}
		if _, err := r.api.OpenView(cb.TriggerID, modal("Escalate", "reply", false)); err != nil {
			t.Errorf("open a view with its trigger: %v", err)
		}
		if _, _, err := r.api.PostMessage("", slack.MsgOptionText("done", false), slack.MsgOptionResponseURL(cb.ResponseURL, slack.ResponseTypeEphemeral)); err != nil {
			t.Errorf("answer by its response_url: %v", err)
		}
		r.must("shortcut", m{"callback_id": "queue", "user": "ana"})
		if cb = <-got; cb.Type != slack.InteractionTypeShortcut || cb.CallbackID != "queue" || cb.ResponseURL != "" || cb.TriggerID == "" {
			t.Errorf("global shortcut: %+v", cb)
		}
		for _, in := range []m{
			{"callback_id": "nope", "user": "ana"},
			{"callback_id": "escalate", "channel": "support", "ts": "1.000001", "user": "ana"},
			{"callback_id": "queue", "user": "gone"},
			{"callback_id": "escalate", "channel": "secret", "ts": ts, "user": "ana"},
		} {
			if out := r.control("shortcut", in); out["ok"] != false {
				t.Errorf("shortcut %v: %v, want a refusal", in, out)
			}
		}
	})
}

func TestMenusAskTheAppForOptions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		var answer any = m{"options": []m{{"text": m{"type": "plain_text", "text": "Refunds"}, "value": "refunds"}}}
		r.app(func(e socketmode.Event) (any, bool) {
			cb, ok := e.Data.(slack.InteractionCallback)
			if ok && (cb.Type != slack.InteractionTypeBlockSuggestion || cb.Value != "ref" || cb.ActionID != "topic" || cb.BlockID == "" || !e.Request.AcceptsResponsePayload) {
				t.Errorf("payload %+v", cb)
			}
			return answer, true
		})
		menu := &slack.SelectBlockElement{Type: slack.OptTypeExternal, ActionID: "topic"}
		ts := r.post(slack.MsgOptionText("x", false), slack.MsgOptionBlocks(slack.NewActionBlock("act", menu)))
		ask := m{"channel": "C1", "ts": ts, "action_id": "topic", "query": "ref", "user": "ana"}
		if out := r.must("suggest", ask); out["options"].([]any)[0].(m)["value"] != "refunds" {
			t.Errorf("options = %v", out)
		}
		answer = m{"options": []m{{"text": "Refunds"}}}
		if out := r.control("suggest", ask); out["ok"] != false {
			t.Errorf("options without text objects: %v", out)
		}
		if out := r.control("suggest", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"}); out["ok"] != false {
			t.Errorf("no such menu: %v", out)
		}
	})
}
