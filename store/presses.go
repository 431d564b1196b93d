package store

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// AddPress implements desk.Presses.
func (t *tx) AddPress(ctx context.Context, p *desk.PressRow) (*desk.PressRow, bool, error) {
	added, err := t.Exec(ctx, `
		INSERT INTO press (id, at, body, ack, state) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		p.ID, micros(p.At), p.Body, p.Ack, p.State)
	if err != nil {
		return nil, false, fmt.Errorf("add press %s: %w", p.ID, err)
	}
	if added > 0 {
		return p, true, nil
	}
	there, err := t.PressRow(ctx, p.ID)
	return there, false, err
}

// SavePress implements desk.Presses.
func (t *tx) SavePress(ctx context.Context, p *desk.PressRow) error {
	changed, err := t.Exec(ctx, `UPDATE press SET ack = $2, state = $3 WHERE id = $1`, p.ID, p.Ack, p.State)
	if err == nil && changed == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("save press %s: %w", p.ID, err)
	}
	return nil
}

// PressRow implements desk.Presses.
func (t *tx) PressRow(ctx context.Context, id string) (*desk.PressRow, error) {
	p := desk.PressRow{ID: id}
	var at int64
	err := t.one(ctx, []any{&at, &p.Body, &p.Ack, &p.State}, `SELECT at, body, ack, state FROM press WHERE id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read press %s: %w", id, err)
	}
	p.At, p.Body, p.Ack = instant(at), orNil(p.Body), orNil(p.Ack)
	return &p, nil
}

// orNil makes empty bytes what they were before they became a column.
func orNil(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// ForgetPresses implements desk.Presses.
func (t *tx) ForgetPresses(ctx context.Context, before time.Time) (int, error) {
	n, err := t.Exec(ctx, `DELETE FROM press WHERE at < $1`, micros(before))
	if err != nil {
		return 0, fmt.Errorf("forget presses: %w", err)
	}
	return int(n), nil
}
