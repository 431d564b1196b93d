package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

// answeredAlike is a store of tickets that all got one answer.
type answeredAlike struct {
	Tx

	tickets []*escalate.Ticket
}

func (r *answeredAlike) AnsweredWith(_ context.Context, _, _ string, _ time.Time, limit int) ([]*escalate.Ticket, error) {
	return r.tickets[:min(limit, len(r.tickets))], nil
}

func TestReceiversBeyondWhatOneComplaintBringsBackAreCountedAndComeWithTheNext(t *testing.T) {
	store := &answeredAlike{}
	for i := range 450 {
		store.tickets = append(store.tickets, &escalate.Ticket{
			ID: escalate.TicketID(fmt.Sprintf("t%d", i)), Ref: escalate.Ref{ID: strconv.Itoa(i)}, Decision: &escalate.Decision{},
		})
	}
	c := &correction{Ticket: "t0", Answer: "pair"}
	for round, want := range []struct {
		now, more, back int
		words           string // how they are listed
	}{
		{200, 249, 0, " and 409 more"},
		{200, 49, 200, " and 209 more, beside 200 brought back already"},
		{49, 0, 400, " and 9 more, beside 400 brought back already"},
		{0, 0, 449, "nobody else in the last 30 days, beside 449 brought back already"},
	} {
		others, err := c.others(t.Context(), store)
		if err != nil || len(others.now) != want.now || others.more != want.more || others.back != want.back {
			t.Fatalf("round %d: %d now, %d more and %d before, %v; want %+v", round, len(others.now), others.more, others.back, err, want)
		}
		if words := others.words(); !strings.HasSuffix(words, want.words) {
			t.Errorf("round %d: they are listed as %q", round, words)
		}
		rest := others.restWords("0")
		if (rest != nil) != (want.more > 0) || rest != nil && (!strings.Contains(rest[0].Text, fmt.Sprintf("%d more got it", want.more)) || rest[1].Text != "/escalate wrong 0") {
			t.Errorf("round %d: of the rest it says %+v", round, rest)
		}
		for _, o := range others.now {
			o.Decision.World.Wrong = true // brought back
		}
	}
}
