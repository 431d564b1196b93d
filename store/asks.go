package store

import (
	"context"
	"fmt"
	"time"

	"warmline/escalate/desk"
)

// PutAsk implements desk.Asks.
func (t *tx) PutAsk(ctx context.Context, a *desk.Ask) error {
	err := t.Put(ctx, `INSERT INTO ask (token, kind, subject, at, body) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token) DO UPDATE SET kind = excluded.kind, subject = excluded.subject, at = excluded.at,
			body = excluded.body`, a.Token, a.Kind, a.Subject, micros(a.At), string(a.Body))
	if err != nil {
		return fmt.Errorf("put question about %s: %w", a.Kind, err)
	}
	return nil
}

// Ask implements desk.Asks. The row is locked: a press and the drawing of its message change the same one. The error does not
// tell the token: it authorises.
func (t *tx) Ask(ctx context.Context, token string) (*desk.Ask, error) {
	a := desk.Ask{Token: token}
	var at int64
	var body string
	err := desk.ErrNotFound
	if token != "" {
		err = t.one(ctx, []any{&a.Kind, &a.Subject, &at, &body}, `SELECT kind, subject, at, body FROM ask WHERE token = $1 FOR UPDATE`, token)
	}
	if err != nil {
		return nil, fmt.Errorf("read question by token: %w", err)
	}
	a.At, a.Body = instant(at), []byte(body)
	return &a, nil
}

// NewestAsk implements desk.Asks.
func (t *tx) NewestAsk(ctx context.Context, kind, subject string, since time.Time) (*desk.Ask, error) {
	a := desk.Ask{Kind: kind, Subject: subject}
	var at int64
	var body string
	err := t.one(ctx, []any{&a.Token, &at, &body}, `SELECT token, at, body FROM ask WHERE kind = $1 AND subject = $2 AND at >= $3
		ORDER BY at DESC, token LIMIT 1`, kind, subject, micros(since))
	if err != nil {
		return nil, fmt.Errorf("read newest question about %s: %w", kind, err)
	}
	a.At, a.Body = instant(at), []byte(body)
	return &a, nil
}

// CountAsks implements desk.Asks.
func (t *tx) CountAsks(ctx context.Context, kind, subject string, since time.Time) (int, error) {
	var n int
	err := t.one(ctx, []any{&n}, `SELECT COUNT(*) FROM ask WHERE kind = $1 AND subject = $2 AND at >= $3`,
		kind, subject, micros(since))
	if err != nil {
		return 0, fmt.Errorf("count questions about %s: %w", kind, err)
	}
	return n, nil
}

// ForgetAsks implements desk.Asks.
func (t *tx) ForgetAsks(ctx context.Context, before time.Time) (int, error) {
	n, err := t.Exec(ctx, `DELETE FROM ask WHERE at < $1`, micros(before))
	if err != nil {
		return 0, fmt.Errorf("forget questions: %w", err)
	}
	return int(n), nil
}
