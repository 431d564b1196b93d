package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate/desk"
)

// PostNotice implements desk.Board.
func (b *Bot) PostNotice(ctx context.Context, channel, key string, a desk.Answer) (desk.Place, error) {
	const op = "post notice"
	id, err := b.channel(ctx, op, channel)
	if err != nil {
		return desk.Place{}, err
	}
	at, _, err := b.post(ctx, op, id, card.Notice(key, &a))
	if err != nil {
		return desk.Place{}, b.explain(channel, err)
	}
	return at, nil
}

// FindNotice implements desk.Board.
func (b *Bot) FindNotice(ctx context.Context, channel, key string, since time.Time) (desk.Place, error) {
	return b.find(ctx, "find notice", channel, since, func(m *slack.Message) bool {
		return keyed(m, card.NoticeEvent, "key") == key
	})
}

// UpdateNotice implements desk.Board.
func (b *Bot) UpdateNotice(ctx context.Context, at desk.Place, key string, a desk.Answer) error {
	return b.update(ctx, "update notice", at, card.Notice(key, &a))
}
