package queue

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"warmline/escalate/desk"
)

// reapMax bounds the leases that one claim takes back.
const reapMax = 100

// reap makes jobs wait again whose lease ran out, except those that this very process still runs: a clock that jumps
// forward must not make it overtake itself.
func reap(ctx context.Context, tx Tx, mine map[string]bool) error {
	type lost struct {
		leased desk.Leased
		runAt  int64
	}
	rows, err := all(ctx, tx, func(rows *sql.Rows) (l lost, err error) {
		return l, rows.Scan(&l.leased.ID, &l.leased.Owner, &l.leased.Attempt, &l.runAt)
	}, `SELECT id, owner, attempt, run_at FROM job WHERE state = 'running' AND lease_until <= $1
		ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED`, tx.Now().UnixMicro(), reapMax)
	if err != nil {
		return err
	}
	for _, l := range rows {
		if mine[l.leased.ID] {
			continue
		}
		cause := fmt.Errorf("attempt %d: lease of %s ran out", l.leased.Attempt, l.leased.Owner)
		if err := putBack(ctx, tx, l.leased, back{at: at(l.runAt), attempt: l.leased.Attempt, cause: cause}); err != nil {
			return err
		}
	}
	return nil
}

// renew extends a lease. It reports false when another has the job; a row that is gone was finished and is nobody's.
func renew(ctx context.Context, tx Tx, j desk.Leased, lease time.Duration) (held bool, err error) {
	n, err := tx.Exec(ctx, `
		UPDATE job SET lease_until = $4 WHERE id = $1 AND owner = $2 AND attempt = $3 AND state = 'running'`,
		j.ID, j.Owner, j.Attempt, tx.Now().Add(lease).UnixMicro())
	if err != nil || n > 0 {
		return true, err
	}
	rows, err := all(ctx, tx, scanString, `SELECT id FROM job WHERE id = $1`, j.ID)
	return len(rows) == 0, err
}

// freshPause is how soon jobs are looked at again that another replica's round passed over.
const freshPause = 10 * time.Millisecond

// nextDue returns the earliest instant after now at which something may start, or never.
func nextDue(ctx context.Context, tx Tx) (int64, error) {
	rows, err := all(ctx, tx, func(rows *sql.Rows) (next int64, err error) {
		var at sql.NullInt64
		if err := rows.Scan(&at); err != nil || !at.Valid {
			return never, err
		}
		return at.Int64, nil
	}, `SELECT MIN(run_at) FROM job WHERE state = 'ready' AND run_at > $1
		UNION ALL SELECT MIN(lease_until) FROM job WHERE state = 'running' AND lease_until > $1
		UNION ALL SELECT MIN(look_at) FROM job_group WHERE look_at > $1
		UNION ALL SELECT MIN(start_at) FROM job_group WHERE start_at > $1
		UNION ALL SELECT $2 WHERE EXISTS (SELECT 1 FROM job WHERE fresh AND run_at <= $1)`,
		tx.Now().UnixMicro(), tx.Now().Add(freshPause).UnixMicro())
	if err != nil {
		return never, err
	}
	return slices.Min(append(rows, never)), nil
}
