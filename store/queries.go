package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Counts implements desk.Queries. Tickets are those decided since; of them, those only noted (a topic at observe, an
// exclusion that leaves the ticket alone) went none of the three ways. A hand-off that a human took in the helpdesk counts
// as claimed.
func (t *tx) Counts(ctx context.Context, since time.Time) (desk.Counts, error) {
	var c desk.Counts
	var due int64
	err := t.one(ctx, []any{&c.Tickets, &c.Auto, &c.Draft, &c.Escalate, &c.Open, &c.Claimed, &c.Sent, &c.Waiting, &due, &c.Stuck}, `
		SELECT
			(SELECT COUNT(*) FROM ticket WHERE decided_at >= $1),
			(SELECT COUNT(*) FROM ticket WHERE decided_at >= $1 AND way = 'auto'),
			(SELECT COUNT(*) FROM ticket WHERE decided_at >= $1 AND way = 'draft'),
			(SELECT COUNT(*) FROM ticket WHERE decided_at >= $1 AND way = 'escalate'),
			(SELECT COUNT(*) FROM ticket WHERE active AND handoff_state = 'open'),
			(SELECT COUNT(*) FROM ticket WHERE active AND handoff_state <> 'open'),
			(SELECT COUNT(*) FROM history WHERE kind = 'sent' AND at >= $1),
			(SELECT COUNT(*) FROM job WHERE state = 'ready' AND run_at <= $2),
			(SELECT COALESCE(MIN(run_at), $2) FROM job WHERE state = 'ready' AND run_at <= $2),
			(SELECT COUNT(*) FROM job WHERE failing_since > 0 AND (failing_since <= $3 OR state = 'dead'))`,
		max(micros(since), 1), micros(t.now), micros(t.now.Add(-stuckAfter)))
	if err != nil {
		return desk.Counts{}, fmt.Errorf("count: %w", err)
	}
	c.Late = t.now.Sub(instant(due))
	return c, nil
}

// stuckAfter is for how long a job fails until it counts as stuck.
const stuckAfter = 15 * time.Minute

// Topics implements desk.Queries. It leaps along the index from one topic to the next: there may be a million tickets.
func (t *tx) Topics(ctx context.Context) ([]string, error) {
	var topics []string
	err := t.each(ctx, func(rows *sql.Rows) error {
		var topic string
		err := rows.Scan(&topic)
		topics = append(topics, topic)
		return err
	}, `SELECT topic FROM (
		WITH RECURSIVE leap (topic) AS (
			SELECT MIN(topic) FROM ticket WHERE topic > ''
			UNION ALL
			SELECT (SELECT MIN(topic) FROM ticket WHERE topic > leap.topic) FROM leap WHERE leap.topic IS NOT NULL
		)
		SELECT topic FROM leap
	) AS leaps WHERE topic IS NOT NULL`)
	if err != nil {
		return nil, fmt.Errorf("list topics: %w", err)
	}
	return topics, nil
}

// FindTicket implements desk.Queries. Of several tickets of that id or number it is the one that moved last.
func (t *tx) FindTicket(ctx context.Context, typed string) (*escalate.Ticket, error) {
	ref := strings.TrimPrefix(strings.TrimSpace(typed), "#")
	var id string
	err := t.one(ctx, []any{&id}, `
		SELECT id FROM ticket WHERE id IN (
			SELECT id FROM ticket WHERE ref = $1
			UNION SELECT ticket_id FROM content WHERE lower(number) = $2 AND number <> '')
		ORDER BY updated_at DESC, id DESC LIMIT 1`, ref, strings.ToLower(ref))
	if errors.Is(err, desk.ErrNotFound) {
		id, err = ref, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find ticket %q: %w", ref, err)
	}
	return t.Ticket(ctx, escalate.TicketID(id))
}

// Setting implements desk.Settings.
func (t *tx) Setting(ctx context.Context, key string) (string, error) {
	var value string
	err := t.one(ctx, []any{&value}, `SELECT value FROM setting WHERE key = $1`, key)
	if err != nil && !errors.Is(err, desk.ErrNotFound) {
		return "", fmt.Errorf("read setting %s: %w", key, err)
	}
	return value, nil
}

// PutSetting implements desk.Settings.
func (t *tx) PutSetting(ctx context.Context, key, value string) error {
	err := t.Put(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("put setting %s: %w", key, err)
	}
	return nil
}
