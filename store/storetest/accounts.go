package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// accounts are a person's, in helpdesks by turns with who they are there.
func accounts(pairs ...string) map[string]desk.Account {
	all := make(map[string]desk.Account)
	for pair := range slices.Chunk(pairs, 2) {
		all[pair[0]] = desk.Account{Agent: escalate.AgentID(pair[1])}
	}
	return all
}

func twoDesks(t *testing.T, db desk.Store) {
	ina := &desk.Person{ID: "U1", Accounts: accounts("main", "7", "second", "8")}
	per := &desk.Person{ID: "U2", Accounts: accounts("main", "8", "second", "7")}
	update(t, db, func(ctx context.Context, tx desk.Tx) error {
		return errors.Join(tx.SavePerson(ctx, ina), tx.SavePerson(ctx, per))
	})
	holds := func(name string, agent escalate.AgentID, want *desk.Person) {
		t.Helper()
		view(t, db, func(ctx context.Context, tx desk.Tx) error {
			got, err := tx.PersonByAgent(ctx, name, agent)
			if want == nil {
				wantError(t, err, desk.ErrNotFound)
				return nil
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("who has account %s in %s (-want +got):\n%s", agent, name, diff)
			}
			return err
		})
	}
	holds("main", "7", ina)
	holds("second", "7", per)
	holds("third", "7", nil)
	ina.Accounts = accounts("second", "9")
	update(t, db, func(ctx context.Context, tx desk.Tx) error { return tx.SavePerson(ctx, ina) })
	holds("main", "7", nil)
	holds("second", "8", nil)
	holds("second", "9", ina)
	holds("main", "8", per)
	taken := *per
	taken.Accounts = accounts("main", "7", "second", "9")
	if err := db.Update(t.Context(), func(tx desk.Tx) error { return tx.SavePerson(t.Context(), &taken) }); err == nil {
		t.Error("two people got the same account")
	}
	holds("main", "8", per) // nor is any of what failed kept
	holds("main", "7", nil)
}
