package store

import (
	"context"
	"fmt"

	"warmline/escalate"
)

// PutText implements desk.Texts.
func (t *tx) PutText(ctx context.Context, id escalate.TicketID, key, text string) error {
	err := t.Put(ctx, `
		INSERT INTO text (ticket_id, key, body) VALUES ($1, $2, $3)
		ON CONFLICT (ticket_id, key) DO UPDATE SET body = excluded.body`, string(id), key, text)
	if err != nil {
		return fmt.Errorf("put text %s of ticket %s: %w", key, id, err)
	}
	return nil
}

// Text implements desk.Texts.
func (t *tx) Text(ctx context.Context, id escalate.TicketID, key string) (string, error) {
	var text string
	err := t.one(ctx, []any{&text}, `SELECT body FROM text WHERE ticket_id = $1 AND key = $2`, string(id), key)
	if err != nil {
		return "", fmt.Errorf("read text %s of ticket %s: %w", key, id, err)
	}
	return text, nil
}

// PutAssessment implements desk.Texts.
func (t *tx) PutAssessment(ctx context.Context, id escalate.TicketID, a *escalate.Assessment) error {
	body, err := encode(a)
	if err == nil {
		err = t.Put(ctx, `
			INSERT INTO assessment (ticket_id, id, at, body) VALUES ($1, $2, $3, $4)
			ON CONFLICT (ticket_id, id) DO UPDATE SET at = excluded.at, body = excluded.body`,
			string(id), string(a.ID), micros(t.now), body)
	}
	if err != nil {
		return fmt.Errorf("put assessment %s of ticket %s: %w", a.ID, id, err)
	}
	return nil
}

// Assessment implements desk.Texts.
func (t *tx) Assessment(
	ctx context.Context, id escalate.TicketID, which escalate.AssessmentID,
) (*escalate.Assessment, error) {
	var body string
	err := t.one(ctx, []any{&body}, `SELECT body FROM assessment WHERE ticket_id = $1 AND id = $2`, string(id), string(which))
	a := new(escalate.Assessment)
	if err == nil {
		err = decode("assessment", body, a)
	}
	if err != nil {
		return nil, fmt.Errorf("read assessment %s of ticket %s: %w", which, id, err)
	}
	return a, nil
}
