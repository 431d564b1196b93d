package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// Turns implements desk.Offering. Who reads them holds the one row of offer_hold until the end: on PostgreSQL the statements that follow
// see what those before have committed.
func (t *tx) Turns(ctx context.Context, name string) (map[rota.PersonID]time.Time, error) {
	turns := make(map[rota.PersonID]time.Time)
	_, err := t.Exec(ctx, `UPDATE offer_hold SET times = times + 1 WHERE id = 1`)
	if err == nil {
		err = t.each(ctx, func(rows *sql.Rows) error {
			var person string
			var at int64
			err := rows.Scan(&person, &at)
			turns[rota.PersonID(person)] = instant(at)
			return err
		}, `SELECT person, at FROM turn WHERE rota = $1`, name)
	}
	if err != nil {
		return nil, fmt.Errorf("read turns of rota %s: %w", name, err)
	}
	return turns, nil
}

// SaveTurn implements desk.Offering.
func (t *tx) SaveTurn(ctx context.Context, name string, person rota.PersonID, at time.Time) error {
	err := t.Put(ctx, `INSERT INTO turn (rota, person, at) VALUES ($1, $2, $3) ON CONFLICT (rota, person) DO UPDATE SET at = excluded.at`,
		name, string(person), micros(at))
	if err != nil {
		return fmt.Errorf("save turn of %s in rota %s: %w", person, name, err)
	}
	return nil
}

// Loads implements desk.Offering.
func (t *tx) Loads(ctx context.Context, ids []escalate.PersonID) (map[escalate.PersonID]int, error) {
	loads := make(map[escalate.PersonID]int, len(ids))
	in, args := among(ids)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var id string
		var n int
		err := rows.Scan(&id, &n)
		loads[escalate.PersonID(id)] = n
		return err
	}, `SELECT bearer, COUNT(*) FROM ticket WHERE bearer <> '' AND bearer `+in+` GROUP BY bearer`, args...)
	if err != nil {
		return nil, fmt.Errorf("count what people have: %w", err)
	}
	return loads, nil
}

// among is a condition that a column is one of some ids, and its arguments.
func among(ids []escalate.PersonID) (in string, args []any) {
	places := make([]string, len(ids))
	for i, id := range ids {
		places[i], args = fmt.Sprintf("$%d", i+1), append(args, string(id))
	}
	return "IN (" + strings.Join(places, ", ") + ")", args
}

// SavePresence implements desk.Presences.
func (t *tx) SavePresence(ctx context.Context, p *desk.Presence) error {
	body, err := encode(p)
	if err == nil {
		err = t.Put(ctx, `INSERT INTO presence (person, body) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET body = excluded.body`, string(p.Person), body)
	}
	if err != nil {
		return fmt.Errorf("save presence of %s: %w", p.Person, err)
	}
	return nil
}

// PresenceOf implements desk.Presences.
func (t *tx) PresenceOf(ctx context.Context, ids []escalate.PersonID) (map[escalate.PersonID]desk.Presence, error) {
	known := make(map[escalate.PersonID]desk.Presence, len(ids))
	in, args := among(ids)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var body string
		var p desk.Presence
		err := rows.Scan(&body)
		if err == nil {
			err = decode("presence", body, &p)
		}
		known[p.Person] = p
		return err
	}, `SELECT body FROM presence WHERE person `+in, args...)
	if err != nil {
		return nil, fmt.Errorf("read who is there: %w", err)
	}
	return known, nil
}
