package desk

import (
	"errors"
	"fmt"
	"testing"
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
