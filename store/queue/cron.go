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

// The rules. An occurrence is missed when it is more than a minute late.
const (
	Skip CatchUp = "skip" // they are left out
	Once CatchUp = "once" // the latest one runs, for all of them
	Each CatchUp = "each" // every one runs, oldest first
)

const (
	missedAfter = time.Minute
	// catchUpMax bounds the occurrences that one round catches up on; the next round goes on.
	catchUpMax = 500
)

// Cron is work that recurs. Every occurrence is a job, made once however many replicas run.
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
	name         string
	slot, nextAt int64
}

func scanCron(rows *sql.Rows) (c cronRow, err error) {
	return c, rows.Scan(&c.name, &c.slot, &c.nextAt)
}

// tick enqueues the occurrences that are due and returns when the next one is.
func tick(ctx context.Context, tx Tx, crons map[string]*timetable) (next int64, err error) {
	if len(crons) == 0 {
		return never, nil
	}
	now := tx.Now().UnixMicro()
	rows, err := all(ctx, tx, scanCron, `SELECT name, slot, next_at FROM cron`)
	if err != nil {
		return never, err
	}
	next = never
	for _, row := range rows {
		c, ok := crons[row.name]
		if !ok {
			continue // another version's
		}
		if row.nextAt <= now {
			if row.nextAt, err = c.fire(ctx, tx); err != nil {
				return never, fmt.Errorf("cron %q: %w", c.Name, err)
			}
		}
		next = min(next, row.nextAt)
	}
	return next, nil
}

// fire enqueues a cron's due occurrences and moves its row past them, unless another replica is doing so.
func (c *timetable) fire(ctx context.Context, tx Tx) (next int64, err error) {
	rows, err := all(ctx, tx, scanCron,
		`SELECT name, slot, next_at FROM cron WHERE name = $1 FOR UPDATE SKIP LOCKED`, c.Name)
	if err != nil || len(rows) == 0 {
		return never, err
	}
	slots, slot, when, err := c.due(rows[0], tx.Now())
	if err != nil {
		return never, err
	}
	for _, o := range slots {
		key := c.Name + "@" + o.label
		if _, err := Enqueue(ctx, tx, desk.Job{Kind: c.Kind, Key: key, At: o.at, Payload: c.Payload}); err != nil {
			return never, err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE cron SET slot = $2, next_at = $3 WHERE name = $1`, c.Name, slot.UnixMicro(), when.UnixMicro())
	return when.UnixMicro(), err
}

type occurrence struct {
	label string
	at    time.Time
}

// due returns the occurrences to run by now, under the catch-up rule, and the slot that follows them.
func (c *timetable) due(row cronRow, now time.Time) (run []occurrence, slot, when time.Time, err error) {
	slot, when = at(row.slot), at(row.nextAt)
	for !when.After(now) && len(run) < catchUpMax {
		o := occurrence{label: slot.Format("2006-01-02T15:04:05"), at: when}
		switch {
		case c.CatchUp == Skip && now.Sub(when) > missedAfter:
		case c.CatchUp == Once:
			run = []occurrence{o}
		default:
			run = append(run, o)
		}
		var ok bool
		if slot, when, ok = c.schedule.after(slot); !ok {
			return nil, slot, when, errors.New("has no further occurrence")
		}
	}
	return run, slot, when, nil
}
