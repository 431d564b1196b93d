package queue

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"warmline/escalate/desk"
)

// claim says for whom jobs are started.
type claim struct {
	owner string
	lease time.Duration
	pace  Pace
	list  lister
	free  map[string]int // workers that are free, by kind
	mine  func(id string) bool
}

// claimJobs starts the jobs that are due, as many as there are free workers: urgent ones first, then the longest due.
// again says that another claim may find more at once.
func claimJobs(ctx context.Context, tx Tx, c claim) (started []job, again bool, err error) {
	if err := reap(ctx, tx, c); err != nil {
		return nil, false, fmt.Errorf("reap lost leases: %w", err)
	}
	if again, err = refresh(ctx, tx); err != nil {
		return nil, false, fmt.Errorf("refresh groups: %w", err)
	}
	candidates, err := c.list.due(ctx, tx, c.free)
	if err != nil {
		return nil, false, fmt.Errorf("list due jobs: %w", err)
	}
	left := maps.Clone(c.free)
	for _, d := range candidates {
		if left[d.kind] <= 0 {
			continue
		}
		j, err := claimOne(ctx, tx, d, c)
		if err != nil {
			return nil, false, fmt.Errorf("claim %s job: %w", d.kind, err)
		}
		if j == nil {
			again = true // a group's next job is of another kind by now
			continue
		}
		left[d.kind]--
		started = append(started, *j)
	}
	return started, again, nil
}

func claimOne(ctx context.Context, tx Tx, d due, c claim) (*job, error) {
	if d.group != "" {
		return claimGroup(ctx, tx, d.group, d.kind, c)
	}
	return start(ctx, tx, d.id, c)
}

// start leases one waiting job; nil when it waits no more.
func start(ctx context.Context, tx Tx, id string, c claim) (*job, error) {
	rows, err := all(ctx, tx, scanJob, `
		UPDATE job SET state = 'running', owner = $2, lease_until = $3, attempt = attempt + 1
		WHERE id = $1 AND state = 'ready' RETURNING `+jobColumns,
		id, c.owner, tx.Now().Add(c.lease).UnixMicro())
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// due is a job that may start, or a group whose next job may.
type due struct {
	group, id, kind string
	urgent          bool
	at              int64
}

func scanDue(rows *sql.Rows) (d due, err error) {
	return d, rows.Scan(&d.group, &d.id, &d.kind, &d.urgent, &d.at)
}

// Each kind is listed by itself, so that a backlog of one whose workers are all busy hides none of another; urgent and
// other jobs by themselves too, so that each list is one range of an index.
const (
	listJobs = `SELECT * FROM (SELECT '' AS name, id, kind, urgent, run_at AS at FROM job
		WHERE state = 'ready' AND grp = '' AND kind = %s AND urgent = %s AND run_at <= $1
		ORDER BY run_at, id LIMIT %s FOR UPDATE SKIP LOCKED) AS %s`
	listGroups = `SELECT * FROM (SELECT name, '' AS id, kind, urgent, start_at AS at FROM job_group
		WHERE kind = %s AND urgent = %s AND start_at <= $1 AND look_at > $1
		ORDER BY start_at LIMIT %s FOR UPDATE SKIP LOCKED) AS %s`
)

// lister lists what may start of its kinds by one statement that never changes, so that databases keep it prepared.
type lister struct {
	kinds     []string
	statement string
}

func newLister(kinds []string) lister {
	var parts []string
	for i := range kinds {
		for _, list := range []string{listJobs, listGroups} {
			for _, urgent := range []string{"TRUE", "FALSE"} {
				kind, limit := fmt.Sprintf("$%d", 2*i+2), fmt.Sprintf("$%d", 2*i+3)
				parts = append(parts, fmt.Sprintf(list, kind, urgent, limit, fmt.Sprintf("part%d", len(parts))))
			}
		}
	}
	return lister{kinds: kinds, statement: strings.Join(parts, " UNION ALL ")}
}

// due returns what may start, in the order in which it should.
func (l lister) due(ctx context.Context, tx Tx, free map[string]int) ([]due, error) {
	args, some := []any{tx.Now().UnixMicro()}, false
	for _, kind := range l.kinds {
		n := max(free[kind], 0)
		some = some || n > 0
		args = append(args, kind, n)
	}
	if !some {
		return nil, nil
	}
	list, err := all(ctx, tx, scanDue, l.statement, args...)
	slices.SortFunc(list, func(a, b due) int {
		if a.urgent != b.urgent {
			if a.urgent {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id), cmp.Compare(a.group, b.group))
	})
	return list, err
}

// reapMax bounds the leases that one claim takes back.
const reapMax = 100

// reap makes jobs wait again whose lease ran out, except those that this very process still runs: a clock that jumps
// forward must not make it overtake itself.
func reap(ctx context.Context, tx Tx, c claim) error {
	now := tx.Now()
	type lost struct {
		leased desk.Leased
		runAt  int64
	}
	rows, err := all(ctx, tx, func(rows *sql.Rows) (l lost, err error) {
		return l, rows.Scan(&l.leased.ID, &l.leased.Owner, &l.leased.Attempt, &l.runAt)
	}, `SELECT id, owner, attempt, run_at FROM job WHERE state = 'running' AND lease_until <= $1
		ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED`, now.UnixMicro(), reapMax)
	if err != nil {
		return err
	}
	for _, l := range rows {
		if c.mine != nil && c.mine(l.leased.ID) {
			continue
		}
		cause := fmt.Errorf("attempt %d: lease of %s ran out", l.leased.Attempt, l.leased.Owner)
		if err := putBack(ctx, tx, l.leased, at(l.runAt), l.leased.Attempt, cause); err != nil {
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
		UNION ALL SELECT MIN(next_at) FROM job_group WHERE next_at > $1`, tx.Now().UnixMicro())
	if err != nil {
		return never, err
	}
	return slices.Min(append(rows, never)), nil
}
