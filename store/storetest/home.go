package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// queued is a ticket in the queue of the tests below.
type queued struct {
	ref, channel, topic string
	due                 time.Duration // from noon; 0 for never
	owner               escalate.PersonID
	state               escalate.HandoffState
	draft, answered     bool
}

// team is a small queue, most urgent first.
var team = []queued{
	{ref: "a", channel: "support", topic: "delivery", due: time.Minute, state: escalate.HandoffOpen, draft: true},
	{ref: "b", channel: "payments", topic: "refund", due: time.Hour, state: escalate.HandoffClaimed, owner: "U1", answered: true},
	{ref: "c", channel: "support", topic: "delivery", due: 2 * time.Hour, state: escalate.HandoffClaimed, owner: "U1", draft: true},
	{ref: "d", channel: "support", topic: "refund", due: 3 * time.Hour, state: escalate.HandoffClaimed, owner: "U2"},
	{ref: "e", channel: "support", topic: "", state: escalate.HandoffOpen},
	{ref: "f", channel: "support", topic: "delivery", due: time.Second, state: escalate.HandoffResolved, draft: true},
}

func (q *queued) enter(ctx context.Context, tx desk.Tx, id escalate.TicketID) error {
	return save(ctx, tx, id, func(t *escalate.Ticket) {
		t.Handoff = &escalate.Handoff{
			ID: escalate.HandoffID("h-" + q.ref), State: q.state, Channel: q.channel, Owner: q.owner, OpenedAt: noon,
		}
		if q.due != 0 {
			t.Handoff.DueAt = noon.Add(q.due)
		}
		if !q.answered {
			t.Conversation.WaitingSince = noon
		}
		t.Decision = &escalate.Decision{Way: escalate.WayEscalate, Topic: q.topic, At: noon, Draft: escalate.DraftApproval}
		if q.draft {
			t.Replies = []escalate.Reply{{ID: "r", Purpose: escalate.PurposeAnswer, State: escalate.ReplyProposed}}
		}
	}, escalate.Decided{})
}

func newTeam(t *testing.T, db desk.Store) {
	t.Helper()
	for i := range team {
		id := newTicket(t, db, team[i].ref).ID
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return team[i].enter(ctx, tx, id) })
	}
}

