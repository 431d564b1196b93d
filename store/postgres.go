package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/sync/errgroup"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

const (
	// postgresConns bounds our connections. They are opened when we start, since a new one takes as long as many commits.
	postgresConns = 24
	// backgroundConns are those that jobs may have at most, so that one is always free soon for who waits for an answer.
	backgroundConns = 8
	// reruns bounds how often a closure runs again after a deadlock or a serialization failure.
	reruns     = 10
	rerunPause = 5 * time.Millisecond // doubled each time, with jitter
	rerunCap   = 200 * time.Millisecond
	// commitWait is how long the answer to a COMMIT is waited for before it counts as lost.
	commitWait = 15 * time.Second
	// maxSkew is how far our clock may be from the database's, and so from the other replicas'.
	maxSkew = 2 * time.Second
)

// postgresSettings bound what a replica that hangs can hold up: a stopped process keeps its row locks until then.
var postgresSettings = map[string]string{
	"application_name":                    "warmline",
	"statement_timeout":                   "15000",
	"lock_timeout":                        "10000",
	"idle_in_transaction_session_timeout": "15000",
}

// postgresDB is PostgreSQL, shared by any number of replicas.
type postgresDB struct {
	store    *Store
	dialect  dialect
	db       *sql.DB
	readOnly bool
	inside   inside
	jobs     chan struct{} // holds one for each connection that a job has
}

func openPostgres(ctx context.Context, dsn string, s *Store, opts Options) (*postgresDB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("open database: %w; want postgres://user:password@host:5432/name", err) // pgx redacts the password
	}
	for name, value := range postgresSettings {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	d := &postgresDB{
		store: s, dialect: dialect{engine: postgres}, readOnly: opts.ReadOnly, db: stdlib.OpenDB(*config),
		jobs: make(chan struct{}, backgroundConns),
	}
	d.db.SetMaxOpenConns(postgresConns)
	d.db.SetMaxIdleConns(postgresConns)
	if err := d.start(ctx, opts); err != nil {
		where := fmt.Sprintf("%s on %s", config.Database, config.Host)
		return nil, errors.Join(fmt.Errorf("open database %s: %w", where, err), d.db.Close())
	}
	return d, nil
}

func (d *postgresDB) start(ctx context.Context, opts Options) error {
	var durable string
	if err := d.db.QueryRowContext(ctx, "SHOW synchronous_commit").Scan(&durable); err != nil {
		return fmt.Errorf("%w; check that the server runs, and the name, user and password", oneLineError{err})
	}
	if durable == "off" {
		return errors.New("synchronous_commit is off: commits could be lost; turn it on for this user or database")
	}
	if err := migrate(ctx, postgres, d.db, opts); err != nil || opts.ReadOnly {
		return err
	}
	return d.connect(ctx)
}

// connect opens every connection that there may be, and has each rehearse what a webhook waits for: a new one knows neither
// tables nor statements, and a flood would find that out on all of them at once.
func (d *postgresDB) connect(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	var all sync.WaitGroup
	all.Add(postgresConns)
	for range postgresConns {
		g.Go(func() error {
			c, err := d.db.Conn(ctx)
			all.Done()
			if err != nil {
				return err
			}
			all.Wait() // none is given back before the last is there
			return errors.Join(d.rehearse(ctx, c), c.Close())
		})
	}
	defer d.store.sweep.Store(0) // a sweep that was rehearsed has swept nothing
	return g.Wait()
}

// rehearse takes in a ticket's notice and rolls back.
func (d *postgresDB) rehearse(ctx context.Context, c *sql.Conn) error {
	t, err := c.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	mine := &tx{store: d.store, conn: t, dialect: &d.dialect, now: d.store.instant()}
	id := mine.NewID()
	ref := escalate.Ref{Desk: id, ID: id}
	_, err = mine.AddNotice(ctx, desk.Notice{Ref: ref, Delivery: id})
	if err == nil {
		_, _, err = mine.CreateTicket(ctx, &escalate.Ticket{ID: escalate.TicketID(id), Ref: ref})
	}
	if err == nil {
		err = mine.Enqueue(ctx, desk.Job{Kind: id, Key: id, Group: id})
	}
	return errors.Join(err, t.Rollback())
}

// admit has jobs wait for one of their connections.
func (d *postgresDB) admit(ctx context.Context) (leave func(), err error) {
	if !queue.Background(ctx) {
		return func() {}, nil
	}
	select {
	case d.jobs <- struct{}{}:
		return func() { <-d.jobs }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a connection: %w", ctx.Err())
	}
}

// oneLineError is a failed connection in one line: pgx tells of each attempt in a line of its own, and the last says as much
// as all.
type oneLineError struct{ error }

