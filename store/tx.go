package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/escalate/desk"
	"warmline/store/queue"
)

// conn runs statements inside a transaction that somebody else begins and ends.
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// tx is one transaction, or within a group commit one savepoint of it.
type tx struct {
	store    *Store
	conn     conn
	dialect  *dialect
	now      time.Time
	readOnly bool
	// detached keeps a caller's context from reaching the driver: on SQLite an interrupted statement would roll back the
	// neighbours of a group commit too. Whether the context has ended is then asked before each statement.
	detached bool
	commit   queue.Commit
}

var (
	_ desk.Tx  = (*tx)(nil)
	_ queue.Tx = (*tx)(nil)
)

// Now implements desk.Tx.
func (t *tx) Now() time.Time { return t.now }

// Exec runs a statement and returns how many rows it changed.
func (t *tx) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	ctx, statement, err := t.prepare(ctx, statement, args)
	if err != nil {
		return 0, err
	}
	if t.readOnly {
		return 0, ErrReadOnly
	}
	res, err := t.conn.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", verb(statement), err)
	}
	return res.RowsAffected()
}

// Put runs a statement of which nobody needs to know how many rows it changed. It may go out later than it is called, with the
// next that is waited for, or right before the commit; then so does its error.
func (t *tx) Put(ctx context.Context, statement string, args ...any) error {
	later, ok := t.conn.(interface {
		hold(statement string, args []any)
	})
	if !ok {
		_, err := t.Exec(ctx, statement, args...)
		return err
	}
	_, statement, err := t.prepare(ctx, statement, args)
	if err != nil {
		return err
	}
	later.hold(statement, args)
	return nil
}

// Query runs a statement that returns rows.
func (t *tx) Query(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	ctx, statement, err := t.prepare(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	if t.readOnly && !strings.HasPrefix(statement, "SELECT") {
		return nil, ErrReadOnly
	}
	rows, err := t.conn.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", verb(statement), err)
	}
	return rows, nil
}

// NewID implements queue.Tx.
func (t *tx) NewID() string { return NewID(t.now) }

func (t *tx) prepare(ctx context.Context, statement string, args []any) (context.Context, string, error) {
	if err := ctx.Err(); err != nil {
		return ctx, "", err
	}
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = clean(a)
		case []byte:
			if a == nil {
				args[i] = []byte{} // our columns have no NULLs
			}
		}
	}
	if t.detached {
		ctx = context.WithoutCancel(ctx)
	}
	return ctx, t.dialect.rewrite(statement, t.readOnly), nil
}

// one scans the only row of a query; desk.ErrNotFound when there is none.
func (t *tx) one(ctx context.Context, into []any, statement string, args ...any) error {
	found := false
	err := t.each(ctx, func(rows *sql.Rows) error {
		found = true
		return rows.Scan(into...)
	}, statement, args...)
	if err == nil && !found {
		return desk.ErrNotFound
	}
	return err
}

// each calls fn for every row of a query. fn must not use the transaction.
func (t *tx) each(ctx context.Context, fn func(*sql.Rows) error, statement string, args ...any) error {
	rows, err := t.Query(ctx, statement, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := fn(rows); err != nil {
			return errors.Join(err, rows.Close()) //nolint:sqlclosecheck // what Close says is wanted
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return fmt.Errorf("%s: %w", verb(statement), err)
	}
	return nil
}

// verb names a statement in an error: "insert into ticket".
func verb(statement string) string {
	words := strings.Fields(strings.ToLower(statement))
	switch {
	case len(words) >= 3 && (words[0] == "insert" || words[0] == "delete"):
		return strings.Join(words[:3], " ")
	case len(words) >= 2 && words[0] == "update":
		return strings.Join(words[:2], " ")
	}
	for i, w := range words {
		if w == "from" && i+1 < len(words) {
			return "select from " + strings.Trim(words[i+1], "()")
		}
	}
	return "run statement"
}

// call runs a closure and turns its panic into an error, so that it harms only its own caller.
func call(fn func(*tx) error, t *tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("transaction panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(t)
}

// inside remembers which goroutines are within an Update. An Update may not begin another, which only the goroutine can
// tell, because a closure is not handed a context of its own.
type inside struct {
	goroutines sync.Map
	count      atomic.Int64 // of those, since to learn one's own number costs a walk up the stack
}

func (in *inside) enter() (leave func()) {
	id := goroutine()
	in.goroutines.Store(id, true)
	in.count.Add(1)
	return func() {
		in.count.Add(-1)
		in.goroutines.Delete(id)
	}
}

func (in *inside) here() bool {
	if in.count.Load() == 0 {
		return false
	}
	_, ok := in.goroutines.Load(goroutine())
	return ok
}

// goroutine returns the number of the calling goroutine, which the runtime gives only in a stack trace.
func goroutine() uint64 {
	var buf [64]byte
	text := strings.TrimPrefix(string(buf[:runtime.Stack(buf[:], false)]), "goroutine ")
	number, _, _ := strings.Cut(text, " ")
	id, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		panic("read goroutine number: " + err.Error()) // the runtime's format has changed
	}
	return id
}
