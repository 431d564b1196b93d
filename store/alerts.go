package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// AddAlert implements desk.Alerts.
func (t *tx) AddAlert(ctx context.Context, a desk.AlertRow) error {
	body, err := encode(a.Alert)
	if err == nil {
		err = t.Put(ctx, `INSERT INTO alert (id, channel, at, body) VALUES ($1, $2, $3, $4)`, t.NewID(), a.Channel, micros(a.At), body)
	}
	if err != nil {
		return fmt.Errorf("add alert of ticket %s: %w", a.Alert.Ticket, err)
	}
	return nil
}

// AlertsOf implements desk.Alerts.
func (t *tx) AlertsOf(ctx context.Context, channel string, limit int) ([]desk.AlertRow, error) {
	var list []desk.AlertRow
	err := t.each(ctx, func(rows *sql.Rows) error {
		a := desk.AlertRow{Channel: channel}
		var at int64
		var body string
		if err := rows.Scan(&a.ID, &at, &body); err != nil {
			return err
		}
		a.At = instant(at)
		list = append(list, a)
		return json.Unmarshal([]byte(body), &list[len(list)-1].Alert)
	}, `SELECT id, at, body FROM alert WHERE channel = $1 ORDER BY id LIMIT $2`, channel, limit)
	if err != nil {
		return nil, fmt.Errorf("read alerts of %s: %w", channel, err)
	}
	return list, nil
}

// DropAlerts implements desk.Alerts.
func (t *tx) DropAlerts(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if err := t.Put(ctx, `DELETE FROM alert WHERE id = $1`, id); err != nil {
			return fmt.Errorf("drop alert %s: %w", id, err)
		}
	}
	return nil
}

// ActiveTickets implements desk.Queries.
func (t *tx) ActiveTickets(ctx context.Context, after escalate.TicketID, limit int) ([]escalate.TicketID, error) {
	var ids []escalate.TicketID
	err := t.each(ctx, func(rows *sql.Rows) error {
		var id escalate.TicketID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM ticket WHERE active AND id > $1 ORDER BY id LIMIT $2`, string(after), limit)
	if err != nil {
		return nil, fmt.Errorf("list active tickets: %w", err)
	}
	return ids, nil
}
