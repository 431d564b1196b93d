package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/escalate/desk"
	"warmline/store/queue"
)

// Options say how a store is opened. The zero value is how the bot runs.
type Options struct {
	// Now is the clock from which every transaction takes its instant. Default: time.Now.
	Now func() time.Time
	// Logger is told of slow starts and of what is retried. Default: nothing is logged.
	Logger *slog.Logger
	// ReadOnly opens an existing database for View alone, beside the process that owns it. Update fails, nothing is
	// created or migrated, and the schema must be the one this program knows.
	ReadOnly bool
}

// ErrReadOnly says that something was to be written in a View, or to a store opened with ReadOnly.
var ErrReadOnly = errors.New("read-only: writes belong in Update")

// errNested is what an Update inside an Update gets: it would wait for itself.
var errNested = errors.New("update inside an update: use the transaction at hand")

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db     database
	now    func() time.Time
	log    *slog.Logger
	sweep  atomic.Int64 // when notices are next swept, Unix microseconds
	mu     sync.Mutex
	listen map[int]func(queue.Commit)
	next   int
}

var (
	_ desk.Store  = (*Store)(nil)
	_ queue.Store = (*Store)(nil)
)

// database is an engine: how it runs transactions and how it is.
type database interface {
	update(ctx context.Context, fn func(*tx) error) error
	view(ctx context.Context, fn func(*tx) error) error
	// ready returns why the database cannot be relied on right now, or nil.
	ready(ctx context.Context) error
	// writable returns why nothing can be written, or nil. It writes nothing itself.
	writable(ctx context.Context) error
	shared() bool
	close() error
}

// Open opens the database that a DSN names: "sqlite:PATH", a plain path, or "postgres://user:password@host/name". It
// creates a SQLite file that is not there, brings the schema up to date, and refuses one newer than this program. A SQLite
// file belongs to one process at a time.
func Open(ctx context.Context, dsn string, opts Options) (*Store, error) {
	s := &Store{now: opts.Now, log: opts.Logger, listen: make(map[int]func(queue.Commit))}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	var err error
	switch {
	case strings.HasPrefix(dsn, "postgres://"), strings.HasPrefix(dsn, "postgresql://"):
		s.db, err = openPostgres(ctx, dsn, s, opts)
	case dsn == "", dsn == "sqlite:":
		return nil, errors.New("open database: no name given; use sqlite:PATH or postgres://user@host/name")
	case strings.Contains(dsn, "://"):
		scheme, _, _ := strings.Cut(dsn, "://")
		return nil, fmt.Errorf("open database: unknown kind %q; use sqlite:PATH or postgres://user@host/name", scheme)
	default:
		s.db, err = openSQLite(ctx, strings.TrimPrefix(dsn, "sqlite:"), s, opts)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close waits for what is under way and closes the database. Afterwards every call fails.
func (s *Store) Close() error { return s.db.close() }

// Update implements desk.Store. An Update inside fn is refused, and a panic of fn becomes its error.
func (s *Store) Update(ctx context.Context, fn func(desk.Tx) error) error {
	return s.db.update(ctx, func(t *tx) error { return fn(t) })
}

// View implements desk.Store.
func (s *Store) View(ctx context.Context, fn func(desk.Tx) error) error {
	return s.db.view(ctx, func(t *tx) error { return fn(t) })
}

// Ready returns why the store should not be relied on now: it does not answer, cannot be written to, or its clock and ours
// are more than two seconds apart.
func (s *Store) Ready(ctx context.Context) error { return s.db.ready(ctx) }

// Writable returns why nothing could be written here, or nil; it may be asked of a store that was opened with ReadOnly.
func (s *Store) Writable(ctx context.Context) error { return s.db.writable(ctx) }

// Shared implements queue.Store.
func (s *Store) Shared() bool { return s.db.shared() }

// Listen implements queue.Store.
func (s *Store) Listen(fn func(queue.Commit)) (stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next
	s.next++
	s.listen[id] = fn
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.listen, id)
	}
}

// committed tells the queue what a commit changed.
func (s *Store) committed(t *tx) {
	c := t.commit
	if c.Empty() {
		return
	}
	c.At = t.now
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, fn := range s.listen {
		fn(c)
	}
}

// instant is the instant of a transaction that begins now.
func (s *Store) instant() time.Time { return s.now().UTC().Truncate(time.Microsecond) }
