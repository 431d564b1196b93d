package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

// Run holds a store to its promises. open returns a new, empty store each time; it belongs to the test, which ends before
// what open registered with t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) desk.Store) {
	t.Helper()
	for _, part := range []struct {
		name  string
		tests []test
	}{
		{"Update", updateTests},
		{"Tickets", ticketTests},
		{"Texts", textTests},
		{"Cards", cardTests},
		{"Presses", pressTests},
		{"People", peopleTests},
		{"Policies", policyTests},
		{"Judgements", judgementTests},
		{"Asks", askTests},
		{"Topics", topicTests},
		{"Learning", learningTests},
		{"Audits", auditTests},
		{"Queries", queryTests},
		{"Homes", homeTests},
		{"Alerts", alertTests},
		{"Results", resultTests},
		{"Overrides", overrideTests},
		{"Offers", offerTests},
		{"Waits", waitTests},
		{"Care", careTests},
		{"Jobs", jobTests},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, c := range part.tests {
				t.Run(c.name, func(t *testing.T) { c.run(t, open(t)) })
			}
		})
	}
	t.Run("Queue", func(t *testing.T) {
		for _, c := range slices.Concat(queueTests, failingTests) {
			t.Run(c.name, func(t *testing.T) {
				db, ok := open(t).(queue.Store)
				if !ok {
					t.Skip("SKIPPED: queue tests (the store is not a queue.Store; one that is runs them)")
				}
				c.run(t, db)
			})
		}
	})
}

type test struct {
	name string
	run  func(t *testing.T, db desk.Store)
}

// patience bounds every wait for something that must happen.
const patience = 20 * time.Second

// update runs a closure that must commit.
func update(t *testing.T, db desk.Store, fn func(ctx context.Context, tx desk.Tx) error) {
	t.Helper()
	ctx := t.Context()
	if err := db.Update(ctx, func(tx desk.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatalf("update: %v", err)
	}
}

// view runs a closure that must succeed.
func view(t *testing.T, db desk.Store, fn func(ctx context.Context, tx desk.Tx) error) {
	t.Helper()
	ctx := t.Context()
	if err := db.View(ctx, func(tx desk.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatalf("view: %v", err)
	}
}

// wantError fails unless an error is another.
func wantError(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error = %v, want %v", got, want)
	}
}

// noon is an instant of the tests' own, in whole microseconds.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 123456000, time.UTC)

// newTicket creates a ticket with some content and returns it as loaded.
func newTicket(t *testing.T, db desk.Store, ref string) *escalate.Ticket {
	t.Helper()
	ticket := &escalate.Ticket{
		Ref: escalate.Ref{Desk: "main", ID: ref},
		Content: escalate.Content{
			Subject: "Subject of " + ref, Channel: "email",
			Messages: []escalate.Message{{ID: "m1", Role: escalate.RoleCustomer, Text: "Hello", Public: true, At: noon}},
		},
	}
	update(t, db, func(ctx context.Context, tx desk.Tx) error {
		id, added, err := tx.CreateTicket(ctx, ticket)
		if err == nil && !added {
			err = errors.New("ticket is there already")
		}
		ticket.ID = id
		return err
	})
	return ticket
}

// save applies a change to a ticket as the domain does: each event adds one to the version.
func save(ctx context.Context, tx desk.Tx, id escalate.TicketID, change func(*escalate.Ticket), events ...escalate.Event) error {
	ticket, err := tx.Ticket(ctx, id)
	if err != nil {
		return err
	}
	change(ticket)
	happened := make([]desk.Happened, len(events))
	for i, e := range events {
		happened[i] = desk.Happened{At: noon, Actor: "U1", Event: e}
	}
	ticket.Version += int64(len(events))
	return tx.SaveTicket(ctx, ticket, happened)
}
