package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"warmline/store/queue"
)

const (
	// groupMax bounds how many closures share one commit, and so how long the first of them waits for the last.
	groupMax = 64
	// groupJobs bounds how many of those may be a queue's own: they share every commit, but nobody who waits for an answer
	// waits for more of them.
	groupJobs = 16
	// busyWait is how long the writer waits for another process, a backup say, to release the file. Callers with a shorter
	// patience leave earlier.
	busyWait  = 30 * time.Second
	busyPause = 5 * time.Millisecond
)

var (
	errClosed = errors.New("store is closed")
	// errBroken says that SQLite rolled the whole transaction back under a closure, a full disk for instance.
	errBroken = errors.New("transaction was rolled back by the database")
	errExited = errors.New("transaction ended by runtime.Goexit")
)

// writer is the one goroutine that writes to a SQLite file. Closures that wait when it is free share a transaction, a
// savepoint each, so that one fdatasync serves all of them.
type writer struct {
	db      *sql.DB
	conn    *sql.Conn
	store   *Store
	dialect *dialect
	waiting chan *write
	jobs    chan *write // those of a queue's own work
	quit    chan struct{}
	done    chan struct{} // closed when the goroutine has ended
	inside  inside
	once    sync.Once
}

// The states of a write. Whoever moves it from waiting decides: the writer by running it, its caller by leaving.
const (
	writeWaiting int32 = iota
	writeRunning
	writeLeft
)

// write is one closure on its way through the writer.
type write struct {
	ctx   context.Context //nolint:containedctx // a request in a queue carries its caller's context
	fn    func(*tx) error
	state atomic.Int32
	tx    *tx   // of its latest run
	err   error // of its latest run
	done  chan error
}

func startWriter(ctx context.Context, db *sql.DB, s *Store, d *dialect) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		db: db, conn: conn, store: s, dialect: d,
		waiting: make(chan *write, 4*groupMax), jobs: make(chan *write, groupMax),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	go w.run() //nolint:contextcheck // the writer outlives the context that it was started with
	return w, nil
}

// update hands a closure to the writer and waits for its commit. A caller whose context ends leaves, unless its closure
// runs already: then the outcome is known in a moment and is what counts.
func (w *writer) update(ctx context.Context, fn func(*tx) error) error {
	if w.inside.here() {
		return errNested
	}
	r := &write{ctx: ctx, fn: fn, done: make(chan error, 1)}
	line := w.waiting
	if queue.Background(ctx) {
		line = w.jobs
	}
	select {
	case line <- r:
	case <-ctx.Done():
		return fmt.Errorf("wait for the writer: %w", ctx.Err())
	case <-w.done:
		return errClosed
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		if r.state.CompareAndSwap(writeWaiting, writeLeft) {
			return fmt.Errorf("wait for the writer: %w", ctx.Err())
		}
	case <-w.done:
	}
	select {
	case err := <-r.done:
		return err
	case <-w.done: // it ended without taking this one
		select {
		case err := <-r.done:
			return err
		default:
			return errClosed
		}
	}
}

func (w *writer) stop() error {
	w.once.Do(func() { close(w.quit) })
	<-w.done
	return w.conn.Close()
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case first := <-w.waiting:
			w.serve(w.gather(take([]*write{first}, w.waiting, groupMax)))
		case first := <-w.jobs:
			w.serve(w.gather(append(take(nil, w.waiting, groupMax-1), first)))
		case <-w.quit:
			return
		}
	}
}

// gather adds the jobs' closures that wait already to a group.
func (w *writer) gather(group []*write) []*write {
	return take(group, w.jobs, min(groupMax, len(group)+groupJobs))
}

// take lets a group grow to a size by what waits already, without waiting for more.
func take(group []*write, line <-chan *write, size int) []*write {
	for len(group) < size {
		select {
		case r := <-line:
			group = append(group, r)
		default:
			return group
		}
	}
	return group
}

// serve commits a group and answers it. When the group as a whole does not hold, each closure runs again in a transaction
// of its own, so that the error meets exactly those that cause it.
func (w *writer) serve(group []*write) {
	err := w.commit(group)
	if err != nil && len(group) > 1 && !errors.Is(err, errBusy) {
		for _, r := range group {
			w.serve([]*write{r})
		}
		return
	}
	for _, r := range group {
		if r.state.Load() == writeLeft {
			continue
		}
		if r.err == nil {
			r.err = err
		}
		if r.err == nil {
			w.store.committed(r.tx)
		}
		r.done <- r.err
	}
}

var errBusy = errors.New("database is locked by another process")

// commit runs the closures of a group in one transaction. The error says that nothing at all was written; a closure's own
// error is in its write.
func (w *writer) commit(group []*write) error {
	ctx := context.Background() // a commit is not to be torn by one caller's deadline
	if err := w.begin(ctx, group); err != nil {
		return err
	}
	// A goroutine of its own, so that a closure that calls runtime.Goexit, as t.Fatal does, does not take the writer along.
	ended := make(chan error, 1)
	go func() {
		err := errExited
		defer func() { ended <- err }()
		defer w.inside.enter()()
		err = w.runAll(ctx, group)
	}()
	err := <-ended
	if err == nil {
		// The commit point. A crash before it leaves nothing of the group, one after it all of it.
		_, err = w.conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = w.conn.ExecContext(ctx, "ROLLBACK") // fails when SQLite has rolled back by itself
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// begin waits for the write lock for as long as somebody in the group waits too.
func (w *writer) begin(ctx context.Context, group []*write) error {
	for start := time.Now(); ; {
		_, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		if err == nil || !isBusy(err) {
			return err
		}
		if time.Since(start) > busyWait || abandoned(group) {
			return fmt.Errorf("begin: %w: %w", errBusy, err)
		}
		time.Sleep(busyPause)
	}
}

func abandoned(group []*write) bool {
	for _, r := range group {
		if r.state.Load() != writeLeft && r.ctx.Err() == nil {
			return false
		}
	}
	return true
}

func isBusy(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrLocked)
}

func (w *writer) runAll(ctx context.Context, group []*write) error {
	for _, r := range group {
		if err := w.runOne(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// runOne runs one closure within a savepoint. The error says that the transaction is gone.
func (w *writer) runOne(ctx context.Context, r *write) error {
	if !r.state.CompareAndSwap(writeWaiting, writeRunning) && r.state.Load() == writeLeft {
		return nil
	}
	if r.err = r.ctx.Err(); r.err != nil {
		return nil //nolint:nilerr // the caller has it in r.err; the transaction goes on
	}
	if _, err := w.conn.ExecContext(ctx, "SAVEPOINT closure"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	r.tx = &tx{store: w.store, conn: w.conn, dialect: w.dialect, now: w.store.instant(), detached: true}
	r.err = errExited
	if r.err = call(r.fn, r.tx); r.err != nil {
		if _, err := w.conn.ExecContext(ctx, "ROLLBACK TO closure"); err != nil {
			return fmt.Errorf("%w: %w", errBroken, r.err)
		}
	}
	if _, err := w.conn.ExecContext(ctx, "RELEASE closure"); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}
