package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// homeBody is the part of a row that no query needs.
type homeBody struct {
	View desk.HomeView `json:"view,omitzero"`
	Said string        `json:"said,omitempty"`
}

const selectHome = `SELECT person_id, looked_at, body, drawn, drawn_at FROM home `

// HomeRow implements desk.Homes.
func (t *tx) HomeRow(ctx context.Context, id escalate.PersonID) (desk.HomeRow, error) {
	list, err := t.homes(ctx, selectHome+`WHERE person_id = $1`, string(id))
	if err != nil {
		return desk.HomeRow{}, fmt.Errorf("read home of %s: %w", id, err)
	}
	if len(list) == 0 {
		return desk.HomeRow{Person: id}, nil
	}
	return list[0], nil
}

func (t *tx) homes(ctx context.Context, statement string, args ...any) ([]desk.HomeRow, error) {
	var list []desk.HomeRow
	err := t.each(ctx, func(rows *sql.Rows) error {
		var r desk.HomeRow
		var lookedAt, drawnAt int64
		var body string
		if err := rows.Scan(&r.Person, &lookedAt, &body, &r.Drawn, &drawnAt); err != nil {
			return err
		}
		var b homeBody
		if err := decode("home", body, &b); err != nil {
			return err
		}
		r.LookedAt, r.DrawnAt, r.View, r.Said = instant(lookedAt), instant(drawnAt), b.View, b.Said
		list = append(list, r)
		return nil
	}, statement, args...)
	return list, err
}

// SaveHome implements desk.Homes.
func (t *tx) SaveHome(ctx context.Context, r desk.HomeRow) error {
	body, err := encode(homeBody{r.View, r.Said})
	if err == nil {
		err = t.Put(ctx, `INSERT INTO home (person_id, looked_at, body, drawn, drawn_at) VALUES ($1, $2, $3, '', 0)
			ON CONFLICT (person_id) DO UPDATE SET looked_at = excluded.looked_at, body = excluded.body`,
			string(r.Person), micros(r.LookedAt), body)
	}
	if err != nil {
		return fmt.Errorf("save home of %s: %w", r.Person, err)
	}
	return nil
}

// DrawnHome implements desk.Homes.
func (t *tx) DrawnHome(ctx context.Context, id escalate.PersonID, drawn string) error {
	err := t.Put(ctx, `UPDATE home SET drawn = $2, drawn_at = $3 WHERE person_id = $1`, string(id), drawn, micros(t.now))
	if err != nil {
		return fmt.Errorf("note home of %s: %w", id, err)
	}
	return nil
}

// OpenHomes implements desk.Homes.
func (t *tx) OpenHomes(ctx context.Context, since time.Time) ([]desk.HomeRow, error) {
	list, err := t.homes(ctx, selectHome+`WHERE looked_at >= $1 AND drawn <> '' ORDER BY drawn_at, person_id`, micros(since))
	if err != nil {
		return nil, fmt.Errorf("list open homes: %w", err)
	}
	return list, nil
}
