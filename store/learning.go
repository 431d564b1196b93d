package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// modelsKept is how many versions of what was learned stay: the one in force, and two to go back to.
const modelsKept = 3

// PutSolved implements desk.Solutions.
func (t *tx) PutSolved(ctx context.Context, s desk.Solved) error {
	err := t.Put(ctx, `
		INSERT INTO solved (ticket_id, at, answer, person_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (ticket_id) DO UPDATE SET at = excluded.at, answer = excluded.answer, person_id = excluded.person_id`,
		string(s.Ticket), micros(t.now), s.Answer, string(s.By))
	if err != nil {
		return fmt.Errorf("put solution of ticket %s: %w", s.Ticket, err)
	}
	return nil
}

// NameSolved implements desk.Solutions.
func (t *tx) NameSolved(ctx context.Context, id escalate.TicketID, at time.Time, answer string) error {
	err := t.Put(ctx, `UPDATE solved SET answer = $3, at = $4 WHERE ticket_id = $1 AND at = $2 AND answer = ''`,
		string(id), micros(at), answer, micros(t.now))
	if err != nil {
		return fmt.Errorf("name solution of ticket %s: %w", id, err)
	}
	return nil
}

// Solved implements desk.Solutions.
func (t *tx) Solved(ctx context.Context, since time.Time, after escalate.TicketID, limit int) ([]desk.Solved, error) {
	var list []desk.Solved
	err := t.each(ctx, func(rows *sql.Rows) error {
		var s desk.Solved
		var at int64
		err := rows.Scan(&s.Ticket, &at, &s.Answer, &s.By)
		s.At = instant(at)
		list = append(list, s)
		return err
	}, `SELECT ticket_id, at, answer, person_id FROM solved WHERE at > $1 OR (at = $1 AND ticket_id > $2)
		ORDER BY at, ticket_id LIMIT $3`, micros(since), string(after), limit)
	if err != nil {
		return nil, fmt.Errorf("read solutions: %w", err)
	}
	return list, nil
}

// CountSolved implements desk.Solutions.
func (t *tx) CountSolved(ctx context.Context, since time.Time) (n int, err error) {
	if err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM solved WHERE at >= $1`, micros(since)); err != nil {
		return 0, fmt.Errorf("count solutions: %w", err)
	}
	return n, nil
}

// SaveModel implements desk.Models.
func (t *tx) SaveModel(ctx context.Context, m *desk.Model) (int64, error) {
	metrics := string(m.Metrics)
	if metrics == "" {
		metrics = "{}"
	}
	var newest int64
	err := t.one(ctx, []any{&newest}, `SELECT COALESCE(MAX(version), 0) FROM model`)
	if err == nil {
		var added int64
		added, err = t.Exec(ctx, `
			INSERT INTO model (version, at, code, hash, trained_on, metrics, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (version) DO NOTHING`,
			newest+1, micros(t.now), m.Code, m.Hash, m.TrainedOn, metrics, m.Body)
		if err == nil && added == 0 {
			err = desk.ErrStale // another replica has just saved one
		}
	}
	if err == nil {
		err = t.Put(ctx, `DELETE FROM model WHERE version <= $1`, newest+1-modelsKept)
	}
	if err != nil {
		return 0, fmt.Errorf("save model: %w", err)
	}
	return newest + 1, nil
}

// NewestModel implements desk.Models.
func (t *tx) NewestModel(ctx context.Context) (*desk.Model, error) {
	var m desk.Model
	var at int64
	var metrics string
	err := t.one(ctx, []any{&m.Version, &at, &m.Code, &m.Hash, &m.TrainedOn, &metrics},
		`SELECT version, at, code, hash, trained_on, metrics FROM model ORDER BY version DESC LIMIT 1`)
	if err != nil {
		return nil, fmt.Errorf("find the newest model: %w", err)
	}
	m.At, m.Metrics = instant(at), json.RawMessage(metrics)
	return &m, nil
}

// ModelBody implements desk.Models.
func (t *tx) ModelBody(ctx context.Context, version int64) ([]byte, error) {
	var body []byte
	if err := t.one(ctx, []any{&body}, `SELECT body FROM model WHERE version = $1`, version); err != nil {
		return nil, fmt.Errorf("read model %d: %w", version, err)
	}
	return body, nil
}
