package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
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

// Load implements desk.Offering.
func (t *tx) Load(ctx context.Context, id escalate.PersonID) (n int, err error) {
	if err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM ticket WHERE bearer <> '' AND bearer = $1`, string(id)); err != nil {
		return 0, fmt.Errorf("count what %s has: %w", id, err)
	}
	return n, nil
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
func (t *tx) PresenceOf(ctx context.Context, id escalate.PersonID) (p desk.Presence, err error) {
	var body string
	err = t.one(ctx, []any{&body}, `SELECT body FROM presence WHERE person = $1`, string(id))
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Presence{Person: id}, nil
	}
	if err == nil {
		err = decode("presence", body, &p)
	}
	if err != nil {
		return p, fmt.Errorf("read presence of %s: %w", id, err)
	}
	return p, nil
}
