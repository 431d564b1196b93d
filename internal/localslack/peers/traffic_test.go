package peers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"warmline/internal/localslack/slackstory"
)

// payloadTypes are the types of Slack's framework for what the workspace sends to an app.
var payloadTypes = map[string]string{
	"slash_commands /escalate": "bolt.SlashCommand", "interactive block_actions": "bolt.BlockAction",
	"interactive view_submission": "bolt.ViewSubmitAction", "interactive view_closed": "bolt.ViewClosedAction",
	"interactive message_action": "bolt.MessageShortcut", "interactive shortcut": "bolt.GlobalShortcut",
	"interactive block_suggestion": "bolt.BlockSuggestion",
}

// noise is what the compiler says of right payloads too: a word where Slack's types, made from logs, have an enum; null,
// which Slack writes and its types leave out; and a name that recorded payloads of views have and the types do not.
var noise = regexp.MustCompile(`(?m)^.*(to type '\w+Type \| undefined'|Type 'null' is not assignable|'"username"' does not exist).*\n`)

// TestWhatTheWorkspaceSaysIsOfTheClientsTypes plays a round and compiles each kind of payload, and each method's reply,
// against the types of Slack's clients.
func TestWhatTheWorkspaceSaysIsOfTheClientsTypes(t *testing.T) {
	s := open(t, "bolt.mjs")
	s.Command("/escalate", "post").In("support").As("ana")
	card := s.Channel("support").ExpectCard("Ticket 7")
	card.Click("Claim").As("ben")
	card.Thread().Expect("metadata kept")
	card.Click("Whisper").As("ana")
	card.Click("Edit").As("ana")
	s.User("ana").ExpectModal("Edit the reply").Fill("text", "hello").Submit()
	card.Thread().Expect("Sent: hello")
	card.Click("Edit").As("ana")
	s.User("ana").ExpectModal("Edit the reply").Close()
	s.User("ana").Direct("helper").ExpectCard("You closed the editor")
	card.Shortcut("ana", "hand_off").Thread().Expect("Handed off")
	s.User("ana").Shortcut("search")
	s.User("ana").ExpectModal("Search tickets").ExpectOptions("topic", "re", "Refund", "Return")
	s.User("ana").OpenHome().ExpectText("My tickets")

	checked := typedTraffic(s.Traffic())
	for kind := range payloadTypes {
		if checked[kind] == "" {
			t.Errorf("no %s was sent", kind)
		}
	}
	if len(checked) < len(payloadTypes)+8 {
		t.Errorf("only %d kinds: %v", len(checked), slices.Sorted(maps.Keys(checked)))
	}
	var source strings.Builder
	source.WriteString("import type * as bolt from \"@slack/bolt\";\nimport type * as web from \"@slack/web-api\";\n")
	for i, kind := range slices.Sorted(maps.Keys(checked)) {
		fmt.Fprintf(&source, "export const p%d: %s; // %s\n", i, checked[kind], kind)
	}
	if said := noise.ReplaceAllString(compile(t, source.String()), ""); said != "" {
		t.Errorf("Slack's types refuse what the workspace says:\n%s\n%s", said, &source)
	}
	t.Logf("%d kinds of payload and reply", len(checked))
}

// typedTraffic is the last payload or reply of each kind, as "type = value".
func typedTraffic(all []slackstory.Entry) map[string]string {
	typed := map[string]string{}
	for _, e := range all {
		switch {
		case e.Kind == "envelope" && payloadTypes[e.Name] != "":
			var envelope struct {
				Payload json.RawMessage `json:"payload"`
			}
			if json.Unmarshal(e.Body, &envelope) == nil {
				typed[e.Name] = payloadTypes[e.Name] + " = " + string(envelope.Payload)
			}
		case e.Kind == "reply" && strings.Contains(e.Name, ".") && bytes.HasPrefix(e.Body, []byte("{")):
			words := strings.Split(e.Name, ".")
			for i, w := range words {
				words[i] = strings.ToUpper(w[:1]) + w[1:]
			}
			typed[e.Name] = "web." + strings.Join(words, "") + "Response = " + string(e.Body)
		}
	}
	return typed
}
