package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"warmline/escalate"
	"warmline/escalate/desk"
)

const cardColumns = `c.handoff, c.ticket_id, c.token, c.channel, c.place_channel, c.place_ts, c.posting, c.drawn, c.thread,
	c.threading, c.fold`

// Card implements desk.Cards.
func (t *tx) Card(ctx context.Context, h escalate.HandoffID) (*desk.CardRow, error) {
	c, err := t.card(ctx, `SELECT `+cardColumns+` FROM card c WHERE c.handoff = $1`, string(h))
	if err != nil {
		return nil, fmt.Errorf("read card of hand-off %s: %w", h, err)
	}
	return c, nil
}

// CardByToken implements desk.Cards. The error does not tell the token: it authorises.
func (t *tx) CardByToken(ctx context.Context, token string) (*desk.CardRow, error) {
	if token == "" {
		return nil, fmt.Errorf("read card by token: %w", desk.ErrNotFound)
	}
	c, err := t.card(ctx, `SELECT `+cardColumns+` FROM card c WHERE c.token = $1 AND c.token <> ''`, token)
	if err != nil {
		return nil, fmt.Errorf("read card by token: %w", err)
	}
	return c, nil
}

// CardAt implements desk.Cards.
func (t *tx) CardAt(ctx context.Context, at desk.Place) (*desk.CardRow, error) {
	if at.TS == "" {
		return nil, fmt.Errorf("read card at no place: %w", desk.ErrNotFound)
	}
	c, err := t.card(ctx, `SELECT `+cardColumns+` FROM card c WHERE c.place_channel = $1 AND c.place_ts = $2`, at.Channel, at.TS)
	if err != nil {
		return nil, fmt.Errorf("read card at %s %s: %w", at.Channel, at.TS, err)
	}
	return c, nil
}

func (t *tx) card(ctx context.Context, statement string, args ...any) (*desk.CardRow, error) {
	list, err := t.cards(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, desk.ErrNotFound
	}
	return &list[0], nil
}

func (t *tx) cards(ctx context.Context, statement string, args ...any) ([]desk.CardRow, error) {
	var list []desk.CardRow
	err := t.each(ctx, func(rows *sql.Rows) error {
		var c desk.CardRow
		list = append(list, c)
		last := &list[len(list)-1]
		return rows.Scan(&last.Handoff, &last.Ticket, &last.Token, &last.Channel, &last.Place.Channel, &last.Place.TS,
			&last.Posting, &last.Drawn, &last.Thread, &last.Threading, &last.Fold)
	}, statement, args...)
	return list, err
}

// SaveCard implements desk.Cards. The ticket is locked, so that an event of another transaction cannot slip between the
// version that is read here and the row.
func (t *tx) SaveCard(ctx context.Context, c *desk.CardRow) error {
	var version int64
	err := t.one(ctx, []any{&version}, `SELECT version FROM ticket WHERE id = $1 FOR UPDATE`, string(c.Ticket))
	if errors.Is(err, desk.ErrNotFound) {
		version, err = c.Drawn, nil
	}
	if err == nil {
		err = t.Put(ctx, `
			INSERT INTO card (handoff, ticket_id, token, channel, place_channel, place_ts, posting, drawn, version, thread,
				threading, fold, saved_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (handoff) DO UPDATE SET
				ticket_id = excluded.ticket_id, token = excluded.token, channel = excluded.channel,
				place_channel = excluded.place_channel, place_ts = excluded.place_ts, posting = excluded.posting,
				drawn = excluded.drawn, version = excluded.version, thread = excluded.thread,
				threading = excluded.threading, fold = excluded.fold, saved_at = excluded.saved_at`,
			string(c.Handoff), string(c.Ticket), c.Token, c.Channel, c.Place.Channel, c.Place.TS, c.Posting, c.Drawn,
			version, string(c.Thread), string(c.Threading), c.Fold, micros(t.now))
	}
	if err != nil {
		return fmt.Errorf("save card of hand-off %s: %w", c.Handoff, err)
	}
	return nil
}

// LaggingCards implements desk.Cards: the ones that were saved the longest ago first.
func (t *tx) LaggingCards(ctx context.Context, limit int) ([]desk.CardRow, error) {
	list, err := t.cards(ctx, `SELECT `+cardColumns+` FROM card c JOIN ticket t ON t.id = c.ticket_id
		WHERE c.drawn < c.version AND t.handoff_id = c.handoff ORDER BY c.saved_at, c.handoff LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list lagging cards: %w", err)
	}
	return list, nil
}
