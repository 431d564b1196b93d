package storetest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func waitOf(h, topic string, began time.Duration) *desk.WaitRow {
	return &desk.WaitRow{Handoff: escalate.HandoffID(h), Channel: "support", Topic: topic, Began: noon.Add(began)}
}

// waitsAre holds what a filter lets through to hand-offs.
func waitsAre(t *testing.T, db desk.Store, f desk.WaitFilter, limit int, want ...desk.WaitRow) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.WaitsOf(ctx, f, limit)
		slices.SortFunc(got, func(a, b desk.WaitRow) int { return cmp.Compare(a.Handoff, b.Handoff) })
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("waits of %+v (-want +got):\n%s", f, diff)
		}
		return err
	})
}

var waitTests = []test{
	{"a wait begins once, and its first end stays", func(t *testing.T, db desk.Store) {
		first, again := waitOf("h1", "billing", 0), waitOf("h1", "delivery", time.Hour)
		open, dropped := waitOf("h2", "billing", time.Minute), waitOf("h3", "billing", 2*time.Minute)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.BeginWait(ctx, first), tx.BeginWait(ctx, again), tx.BeginWait(ctx, open), tx.BeginWait(ctx, dropped))
		})
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(
				tx.EndWait(ctx, "h1", noon.Add(time.Hour), true), tx.EndWait(ctx, "h1", noon.Add(2*time.Hour), false),
				tx.EndWait(ctx, "h3", noon.Add(time.Hour), false), tx.EndWait(ctx, "nobody's", noon, true),
			)
		})
		first.Ended, first.Answered = noon.Add(time.Hour), true
		dropped.Ended = noon.Add(time.Hour)
		waitsAre(t, db, desk.WaitFilter{}, 9, *first, *open, *dropped)
	}},
	{"the newest waits of a channel and topic are apart, and so are those of chats", func(t *testing.T, db desk.Store) {
		old, billing, none := waitOf("h1", "billing", 0), waitOf("h2", "billing", 2*time.Hour), waitOf("h3", "", time.Hour)
		chat, elsewhere := waitOf("h4", "billing", 3*time.Hour), waitOf("h5", "billing", 3*time.Hour)
		chat.Chat, elsewhere.Channel = true, "payments"
		update(t, db, func(ctx context.Context, tx desk.Tx) (err error) {
			for _, w := range []*desk.WaitRow{old, billing, none, chat, elsewhere} {
				err = errors.Join(err, tx.BeginWait(ctx, w))
			}
			return err
		})
		waitsAre(t, db, desk.WaitFilter{Channel: "support", Topic: "billing"}, 9, *old, *billing)
		waitsAre(t, db, desk.WaitFilter{Channel: "support", Topic: "billing"}, 1, *billing)
		waitsAre(t, db, desk.WaitFilter{Channel: "support"}, 9, *none)
		waitsAre(t, db, desk.WaitFilter{Chat: true}, 9, *chat)
		waitsAre(t, db, desk.WaitFilter{}, 2, *billing, *elsewhere)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			n, err := tx.ForgetWaits(ctx, noon.Add(2*time.Hour))
			if n != 2 {
				t.Errorf("%d forgotten, want 2", n)
			}
			return err
		})
		waitsAre(t, db, desk.WaitFilter{}, 9, *billing, *elsewhere)
	}},
	{"the sides of the hold-out are counted with what came of them", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) (err error) {
			for _, h := range []string{"h1", "h2", "h3", "h4"} {
				err = errors.Join(err, tx.BeginWait(ctx, waitOf(h, "billing", 0)))
			}
			return errors.Join(
				err, tx.BeginWait(ctx, waitOf("h0", "billing", -time.Hour)), tx.JoinTrial(ctx, "h0", true),
				tx.JoinTrial(ctx, "h1", true), tx.JoinTrial(ctx, "h1", false), tx.JoinTrial(ctx, "h2", false), tx.JoinTrial(ctx, "h3", false),
				tx.NoteTrial(ctx, "h1", desk.TrialAsked), tx.NoteTrial(ctx, "h1", desk.TrialAsked), tx.NoteTrial(ctx, "h4", desk.TrialAsked),
				tx.EndWait(ctx, "h2", noon.Add(time.Hour), true), tx.NoteTrial(ctx, "h2", desk.TrialAsked), tx.NoteTrial(ctx, "h2", desk.TrialReopened),
			)
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			told, held, err := tx.TrialResults(ctx, noon)
			if want := (desk.TrialResult{Waits: 2, Reopened: 1}); told != want {
				t.Errorf("told: %+v, want %+v", told, want)
			}
			if want := (desk.TrialResult{Waits: 1, Asked: 1}); held != want {
				t.Errorf("held out: %+v, want %+v", held, want)
			}
			return err
		})
	}},
}
