package queue

import (
	"context"
	"database/sql"
	"time"
)

// Pace says how fast a group may start its jobs: one per interval on average, burst of them at once after a rest. The zero
// interval is no limit; a burst below one is one.
type Pace func(group string) (interval time.Duration, burst int)

// A group's row caches which job is next and when it may start. It holds until look_at; every change of the group's jobs
// pulls look_at forward, in the same transaction, and the claim works the row out afresh before it believes it.

// lookAt makes sure that a group is looked at by an instant.
func lookAt(ctx context.Context, tx Tx, group string, when int64) error {
	if group == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO job_group (name, holder, next_at, tat, kind, urgent, start_at, look_at)
		VALUES ($1, '', 0, 0, '', FALSE, 9223372036854775807, $2)
		ON CONFLICT (name) DO UPDATE SET
			look_at = CASE WHEN excluded.look_at < job_group.look_at THEN excluded.look_at ELSE job_group.look_at END`,
		group, when)
	return err
}

func lookNow(ctx context.Context, tx Tx, groups []string) error {
	for _, group := range groups {
		if err := lookAt(ctx, tx, group, 0); err != nil {
			return err
		}
	}
	return nil
}

// free ends a job's hold on its group.
func free(ctx context.Context, tx Tx, j job) error {
	if j.group == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE job_group SET holder = '', look_at = 0 WHERE name = $1 AND holder = $2`, j.group, j.id)
	return err
}

// hold keeps a group from starting anything before an instant.
func hold(ctx context.Context, tx Tx, group string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE job_group SET next_at = $2, look_at = 0 WHERE name = $1 AND next_at < $2`,
		group, until.UnixMicro())
	return err
}

type groupRow struct {
	name, holder string
	nextAt, tat  int64
}

func scanGroup(rows *sql.Rows) (g groupRow, err error) {
	return g, rows.Scan(&g.name, &g.holder, &g.nextAt, &g.tat)
}

// refreshMax bounds the groups that one claim looks at.
const refreshMax = 256

// refresh works out afresh which job is next in every group that is to be looked at. Rows that another replica works on
// are left to it. again says that there are more groups than one claim looks at.
func refresh(ctx context.Context, tx Tx) (again bool, err error) {
	now := tx.Now().UnixMicro()
	groups, err := all(ctx, tx, scanGroup, `
		SELECT name, holder, next_at, tat FROM job_group WHERE look_at <= $1
		ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED`, now, refreshMax)
	if err != nil {
		return false, err
	}
	for _, g := range groups {
		if err := refreshOne(ctx, tx, g, now); err != nil {
			return false, err
		}
	}
	return len(groups) == refreshMax, nil
}

func refreshOne(ctx context.Context, tx Tx, g groupRow, now int64) error {
	if g.holder != "" { // its end pulls look_at forward
		return setHead(ctx, tx, g.name, head{startAt: never}, never)
	}
	next, due, err := headOf(ctx, tx, g.name, now)
	if err != nil {
		return err
	}
	later, err := all(ctx, tx, scanMicros, `
		SELECT run_at FROM job WHERE grp = $1 AND grp <> '' AND state = 'ready' AND run_at > $2
		ORDER BY run_at LIMIT 1`, g.name, now)
	if err != nil {
		return err
	}
	change := never
	if len(later) > 0 {
		change = later[0]
	}
	switch {
	case due:
		next.startAt = max(g.nextAt, next.startAt)
	case change == never && max(g.tat, g.nextAt) <= now: // nothing left to remember
		_, err := tx.Exec(ctx, `DELETE FROM job_group WHERE name = $1`, g.name)
		return err
	case change == never: // forget the group when its pace has
		change = max(g.tat, g.nextAt)
	}
	return setHead(ctx, tx, g.name, next, change)
}

// head is the job of a group that is next.
type head struct {
	id, kind string
	urgent   bool
	startAt  int64
}

func scanHead(rows *sql.Rows) (h head, err error) {
	return h, rows.Scan(&h.id, &h.kind, &h.urgent, &h.startAt)
}

// headOf returns the first of a group's due jobs: urgent ones, then the longest due.
func headOf(ctx context.Context, tx Tx, group string, now int64) (h head, due bool, err error) {
	heads, err := all(ctx, tx, scanHead, `
		SELECT id, kind, urgent, run_at FROM job
		WHERE grp = $1 AND grp <> '' AND state = 'ready' AND run_at <= $2
		ORDER BY urgent DESC, run_at, id LIMIT 1`, group, now)
	if err != nil || len(heads) == 0 {
		return head{startAt: never}, false, err
	}
	return heads[0], true, nil
}

func setHead(ctx context.Context, tx Tx, group string, h head, lookAt int64) error {
	_, err := tx.Exec(ctx, `UPDATE job_group SET kind = $2, urgent = $3, start_at = $4, look_at = $5 WHERE name = $1`,
		group, h.kind, h.urgent, h.startAt, lookAt)
	return err
}

// claimGroup starts the next job of a group whose row this transaction has locked; nil when that is not of the kind that
// was listed any more.
func claimGroup(ctx context.Context, tx Tx, name, kind string, c claim) (*job, error) {
	now := tx.Now().UnixMicro()
	groups, err := all(ctx, tx, scanGroup, `SELECT name, holder, next_at, tat FROM job_group WHERE name = $1`, name)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	g := groups[0]
	next, due, err := headOf(ctx, tx, name, now)
	if err != nil {
		return nil, err
	}
	if g.holder != "" || !due || next.kind != kind || g.nextAt > now {
		return nil, refreshOne(ctx, tx, g, now)
	}
	j, err := start(ctx, tx, next.id, c)
	if err != nil || j == nil {
		return nil, err
	}
	g.nextAt, g.tat = paced(c.pace, name, g, now)
	_, err = tx.Exec(ctx, `
		UPDATE job_group SET holder = $2, next_at = $3, tat = $4, start_at = 9223372036854775807,
			look_at = 9223372036854775807 WHERE name = $1`, name, j.id, g.nextAt, g.tat)
	return j, err
}

// paced is the generic cell rate algorithm: tat is when the next start would come if all came evenly; starts may be ahead
// of it by burst-1 intervals. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
func paced(pace Pace, name string, g groupRow, now int64) (nextAt, tat int64) {
	if pace == nil {
		return g.nextAt, g.tat
	}
	interval, burst := pace(name)
	if interval <= 0 {
		return g.nextAt, g.tat
	}
	tat = max(now, g.tat) + interval.Microseconds()
	return max(g.nextAt, tat-int64(max(burst, 1)-1)*interval.Microseconds()), tat
}

func scanMicros(rows *sql.Rows) (us int64, err error) { return us, rows.Scan(&us) }
