package desk

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"warmline/escalate"
)

// One answer out of line must not take a ticket from its customer.
func TestATicketIsGoneOnlyWhenItStaysMissing(t *testing.T) {
	missing := fmt.Errorf("read ticket 17: %w", ErrNotFound)
	for attempt := 1; attempt <= unreadable+1; attempt++ {
		j := Leased{Attempt: attempt}
		if got, want := gone(j, missing), attempt >= unreadable; got != want {
			t.Errorf("attempt %d: gone %v, want %v", attempt, got, want)
		}
		if gone(j, errors.New("connection reset")) || gone(j, nil) {
			t.Errorf("attempt %d: gone without being missing", attempt)
		}
	}
}

// "Read again" that comes after Resolve must not open the ticket anew; a customer who came back to an old one is decided
// upon as often as it takes.
func TestWhatAPersonEndedIsDealtWith(t *testing.T) {
	ended := func(after time.Duration, state escalate.HandoffState) *escalate.Ticket {
		return &escalate.Ticket{
			Decision: &escalate.Decision{At: noon},
			Handoff:  &escalate.Handoff{State: state, EndedAt: noon.Add(after)},
		}
	}
	for name, c := range map[string]struct {
		ticket *escalate.Ticket
		want   bool
	}{
		"resolved since the decision":  {ended(time.Second, escalate.HandoffResolved), true},
		"resolved before the decision": {ended(-time.Second, escalate.HandoffResolved), false},
		"claimed":                      {&escalate.Ticket{Decision: &escalate.Decision{At: noon}, Handoff: &escalate.Handoff{State: escalate.HandoffClaimed}}, false},
		"never handed to a person":     {&escalate.Ticket{Decision: &escalate.Decision{At: noon}}, false},
	} {
		if got := dealtWith(c.ticket); got != c.want {
			t.Errorf("%s: dealt with %v, want %v", name, got, c.want)
		}
	}
}
