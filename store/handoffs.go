package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// queueLimit is how many hand-offs Queue returns when it is not told.
const queueLimit = 50

// Queue implements desk.Queries. Each narrowing has a statement of its own, so that each is one walk along an index.
func (t *tx) Queue(ctx context.Context, f desk.QueueFilter) ([]desk.QueueRow, error) {
	where, args := narrowed(f)
	var list []desk.QueueRow
	err := t.each(ctx, func(rows *sql.Rows) error {
		var r desk.QueueRow
		var state string
		err := rows.Scan(&r.Ticket, &r.Ref.Desk, &r.Ref.ID, &r.Reason, &r.Waiting, &r.Draft, &state, &r.Subject,
			&r.Token, &r.Place.Channel, &r.Place.TS)
		if err == nil {
			r.Handoff, err = decodeHandoff(state)
		}
		list = append(list, r)
		return err
	}, `SELECT t.id, t.desk, t.ref, t.reason, t.waiting_since > 0, t.draft, t.state, COALESCE(c.subject, ''),
			COALESCE(k.token, ''), COALESCE(k.place_channel, ''), COALESCE(k.place_ts, '')
		FROM ticket t LEFT JOIN content c ON c.ticket_id = t.id LEFT JOIN card k ON k.handoff = t.handoff_id
		WHERE t.active`+where+` ORDER BY t.due_at, t.opened_at, t.id LIMIT $1 OFFSET $2`, args...)
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	return list, nil
}

// narrowed is a filter's part of the statement, and the statement's arguments.
func narrowed(f desk.QueueFilter) (where string, args []any) {
	args = []any{cmp.Or(f.Limit, queueLimit), f.Offset}
	add := func(condition string, arg any) {
		args = append(args, arg)
		where += fmt.Sprintf(" AND t."+condition, len(args))
	}
	if f.Owner != "" {
		add("owner = $%d", string(f.Owner))
	}
	if f.Channel != "" {
		add("channel = $%d", f.Channel)
	}
	if f.Topic != "" {
		add("topic = $%d", f.Topic)
	}
	if !f.DueBy.IsZero() {
		add("due_at <= $%d", micros(f.DueBy))
	}
	if f.Offered != "" {
		add("bearer <> '' AND t.handoff_state = 'open' AND t.bearer = $%d", string(f.Offered))
	}
	if f.Unclaimed {
		where += " AND t.handoff_state = 'open'"
	}
	if f.Draft {
		where += " AND t.draft"
	}
	return where, args
}

// QueueTally implements desk.Queries: one walk along an index that has all it needs.
func (t *tx) QueueTally(ctx context.Context, owner escalate.PersonID, dueBy time.Time) ([]desk.QueueTally, error) {
	var list []desk.QueueTally
	err := t.each(ctx, func(rows *sql.Rows) error {
		var q desk.QueueTally
		err := rows.Scan(&q.Channel, &q.Topic, &q.All, &q.Unclaimed, &q.Drafts, &q.Due, &q.Mine)
		list = append(list, q)
		return err
	}, `SELECT channel, topic, COUNT(*),
			SUM(CASE WHEN handoff_state = 'open' THEN 1 ELSE 0 END), SUM(CASE WHEN draft THEN 1 ELSE 0 END),
			SUM(CASE WHEN due_at <= $1 THEN 1 ELSE 0 END), SUM(CASE WHEN owner = $2 THEN 1 ELSE 0 END)
		FROM ticket WHERE active GROUP BY channel, topic ORDER BY channel, topic`, micros(dueBy), string(owner))
	if err != nil {
		return nil, fmt.Errorf("tally queue: %w", err)
	}
	return list, nil
}
