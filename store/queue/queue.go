package queue

import (
	"context"
	"database/sql"
	"time"

	"warmline/escalate/desk"
)

// Store is what the queue needs of a store besides transactions. The transactions of its Update and View are a Tx.
type Store interface {
	desk.Store
	// Listen calls fn after every commit of this process that changed jobs, until stop is called. fn must not block.
	Listen(fn func(Commit)) (stop func())
	// Shared reports whether other processes write to the same database, so that jobs come without a call of fn.
	Shared() bool
}

type backgroundKey struct{}

// Background reports whether a context is that of a queue's own work. A store lets nobody wait behind such work who
// waits for an answer: a helpdesk for its webhook's, a person for their press's.
func Background(ctx context.Context) bool { return ctx.Value(backgroundKey{}) != nil }

func withBackground(ctx context.Context) context.Context {
	return context.WithValue(ctx, backgroundKey{}, true)
}

// Tx is a transaction that lets the queue run statements of its own, written for PostgreSQL.
type Tx interface {
	desk.Tx
	// Exec runs a statement and returns how many rows it changed.
	Exec(ctx context.Context, statement string, args ...any) (int64, error)
	// Put runs a statement of which nobody needs to know how many rows it changed. It may go out, and fail, later than it is
	// called, but before the commit.
	Put(ctx context.Context, statement string, args ...any) error
	// Query runs a statement that returns rows; the caller closes them.
	Query(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
	// NewID returns an id that sorts after those made before.
	NewID() string
}

// Commit says what one commit changed.
type Commit struct {
	// At is the instant of its transaction, by the store's clock.
	At time.Time
	// Due is the earliest instant at which something may have become startable; zero when nothing has.
	Due time.Time
	// Finished are the ids of jobs that were finished.
	Finished []string
}

// Empty reports whether the commit is of no interest to a queue.
func (c *Commit) Empty() bool { return c.Due.IsZero() && len(c.Finished) == 0 }

// Wake notes that something may start at an instant.
func (c *Commit) Wake(at time.Time) {
	if c.Due.IsZero() || at.Before(c.Due) {
		c.Due = at
	}
}

// job is a row.
type job struct {
	id, kind, key, group string
	payload              []byte
	urgent               bool
	runAt                int64 // Unix microseconds, as all instants of rows
	attempt              int
	lastError            string
	failingSince         int64 // 0: it does not fail
}

const jobColumns = "id, kind, key, grp, payload, urgent, run_at, attempt, last_error, failing_since"

func scanJob(rows *sql.Rows) (job, error) {
	var j job
	err := rows.Scan(&j.id, &j.kind, &j.key, &j.group, &j.payload, &j.urgent, &j.runAt, &j.attempt, &j.lastError, &j.failingSince)
	if len(j.payload) == 0 {
		j.payload = nil
	}
	return j, err
}

func (j *job) leased(owner string) desk.Leased {
	return desk.Leased{
		Job: desk.Job{
			Kind: j.kind, Key: j.key, Group: j.group, At: at(j.runAt), Payload: j.payload, Urgent: j.urgent,
		},
		ID: j.id, Attempt: j.attempt, Owner: owner,
	}
}

func at(us int64) time.Time { return time.UnixMicro(us).UTC() }

// never is later than every instant.
const never = int64(1<<63 - 1)

// all runs a query and scans every row.
func all[T any](ctx context.Context, tx Tx, scan func(*sql.Rows) (T, error), statement string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err has its error
	var list []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

func scanString(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }
