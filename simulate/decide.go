package simulate

import (
	"time"

	"warmline/escalate"
)

// Decide is what a policy would do with the ticket: the same function decides live.
func (r *Row) Decide(p *escalate.Policy) escalate.Decision {
	t := &escalate.Ticket{ID: escalate.TicketID(r.ID), Ref: escalate.Ref{Desk: "file", ID: r.ID}, Content: r.asked}
	return escalate.Decide(time.Time{}, p, t, r.seen, escalate.World{})
}
