package helpdesk_test

import (
	"errors"
	"fmt"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

func TestWhatFailsBeforeTheCallThatCountsLeavesNothingOpen(t *testing.T) {
	lost := helpdesk.Unsent("send reply", errors.New("connection reset"))
	if r, ok := errors.AsType[*desk.Refused](lost); !ok || r.RetryAfter <= 0 || r.Op != "send reply" {
		t.Errorf("a lost look-up: %v; want a refusal that says when to try again", lost)
	}
	for _, err := range []error{&desk.Refused{Op: "read", Why: "401", Status: 401}, fmt.Errorf("read: %w", desk.ErrNotFound)} {
		if got := helpdesk.Unsent("send reply", err); !errors.Is(got, err) || got.Error() != err.Error() {
			t.Errorf("%v became %v", err, got)
		}
	}
}
