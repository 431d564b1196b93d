package queue

import (
	"context"
	"database/sql"
	"time"
)

// Pace says how fast a group may start its jobs: one per interval on average, burst of them at once after a rest. The zero
// interval is no limit; a burst below one is one.
type Pace func(group string) (interval time.Duration, burst int)

// Whoever enqueues, moves or ends a job writes the job's row alone. A new or moved one is marked fresh until a dispatcher
// has told its group that it is due; a group is free when the job that holds it runs no more. So only dispatchers write
// groups, and a crash of anybody leaves nothing behind that the next round does not see.

// groupsMax bounds the groups that one round looks at, freshMax the jobs that it tells them of.
const (
	groupsMax = 256
	freshMax  = 1024
)

// chores are what a round has to do besides starting what is due. In most rounds there are none.
type chores struct {
	fresh  bool // jobs are due of which their groups have not been told
	groups bool // groups are to be looked at, or were let go of
	leases bool // leases ran out
}

// look finds out which chores there are, without a lock. What it comes too early for is found by the next round.
func look(ctx context.Context, tx Tx) (chores, error) {
	found, err := all(ctx, tx, func(rows *sql.Rows) (c chores, err error) {
		return c, rows.Scan(&c.fresh, &c.groups, &c.leases)
	}, `SELECT EXISTS (SELECT 1 FROM job WHERE fresh AND run_at <= $1),
		EXISTS (SELECT 1 FROM job_group WHERE look_at <= $1) OR EXISTS (SELECT 1 FROM job_group g WHERE holder <> ''
			AND NOT EXISTS (SELECT 1 FROM job WHERE id = g.holder AND state = 'running')),
		EXISTS (SELECT 1 FROM job WHERE state = 'running' AND lease_until <= $1)`, tx.Now().UnixMicro())
	if err != nil || len(found) == 0 {
		return chores{}, err
	}
	return found[0], nil
}

