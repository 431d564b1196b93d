package storetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/desk"
)

func alertOf(channel, ticket string) desk.AlertRow {
	return desk.AlertRow{Channel: channel, At: noon, Alert: desk.TargetAlert{
		Ticket: escalate.TicketID(ticket), Handoff: "h1", Target: escalate.TargetClaim, Stage: calendar.Stage{Left: time.Hour},
		To: escalate.TellLeads, Due: escalate.At(noon.Add(time.Hour)),
	}}
}

var alertTests = []test{
	{"a channel's alerts are kept in order until they are dropped", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(
				tx.AddAlert(ctx, alertOf("support", "t1")), tx.AddAlert(ctx, alertOf("payments", "t2")),
				tx.AddAlert(ctx, alertOf("support", "t3")), tx.AddAlert(ctx, alertOf("support", "t4")),
			)
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.AlertsOf(ctx, "support", 2)
			want := []desk.AlertRow{alertOf("support", "t1"), alertOf("support", "t3")}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(desk.AlertRow{}, "ID")); err != nil || diff != "" {
				t.Fatalf("the first two (-want +got): %v\n%s", err, diff)
			}
			return tx.DropAlerts(ctx, []string{got[0].ID, got[1].ID, "nobody's"})
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			for channel, want := range map[string]string{"support": "t4", "payments": "t2", "nowhere": ""} {
				rows, err := tx.AlertsOf(ctx, channel, 10)
				var got strings.Builder
				for _, r := range rows {
					got.WriteString(string(r.Alert.Ticket))
				}
				if err != nil || got.String() != want {
					t.Errorf("#%s has %q left, %v; want %q", channel, got.String(), err, want)
				}
			}
			return nil
		})
	}},
	{"tickets that people have are listed part by part", func(t *testing.T, db desk.Store) {
		newTeam(t, db)
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			seen := map[escalate.TicketID]bool{}
			for after := escalate.TicketID(""); ; {
				ids, err := tx.ActiveTickets(ctx, after, 2)
				if err != nil || len(ids) == 0 {
					if len(seen) != 5 {
						t.Errorf("found %d tickets, want the 5 of the queue", len(seen))
					}
					return err
				}
				for _, id := range ids {
					if seen[id] || id <= after {
						t.Errorf("%s comes after %s, or twice", id, after)
					}
					seen[id], after = true, id
				}
			}
		})
	}},
}
