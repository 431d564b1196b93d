package queue

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// CatchUp says what becomes of occurrences at which nobody was there to run them.
type CatchUp string

// The rules. An occurrence is missed when it is more than two minutes late. However much was missed, and were it ten years, a
// round does little: the first two rules look up where to go on, the third fills up what waits and goes on as that is done.
const (
	Skip CatchUp = "skip" // they are left out
	Once CatchUp = "once" // the latest one runs, for all of them
	Each CatchUp = "each" // every one runs, oldest first
)

const (
	// missedAfter is longer than a dispatcher sleeps: a clock that is put forward to an occurrence makes nobody miss it.
	missedAfter = 2 * time.Minute
	// catchUpMax bounds the occurrences of one cron that wait to run while it catches up, and so what one round enqueues.
	catchUpMax = 500
	// catchUpPause is when it is looked again whether enough of them were run.
	catchUpPause = time.Second
	// abandonedAfter is how long the row of a cron with another schedule is left to whoever registered it.
	abandonedAfter = 5 * time.Minute
)

// Cron is work that recurs. Every occurrence is a job, made once however many replicas run: the commit that enqueues it moves
// the cron's row past it, so that nothing depends on whether the job is still there. A clock that is put back makes nothing
// run again. Where one process has the database for itself, it makes nobody wait either: an interval goes on counting, and a
// cron that a wrong clock had taken more than two days ahead comes back, unless its rule is Each.
type Cron struct {
	Name    string // names its row; a changed Spec or Zone starts afresh from now
	Spec    string // five fields, or @daily, @every 1h: see robfig/cron's ParseStandard
	Zone    string // IANA time zone of Spec; "" is UTC
	CatchUp CatchUp
	Kind    string // of the jobs; their Key is "NAME@SLOT"
	Payload []byte
}

func (c *Cron) validate(kinds map[string]Kind) (schedule, error) {
	s, err := parseSchedule(c.Spec, c.Zone)
	_, known := kinds[c.Kind]
	switch {
	case c.Name == "":
		err = errors.Join(err, errors.New("it has no name"))
	case !known:
		err = errors.Join(err, fmt.Errorf("its kind %q is none of the runner's", c.Kind))
	case c.CatchUp != Skip && c.CatchUp != Once && c.CatchUp != Each:
		err = errors.Join(err, fmt.Errorf("catch-up rule %q is none of skip, once, each", c.CatchUp))
	}
	if err != nil {
		return s, fmt.Errorf("cron %q: %w", c.Name, err)
	}
	return s, nil
}

// timetable is a Cron with its schedule read.
type timetable struct {
	Cron
	schedule schedule
}

