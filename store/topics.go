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

// TopicCounts implements desk.Queries.
func (t *tx) TopicCounts(ctx context.Context, since time.Time) ([]desk.TopicCount, error) {
	var list []desk.TopicCount
	err := t.each(ctx, func(rows *sql.Rows) error {
		var c desk.TopicCount
		err := rows.Scan(&c.Topic, &c.Tickets, &c.Auto, &c.Draft, &c.Escalate)
		list = append(list, c)
		return err
	}, `SELECT topic, COUNT(*), SUM(CASE WHEN way = 'auto' THEN 1 ELSE 0 END),
			SUM(CASE WHEN way = 'draft' THEN 1 ELSE 0 END), SUM(CASE WHEN way = 'escalate' THEN 1 ELSE 0 END)
		FROM ticket WHERE topic <> '' AND decided_at >= $1 GROUP BY topic`, max(micros(since), 1))
	if err != nil {
		return nil, fmt.Errorf("count topics: %w", err)
	}
	// Sorted here: the two engines do not agree on the order of texts.
	slices.SortFunc(list, func(a, b desk.TopicCount) int { return cmp.Compare(a.Topic, b.Topic) })
	return list, nil
}

// AutoCount implements desk.Queries.
func (t *tx) AutoCount(ctx context.Context, topic string, since time.Time) (int, error) {
	var n int
	err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM ticket WHERE topic = $1 AND decided_at >= $2 AND way = 'auto'`,
		topic, max(micros(since), 1))
	if err != nil {
		return 0, fmt.Errorf("count answers on topic %q: %w", topic, err)
	}
	return n, nil
}

// CountAlike implements desk.Queries.
func (t *tx) CountAlike(ctx context.Context, channel, topic string, reason escalate.TriggerKind, since time.Time) (int, error) {
	var n int
	err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM ticket WHERE active AND handoff_state = 'open' AND channel = $1 AND topic = $2
		AND reason = $3 AND opened_at >= $4`, channel, topic, string(reason), micros(since))
	if err != nil {
		return 0, fmt.Errorf("count hand-offs on topic %q: %w", topic, err)
	}
	return n, nil
}

// answersLooked is how many tickets AnsweredWith reads.
const answersLooked = 1000

// AnsweredWith implements desk.Queries. Which answer a reply gave stands in the ticket's state alone, so states are read.
func (t *tx) AnsweredWith(ctx context.Context, topic, answer string, since time.Time, limit int) ([]*escalate.Ticket, error) {
	var found []*escalate.Ticket
	err := t.each(ctx, func(rows *sql.Rows) error {
		var state string
		if err := rows.Scan(&state); err != nil || len(found) >= limit {
			return err
		}
		ticket := new(escalate.Ticket)
		if err := decode("ticket", state, ticket); err != nil {
			return err
		}
		if slices.ContainsFunc(ticket.Replies, func(r escalate.Reply) bool { return r.Automatic() && r.Answer == answer }) {
			found = append(found, ticket)
		}
		return nil
	}, `SELECT state FROM ticket WHERE topic = $1 AND decided_at >= $2 ORDER BY decided_at DESC, id DESC LIMIT $3`,
		topic, max(micros(since), 1), answersLooked)
	if err != nil {
		return nil, fmt.Errorf("find tickets answered with %s: %w", answer, err)
	}
	return found, nil
}
