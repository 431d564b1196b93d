package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

func TestOpenSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	inUse := filepath.Join(dir, "used.db")
	open(t, inUse, store.Options{})
	foreign := filepath.Join(dir, "foreign.db")
	if err := os.WriteFile(foreign, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	newer := filepath.Join(dir, "newer.db")
	makeNewer(t, newer)
	for _, c := range []struct {
		dsn  string
		opts store.Options
		want string
	}{
		{dsn: "", want: "sqlite:PATH"},
		{dsn: "mysql://x", want: `unknown kind "mysql"`},
		{dsn: "postgres://%zz", want: "want postgres://"},
		{dsn: "sqlite:" + filepath.Join(dir, "none", "x.db"), want: "mkdir -p " + filepath.Join(dir, "none")},
		{dsn: dir, want: "is a directory"},
		{dsn: inUse, want: "in use by another warmline"},
		{dsn: foreign, want: "file is not a database"},
		{dsn: newer, want: "start the newer warmline"},
		{dsn: filepath.Join(dir, "absent.db"), opts: store.Options{ReadOnly: true}, want: "no such file"},
	} {
		db, err := store.Open(t.Context(), c.dsn, c.opts)
		if err == nil {
			t.Errorf("%q was opened: %v", c.dsn, db.Close())
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %q does not say %q", c.dsn, err, c.want)
		}
	}
}

// makeNewer makes a database as a later version of this program would leave it.
func makeNewer(t *testing.T, path string) {
	t.Helper()
	db, err := store.Open(t.Context(), path, store.Options{})
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	tamper(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)")
}

// tamper runs a statement behind the store's back.
func tamper(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = db.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReadersMayLookBesideTheOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "it's 100% #1?.db")
	owner := open(t, path, store.Options{})
	put(t, owner, "a", "1")
	reader := open(t, path, store.Options{ReadOnly: true})
	if got := setting(t, reader, "a"); got != "1" {
		t.Errorf("setting = %q", got)
	}
	if err := reader.Update(t.Context(), func(desk.Tx) error { return nil }); !errors.Is(err, store.ErrReadOnly) {
		t.Errorf("update = %v", err)
	}
	if err := errors.Join(reader.Ready(t.Context()), owner.Ready(t.Context())); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file %v, %v: want it readable by its owner alone", info.Mode(), err)
	}
}

func put(tb testing.TB, db desk.Store, key, value string) {
	tb.Helper()
	err := db.Update(tb.Context(), func(tx desk.Tx) error { return tx.PutSetting(tb.Context(), key, value) })
	if err != nil {
		tb.Fatal(err)
	}
}