// meet makes rows for the groups of fresh jobs that have none. It is a round's first statement that locks: it may wait for
// the round of another replica that meets the same group, and nobody may then wait for this one. Every later statement passes
// over what others have locked.
func meet(ctx context.Context, tx Tx) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO job_group (name, holder, head, kind, urgent, start_at, next_at, tat, look_at)
		SELECT DISTINCT grp, '', '', '', FALSE, 9223372036854775807, 0, 0, 0 FROM job
		WHERE fresh AND run_at <= $1 AND NOT EXISTS (SELECT 1 FROM job_group WHERE name = grp)
		ORDER BY grp LIMIT $2
		ON CONFLICT (name) DO NOTHING`, tx.Now().UnixMicro(), groupsMax)
	return err
}

// refresh works out afresh which job is next in every group that is new, was let go of, has a fresh job, or is to be looked
// at by now. Rows that another replica works on are left to it. again says that there may be more than one round looks at.
//
// A look_at of zero marks the rows of this transaction; none is left when it commits.
func refresh(ctx context.Context, tx Tx) (again bool, err error) {
	now := tx.Now().UnixMicro()
	marked, err := tx.Exec(ctx, `
		UPDATE job_group SET look_at = 0 WHERE name IN (
			SELECT name FROM job_group WHERE name IN (
				SELECT grp FROM job WHERE fresh AND run_at <= $1
				UNION SELECT name FROM job_group WHERE look_at <= $1
				UNION SELECT name FROM job_group g WHERE holder <> ''
					AND NOT EXISTS (SELECT 1 FROM job WHERE id = g.holder AND state = 'running'))
			LIMIT $2 FOR UPDATE SKIP LOCKED)`, now, groupsMax)
	if err != nil || marked == 0 {
		return false, err
	}
	told, err := tx.Exec(ctx, `
		UPDATE job SET fresh = FALSE WHERE id IN (
			SELECT j.id FROM job j JOIN job_group g ON g.name = j.grp
			WHERE j.fresh AND j.run_at <= $1 AND g.look_at = 0 LIMIT $2 FOR UPDATE OF j SKIP LOCKED)`, now, freshMax)
	if err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, keepHeld); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, findHeads, now); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, forgetIdle); err != nil {
		return false, err
	}
	return marked == groupsMax || told == freshMax, nil
}

const (
	// keepHeld passes over groups whose holder runs: they start nothing, and are looked at again when it has ended.
	keepHeld = `
		UPDATE job_group SET look_at = 9223372036854775807 WHERE look_at = 0
			AND EXISTS (SELECT 1 FROM job WHERE id = job_group.holder AND state = 'running')`
	// findHeads finds the first of each group's due jobs: urgent ones, then the longest due. A group without any is kept
	// while its pace is to be remembered.
	findHeads = `
		UPDATE job_group SET holder = '', head = COALESCE(h.id, ''), kind = COALESCE(h.kind, ''),
			urgent = COALESCE(h.urgent, FALSE),
			start_at = CASE WHEN h.id IS NULL THEN 9223372036854775807 WHEN h.run_at < next_at THEN next_at ELSE h.run_at END,
			look_at = CASE WHEN h.id IS NOT NULL THEN 9223372036854775807
				WHEN next_at > $1 AND next_at >= tat THEN next_at WHEN tat > $1 THEN tat ELSE 0 END
		FROM (SELECT g.name AS group_name, (SELECT id FROM job
				WHERE grp = g.name AND grp <> '' AND state = 'ready' AND run_at <= $1
				ORDER BY urgent DESC, run_at, id LIMIT 1) AS head_id
			FROM job_group g WHERE g.look_at = 0) AS found
		LEFT JOIN job h ON h.id = found.head_id
		WHERE job_group.name = found.group_name`
	forgetIdle = `DELETE FROM job_group WHERE look_at = 0`
)

// lookAt has a group start nothing until it is looked at, at an instant.
func lookAt(ctx context.Context, tx Tx, group string, when time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE job_group SET look_at = $2, start_at = 9223372036854775807 WHERE name = $1`,
		group, when.UnixMicro())
	return err
}

// hold keeps a group from starting anything before an instant.
func hold(ctx context.Context, tx Tx, group string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE job_group SET next_at = $2, look_at = 1 WHERE name = $1 AND next_at < $2`,
		group, until.UnixMicro())
	return err
}

// occupy makes heads that were started the holders of their groups. Those without a pace are written together.
func occupy(ctx context.Context, tx Tx, heads []due, pace Pace) error {
	var free []any
	for _, d := range heads {
		interval, burst := time.Duration(0), 0
		if pace != nil {
			interval, burst = pace(d.group)
		}
		if interval <= 0 {
			free = append(free, d.group)
			continue
		}
		nextAt, tat := paced(d, tx.Now().UnixMicro(), interval.Microseconds(), int64(max(burst, 1)))
		_, err := tx.Exec(ctx, `UPDATE job_group SET holder = head, head = '', start_at = 9223372036854775807,
			next_at = $2, tat = $3 WHERE name = $1`, d.group, nextAt, tat)
		if err != nil {
			return err
		}
	}
	if len(free) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE job_group SET holder = head, head = '', start_at = 9223372036854775807
		WHERE name IN (`+batchOf(1)+`)`, fillBatch(free)...)
	return err
}

// paced is the generic cell rate algorithm: tat is when the next start would come if all came evenly; starts may be ahead
// of it by burst-1 intervals. https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
func paced(d due, now, interval, burst int64) (nextAt, tat int64) {
	tat = max(now, d.tat) + interval
	return max(d.nextAt, tat-(burst-1)*interval), tat
}

func scanDue(rows *sql.Rows) (d due, err error) {
	return d, rows.Scan(&d.id, &d.group, &d.at, &d.nextAt, &d.tat)
}
