package store_test

import (
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
)

func TestPeopleOfBeforeThereWereSeveralHelpdesksKeepTheirAccountsOnSQLite(t *testing.T) {
	keepsAccounts(t, newFile(t))
}

func TestPeopleOfBeforeThereWereSeveralHelpdesksKeepTheirAccountsOnPostgreSQL(t *testing.T) {
	keepsAccounts(t, pgtest.Database(t))
}

func keepsAccounts(t *testing.T, dsn string) {
	t.Helper()
	const before = 6
	leave(t, dsn, before,
		`INSERT INTO person (id, body, agent) VALUES ('U1', '{"ID":"U1","Name":"Ina","Agent":"7","Link":"lead"}', '7')`,
		`INSERT INTO person (id, body, agent) VALUES ('U2', '{"ID":"U2","Name":"Per","Agent":"","Link":"off"}', '')`,
		`INSERT INTO person (id, body, agent) VALUES ('U3', '{"ID":"U3","Name":"Uma","Agent":"9","Link":""}', '9')`,
	)
	db := open(t, dsn, store.Options{})
	err := db.View(t.Context(), func(tx desk.Tx) error {
		all, err := tx.Everyone(t.Context())
		want := []desk.Person{
			{ID: "U1", Name: "Ina", Accounts: map[string]desk.Account{"main": {Agent: "7", Link: desk.LinkLead}}},
			{ID: "U2", Name: "Per", Accounts: map[string]desk.Account{"main": {Link: desk.LinkOff}}},
			{ID: "U3", Name: "Uma", Accounts: map[string]desk.Account{"main": {Agent: "9"}}},
		}
		if diff := cmp.Diff(want, all); diff != "" {
			t.Errorf("people (-want +got):\n%s", diff)
		}
		for agent, id := range map[escalate.AgentID]escalate.PersonID{"7": "U1", "9": "U3"} {
			if p, err := tx.PersonByAgent(t.Context(), "main", agent); err != nil || p.ID != id {
				t.Errorf("account %s: %v, %v; it is %s's", agent, p, err, id)
			}
		}
		if _, other := tx.PersonByAgent(t.Context(), "second", "7"); !errors.Is(other, desk.ErrNotFound) {
			t.Errorf("account 7 in another helpdesk: %v", other)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx desk.Tx) error {
		return tx.SavePerson(t.Context(), &desk.Person{ID: "U2", Accounts: map[string]desk.Account{"main": {Agent: "7"}}})
	})
	if err == nil {
		t.Error("an account of before was given to another person")
	}
}

// leave makes a database as an earlier version of this program would leave it.
func leave(t *testing.T, dsn string, version int64, statements ...string) {
	t.Helper()
	driver, dialect := "pgx", goose.DialectPostgres
	if path, ok := strings.CutPrefix(dsn, "sqlite:"); ok {
		dsn, driver, dialect = path, "sqlite3", goose.DialectSQLite3
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	provider, err := goose.NewProvider(dialect, db, os.DirFS("migrations"), goose.WithLogger(goose.NopLogger()))
	if err == nil {
		_, err = provider.UpTo(t.Context(), version)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%v: %s", err, statement)
		}
	}
}
