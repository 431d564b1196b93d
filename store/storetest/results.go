package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// results are ten first answers in #support that took 1 to 10 minutes, the last three of them late, one in #payments, and a claim of long ago.
func results() (all []desk.TargetResult) {
	for n := 1; n <= 10; n++ {
		all = append(all, desk.TargetResult{
			Ticket: escalate.TicketID(fmt.Sprint("t", n)), Target: escalate.TargetFirstResponse, Channel: "support",
			Started: noon, Ended: noon.Add(time.Hour), Took: time.Duration(n) * time.Minute, Late: n > 7,
		})
	}
	return append(all,
		desk.TargetResult{Ticket: "t1", Target: escalate.TargetFirstResponse, Channel: "payments", Started: noon.Add(time.Minute), Ended: noon, Took: time.Hour},
		desk.TargetResult{Ticket: "t1", Target: escalate.TargetClaim, Channel: "support", Started: noon, Ended: noon.Add(-time.Hour), Took: time.Second},
	)
}

var resultTests = []test{
	{"results are summed up by target and channel", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) (err error) {
			for _, r := range append(results(), results()...) { // twice is once
				err = errors.Join(err, tx.AddResult(ctx, &r))
			}
			return err
		})
		first := escalate.TargetFirstResponse
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			recent := []desk.TargetSum{
				{Target: first, Met: 11, Late: 3, Median: 6 * time.Minute, P80: 9 * time.Minute},
				{Target: first, Channel: "payments", Met: 1, Median: time.Hour, P80: time.Hour},
				{Target: first, Channel: "support", Met: 10, Late: 3, Median: 5 * time.Minute, P80: 8 * time.Minute},
			}
			got, err := tx.SumResults(ctx, noon)
			if diff := cmp.Diff(recent, got); err != nil || diff != "" {
				t.Errorf("since noon (-want +got): %v\n%s", err, diff)
			}
			got, err = tx.SumResults(ctx, noon.Add(-2*time.Hour))
			all := append([]desk.TargetSum{
				{Target: escalate.TargetClaim, Met: 1, Median: time.Second, P80: time.Second},
				{Target: escalate.TargetClaim, Channel: "support", Met: 1, Median: time.Second, P80: time.Second},
			}, recent...)
			if diff := cmp.Diff(all, got); err != nil || diff != "" {
				t.Errorf("all (-want +got): %v\n%s", err, diff)
			}
			return nil
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			n, err := tx.ForgetResults(ctx, noon)
			left, sumErr := tx.SumResults(ctx, time.Time{})
			if n != 1 || len(left) != 3 || left[0].Met != 11 {
				t.Errorf("forgot %d, left %+v", n, left)
			}
			return errors.Join(err, sumErr)
		})
	}},
}