func setting(tb testing.TB, db desk.Store, key string) (value string) {
	tb.Helper()
	err := db.View(tb.Context(), func(tx desk.Tx) (err error) {
		value, err = tx.Setting(tb.Context(), key)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

func TestCommitsOutliveTheProcess(t *testing.T) {
	dsn := newFile(t)
	db := open(t, dsn, store.Options{})
	put(t, db, "a", "1")
	if err := errors.Join(db.Close(), db.Close()); err != nil {
		t.Fatalf("close twice: %v", err)
	}
	if err := db.Update(t.Context(), func(desk.Tx) error { return nil }); err == nil {
		t.Error("a closed store took an update")
	}
	if got := setting(t, open(t, dsn, store.Options{}), "a"); got != "1" {
		t.Errorf("setting = %q", got)
	}
}

func TestFullDiskFailsExactlyWhatIsNotCommitted(t *testing.T) {
	db := open(t, newFile(t), store.Options{})
	limit(t, db, 200)
	blob := strings.Repeat("x", 20_000)
	const writes = 64
	var all sync.WaitGroup
	results := make([]error, writes)
	for i := range writes {
		all.Go(func() {
			results[i] = db.Update(t.Context(), func(tx desk.Tx) error {
				return tx.PutSetting(t.Context(), fmt.Sprint("key", i), blob)
			})
		})
	}
	all.Wait()
	committed := 0
	for i, err := range results {
		there := setting(t, db, fmt.Sprint("key", i)) != ""
		if there != (err == nil) {
			t.Errorf("write %d: error %v, but there: %v", i, err, there)
		}
		if err == nil {
			committed++
		}
	}
	if committed == 0 || committed == writes {
		t.Fatalf("%d of %d writes found room: the disk was to fill up in between", committed, writes)
	}
	limit(t, db, 1<<30)
	put(t, db, "after", "1")
}

// limit sets how many pages the file may have, which is a disk that fills up.
func limit(t *testing.T, db *store.Store, pages int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		rows, err := tx.(queue.Tx).Query(t.Context(), fmt.Sprint("PRAGMA max_page_count=", pages))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() { // it is set by reading it
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClosureThatExitsItsGoroutineHarmsNobodyElse(t *testing.T) {
	db := open(t, newFile(t), store.Options{})
	err := db.Update(t.Context(), func(desk.Tx) error {
		runtime.Goexit() // as t.Fatal does
		return nil
	})
	if err == nil {
		t.Error("it counted as committed")
	}
	put(t, db, "a", "1")
}

func TestCallerWhoLeavesTheQueueRunsNothing(t *testing.T) {
	db := open(t, newFile(t), store.Options{})
	began, goOn := make(chan struct{}), make(chan struct{})
	var busy sync.WaitGroup
	busy.Go(func() {
		if err := db.Update(t.Context(), func(desk.Tx) error { close(began); <-goOn; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-began
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		left <- db.Update(ctx, func(tx desk.Tx) error { return tx.PutSetting(ctx, "a", "1") })
	}()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	close(goOn)
	busy.Wait()
	if got := setting(t, db, "a"); got != "" {
		t.Errorf("setting = %q", got)
	}
}

func TestLockHeldElsewhereIsWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	db := open(t, path, store.Options{})
	other, err := sql.Open("sqlite3", path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close() // nothing was written
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	impatient := db.Update(ctx, func(tx desk.Tx) error { return tx.PutSetting(ctx, "a", "1") })
	if !errors.Is(impatient, context.DeadlineExceeded) {
		t.Errorf("error = %v, want the caller's own deadline", impatient)
	}
	patient := make(chan error, 1)
	go func() {
		patient <- db.Update(t.Context(), func(tx desk.Tx) error { return tx.PutSetting(t.Context(), "b", "1") })
	}()
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-patient; err != nil {
		t.Errorf("patient caller: %v", err)
	}
}

func TestAuditChainNamesTheFirstBrokenRow(t *testing.T) {
	for _, c := range []struct{ name, statement, want string }{
		{"nothing", "SELECT 1", ""},
		{"a changed row", "UPDATE audit SET detail = 'forged' WHERE seq = 3", "row 3"},
		{"a removed row", "DELETE FROM audit WHERE seq = 2", "row 2 is missing"},
		{"a removed end", "DELETE FROM audit WHERE seq = 5", "row 5 is missing"},
		{"two rows that changed places", "UPDATE audit SET seq = CASE seq WHEN 2 THEN 40 ELSE seq END", "row 2 is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "test.db")
			db := open(t, path, store.Options{})
			err := db.Update(t.Context(), func(tx desk.Tx) error {
				for i := range 5 {
					if err := tx.Audit(t.Context(), desk.AuditRow{Actor: "U1", Action: "claim", Subject: strconv.Itoa(i)}); err != nil {
						return err
					}
				}
				_, err := tx.SealAudit(t.Context(), 100)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			tamper(t, path, c.statement)
			chain, err := db.VerifyAudit(t.Context())
			switch {
			case c.want == "" && (err != nil || chain != store.Chain{Sealed: 5}):
				t.Errorf("%+v, %v", chain, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error = %v, want %q", err, c.want)
			}
		})
	}
}

func TestAFileThatCannotBeWrittenSaysSo(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("SKIPPED: root may write to every file; any other user runs this")
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := open(t, path, store.Options{}).Close(); err != nil {
		t.Fatal(err)
	}
	db := open(t, path, store.Options{ReadOnly: true})
	if err := db.Writable(t.Context()); err != nil {
		t.Errorf("a file of ours: %v", err)
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := db.Writable(t.Context()); !errors.Is(err, os.ErrPermission) {
		t.Errorf("a file that may only be read: %v", err)
	}
}

func TestTheWholeAuditLogIsExportedInTheOrderOfItsChain(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	db := open(t, filepath.Join(t.TempDir(), "test.db"), store.Options{Now: func() time.Time { return now }})
	const sealed, all = 2100, 2150 // more than is read at a time
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		for i := range all {
			if i == sealed {
				if _, err := tx.SealAudit(t.Context(), all); err != nil {
					return err
				}
			}
			if err := tx.Audit(t.Context(), desk.AuditRow{At: now.Add(time.Duration(i) * time.Second), Actor: "U1", Action: strconv.Itoa(i)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []int{0, 1500, 2120} {
		next := first
		err := db.ExportAudit(t.Context(), now.Add(time.Duration(first)*time.Second), func(a store.Audited) error {
			if a.Action != strconv.Itoa(next) || (a.Seq != 0) != (next < sealed) || (a.Hash != "") != (next < sealed) {
				t.Fatalf("row %d is %+v", next, a)
			}
			next++
			return nil
		})
		if err != nil || next != all {
			t.Errorf("from %d on: up to %d, %v", first, next, err)
		}
	}
}

func TestNoticesAreForgottenAfterThirtyDays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close() // the test has its answer by then
		add := func(delivery string) (added bool) {
			err := db.Update(t.Context(), func(tx desk.Tx) (err error) {
				added, err = tx.AddNotice(t.Context(), desk.Notice{Delivery: delivery})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return added
		}
		for _, want := range []bool{true, false} {
			if got := add("d"); got != want {
				t.Errorf("added %v, want %v", got, want)
			}
			time.Sleep(29 * 24 * time.Hour)
		}
		if !add("d") {
			t.Error("a notice is remembered after 58 days")
		}
	})
}

func TestIDsSortAsTheyAreMade(t *testing.T) {
	now := time.Now()
	last := ""
	for i := range 10_000 {
		id := store.NewID(now.Add(-time.Duration(i) * time.Millisecond)) // a clock that goes back
		if id <= last || len(id) != 26 {
			t.Fatalf("%q after %q", id, last)
		}
		last = id
	}
}