var homeTests = []test{
	{"the queue is narrowed and paged", func(t *testing.T, db desk.Store) {
		newTeam(t, db)
		for _, c := range []struct {
			filter desk.QueueFilter
			want   string
		}{
			{desk.QueueFilter{}, "abcde"},
			{desk.QueueFilter{Limit: 2, Offset: 1}, "bc"},
			{desk.QueueFilter{Limit: 2, Offset: 4}, "e"},
			{desk.QueueFilter{Limit: 2, Offset: 9}, ""},
			{desk.QueueFilter{Draft: true}, "ac"},
			{desk.QueueFilter{DueBy: noon.Add(2 * time.Hour)}, "abc"},
			{desk.QueueFilter{DueBy: noon}, ""},
			{desk.QueueFilter{Channel: "support"}, "acde"},
			{desk.QueueFilter{Topic: "refund"}, "bd"},
			{desk.QueueFilter{Channel: "support", Topic: "delivery", Owner: "U1", Draft: true}, "c"},
			{desk.QueueFilter{Channel: "support", Unclaimed: true, Offset: 1}, "e"},
			{desk.QueueFilter{Topic: "' OR 1=1 --"}, ""},
		} {
			view(t, db, func(ctx context.Context, tx desk.Tx) error {
				rows, err := tx.Queue(ctx, c.filter)
				var got strings.Builder
				for _, r := range rows {
					got.WriteString(r.Ref.ID)
				}
				if got.String() != c.want {
					t.Errorf("queue %+v is %q, want %q", c.filter, got.String(), c.want)
				}
				return err
			})
		}
	}},
	{"a row of the queue says what there is to do, and where", func(t *testing.T, db desk.Store) {
		newTeam(t, db)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			found, err := tx.FindTicket(ctx, "a")
			return errors.Join(err, tx.SaveCard(ctx, &desk.CardRow{
				Handoff: "h-a", Ticket: found.ID, Token: "secret", Place: desk.Place{Channel: "C1", TS: "1.2"},
			}))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			rows, err := tx.Queue(ctx, desk.QueueFilter{Limit: 2})
			for i, want := range []desk.QueueRow{
				{Draft: true, Waiting: true, Token: "secret", Place: desk.Place{Channel: "C1", TS: "1.2"}},
				{},
			} {
				got := desk.QueueRow{Draft: rows[i].Draft, Waiting: rows[i].Waiting, Token: rows[i].Token, Place: rows[i].Place}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("row %d (-want +got):\n%s", i, diff)
				}
			}
			return err
		})
	}},
	{"the tally counts each channel and topic", func(t *testing.T, db desk.Store) {
		newTeam(t, db)
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.QueueTally(ctx, "U1", noon.Add(2*time.Hour))
			want := []desk.QueueTally{
				{Channel: "payments", Topic: "refund", All: 1, Due: 1, Mine: 1},
				{Channel: "support", Topic: "", All: 1, Unclaimed: 1},
				{Channel: "support", Topic: "delivery", All: 2, Unclaimed: 1, Drafts: 2, Due: 2, Mine: 1},
				{Channel: "support", Topic: "refund", All: 1},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("tally (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"a draft counts until it is approved", func(t *testing.T, db desk.Store) {
		newTeam(t, db)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			found, err := tx.FindTicket(ctx, "a")
			return errors.Join(err, save(ctx, tx, found.ID, func(t *escalate.Ticket) {
				t.Replies[0].State = escalate.ReplyApproved
			}, escalate.Approved{}))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			rows, err := tx.Queue(ctx, desk.QueueFilter{Draft: true})
			if len(rows) != 1 || rows[0].Ref.ID != "c" {
				t.Errorf("drafts: %+v", rows)
			}
			return err
		})
	}},
	{"a home is what was looked at last, and open while somebody looks", func(t *testing.T, db desk.Store) {
		row := desk.HomeRow{
			Person: "U1", LookedAt: noon, Said: "#17 is taken.",
			View: desk.HomeView{Show: desk.ShowDue, Channel: "support", Topic: "refund", Page: 3},
		}
		other := desk.HomeRow{Person: "U2", LookedAt: noon.Add(time.Minute)}
		wantHome(t, db, desk.HomeRow{Person: "U1"})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveHome(ctx, row), tx.SaveHome(ctx, other))
		})
		wantHome(t, db, row)
		wantOpen(t, db, noon)
		for _, id := range []escalate.PersonID{"U2", "U1", "U3"} { // who never opened it has none
			update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.DrawnHome(ctx, id, "hash") })
		}
		wantOpen(t, db, noon, "U2", "U1")
		wantOpen(t, db, noon.Add(time.Second), "U2")
		row.View, row.Said = desk.HomeView{}, ""
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SaveHome(ctx, row) })
		row.Drawn = "hash"
		wantHome(t, db, row)
		update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.DrawnHome(ctx, "U1", "") })
		wantOpen(t, db, noon, "U2")
	}},
}

// wantHome fails unless a home is as it should be; when it was drawn is the store's own.
func wantHome(t *testing.T, db desk.Store, want desk.HomeRow) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.HomeRow(ctx, want.Person)
		if got.DrawnAt.IsZero() != (want.Drawn == "") {
			t.Errorf("drawn at %v", got.DrawnAt)
		}
		got.DrawnAt = time.Time{}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("home (-want +got):\n%s", diff)
		}
		return err
	})
}

func wantOpen(t *testing.T, db desk.Store, since time.Time, want ...escalate.PersonID) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		rows, err := tx.OpenHomes(ctx, since)
		var got []escalate.PersonID
		for _, r := range rows {
			got = append(got, r.Person)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("open homes (-want +got):\n%s", diff)
		}
		return err
	})
}