func (e oneLineError) Error() string {
	lines := strings.Split(e.error.Error(), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

func (e oneLineError) Unwrap() error { return e.error }

// update runs a closure until it commits, or fails for a reason of its own.
func (d *postgresDB) update(ctx context.Context, fn func(*tx) error) error {
	if d.readOnly {
		return ErrReadOnly
	}
	if d.inside.here() {
		return errNested
	}
	leave, err := d.admit(ctx)
	if err != nil {
		return err
	}
	defer leave()
	defer d.inside.enter()()
	pause := rerunPause
	for run := 1; ; run++ {
		err := d.try(ctx, fn)
		if err == nil || run == reruns || !mayRerun(err) {
			return err
		}
		d.store.log.DebugContext(ctx, "transaction runs again", "run", run, "cause", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case <-time.After(pause/2 + rand.N(pause)):
		}
		pause = min(2*pause, rerunCap)
	}
}

func (d *postgresDB) try(ctx context.Context, fn func(*tx) error) error {
	// The transaction has a context of its own: the caller's may end its statements, never tear its COMMIT.
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := d.db.Conn(own)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = c.Close() }() // goes back to the pool
	t, err := c.BeginTx(own, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	line := &pipeline{conn: c, tx: t}
	mine := &tx{store: d.store, conn: line, dialect: &d.dialect, now: d.store.instant()}
	ended := false
	defer func() {
		if !ended {
			_ = t.Rollback() // the connection may be gone, and its transaction with it
		}
	}()
	if err := call(fn, mine); err != nil {
		return err
	}
	if _, err := line.flush(ctx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	ended = true
	timer := time.AfterFunc(commitWait, cancel)
	defer timer.Stop()
	// The commit point. Whether it was passed is unknown when its answer does not come.
	if err := t.Commit(); err != nil {
		return commitError(err)
	}
	d.store.committed(mine)
	return nil
}

// commitError tells a COMMIT that certainly did not happen from one whose answer was lost. pgconn.SafeToRetry is of no use
// here: it calls "conn closed" safe, which is also what pgx 5.12 returns when the connection went after COMMIT was sent.
func commitError(err error) error {
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return fmt.Errorf("commit: %w", err)
	}
	if answered := code(err); answered != "" && answered[:2] != "57" && answered[:2] != "08" {
		return fmt.Errorf("commit: %w", err)
	}
	return fmt.Errorf("%w: %w", desk.ErrOutcomeUnknown, err)
}

// mayRerun reports whether the database gave a transaction up so that others could go on: 40001 is a serialization failure,
// 40P01 a deadlock.
func mayRerun(err error) bool {
	if errors.Is(err, desk.ErrOutcomeUnknown) {
		return false
	}
	c := code(err)
	return c == "40001" || c == "40P01"
}

// code is PostgreSQL's code of an error, "" when it was not the server that spoke.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) && len(e.Code) == 5 {
		return e.Code
	}
	return ""
}

// view runs a closure on one snapshot.
func (d *postgresDB) view(ctx context.Context, fn func(*tx) error) error {
	leave, err := d.admit(ctx)
	if err != nil {
		return err
	}
	defer leave()
	t, err := d.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin view: %w", err)
	}
	defer func() { _ = t.Rollback() }() // nothing was written
	return call(fn, &tx{store: d.store, conn: t, dialect: &d.dialect, now: d.store.instant(), readOnly: true})
}

// ready compares clocks: leases of several replicas mean nothing when their clocks differ.
func (d *postgresDB) ready(ctx context.Context) error {
	var theirs time.Time
	before := d.store.now()
	if err := d.db.QueryRowContext(ctx, "SELECT clock_timestamp()").Scan(&theirs); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	after := d.store.now()
	ours := before.Add(after.Sub(before) / 2)
	if skew := ours.Sub(theirs).Abs(); skew > maxSkew {
		return fmt.Errorf("our clock is %s off the database's; set both by NTP", skew.Round(time.Millisecond))
	}
	return nil
}

// writable asks the server about our rights, and writes nothing.
func (d *postgresDB) writable(ctx context.Context) error {
	var standby, readOnly, may bool
	err := d.db.QueryRowContext(ctx, `SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only') = 'on',
		has_table_privilege('ticket', 'INSERT') AND has_table_privilege('ticket', 'UPDATE') AND has_table_privilege('ticket', 'DELETE')`).
		Scan(&standby, &readOnly, &may)
	switch {
	case err != nil:
		return fmt.Errorf("ask the database: %w", err)
	case standby:
		return errors.New("this server is a standby; name the primary")
	case readOnly:
		return errors.New("this user's transactions are read-only; ALTER ROLE … SET default_transaction_read_only = off")
	case !may:
		return errors.New("this user may not write to the tables; GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO it")
	}
	return nil
}

func (d *postgresDB) shared() bool { return true }

func (d *postgresDB) close() error { return d.db.Close() }
