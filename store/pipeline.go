package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pipeline is a transaction on PostgreSQL that holds back the writes whose outcome nobody waits for, and sends them in one round
// trip with the next statement that somebody does. A press writes a dozen rows: one by one, the way to the server and back
// would cost more than the writing.
type pipeline struct {
	conn *sql.Conn // that the transaction is on
	tx   *sql.Tx
	held pgx.Batch
}

// hold keeps a statement until the next flush.
func (p *pipeline) hold(statement string, args []any) { p.held.Queue(statement, args...) }

// ExecContext implements conn.
func (p *pipeline) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if p.held.Len() == 0 {
		return p.tx.ExecContext(ctx, query, args...)
	}
	p.hold(query, args)
	changed, err := p.flush(ctx)
	return result(changed), err
}

// QueryContext implements conn.
func (p *pipeline) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if _, err := p.flush(ctx); err != nil {
		return nil, err
	}
	return p.tx.QueryContext(ctx, query, args...)
}

// flush sends what is held back, and returns how many rows the last statement changed.
func (p *pipeline) flush(ctx context.Context) (changed int64, err error) {
	if p.held.Len() == 0 {
		return 0, nil
	}
	batch := p.held
	p.held = pgx.Batch{}
	err = p.conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("send statements: the driver is %T, not pgx", driver)
		}
		results := c.Conn().SendBatch(ctx, &batch)
		for _, q := range batch.QueuedQueries {
			tag, err := results.Exec()
			if err != nil {
				_ = results.Close() // it would say the same again
				return fmt.Errorf("%s: %w", verb(q.SQL), err)
			}
			changed = tag.RowsAffected()
		}
		return results.Close()
	})
	return changed, err
}

// result is how many rows a statement changed.
type result int64

func (r result) RowsAffected() (int64, error) { return int64(r), nil }

func (result) LastInsertId() (int64, error) {
	return 0, errors.New("PostgreSQL has no last id: our rows bring their own")
}
