package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"warmline/escalate/desk"
	"warmline/internal/pgtest"
	"warmline/store"
	"warmline/store/queue"
)

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	dsn := pgtest.Database(t)
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			db, err := store.Open(t.Context(), dsn, store.Options{})
			if err == nil {
				err = db.Close()
			}
			if err != nil {
				t.Errorf("open: %v", err)
			}
		})
	}
	all.Wait()
}

func TestClockThatIsOffIsNotReady(t *testing.T) {
	dsn := pgtest.Database(t)
	for off, ready := range map[time.Duration]bool{0: true, time.Second: true, -3 * time.Second: false, time.Hour: false} {
		db := open(t, dsn, store.Options{Now: func() time.Time { return time.Now().Add(off) }})
		if err := db.Ready(t.Context()); (err == nil) != ready {
			t.Errorf("%s off: %v", off, err)
		}
	}
}

func TestADatabaseThatCannotBeWrittenSaysWhy(t *testing.T) {
	dsn := pgtest.Database(t)
	if err := open(t, dsn, store.Options{}).Writable(t.Context()); err != nil {
		t.Errorf("the owner may write, and is told: %v", err)
	}
	sep := "?"
	if strings.Contains(dsn, "?") {
		sep = "&"
	}
	db := open(t, dsn+sep+"default_transaction_read_only=on", store.Options{ReadOnly: true})
	if err := db.Writable(t.Context()); err == nil || !strings.Contains(err.Error(), "default_transaction_read_only = off") {
		t.Errorf("whose transactions are read-only is told: %v", err)
	}
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `DO $$ BEGIN CREATE ROLE reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
		GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; GRANT reader TO CURRENT_USER`)
	if err != nil {
		t.Fatal(err)
	}
	db = open(t, dsn+sep+"role=reader", store.Options{ReadOnly: true})
	if err := db.Writable(t.Context()); err == nil || !strings.Contains(err.Error(), "GRANT INSERT") {
		t.Errorf("who may only read is told: %v", err)
	}
}

func TestDeadlockRunsTheClosureAgain(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	put(t, db, "a", "0")
	put(t, db, "b", "0")
	var met sync.WaitGroup // both hold one row and want the other's
	met.Add(2)
	runs := make(chan string, 10)
	var all sync.WaitGroup
	for _, keys := range [][]string{{"a", "b"}, {"b", "a"}} {
		all.Go(func() {
			first := true
			err := db.Update(t.Context(), func(tx desk.Tx) error {
				runs <- keys[0]
				if err := tx.PutSetting(t.Context(), keys[0], keys[0]); err != nil {
					return err
				}
				if first {
					first = false
					if _, err := tx.Setting(t.Context(), keys[0]); err != nil { // sends the write that waited for company
						return err
					}
					met.Done()
					met.Wait()
				}
				return tx.PutSetting(t.Context(), keys[1], keys[0])
			})
			if err != nil {
				t.Errorf("update: %v", err)
			}
		})
	}
	all.Wait()
	if len(runs) != 3 {
		t.Errorf("%d runs, want two and one that was repeated", len(runs))
	}
	if a, b := setting(t, db, "a"), setting(t, db, "b"); a != b {
		t.Errorf("a = %q and b = %q: the two mixed", a, b)
	}
}

func TestAWriteThatFailsLateTakesItsTransactionWithIt(t *testing.T) {
	db := open(t, pgtest.Database(t), store.Options{})
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		err := tx.PutSetting(t.Context(), "a", "1")
		if err == nil {
			err = tx.(queue.Tx).Put(t.Context(), `INSERT INTO setting (key, value) VALUES ('a', 'twice')`)
		}
		if err != nil {
			t.Errorf("a write that waits for company fails at once: %v", err)
		}
		return tx.PutSetting(t.Context(), "b", "1")
	})
	if err == nil || !strings.HasPrefix(err.Error(), "insert into setting: ") {
		t.Errorf("got %v, want the statement that failed", err)
	}
	if errors.Is(err, desk.ErrOutcomeUnknown) {
		t.Errorf("%v, but the commit was never asked for", err)
	}
	if a, b := setting(t, db, "a"), setting(t, db, "b"); a != "" || b != "" {
		t.Errorf("a = %q and b = %q are there", a, b)
	}
}

func TestLostAnswerToACommitIsUnknownAndRunsOnce(t *testing.T) {
	dsn := pgtest.Database(t)
	direct := open(t, dsn, store.Options{})
	through, lose := loseCommits(t, dsn)
	db := open(t, through, store.Options{})
	lose.Store(true)
	runs := 0
	err := db.Update(t.Context(), func(tx desk.Tx) error {
		runs++
		return tx.PutSetting(t.Context(), "a", "1")
	})
	if !errors.Is(err, desk.ErrOutcomeUnknown) || runs != 1 {
		t.Errorf("%d runs, error %v", runs, err)
	}
	if got := setting(t, direct, "a"); got != "1" {
		t.Errorf("setting = %q: the proxy was to lose the answer alone", got)
	}
	lose.Store(false)
	put(t, db, "b", "1") // the pool recovers
}

// loseCommits returns a DSN that leads to the same server through a proxy. While lose is true the proxy passes a COMMIT on,
// waits for its answer, and hangs up instead of delivering it.
func loseCommits(t *testing.T, dsn string) (through string, lose *atomic.Bool) {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	network, address := pgconn.NetworkAddress(config.Host, config.Port)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	lose = new(atomic.Bool)
	var links sync.WaitGroup
	links.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				t.Errorf("dial server: %v", err)
				return
			}
			links.Go(func() { link(client, server, lose) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		links.Wait()
	})
	return fmt.Sprintf("postgres://%s@%s/%s?sslmode=disable", config.User, listener.Addr(), config.Database), lose
}

// link copies between a client and a server until either hangs up.
func link(client, server net.Conn, lose *atomic.Bool) {
	var lost atomic.Bool
	var back sync.WaitGroup
	back.Go(func() {
		defer client.Close() // hanging up is the point
		copyUntil(client, server, func([]byte) bool { return lost.Load() })
	})
	copyUntil(server, client, func(b []byte) bool {
		if lose.Load() && bytes.Contains(bytes.ToLower(b), []byte("commit\x00")) {
			lost.Store(true)
		}
		return false
	})
	_ = server.Close()
	back.Wait()
}

// copyUntil copies until an end hangs up, or stop says so of what was read and not yet written.
func copyUntil(to io.Writer, from io.Reader, stop func([]byte) bool) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil || stop(buf[:n]) {
			return
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func TestPasswordStaysOutOfErrors(t *testing.T) {
	_, err := store.Open(t.Context(), "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=1", store.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error = %v", err)
	}
}
