package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/escalate/rota"
)

// AddOverride implements desk.Overrides. Who takes a number has its row locked until the end, so that no two have the same.
func (t *tx) AddOverride(ctx context.Context, o *rota.Override) error {
	var number int64
	_, err := t.Exec(ctx, `UPDATE rota_number SET newest = newest + 1 WHERE id = 1`)
	if err == nil {
		err = t.one(ctx, []any{&number}, `SELECT newest FROM rota_number WHERE id = 1`)
	}
	if err == nil {
		err = t.Put(ctx, `INSERT INTO rota_override (number, rota, kind, person, instead, begins, ends, made_by, made)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, number, o.Rota, string(o.Kind), string(o.Person), string(o.Instead),
			micros(o.From), micros(o.To), string(o.By), micros(o.Made))
	}
	if err != nil {
		return fmt.Errorf("add override of rota %s: %w", o.Rota, err)
	}
	o.ID = strconv.FormatInt(number, 10)
	return nil
}

// OverridesAfter implements desk.Overrides.
func (t *tx) OverridesAfter(ctx context.Context, at time.Time) ([]rota.Override, error) {
	var list []rota.Override
	err := t.each(ctx, func(rows *sql.Rows) error {
		var o rota.Override
		var number, begins, ends, made int64
		if err := rows.Scan(&number, &o.Rota, &o.Kind, &o.Person, &o.Instead, &begins, &ends, &o.By, &made); err != nil {
			return err
		}
		o.ID, o.From, o.To, o.Made = strconv.FormatInt(number, 10), instant(begins), instant(ends), instant(made)
		list = append(list, o)
		return nil
	}, `SELECT number, rota, kind, person, instead, begins, ends, made_by, made FROM rota_override WHERE ends > $1 ORDER BY made, number`,
		micros(at))
	if err != nil {
		return nil, fmt.Errorf("read overrides: %w", err)
	}
	return list, nil
}

// EndOverride implements desk.Overrides.
func (t *tx) EndOverride(ctx context.Context, id string, at time.Time) error {
	number, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("end override %q: %w", id, desk.ErrNotFound)
	}
	n, err := t.Exec(ctx, `UPDATE rota_override SET ends = $2 WHERE number = $1`, number, micros(at))
	if err == nil && n == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("end override %s: %w", id, err)
	}
	return nil
}

// Members implements desk.Overrides.
func (t *tx) Members(ctx context.Context) (map[string][]escalate.PersonID, error) {
	all := make(map[string][]escalate.PersonID)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var handle string
		var person sql.NullString
		if err := rows.Scan(&handle, &person); err != nil {
			return err
		}
		members := all[handle]
		if person.Valid {
			members = append(members, escalate.PersonID(person.String))
		}
		all[handle] = members
		return nil
	}, `SELECT g.handle, m.person_id FROM team_group g LEFT JOIN member m ON m.group_id = g.id ORDER BY g.handle, m.person_id`)
	if err != nil {
		return nil, fmt.Errorf("read members of groups: %w", err)
	}
	return all, nil
}
