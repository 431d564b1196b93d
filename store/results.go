package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// AddResult implements desk.Results.
func (t *tx) AddResult(ctx context.Context, r *desk.TargetResult) error {
	err := t.Put(ctx, `INSERT INTO target_result (ticket, target, started, channel, ended, took, late) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (ticket, target, started) DO NOTHING`,
		string(r.Ticket), string(r.Target), micros(r.Started), r.Channel, micros(r.Ended), r.Took.Microseconds(), r.Late)
	if err != nil {
		return fmt.Errorf("add result of ticket %s: %w", r.Ticket, err)
	}
	return nil
}

// place is a target in a channel; in all of them where the channel is "".
type place struct {
	target  escalate.Target
	channel string
}

// took is how long people took, the shortest first, and how often they were late.
type took struct {
	micros []int64
	late   int
}

// SumResults implements desk.Results. The middle one is picked here: ranking thousands of rows in SQL takes longer.
func (t *tx) SumResults(ctx context.Context, since time.Time) ([]desk.TargetSum, error) {
	places := map[place]*took{}
	err := t.each(ctx, func(rows *sql.Rows) error {
		var p place
		var micros int64
		var late bool
		if err := rows.Scan(&p.target, &p.channel, &micros, &late); err != nil {
			return err
		}
		for _, p := range []place{p, {target: p.target}} {
			if places[p] == nil {
				places[p] = &took{}
			}
			places[p].micros = append(places[p].micros, micros)
			if late {
				places[p].late++
			}
		}
		return nil
	}, `SELECT target, channel, took, late FROM target_result WHERE ended >= $1`, micros(since))
	if err != nil {
		return nil, fmt.Errorf("sum up results: %w", err)
	}
	var list []desk.TargetSum
	for p, k := range places {
		slices.Sort(k.micros)
		list = append(list, desk.TargetSum{
			Target: p.target, Channel: p.channel, Met: len(k.micros), Late: k.late, Median: k.share(1, 2), P80: k.share(4, 5),
		})
	}
	slices.SortFunc(list, func(a, b desk.TargetSum) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Channel, b.Channel))
	})
	return list, nil
}

// share is what so many of so many took no longer than (nearest rank).
func (k *took) share(of, all int) time.Duration {
	rank := (len(k.micros)*of + all - 1) / all
	return time.Duration(k.micros[rank-1]) * time.Microsecond
}

// ForgetResults implements desk.Results.
func (t *tx) ForgetResults(ctx context.Context, before time.Time) (int, error) {
	n, err := t.Exec(ctx, `DELETE FROM target_result WHERE ended < $1`, micros(before))
	if err != nil {
		return 0, fmt.Errorf("forget results: %w", err)
	}
	return int(n), nil
}
