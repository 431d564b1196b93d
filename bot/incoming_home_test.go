package bot

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/desk"
)

// A press counts as one in App Home when Slack says so and it was in no message: there our own view is all there can be.
func TestAPressInAppHomeIsToldFromOneInAMessage(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := desk.Place{Channel: "C1", TS: "1.2"}
	for name, tc := range map[string]struct {
		payload string
		want    desk.Press
	}{
		"a button": {
			`"container":{"type":"view","view_id":"V1"},"view":{"type":"home"},"actions":[{"action_id":"claim.3","value":"01TOKEN"}]`,
			desk.Press{Action: desk.ActClaim, Token: "01TOKEN", Home: true},
		},
		"a menu": {
			`"container":{"type":"view","view_id":"V1"},"view":{"type":"home"},
				"actions":[{"action_id":"home_topic","selected_option":{"value":"=refund.uk"}}]`,
			desk.Press{Action: desk.ActHomeTopic, Token: "=refund.uk", Home: true},
		},
		"a modal": {
			`"container":{"type":"view","view_id":"V1"},"view":{"type":"modal"},"actions":[{"action_id":"claim","value":"01TOKEN"}]`,
			desk.Press{Action: desk.ActClaim, Token: "01TOKEN"},
		},
		"a message": {
			`"container":{"channel_id":"C1","message_ts":"1.2"},"actions":[{"action_id":"claim.3","value":"01TOKEN"}]`,
			desk.Press{Action: desk.ActClaim, Token: "01TOKEN", On: at},
		},
		"a message that says it is a home": {
			`"container":{"channel_id":"C1","message_ts":"1.2"},"view":{"type":"home"},"actions":[{"action_id":"claim.3","value":"01TOKEN"}]`,
			desk.Press{Action: desk.ActClaim, Token: "01TOKEN", On: at},
		},
	} {
		t.Run(name, func(t *testing.T) {
			raw := json.RawMessage(`{"type":"block_actions","user":{"id":"U1ANA"},"team":{"id":"T1"},` + tc.payload + `}`)
			in, err := read(&envelope{id: "e1", kind: "interactive", payload: raw}, now)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.ID, tc.want.At, tc.want.Actor, tc.want.Team = "e1", now, "U1ANA", "T1"
			if d := cmp.Diff(&tc.want, in.press); d != "" {
				t.Errorf("press (-want +got):\n%s", d)
			}
		})
	}
}
