package queue

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// claim says for whom jobs are started.
type claim struct {
	owner string
	lease time.Duration
	pace  Pace
	list  lister
	free  map[string]int // workers that are free, by kind
}

// missedPause is how long a group waits whose next job was cancelled, moved, or is being changed right now.
const missedPause = 20 * time.Millisecond

// jobs starts the jobs that are due, as many of each kind as there are free workers: urgent ones first, then the longest
// due.
func (c claim) jobs(ctx context.Context, tx Tx) (started []job, err error) {
	left := maps.Clone(c.free)
	lists, err := c.list.due(ctx, tx, left)
	if err != nil {
		return nil, fmt.Errorf("list kinds of due jobs: %w", err)
	}
	for _, l := range lists {
		candidates, err := l.read(ctx, tx, left[l.kind])
		if err != nil {
			return nil, fmt.Errorf("list due %s jobs: %w", l.kind, err)
		}
		for some := range slices.Chunk(candidates, batch) {
			began, err := c.start(ctx, tx, some)
			if err != nil {
				return nil, fmt.Errorf("claim %s jobs: %w", l.kind, err)
			}
			left[l.kind] -= len(began)
			started = append(started, began...)
		}
	}
	return started, nil
}

// start leases jobs that still wait, and has them hold their groups.
func (c claim) start(ctx context.Context, tx Tx, some []due) ([]job, error) {
	ids := make([]any, len(some))
	for i, d := range some {
		ids[i] = d.id
	}
	now := tx.Now()
	rows, err := all(ctx, tx, scanJob, `
		UPDATE job SET state = 'running', owner = $2, lease_until = $3, attempt = attempt + 1, fresh = FALSE
		WHERE id IN (SELECT id FROM job WHERE id IN (`+batchOf(4)+`) AND state = 'ready' AND run_at <= $1
			FOR UPDATE SKIP LOCKED) RETURNING `+jobColumns,
		append([]any{now.UnixMicro(), c.owner, now.Add(c.lease).UnixMicro()}, fillBatch(ids)...)...)
	if err != nil {
		return nil, err
	}
	var started []job
	var heads []due
	for _, d := range some {
		i := slices.IndexFunc(rows, func(j job) bool { return j.id == d.id })
		switch {
		case i >= 0 && d.group != "":
			heads = append(heads, d)
			fallthrough
		case i >= 0:
			started = append(started, rows[i])
		case d.group != "":
			if err := lookAt(ctx, tx, d.group, now.Add(missedPause)); err != nil {
				return nil, err
			}
		}
	}
	return started, occupy(ctx, tx, heads, c.pace)
}

// due is a job that may start; its group, if it has one, is locked by this transaction and free.
type due struct {
	id, group       string
	at, nextAt, tat int64
}

// lister tells which of its kinds have due jobs by one statement that never changes, so that databases keep it prepared.
// Kinds are asked for one by one, so that a backlog of one whose workers are all busy is never read.
type lister struct {
	kinds     []string
	statement string
}

func newLister(kinds []string) lister {
	names := make([]string, len(kinds))
	for i := range kinds {
		names[i] = fmt.Sprintf("($%d)", i+2)
	}
	return lister{kinds: kinds, statement: `
		SELECT k.column1, u.column1 FROM (VALUES ` + strings.Join(names, ", ") + `) AS k, (VALUES (TRUE), (FALSE)) AS u
		WHERE COALESCE(
			(SELECT 1 FROM job WHERE state = 'ready' AND grp = '' AND kind = k.column1 AND urgent = u.column1
				AND run_at <= $1 ORDER BY run_at LIMIT 1),
			(SELECT 1 FROM job_group WHERE kind = k.column1 AND urgent = u.column1 AND start_at <= $1
				ORDER BY start_at LIMIT 1)) IS NOT NULL
		ORDER BY u.column1 DESC`}
}

// list names due jobs of one kind and urgency.
type list struct {
	kind   string
	urgent bool
}

// due returns where jobs are due for which a worker is free, the urgent ones first.
func (l lister) due(ctx context.Context, tx Tx, free map[string]int) ([]list, error) {
	args, some := []any{tx.Now().UnixMicro()}, false
	for _, kind := range l.kinds {
		if free[kind] <= 0 {
			kind = "" // no job's
		}
		some = some || kind != ""
		args = append(args, kind)
	}
	if !some {
		return nil, nil
	}
	return all(ctx, tx, func(rows *sql.Rows) (l list, err error) { return l, rows.Scan(&l.kind, &l.urgent) }, l.statement, args...)
}

// read returns the longest due, by themselves or first of their group, at most limit.
func (l list) read(ctx context.Context, tx Tx, limit int) ([]due, error) {
	if limit <= 0 {
		return nil, nil
	}
	found, err := all(ctx, tx, scanDue, `
		SELECT * FROM (SELECT id, '' AS name, run_at AS at, run_at AS next_at, run_at AS tat FROM job
			WHERE state = 'ready' AND grp = '' AND kind = $2 AND urgent = $3 AND run_at <= $1
			ORDER BY run_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) AS alone
		UNION ALL SELECT * FROM (SELECT head, name, start_at, next_at, tat FROM job_group
			WHERE kind = $2 AND urgent = $3 AND start_at <= $1
			ORDER BY start_at LIMIT $4 FOR UPDATE SKIP LOCKED) AS grouped
		ORDER BY at, id`, tx.Now().UnixMicro(), l.kind, l.urgent, limit)
	return found[:min(limit, len(found))], err
}

// batch is how many rows one statement names, whose text is the same for fewer.
const batch = 8

// batchOf returns the placeholders of a batch.
func batchOf(first int) string {
	var b strings.Builder
	for i := range batch {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", first+i)
	}
	return b.String()
}

// fillBatch fills a batch up with the name of nothing.
func fillBatch(names []any) []any {
	for len(names) < batch {
		names = append(names, "")
	}
	return names
}
