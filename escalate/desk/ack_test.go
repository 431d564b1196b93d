package desk

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"warmline/escalate"
)

// ackTx is as much of a store as an acknowledgement needs.
type ackTx struct {
	Tx
	now    time.Time
	policy *escalate.Policy
	waits  map[WaitFilter][]WaitRow
	texts  map[string]string
}

func (x *ackTx) Now() time.Time                                   { return x.now }
func (x *ackTx) Policy(context.Context) (*escalate.Policy, error) { return x.policy, nil }
func (x *ackTx) WaitsOf(_ context.Context, f WaitFilter, _ int) ([]WaitRow, error) {
	return x.waits[f], nil
}

func (x *ackTx) PutText(_ context.Context, _ escalate.TicketID, key, text string) error {
	x.texts[key] = text
	return nil
}

// waited are waits of so many hours each, each begun on a Monday at 9:00 in Berlin.
func waited(answered bool, hours ...int) []WaitRow {
	nine := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	var rows []WaitRow
	for _, h := range hours {
		rows = append(rows, WaitRow{Began: nine, Ended: nine.Add(time.Duration(h) * time.Hour), Answered: answered})
	}
	return rows
}

func repeated(n, hours int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = hours
	}
	return all
}

func TestAnAcknowledgementNamesOnlyAMeasuredTime(t *testing.T) {
	friday := time.Date(2026, 3, 6, 14, 5, 0, 0, time.UTC) // 15:05 there: the team closes at 17:00
	topic, team := WaitFilter{Channel: "support", Topic: "billing"}, WaitFilter{}
	for name, c := range map[string]struct {
		change func(*ackTx, *escalate.Ticket)
		want   string // in UTC; "" for no time
	}{
		"nothing is known":    {func(*ackTx, *escalate.Ticket) {}, ""},
		"29 are too few":      {func(x *ackTx, _ *escalate.Ticket) { x.waits[topic] = waited(true, repeated(29, 3)...) }, ""},
		"three working hours": {func(x *ackTx, _ *escalate.Ticket) { x.waits[topic] = waited(true, repeated(30, 3)...) }, "2026-03-09 10:00"},
		"the whole team's":    {func(x *ackTx, _ *escalate.Ticket) { x.waits[team] = waited(true, repeated(30, 1)...) }, "2026-03-06 15:15"},
		"the topic's before them": {func(x *ackTx, _ *escalate.Ticket) {
			x.waits[topic], x.waits[team] = waited(true, repeated(30, 1)...), waited(true, repeated(30, 2)...)
		}, "2026-03-06 15:15"},
		"most of the topic's wait": {func(x *ackTx, _ *escalate.Ticket) {
			x.waits[topic], x.waits[team] = append(waited(true, repeated(30, 1)...), waited(false, repeated(30, 5)...)...), waited(true, repeated(30, 2)...)
		}, ""},
		"a night is no working time": {func(x *ackTx, _ *escalate.Ticket) { x.waits[topic] = waited(true, repeated(30, 24)...) }, "2026-03-09 15:00"},
		"around the clock": {func(x *ackTx, _ *escalate.Ticket) {
			x.policy.SLA.Calendar, x.waits[topic] = "", waited(true, repeated(30, 24)...)
		}, "2026-03-07 15:00"},
		"of long ago": {func(x *ackTx, _ *escalate.Ticket) {
			x.waits[topic] = waited(true, repeated(30, 3)...)
			for i := range x.waits[topic] {
				x.waits[topic][i].Began = x.waits[topic][i].Began.Add(-oldestWait)
			}
		}, ""},
		"mail is no chat": {func(x *ackTx, tk *escalate.Ticket) {
			x.waits[team], tk.Content.Channel = waited(true, repeated(30, 3)...), "chat"
		}, ""},
		"the owner said a time": {func(x *ackTx, tk *escalate.Ticket) {
			x.waits[topic], tk.Handoff = waited(true, repeated(30, 3)...), &escalate.Handoff{State: escalate.HandoffClaimed, Wait: escalate.Wait{By: "U1"}}
		}, ""},
		"hours cannot be read": {func(x *ackTx, _ *escalate.Ticket) {
			x.waits[topic] = waited(true, repeated(30, 3)...)
			h := x.policy.Calendars["team"]
			h.Holidays = "nowhere"
			x.policy.Calendars["team"] = h
		}, ""},
		"the customer's own zone": {func(x *ackTx, tk *escalate.Ticket) {
			x.waits[topic], tk.Content.Customer.Zone = waited(true, repeated(30, 3)...), "Asia/Kathmandu"
		}, "2026-03-09 09:15"},
	} {
		x := &ackTx{now: friday, policy: escalate.DefaultPolicy(), waits: map[WaitFilter][]WaitRow{}, texts: map[string]string{}}
		x.policy.SLA.Calendar, x.policy.Calendars = "team", map[string]escalate.Hours{"team": *nineToFive()}
		tk := &escalate.Ticket{ID: "t1", Content: escalate.Content{Channel: "email"}}
		c.change(x, tk)
		s := &Service{Options: Options{Hours: plainHours{}, NewID: func(time.Time) string { return "r1" }, Logger: slog.New(slog.DiscardHandler)}}
		got, err := (&change{s: s, tx: x, ticket: tk}).acknowledge(t.Context(), x.policy, &escalate.Assessment{}, &escalate.Decision{Channel: "support", Topic: "billing"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said := ""
		if got.Until != 0 {
			said = got.Until.Time().Format("2006-01-02 15:04")
		}
		if said != c.want {
			t.Errorf("%s: by %q, want %q: %s", name, said, c.want, x.texts[replyKey(got.ID)])
		}
	}
}

func (x *ackTx) Pauses(context.Context) (map[string]string, error) { return nil, nil }

// A time that is past, or that a person moved before it could be said, is not said: the customer hears the rest.
func TestAnAcknowledgementThatCameTooLateSaysNoTime(t *testing.T) {
	now := time.Date(2026, 3, 6, 14, 5, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		until time.Duration
		held  time.Duration // what the owner has said by then
		anew  bool
	}{
		"in time":           {time.Hour, time.Hour, false},
		"past":              {-time.Minute, -time.Minute, true},
		"moved by a person": {time.Hour, 3 * time.Hour, true},
	} {
		x := &ackTx{now: now, policy: escalate.DefaultPolicy(), texts: map[string]string{}}
		tk := &escalate.Ticket{ID: "t1", Handoff: &escalate.Handoff{ID: "h1", State: escalate.HandoffOpen, Wait: escalate.Wait{Until: now.Add(c.held)}}}
		tk.Conversation.WaitingSince = now.Add(-2 * time.Hour)
		tk.Replies = []escalate.Reply{{ID: "a1", Purpose: escalate.PurposeAck, State: escalate.ReplyApproved, Until: now.Add(c.until)}}
		s := &Service{Options: Options{NewID: func(time.Time) string { return "a2" }, Logger: slog.New(slog.DiscardHandler)}}
		ch := &change{s: s, tx: x, ticket: tk}
		why, err := ch.fence(t.Context(), tk.Reply("a1"))
		if err != nil || (why == movedTime) != c.anew {
			t.Fatalf("%s: held back because %q, %v", name, why, err)
		}
		if why == "" {
			continue
		}
		if err := ch.hold(t.Context(), tk.Reply("a1"), why); err != nil {
			t.Fatal(err)
		}
		again := tk.Reply("a2")
		if tk.Reply("a1").State != escalate.ReplyWithdrawn || again == nil || again.State != escalate.ReplyApproved || !again.Until.IsZero() || again.ByPerson() {
			t.Errorf("%s: %+v", name, tk.Replies)
		}
	}
}
