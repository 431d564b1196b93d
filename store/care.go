package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

// Unsettled implements desk.Care.
func (t *tx) Unsettled(ctx context.Context, after escalate.TicketID, limit int) ([]desk.Unsettled, error) {
	var list []desk.Unsettled
	err := t.each(ctx, func(rows *sql.Rows) error {
		var id, state string
		var version int64
		if err := rows.Scan(&id, &state, &version); err != nil {
			return err
		}
		u := desk.Unsettled{ID: escalate.TicketID(id), Ticket: new(escalate.Ticket)}
		if u.Err = decode("ticket", state, u.Ticket); u.Err != nil {
			u.Ticket = nil
		} else {
			u.Ticket.Version = version
		}
		list = append(list, u)
		return nil
	}, `SELECT id, state, version FROM ticket WHERE unsettled AND id > $1 ORDER BY id LIMIT $2`, string(after), limit)
	if err != nil {
		return nil, fmt.Errorf("list unsettled tickets: %w", err)
	}
	return list, nil
}

// CountUnsettled implements desk.Care.
func (t *tx) CountUnsettled(ctx context.Context) (n int, err error) {
	if err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM ticket WHERE unsettled`); err != nil {
		return 0, fmt.Errorf("count unsettled tickets: %w", err)
	}
	return n, nil
}

// keysAtOnce is how many keys one statement names; its text is the same for fewer.
const keysAtOnce = 64

// present returns which keys a statement finds that names its first argument, or none, and then keysAtOnce keys for "%s".
func (t *tx) present(ctx context.Context, statement string, first []any, keys []string) (map[string]bool, error) {
	found := map[string]bool{}
	names := make([]string, keysAtOnce)
	for i := range names {
		names[i] = fmt.Sprintf("$%d", len(first)+i+1)
	}
	statement = fmt.Sprintf(statement, strings.Join(names, ", "))
	for some := range slices.Chunk(keys, keysAtOnce) {
		args := slices.Clone(first)
		for i := range keysAtOnce {
			args = append(args, some[min(i, len(some)-1)])
		}
		err := t.each(ctx, func(rows *sql.Rows) error {
			var key string
			err := rows.Scan(&key)
			found[key] = true
			return err
		}, statement, args...)
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// JobKeys implements desk.Care. Few jobs run at once, so that those are all read.
func (t *tx) JobKeys(ctx context.Context, kind string, keys []string) (map[string]bool, error) {
	found, err := t.present(ctx, `SELECT key FROM job WHERE kind = $1 AND key IN (%s) AND state = 'ready' AND key <> ''`, []any{kind}, keys)
	if err == nil {
		err = t.each(ctx, func(rows *sql.Rows) error {
			var key string
			err := rows.Scan(&key)
			if slices.Contains(keys, key) {
				found[key] = true
			}
			return err
		}, `SELECT key FROM job WHERE state = 'running' AND kind = $1`, kind)
	}
	if err != nil {
		return nil, fmt.Errorf("look for %s jobs: %w", kind, err)
	}
	return found, nil
}

// CardRows implements desk.Care.
func (t *tx) CardRows(ctx context.Context, handoffs []string) (map[string]bool, error) {
	found, err := t.present(ctx, `SELECT handoff FROM card WHERE handoff IN (%s)`, nil, handoffs)
	if err != nil {
		return nil, fmt.Errorf("look for cards: %w", err)
	}
	return found, nil
}

// FailingJobs implements desk.Care.
func (t *tx) FailingJobs(ctx context.Context, before time.Time, limit int) ([]desk.FailingJob, error) {
	var list []desk.FailingJob
	err := t.each(ctx, func(rows *sql.Rows) error {
		var j desk.FailingJob
		var since int64
		err := rows.Scan(&j.Kind, &j.Payload, &since)
		j.Since = instant(since)
		list = append(list, j)
		return err
	}, `SELECT kind, payload, failing_since FROM job WHERE failing_since > 0 AND (failing_since <= $1 OR state = 'dead')
		ORDER BY failing_since LIMIT $2`, micros(before), limit)
	if err != nil {
		return nil, fmt.Errorf("list failing jobs: %w", err)
	}
	return list, nil
}

// OldestDue implements desk.Care.
func (t *tx) OldestDue(ctx context.Context) (time.Time, error) {
	var due int64
	err := t.one(ctx, []any{&due}, `SELECT COALESCE(MIN(run_at), 0) FROM job WHERE state = 'ready' AND run_at <= $1`, micros(t.now))
	if err != nil {
		return time.Time{}, fmt.Errorf("look for late jobs: %w", err)
	}
	return instant(due), nil
}

// Unread implements desk.Care.
func (t *tx) Unread(ctx context.Context, from, to time.Time, limit int) ([]escalate.TicketID, error) {
	var ids []escalate.TicketID
	err := t.each(ctx, func(rows *sql.Rows) error {
		var id escalate.TicketID
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT DISTINCT t.id FROM notice n JOIN ticket t ON t.desk = n.desk AND t.ref = n.ref
			LEFT JOIN content c ON c.ticket_id = t.id
		WHERE n.at > $1 AND n.at <= $2 AND COALESCE(c.read_at, 0) < n.at LIMIT $3`, micros(from), micros(to), limit)
	if err != nil {
		return nil, fmt.Errorf("list tickets that were told of and not read: %w", err)
	}
	return ids, nil
}

