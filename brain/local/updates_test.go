package local_test

import (
	"testing"

	"warmline/brain/local"
	"warmline/escalate"
)

// Our acknowledgement between two messages of the customer is no answer that failed to help.
func TestOurUpdatesAreNoAttempts(t *testing.T) {
	b, err := local.New(local.Options{Knowledge: knowledge(t)})
	if err != nil {
		t.Fatal(err)
	}
	for purpose, attempts := range map[escalate.Purpose]int{escalate.PurposeAck: 0, escalate.PurposeWarm: 0, escalate.PurposeAnswer: 1} {
		tk := ticket("c: My hub is offline since Monday.", "b: Thank you, a person will read it.", "c: It is still offline.")
		tk.Content.Messages[1].Marker = "r1"
		tk.Replies = []escalate.Reply{{ID: "r1", Purpose: purpose, State: escalate.ReplySent}}
		if got := len(assess(t, b, tk).Attempts); got != attempts {
			t.Errorf("%s: %d attempts, want %d", purpose, got, attempts)
		}
	}
}
