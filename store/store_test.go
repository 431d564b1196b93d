package store_test

import (
	"path/filepath"
	"testing"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
	"warmline/store/storetest"
)

func TestSQLite(t *testing.T) {
	storetest.Run(t, func(t *testing.T) desk.Store { return open(t, newFile(t), store.Options{}) })
}

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) desk.Store { return open(t, pgtest.Database(t), store.Options{}) })
}

func newFile(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "test.db") }

// open opens a store that is closed when the test ends.
func open(tb testing.TB, dsn string, opts store.Options) *store.Store {
	tb.Helper()
	db, err := store.Open(tb.Context(), dsn, opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return db
}
