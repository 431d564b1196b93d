package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestGroupsAreReadNoMoreOftenThanSlackAnswers(t *testing.T) {
	inSlack(t, func(t *testing.T, r *rig) {
		const minutes = 5
		begun, read := time.Now(), 0
		for time.Since(begun) < minutes*time.Minute {
			if _, err := r.bot.ReadGroups(t.Context()); err != nil {
				t.Fatal(err)
			}
			if read++; read == 4 && time.Since(begun) > 0 {
				t.Errorf("the first four readings took %v", time.Since(begun))
			}
		}
		if least, most := 15*minutes, 15*minutes+5; read < least || read > most {
			t.Errorf("%d readings in %d minutes, want %d to %d", read, minutes, least, most)
		}
	})
}

func TestWhoWaitsForABudgetMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(1, time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := errors.Join(b.spend(ctx), b.spend(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if err := b.spend(t.Context()); err != nil {
			t.Errorf("after a minute: %v", err)
		}
	})
}
