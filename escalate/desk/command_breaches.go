package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// breaches lists what breaches next: what is overdue first, then what is due, the nearest first.
func (a *act) breaches(ctx context.Context) error {
	return a.list(ctx, "Breaches next", "No deadline runs.", QueueFilter{DueBy: a.tx.Now().Add(calendar.Horizon)})
}

// dueLine says what is due of a hand-off, and how long is left; "" when nothing is.
func dueLine(now time.Time, h *escalate.Handoff) string {
	what := h.Due.Target.Words()
	switch {
	case h.Due.State == calendar.Paused:
		return what + ": the clock stands still"
	case h.DueAt.IsZero():
		return ""
	}
	return strings.TrimSpace(what + " " + dueWords(now, h.DueAt))
}

// deadlines says how many deadlines were missed, and how many are near.
func deadlines(ctx context.Context, tx Tx, whose escalate.PersonID) (Line, error) {
	var counts [2]QueueTally
	for i, by := range []time.Time{tx.Now(), tx.Now().Add(dueSoon)} {
		tally, err := tx.QueueTally(ctx, whose, by)
		if err != nil {
			return Line{}, fmt.Errorf("count deadlines: %w", err)
		}
		for j := range tally {
			counts[i].add(&tally[j])
		}
	}
	return Line{Head: "Deadlines", Text: fmt.Sprintf("overdue %d, due within an hour %d", counts[0].Due, counts[1].Due-counts[0].Due)}, nil
}

// targetLines say how each of a ticket's targets stands.
func (a *act) targetLines(ctx context.Context, t *escalate.Ticket) ([]Line, error) {
	cals, err := a.s.calendars(ctx, a.tx, t.Clocks.Calendars())
	if err != nil {
		return nil, err
	}
	all, err := t.Clocks.Standings(a.tx.Now(), cals)
	if err != nil {
		return nil, fmt.Errorf("read clocks of ticket %s: %w", t.ID, err)
	}
	var lines []Line
	for i := range all {
		lines = append(lines, Line{Head: "Target: " + all[i].Target.Words(), Text: a.reached(&all[i])})
	}
	return lines, nil
}

// reached says how one target stands, by when, and who says so.
func (a *act) reached(s *escalate.Standing) string {
	var words string
	switch s.State {
	case calendar.Met:
		words = "met"
		if s.Late {
			words = "met, but late"
		}
	case calendar.Cancelled:
		words = "not needed any more"
	case calendar.Paused:
		words = "the clock stands still, with " + spoken(s.Left.Round(time.Minute)) + " of working time left"
	case calendar.Breached:
		words = "overdue since " + a.day(s.Deadline)
	case calendar.DueSoon:
		words = "due soon, " + a.day(s.Deadline)
	case calendar.Running:
		words = "due " + a.day(s.Deadline)
		if s.Deadline.IsZero() {
			words = "due, but nobody works in the next two years"
		}
	}
	if s.Desk {
		return words + " (the helpdesk's deadline)"
	}
	return words + termsFrom[s.From]
}

// termsFrom says which part of the policy set a target.
var termsFrom = map[escalate.TermsFrom]string{
	escalate.FromTicket:   " (by the ticket's tags or priority)",
	escalate.FromCustomer: " (by the customer)",
	escalate.FromPlan:     " (by the customer's plan)",
	escalate.FromDefault:  " (the policy's default)",
}
