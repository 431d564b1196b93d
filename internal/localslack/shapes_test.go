package localslack_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// sampleKeys are the key paths of recorded responses and payloads.
func sampleKeys(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/sample-keys.json")
	if err != nil {
		t.Fatal(err)
	}
	var f struct{ Keys map[string][]string }
	if err := json.Unmarshal(raw, &f); err != nil {
		t.Fatal(err)
	}
	return f.Keys
}

// opaque are the keys whose insides belong to someone else or to free maps.
var opaque = []string{"blocks", "attachments", "event_payload", "state", "args", "actions", "icon"}

func unknownKeys(v any, path string, known []string) []string {
	var bad []string
	switch v := v.(type) {
	case map[string]any:
		for k, val := range v {
			at := k
			if path != "" {
				at = path + "." + k
			}
			if !slices.Contains(known, at) {
				bad = append(bad, at)
			} else if !slices.Contains(opaque, k) {
				bad = append(bad, unknownKeys(val, at, known)...)
			}
		}
	case []any:
		for _, item := range v {
			bad = append(bad, unknownKeys(item, path, known)...)
		}
	}
	return bad
}

func TestRepliesHaveOnlySlacksKeys(t *testing.T) {
	r := newRig(t)
	keys := sampleKeys(t)
	ts := r.post(slack.MsgOptionText("x", false), slack.MsgOptionBlocks(buttonBlocks()...),
		slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "card", EventPayload: map[string]any{"k": "v"}}))
	r.post(slack.MsgOptionText("y", false), slack.MsgOptionTS(ts))
	calls := map[string][]string{
		"api.test": {"foo=bar"}, "auth.test": nil, "bots.info": nil, "team.info": nil, "users.list": {"limit=1"},
		"users.info": {"user=U1"}, "conversations.list": nil, "conversations.info": {"channel=C1"},
		"conversations.members": {"channel=C1"}, "conversations.history": {"channel=C1", "include_all_metadata=true"},
		"conversations.replies": {"channel=C1", "ts=" + ts, "include_all_metadata=true"},
		"conversations.open":    {"users=U1", "return_im=true"},
		"chat.postMessage":      {"channel=C1", "text=z", "thread_ts=" + ts},
		"chat.postEphemeral":    {"channel=C1", "user=U1", "text=z"},
		"chat.update":           {"channel=C1", "ts=" + ts, "text=new"},
		"chat.getPermalink":     {"channel=C1", "message_ts=" + ts},
		"reactions.add":         {"channel=C1", "timestamp=" + ts, "name=eyes"},
		"views.publish":         {"user_id=U1", `view={"type":"home","blocks":[]}`},
	}
	for method, form := range calls {
		_, out := r.call(method, form...)
		if out["ok"] != true {
			t.Errorf("%s: %v", method, out)
		}
		known := keys[method]
		if method == "chat.update" { // the sample is of a message outside threads
			known = append(known, keys["chat.postMessage"]...)
			known = append(known, prefixed("message.", keys["conversations.replies"])...)
		}
		if bad := unknownKeys(out, "", known); len(bad) > 0 {
			t.Errorf("%s answers keys that Slack does not: %v", method, bad)
		}
	}
}

// prefixed renames the message keys of a list reply.
func prefixed(to string, keys []string) []string {
	var out []string
	for _, k := range keys {
		if len(k) > 9 && k[:9] == "messages." {
			out = append(out, to+k[9:])
		}
	}
	return out
}

func TestPayloadsHaveOnlySlacksKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		keys := sampleKeys(t)
		payloads := map[string]json.RawMessage{}
		r.app(func(e socketmode.Event) (any, bool) {
			var head struct {
				Type    string
				Command string
				Event   struct{ Type string }
			}
			if err := json.Unmarshal(e.Request.Payload, &head); err != nil {
				t.Error(err)
			}
			payloads[head.Type+head.Event.Type+head.Command] = e.Request.Payload
			if cb, ok := e.Data.(slack.InteractionCallback); ok && cb.Type == slack.InteractionTypeBlockActions {
				_, err := r.api.OpenView(cb.TriggerID, modal("Edit", "reply", true))
				if err != nil {
					t.Error(err)
				}
			}
			return nil, true
		})
		ts := r.post(slack.MsgOptionBlocks(buttonBlocks()...))
		click := func() string {
			r.must("click", m{"channel": "C1", "ts": ts, "action_id": "claim", "user": "ana"})
			return r.topView()
		}
		r.must("submit", m{"view_id": click(), "values": m{"reply": "hello"}, "user": "ana"})
		r.must("close", m{"view_id": click(), "user": "ana"})
		r.must("command", m{"command": "/escalate", "text": "next", "channel": "C1", "user": "ana"})
		r.control("home", m{"user": "ana"})
		r.must("message", m{"channel": "C1", "text": "@warmline why?", "user": "ana"})
		synctest.Wait()
		for kind, sample := range map[string]string{
			"block_actions": "BlockActionPayload", "view_submission": "ViewSubmissionPayload", "view_closed": "ViewClosedPayload",
			"/escalate": "SlashCommandPayload", "event_callbackapp_home_opened": "AppHomeOpenedPayload",
			"event_callbackmessage": "MessagePayload", "event_callbackapp_mention": "AppMentionPayload",
		} {
			var v any
			if err := json.Unmarshal(payloads[kind], &v); err != nil {
				t.Errorf("%s was not delivered: %v", kind, err)
			}
			// response_urls and the hidden flags of Slack's newer payloads are younger than the samples.
			known := append([]string{"response_urls", "view.blocks"}, keys[sample]...)
			if bad := unknownKeys(v, "", known); len(bad) > 0 {
				t.Errorf("%s has keys that Slack's does not: %v", kind, bad)
			}
		}
	})
}

// modal has one input with the given action id.
func modal(title, action string, notify bool) slack.ModalViewRequest {
	input := slack.NewPlainTextInputBlockElement(nil, action)
	label := slack.NewTextBlockObject("plain_text", "Reply", false, false)
	return slack.ModalViewRequest{
		Type: slack.VTModal, Title: slack.NewTextBlockObject("plain_text", title, false, false),
		Submit: slack.NewTextBlockObject("plain_text", "Save", false, false), NotifyOnClose: notify, CallbackID: "edit",
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock("b-"+action, label, nil, input)}},
	}
}

// topView is the id of the modal on top of ana's stack.
func (r *rig) topView() string {
	r.t.Helper()
	views := r.control("views?user=ana", nil)["views"].([]any)
	for _, v := range slices.Backward(views) {
		if v.(m)["type"] == "modal" {
			return v.(m)["id"].(string)
		}
	}
	r.t.Fatal("ana has no modal open")
	return ""
}
