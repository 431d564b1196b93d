package store

import (
	"context"
	"database/sql"
	"fmt"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Policy implements desk.Policies.
func (t *tx) Policy(ctx context.Context) (*escalate.Policy, error) {
	return t.policy(ctx, `SELECT version, body FROM policy ORDER BY version DESC LIMIT 1`)
}

// PolicyVersion implements desk.Policies.
func (t *tx) PolicyVersion(ctx context.Context, v int64) (*escalate.Policy, error) {
	return t.policy(ctx, `SELECT version, body FROM policy WHERE version = $1`, v)
}

func (t *tx) policy(ctx context.Context, statement string, args ...any) (*escalate.Policy, error) {
	var version int64
	var body string
	p := new(escalate.Policy)
	err := t.one(ctx, []any{&version, &body}, statement, args...)
	if err == nil {
		err = decode("policy", body, p)
	}
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	p.Version = version
	return p, nil
}

// PolicyLog implements desk.Policies.
func (t *tx) PolicyLog(ctx context.Context, limit int) ([]desk.PolicyEntry, error) {
	var list []desk.PolicyEntry
	err := t.each(ctx, func(rows *sql.Rows) error {
		var version, at int64
		var body string
		e := desk.PolicyEntry{Policy: new(escalate.Policy)}
		err := rows.Scan(&version, &at, &e.By, &e.Why, &body)
		if err == nil {
			err = decode("policy", body, e.Policy)
		}
		e.Policy.Version, e.At = version, instant(at)
		list = append(list, e)
		return err
	}, `SELECT version, at, author, why, body FROM policy ORDER BY version DESC LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read policy versions: %w", err)
	}
	return list, nil
}

// SavePolicy implements desk.Policies.
func (t *tx) SavePolicy(ctx context.Context, p *escalate.Policy, by, why string) error {
	var newest, added int64
	body, err := encode(p)
	if err == nil {
		err = t.one(ctx, []any{&newest}, `SELECT COALESCE(MAX(version), 0) FROM policy`)
	}
	if err == nil && p.Version != newest+1 {
		err = desk.ErrStale
	}
	if err == nil {
		added, err = t.Exec(ctx, `INSERT INTO policy (version, at, author, why, body) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (version) DO NOTHING`, p.Version, micros(t.now), by, why, body)
	}
	if err == nil && added == 0 { // another replica saved this version since
		err = desk.ErrStale
	}
	if err != nil {
		return fmt.Errorf("save policy %d: %w", p.Version, err)
	}
	return nil
}

// Pauses implements desk.Policies.
func (t *tx) Pauses(ctx context.Context) (map[string]string, error) {
	pauses := make(map[string]string)
	err := t.each(ctx, func(rows *sql.Rows) error {
		var scope, by string
		err := rows.Scan(&scope, &by)
		pauses[scope] = by
		return err
	}, `SELECT scope, author FROM pause`)
	if err != nil {
		return nil, fmt.Errorf("read pauses: %w", err)
	}
	return pauses, nil
}

// SetPause implements desk.Policies.
func (t *tx) SetPause(ctx context.Context, scope, by string) error {
	var err error
	if by == "" {
		err = t.Put(ctx, `DELETE FROM pause WHERE scope = $1`, scope)
	} else {
		err = t.Put(ctx, `INSERT INTO pause (scope, author, at) VALUES ($1, $2, $3)
			ON CONFLICT (scope) DO UPDATE SET author = excluded.author, at = excluded.at`, scope, by, micros(t.now))
	}
	if err != nil {
		return fmt.Errorf("set pause of %q: %w", scope, err)
	}
	return nil
}

// TopicRecord implements desk.Policies.
func (t *tx) TopicRecord(ctx context.Context, topic string) (escalate.Record, error) {
	var r escalate.Record
	err := t.one(ctx, []any{&r.Seen, &r.Unedited}, `
		SELECT COUNT(*), COALESCE(SUM(CASE WHEN verdict = 'approved' THEN 1 ELSE 0 END), 0) FROM feedback WHERE topic = $1`,
		topic)
	if err != nil {
		return escalate.Record{}, fmt.Errorf("read record of topic %q: %w", topic, err)
	}
	return r, nil
}

// AddFeedback implements desk.Policies.
func (t *tx) AddFeedback(ctx context.Context, f desk.Feedback) error {
	err := t.Put(ctx, `
		INSERT INTO feedback (reply, ticket_id, topic, person_id, verdict, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (reply) DO UPDATE SET ticket_id = excluded.ticket_id, topic = excluded.topic,
			person_id = excluded.person_id, verdict = excluded.verdict, at = excluded.at`,
		string(f.Reply), string(f.Ticket), f.Topic, string(f.By), f.Verdict, micros(t.now))
	if err != nil {
		return fmt.Errorf("add feedback on reply %s: %w", f.Reply, err)
	}
	return nil
}
