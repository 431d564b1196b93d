package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// weighs makes a ticket's hand-off weigh on somebody.
func weighs(ctx context.Context, tx desk.Tx, id escalate.TicketID, h escalate.Handoff) error {
	return save(ctx, tx, id, func(t *escalate.Ticket) { t.Handoff = &h }, escalate.Woken{})
}

func wantLoad(t *testing.T, db desk.Store, who escalate.PersonID, want int) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.Loads(ctx, []escalate.PersonID{who, "U9"})
		if got[who] != want || got["U9"] != 0 {
			t.Errorf("%v, want that %s has %d", got, who, want)
		}
		return err
	})
}

var offerTests = []test{
	{"turns are kept for each rota", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SaveTurn(ctx, "support", "U1", noon), tx.SaveTurn(ctx, "support", "U2", noon), tx.SaveTurn(ctx, "nights", "U1", noon),
				tx.SaveTurn(ctx, "support", "U1", noon.Add(time.Microsecond)))
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Turns(ctx, "support")
			want := map[rota.PersonID]time.Time{"U1": noon.Add(time.Microsecond), "U2": noon}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("turns (-want +got):\n%s", diff)
			}
			return err
		})
	}},
	{"what weighs on somebody is counted", func(t *testing.T, db desk.Store) {
		ids := make([]escalate.TicketID, 5)
		for i := range ids {
			ids[i] = newTicket(t, db, strconv.Itoa(i)).ID
		}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(
				weighs(ctx, tx, ids[0], escalate.Handoff{ID: "h0", State: escalate.HandoffClaimed, Owner: "U1"}),
				weighs(ctx, tx, ids[1], escalate.Handoff{ID: "h1", State: escalate.HandoffOpen, Offer: escalate.Offer{To: "U1"}}),
				weighs(ctx, tx, ids[2], escalate.Handoff{ID: "h2", State: escalate.HandoffClaimed, Owner: "U1", Snoozed: noon}),
				weighs(ctx, tx, ids[3], escalate.Handoff{ID: "h3", State: escalate.HandoffResolved, Owner: "U1", Offer: escalate.Offer{To: "U1"}}),
				weighs(ctx, tx, ids[4], escalate.Handoff{ID: "h4", State: escalate.HandoffOpen}))
		})
		wantLoad(t, db, "U1", 2)
		wantLoad(t, db, "", 0)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return weighs(ctx, tx, ids[0], escalate.Handoff{ID: "h0", State: escalate.HandoffTaken})
		})
		wantLoad(t, db, "U1", 1)
	}},
	{"who offers at the same time sees what others have offered", func(t *testing.T, db desk.Store) {
		const many = 24
		ids := make([]escalate.TicketID, many)
		for i := range ids {
			ids[i] = newTicket(t, db, strconv.Itoa(i)).ID
		}
		var all sync.WaitGroup
		for i, id := range ids {
			all.Go(func() {
				err := db.Update(t.Context(), func(tx desk.Tx) error {
					ctx := t.Context()
					if _, err := tx.Turns(ctx, []string{"support", "nights"}[i%2]); err != nil {
						return err
					}
					loads, err := tx.Loads(ctx, []escalate.PersonID{"U1", "U2"})
					if err != nil {
						return err
					}
					to := escalate.PersonID("U1")
					if loads["U2"] < loads["U1"] {
						to = "U2"
					}
					return weighs(ctx, tx, id, escalate.Handoff{ID: escalate.HandoffID(fmt.Sprint("h", i)), State: escalate.HandoffOpen, Offer: escalate.Offer{To: to}})
				})
				if err != nil {
					t.Errorf("offer: %v", err)
				}
			})
		}
		all.Wait()
		wantLoad(t, db, "U1", many/2)
		wantLoad(t, db, "U2", many/2)
	}},
	{"what Slack said last of somebody is kept", func(t *testing.T, db desk.Store) {
		want := desk.Presence{Person: "U1", Emoji: ":palm_tree:", Until: noon.Add(time.Hour), QuietFrom: noon, QuietTo: noon.Add(time.Hour), ReadAt: noon}
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.SavePresence(ctx, &desk.Presence{Person: "U1", Emoji: ":bus:"}), tx.SavePresence(ctx, &want))
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.PresenceOf(ctx, []escalate.PersonID{"U1", "U2"})
			if diff := cmp.Diff(map[escalate.PersonID]desk.Presence{"U1": want}, got); diff != "" {
				t.Errorf("presence (-want +got):\n%s", diff)
			}
			return err
		})
	}},
}