// AlertChannels implements desk.Care.
func (t *tx) AlertChannels(ctx context.Context) ([]string, error) {
	var channels []string
	err := t.each(ctx, func(rows *sql.Rows) error {
		var channel string
		err := rows.Scan(&channel)
		channels = append(channels, channel)
		return err
	}, `SELECT DISTINCT channel FROM alert ORDER BY channel`)
	if err != nil {
		return nil, fmt.Errorf("list channels with alerts: %w", err)
	}
	return channels, nil
}

// Settle implements desk.Loosened.
func (t *tx) Settle(ctx context.Context, tickets []*escalate.Ticket) error {
	for _, one := range tickets {
		err := t.Put(ctx, `UPDATE ticket SET unsettled = FALSE WHERE id = $1 AND version = $2`, string(one.ID), one.Version)
		if err != nil {
			return fmt.Errorf("settle ticket %s: %w", one.ID, err)
		}
	}
	return nil
}

// DropSettled implements desk.Loosened.
func (t *tx) DropSettled(ctx context.Context) error {
	err := t.Put(ctx, `DELETE FROM loose WHERE subject = ticket_id
		AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = loose.ticket_id AND t.unsettled)`)
	if err != nil {
		return fmt.Errorf("drop settled tickets: %w", err)
	}
	return nil
}

// SaveLoose implements desk.Loosened.
func (t *tx) SaveLoose(ctx context.Context, l *desk.Loose) error {
	err := t.Put(ctx, `
		INSERT INTO loose (subject, ticket_id, channel, why, since, told, told_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (subject) DO UPDATE SET channel = excluded.channel, why = excluded.why, since = excluded.since,
			told = excluded.told, told_at = excluded.told_at`,
		l.Subject, string(l.Ticket), l.Channel, string(l.Why), micros(l.Since), l.Told, micros(l.ToldAt))
	if err != nil {
		return fmt.Errorf("save that nobody looks after %s: %w", l.Subject, err)
	}
	return nil
}

// DropLoose implements desk.Loosened.
func (t *tx) DropLoose(ctx context.Context, subjects []string) error {
	for _, subject := range subjects {
		if err := t.Put(ctx, `DELETE FROM loose WHERE subject = $1`, subject); err != nil {
			return fmt.Errorf("drop that nobody looks after %s: %w", subject, err)
		}
	}
	return nil
}

// AllLoose implements desk.Loosened.
func (t *tx) AllLoose(ctx context.Context, limit int) ([]desk.Loose, error) {
	var list []desk.Loose
	err := t.each(ctx, func(rows *sql.Rows) error {
		var l desk.Loose
		var since, told int64
		err := rows.Scan(&l.Subject, &l.Ticket, &l.Channel, &l.Why, &since, &l.Told, &told)
		l.Since, l.ToldAt = instant(since), instant(told)
		list = append(list, l)
		return err
	}, `SELECT subject, ticket_id, channel, why, since, told, told_at FROM loose ORDER BY since, subject LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list what nobody looks after: %w", err)
	}
	return list, nil
}

// ForgetDead implements desk.Loosened.
func (t *tx) ForgetDead(ctx context.Context, before time.Time) (int, error) {
	return queue.Forget(ctx, t, before)
}
