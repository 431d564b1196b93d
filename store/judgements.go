package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

const judgementColumns = `reply, ticket_id, topic, kind, verdict, detail, way, confidence, person_id, at`

// SaveJudgement implements desk.Judgements.
func (t *tx) SaveJudgement(ctx context.Context, j escalate.Judgement) error {
	if j.At.IsZero() {
		j.At = t.now
	}
	if math.IsNaN(j.Confidence) { // the engines disagree about it
		return fmt.Errorf("save judgement of reply %s: its confidence is not a number", j.Reply)
	}
	err := t.Put(ctx, `
		INSERT INTO judgement (`+judgementColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (reply) DO UPDATE SET ticket_id = excluded.ticket_id, topic = excluded.topic, kind = excluded.kind,
			verdict = excluded.verdict, detail = excluded.detail, way = excluded.way, confidence = excluded.confidence,
			person_id = excluded.person_id, at = excluded.at`,
		string(j.Reply), string(j.Ticket), j.Topic, string(j.Kind), string(j.Verdict), j.Detail, string(j.Way), j.Confidence,
		string(j.By), micros(j.At))
	if err != nil {
		return fmt.Errorf("save judgement of reply %s: %w", j.Reply, err)
	}
	return nil
}

// Judgement implements desk.Judgements.
func (t *tx) Judgement(ctx context.Context, r escalate.ReplyID) (*escalate.Judgement, error) {
	list, err := t.judgements(ctx, `SELECT `+judgementColumns+` FROM judgement WHERE reply = $1`, string(r))
	if err == nil && len(list) == 0 {
		err = desk.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read judgement of reply %s: %w", r, err)
	}
	return &list[0], nil
}

// Judgements implements desk.Judgements.
func (t *tx) Judgements(ctx context.Context, topic string, since time.Time, limit int) ([]escalate.Judgement, error) {
	from, args := newestJudgements(topic, since, limit)
	list, err := t.judgements(ctx, `SELECT `+judgementColumns+from, args...)
	if err != nil {
		return nil, fmt.Errorf("read judgements on topic %q: %w", topic, err)
	}
	return list, nil
}

// JudgementMark implements desk.Judgements. It reads an index alone.
func (t *tx) JudgementMark(ctx context.Context, topic string, since time.Time, limit int) (desk.JudgementMark, error) {
	from, args := newestJudgements(topic, since, limit)
	var m desk.JudgementMark
	var newest int64
	err := t.one(ctx, []any{&m.Count, &m.Right, &m.Wrong, &newest}, `SELECT COUNT(*),
			COALESCE(SUM(CASE WHEN verdict = 'right' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN verdict = 'wrong' THEN 1 ELSE 0 END), 0), COALESCE(MAX(at), 0)
		FROM (SELECT verdict, at`+from+`) newest`, args...)
	if err != nil {
		return desk.JudgementMark{}, fmt.Errorf("mark judgements on topic %q: %w", topic, err)
	}
	m.Newest = instant(newest)
	return m, nil
}

// newestJudgements is the end of a statement about a topic's newest judgements. Each narrowing has a statement of its own, so
// that each is one walk along an index.
func newestJudgements(topic string, since time.Time, limit int) (from string, args []any) {
	from, args = ` FROM judgement WHERE at >= $1`, []any{micros(since), limit}
	if topic != "" {
		from += ` AND topic = $3`
		args = append(args, topic)
	}
	return from + ` ORDER BY at DESC, reply DESC LIMIT $2`, args
}

func (t *tx) judgements(ctx context.Context, statement string, args ...any) ([]escalate.Judgement, error) {
	var list []escalate.Judgement
	err := t.each(ctx, func(rows *sql.Rows) error {
		var j escalate.Judgement
		var at int64
		err := rows.Scan(&j.Reply, &j.Ticket, &j.Topic, &j.Kind, &j.Verdict, &j.Detail, &j.Way, &j.Confidence, &j.By, &at)
		j.At = instant(at)
		list = append(list, j)
		return err
	}, statement, args...)
	return list, err
}
