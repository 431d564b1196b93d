package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

func coverOf(team string, from, to time.Duration) rota.Override {
	return rota.Override{
		Rota: team, Kind: rota.Cover, Person: "U0ANA", Instead: "U0BEN", From: noon.Add(from), To: noon.Add(to), By: "U0LEA", Made: noon,
	}
}

// overridesAre holds what ends after noon to a list.
func overridesAre(t *testing.T, db desk.Store, want ...rota.Override) {
	t.Helper()
	view(t, db, func(ctx context.Context, tx desk.Tx) error {
		got, err := tx.OverridesAfter(ctx, noon)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("overrides after noon (-want +got):\n%s", diff)
		}
		return err
	})
}

var overrideTests = []test{
	{"an override is kept until it ends", func(t *testing.T, db desk.Store) {
		over, now, next := coverOf("support", -time.Hour, 0), coverOf("support", -time.Hour, time.Microsecond), coverOf("nights", time.Hour, 2*time.Hour)
		next.Kind, next.Instead = rota.Off, ""
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.AddOverride(ctx, &over), tx.AddOverride(ctx, &now), tx.AddOverride(ctx, &next))
		})
		if over.ID != "1" || now.ID != "2" || next.ID != "3" {
			t.Errorf("numbers %q, %q, %q; want 1, 2, 3", over.ID, now.ID, next.ID)
		}
		overridesAre(t, db, now, next)
	}},
	{"an override ends early, or is taken back, and its number is nobody else's", func(t *testing.T, db desk.Store) {
		first, second, third := coverOf("support", 0, time.Hour), coverOf("support", 0, 2*time.Hour), coverOf("support", 0, 3*time.Hour)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.AddOverride(ctx, &first), tx.AddOverride(ctx, &second))
		})
		first.To = noon.Add(time.Minute)
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return errors.Join(tx.EndOverride(ctx, "1", first.To), tx.EndOverride(ctx, "2", time.Time{}), tx.AddOverride(ctx, &third))
		})
		if third.ID != "3" {
			t.Errorf("number %q, want 3", third.ID)
		}
		overridesAre(t, db, first, third)
		for _, id := range []string{"4", "x1", ""} {
			err := db.Update(t.Context(), func(tx desk.Tx) error { return tx.EndOverride(t.Context(), id, noon) })
			if !errors.Is(err, desk.ErrNotFound) {
				t.Errorf("ending %q: %v, want ErrNotFound", id, err)
			}
		}
	}},
	{"the members of every group are told, of one without any too", func(t *testing.T, db desk.Store) {
		update(t, db, func(ctx context.Context, tx desk.Tx) error {
			return tx.SaveGroups(ctx, noon, []desk.Group{
				{ID: "S1", Handle: "@agents", Members: []escalate.PersonID{"U0BEN", "U0ANA"}}, {ID: "S2", Handle: "@empty"},
			})
		})
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.Members(ctx)
			if diff := cmp.Diff(map[string][]escalate.PersonID{"@agents": {"U0ANA", "U0BEN"}, "@empty": nil}, got); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			return err
		})
	}},
}