// register makes sure that the cron has a row. A row that is there keeps its place, so that a restart misses nothing.
func (c *timetable) register(ctx context.Context, tx Tx) error {
	slot, at, ok := c.schedule.first(tx.Now())
	if !ok {
		return fmt.Errorf("cron %q: %q never occurs", c.Name, c.Spec)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO cron (name, spec, zone, slot, next_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (name) DO UPDATE SET
			spec = excluded.spec, zone = excluded.zone, slot = excluded.slot, next_at = excluded.next_at
		WHERE cron.spec <> excluded.spec OR cron.zone <> excluded.zone`,
		c.Name, c.Spec, c.Zone, slot.UnixMicro(), at.UnixMicro())
	return err
}

// cronRow is where a cron stands.
type cronRow struct {
	name, spec, zone string
	slot, nextAt     int64
}

const cronColumns = "name, spec, zone, slot, next_at"

func scanCron(rows *sql.Rows) (c cronRow, err error) {
	return c, rows.Scan(&c.name, &c.spec, &c.zone, &c.slot, &c.nextAt)
}

// tick enqueues the occurrences that are due and returns when to look again. alone says that no other process has the
// database, whose clock might be right where ours is wrong.
func tick(ctx context.Context, tx Tx, crons map[string]*timetable, alone bool) (next int64, err error) {
	if len(crons) == 0 {
		return never, nil
	}
	rows, err := all(ctx, tx, scanCron, `SELECT `+cronColumns+` FROM cron`)
	if err != nil {
		return never, err
	}
	next = never
	for _, row := range rows {
		c, ok := crons[row.name]
		if !ok {
			continue // another version's
		}
		look, err := c.look(ctx, tx, row, alone)
		if err != nil {
			return never, fmt.Errorf("cron %q: %w", c.Name, err)
		}
		next = min(next, look)
	}
	return next, nil
}

// look does what a cron's row calls for by now.
func (c *timetable) look(ctx context.Context, tx Tx, row cronRow, alone bool) (next int64, err error) {
	now := tx.Now()
	if row.spec != c.Spec || row.zone != c.Zone {
		// A replica with another schedule, whose slots mean other instants, has registered last: it is the one that fires.
		if until := at(row.nextAt).Add(abandonedAfter); until.After(now) {
			return until.UnixMicro(), nil
		}
		if _, free, err := c.lock(ctx, tx); err != nil || !free {
			return never, err
		}
		return now.UnixMicro(), c.register(ctx, tx) // it has gone
	}
	if row.nextAt <= now.UnixMicro() {
		return c.fire(ctx, tx)
	}
	if slot, when, ok := c.putBack(row, now); alone && ok {
		return when.UnixMicro(), c.move(ctx, tx, slot, when)
	}
	return row.nextAt, nil
}

// lock takes a cron's row as it is now, unless another replica has it.
func (c *timetable) lock(ctx context.Context, tx Tx) (row cronRow, free bool, err error) {
	rows, err := all(ctx, tx, scanCron,
		`SELECT `+cronColumns+` FROM cron WHERE name = $1 FOR UPDATE SKIP LOCKED`, c.Name)
	if err != nil || len(rows) == 0 {
		return row, false, err
	}
	return rows[0], true, nil
}

// fire enqueues a cron's due occurrences and moves its row past them, unless another replica is doing so.
func (c *timetable) fire(ctx context.Context, tx Tx) (next int64, err error) {
	now := tx.Now()
	row, free, err := c.lock(ctx, tx)
	if err != nil || !free || row.spec != c.Spec || row.zone != c.Zone {
		return never, err
	}
	room := catchUpMax
	if c.CatchUp == Each && now.Sub(at(row.nextAt)) > missedAfter {
		if room, err = c.room(ctx, tx); err != nil || room == 0 {
			return now.Add(catchUpPause).UnixMicro(), err
		}
	}
	slots, slot, when, err := c.due(row, now, room)
	if err != nil {
		return never, err
	}
	for _, o := range slots {
		key := c.Name + "@" + o.label
		if _, err := Enqueue(ctx, tx, desk.Job{Kind: c.Kind, Key: key, At: o.at, Payload: c.Payload}); err != nil {
			return never, err
		}
	}
	return when.UnixMicro(), c.move(ctx, tx, slot, when)
}

// move sets what a cron's next occurrence is. In one commit with the jobs of those before, it is what keeps them from being
// made again.
func (c *timetable) move(ctx context.Context, tx Tx, slot, when time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE cron SET slot = $2, next_at = $3 WHERE name = $1`, c.Name, slot.UnixMicro(), when.UnixMicro())
	return err
}

// room returns how many more occurrences may wait: none until half of them have run.
func (c *timetable) room(ctx context.Context, tx Tx) (int, error) {
	waiting, err := all(ctx, tx, scanString, `SELECT id FROM job WHERE state = 'ready' AND grp = '' AND kind = $2
		AND urgent = FALSE AND run_at <= $1 LIMIT $3`, tx.Now().UnixMicro(), c.Kind, catchUpMax)
	if len(waiting) > catchUpMax/2 {
		return 0, err
	}
	return catchUpMax - len(waiting), err
}

// label names a slot in the keys of jobs.
func label(slot time.Time) string { return slot.Format("2006-01-02T15:04:05") }

type occurrence struct {
	label string
	at    time.Time
}

// due returns the occurrences to run by now, under the catch-up rule, at most room of them, and the slot that follows them.
func (c *timetable) due(row cronRow, now time.Time, room int) (run []occurrence, slot, when time.Time, err error) {
	slot, when = at(row.slot), at(row.nextAt)
	from := now // before which occurrences are passed over, all but the last
	if c.CatchUp == Skip {
		from = now.Add(-missedAfter)
	}
	if c.CatchUp != Each && when.Before(from) {
		slot, when = c.schedule.last(slot, when, from.Add(time.Microsecond))
	}
	for !when.After(now) && len(run) < room {
		if c.CatchUp != Skip || now.Sub(when) <= missedAfter {
			run = append(run, occurrence{label: label(slot), at: when})
		}
		var ok bool
		gap := when.Sub(slot)
		if slot, when, ok = c.schedule.after(slot); !ok {
			return nil, slot, when, errors.New("has no further occurrence")
		}
		if c.schedule.every > 0 {
			when = slot.Add(gap) // see putBack
		}
	}
	return run, slot, when, nil
}

// putBack returns where a cron goes on whose next occurrence is further ahead than its schedule would have it, because the
// clock was put back. An interval runs when it has passed by; its slots keep their order and their names, and are late by
// the clock from then on. All others are repeated by nobody's clock, and wait: except when the clock was days ahead.
func (c *timetable) putBack(row cronRow, now time.Time) (slot, when time.Time, ok bool) {
	slot, when = at(row.slot), at(row.nextAt)
	if every := c.schedule.every; every > 0 {
		ok = when.Sub(now) > every
		return slot, now.Add(every), ok
	}
	const clocksMove = 48 * time.Hour
	if c.CatchUp == Each || when.Sub(now) <= clocksMove {
		return slot, when, false
	}
	first, at, ok := c.schedule.first(now)
	if !ok || !at.Before(when) {
		return slot, when, false
	}
	_, ran := c.schedule.last(first, at, when) // the latest that ran
	return first, at, ran.Sub(now) > clocksMove
}
