package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// BeginWait implements desk.Waits.
func (t *tx) BeginWait(ctx context.Context, w *desk.WaitRow) error {
	err := t.Put(ctx, `
		INSERT INTO customer_wait (handoff, channel, topic, chat, began, ended, answered, trial, asked, reopened)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', FALSE, FALSE)
		ON CONFLICT (handoff) DO NOTHING`,
		string(w.Handoff), w.Channel, w.Topic, w.Chat, micros(w.Began), micros(w.Ended), w.Answered)
	if err != nil {
		return fmt.Errorf("begin wait of hand-off %s: %w", w.Handoff, err)
	}
	return nil
}

// EndWait implements desk.Waits.
func (t *tx) EndWait(ctx context.Context, h escalate.HandoffID, at time.Time, answered bool) error {
	err := t.Put(ctx, `UPDATE customer_wait SET ended = $2, answered = $3 WHERE handoff = $1 AND ended = 0`, string(h), micros(at), answered)
	if err != nil {
		return fmt.Errorf("end wait of hand-off %s: %w", h, err)
	}
	return nil
}

// WaitsOf implements desk.Waits. Each filter is one walk along an index of its own, from the newest on.
func (t *tx) WaitsOf(ctx context.Context, f desk.WaitFilter, limit int) ([]desk.WaitRow, error) {
	where, args := `chat = $1`, []any{f.Chat, limit}
	if f.Channel != "" {
		where, args = where+` AND channel = $3 AND topic = $4`, append(args, f.Channel, f.Topic)
	}
	var list []desk.WaitRow
	err := t.each(ctx, func(rows *sql.Rows) error {
		w := desk.WaitRow{Chat: f.Chat}
		var began, ended int64
		if err := rows.Scan(&w.Handoff, &w.Channel, &w.Topic, &began, &ended, &w.Answered); err != nil {
			return err
		}
		w.Began, w.Ended = instant(began), instant(ended)
		list = append(list, w)
		return nil
	}, `SELECT handoff, channel, topic, began, ended, answered FROM customer_wait WHERE `+where+` ORDER BY began DESC LIMIT $2`, args...)
	if err != nil {
		return nil, fmt.Errorf("read waits: %w", err)
	}
	return list, nil
}

// ForgetWaits implements desk.Waits.
func (t *tx) ForgetWaits(ctx context.Context, before time.Time) (int, error) {
	n, err := t.Exec(ctx, `DELETE FROM customer_wait WHERE began < $1`, micros(before))
	if err != nil {
		return 0, fmt.Errorf("forget waits: %w", err)
	}
	return int(n), nil
}

// The two sides of the hold-out, as the column trial names them.
const (
	trialTold = "told"
	trialHeld = "held"
)

// JoinTrial implements desk.Trials.
func (t *tx) JoinTrial(ctx context.Context, h escalate.HandoffID, held bool) error {
	side := trialTold
	if held {
		side = trialHeld
	}
	err := t.Put(ctx, `UPDATE customer_wait SET trial = $2 WHERE handoff = $1 AND trial = ''`, string(h), side)
	if err != nil {
		return fmt.Errorf("join trial with hand-off %s: %w", h, err)
	}
	return nil
}

// NoteTrial implements desk.Trials.
func (t *tx) NoteTrial(ctx context.Context, h escalate.HandoffID, n desk.TrialNote) error {
	statement := `UPDATE customer_wait SET asked = TRUE WHERE handoff = $1 AND trial <> '' AND ended = 0`
	if n == desk.TrialReopened {
		statement = `UPDATE customer_wait SET reopened = TRUE WHERE handoff = $1 AND trial <> ''`
	}
	if err := t.Put(ctx, statement, string(h)); err != nil {
		return fmt.Errorf("note what came of hand-off %s: %w", h, err)
	}
	return nil
}

// TrialResults implements desk.Trials.
func (t *tx) TrialResults(ctx context.Context, since time.Time) (told, held desk.TrialResult, err error) {
	err = t.each(ctx, func(rows *sql.Rows) error {
		var side string
		var r desk.TrialResult
		if err := rows.Scan(&side, &r.Waits, &r.Asked, &r.Reopened); err != nil {
			return err
		}
		if side == trialHeld {
			held = r
		} else {
			told = r
		}
		return nil
	}, `SELECT trial, COUNT(*), COALESCE(SUM(CASE WHEN asked THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN reopened THEN 1 ELSE 0 END), 0)
		FROM customer_wait WHERE trial <> '' AND began >= $1 GROUP BY trial`, micros(since))
	if err != nil {
		return told, held, fmt.Errorf("read results of the trial: %w", err)
	}
	return told, held, nil
}
