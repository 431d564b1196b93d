package requesttracker

import (
	"cmp"
	"fmt"
	"strings"

	"warmline/escalate"
)

// Statuses are a life cycle's words for where a ticket stands.
type Statuses struct {
	Open    string // default "open"
	Pending string // default "stalled": it waits for its customer
	Solved  string // default "resolved"
}

func (s *Statuses) fill() {
	s.Open = cmp.Or(strings.TrimSpace(s.Open), "open")
	s.Pending = cmp.Or(strings.TrimSpace(s.Pending), "stalled")
	s.Solved = cmp.Or(strings.TrimSpace(s.Solved), "resolved")
}

func (s *Statuses) check() error {
	if s.Open == s.Pending || s.Pending == s.Solved || s.Open == s.Solved {
		return fmt.Errorf("the statuses %q, %q and %q are not three", s.Open, s.Pending, s.Solved)
	}
	return nil
}

// deleted is the status of a ticket that was deleted; no life cycle has another word for it.
const deleted = "deleted"

// meaning is a status in our words. One that is not known counts as open, so that somebody looks.
func (s *Statuses) meaning(status string) escalate.Status {
	switch status {
	case deleted:
		return escalate.StatusGone
	case s.Pending:
		return escalate.StatusPending
	case s.Solved:
		return escalate.StatusSolved
	case "rejected":
		return escalate.StatusClosed
	}
	return escalate.StatusOpen
}

// word is the life cycle's word for a status; "" when it has none.
func (s *Statuses) word(status escalate.Status) string {
	switch status {
	case escalate.StatusOpen:
		return s.Open
	case escalate.StatusPending:
		return s.Pending
	case escalate.StatusSolved, escalate.StatusClosed:
		return s.Solved
	default:
		return ""
	}
}

// priorities are ours, lowest first.
var priorities = [4]escalate.Priority{escalate.PriorityLow, escalate.PriorityNormal, escalate.PriorityHigh, escalate.PriorityUrgent}

// priority is RT's number in our words: the highest of ours that it reaches. Every ticket has a number, 0 where nobody said so.
func (c *Connector) priority(n int64) escalate.Priority {
	for i := len(priorities) - 1; i > 0; i-- {
		if n >= int64(c.priorities[i]) {
			return priorities[i]
		}
	}
	return priorities[0]
}

// priorityNumber is RT's number for a priority; false when it is none of ours.
func (c *Connector) priorityNumber(p escalate.Priority) (int, bool) {
	for i, one := range priorities {
		if one == p {
			return c.priorities[i], true
		}
	}
	return 0, false
}
