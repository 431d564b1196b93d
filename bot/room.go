package bot

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// options are what every message is sent with: nothing in it links, unfurls, formats or is parsed.
func options(m card.Message) []slack.MsgOption {
	out := []slack.MsgOption{
		slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...),
		slack.MsgOptionParse(false), slack.MsgOptionDisableMarkdown(),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if m.Metadata.EventType != "" {
		out = append(out, slack.MsgOptionMetadata(m.Metadata))
	}
	return out
}

// post posts one message and returns where it stands, and the thread it stands in. It is tried once.
func (b *Bot) post(ctx context.Context, op, channel string, m card.Message, more ...slack.MsgOption) (at desk.Place, thread string, err error) {
	err = b.call(ctx, "chat.postMessage", op, func(ctx context.Context) error {
		ch, ts, sent, err := b.api.PostMessageWithResponseContext(ctx, channel, append(options(m), more...)...)
		if err == nil && ts == "" {
			return errors.New("slack did not say where the message is")
		}
		at, thread = desk.Place{Channel: ch, TS: ts}, sent.ThreadTimestamp
		return err
	})
	return at, thread, err
}

// PostCard implements desk.Room.
func (b *Bot) PostCard(ctx context.Context, c *desk.Card) (desk.Place, error) {
	const op = "post card"
	id, err := b.channel(ctx, op, c.Channel)
	if err != nil {
		return desk.Place{}, err
	}
	at, _, err := b.post(ctx, op, id, card.Draw(c))
	if err != nil {
		return desk.Place{}, b.explain(c.Channel, err)
	}
	return at, nil
}

// UpdateCard implements desk.Room.
func (b *Bot) UpdateCard(ctx context.Context, at desk.Place, c *desk.Card) error {
	return b.explain(c.Channel, b.update(ctx, "update card", at, card.Draw(c)))
}

// update redraws a message; ErrNotFound when it is gone.
func (b *Bot) update(ctx context.Context, op string, at desk.Place, m card.Message) error {
	err := b.call(ctx, "chat.update", op, func(ctx context.Context) error {
		_, _, _, err := b.api.UpdateMessageContext(ctx, at.Channel, at.TS, options(m)...)
		return err
	})
	if refusedWith(err, "message_not_found", "cant_update_message") {
		return fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	}
	return err
}

// early is how far before the instant it began a post is looked for: Slack's clock is not ours.
const early = 5 * time.Minute

// FindCard implements desk.Room.
func (b *Bot) FindCard(ctx context.Context, channel string, h escalate.HandoffID, since time.Time) (desk.Place, error) {
	return b.find(ctx, "find card", channel, since, func(m *slack.Message) bool {
		return keyed(m, card.CardEvent, "handoff") == string(h)
	})
}

// find looks for a message of ours in a channel; ErrNotFound when it is certainly not there.
func (b *Bot) find(ctx context.Context, op, channel string, since time.Time, fits func(*slack.Message) bool) (desk.Place, error) {
	id, err := b.channel(ctx, op, channel)
	if err != nil {
		return desk.Place{}, err
	}
	self, err := b.identity(ctx)
	if err != nil {
		return desk.Place{}, err
	}
	p := &slack.GetConversationHistoryParameters{
		ChannelID: id, Oldest: strconv.FormatInt(since.Add(-early).Unix(), 10), Inclusive: true, Limit: 200, IncludeAllMetadata: true,
	}
	for range maxPages {
		var page *slack.GetConversationHistoryResponse
		err := b.call(ctx, "conversations.history", op, func(ctx context.Context) (err error) {
			page, err = b.api.GetConversationHistoryContext(ctx, p)
			return err
		})
		if err != nil {
			return desk.Place{}, b.explain(channel, err)
		}
		for i := range page.Messages {
			if m := &page.Messages[i]; ours(m, self) && fits(m) {
				return desk.Place{Channel: id, TS: m.Timestamp}, nil
			}
		}
		if p.Cursor = page.ResponseMetaData.NextCursor; p.Cursor == "" {
			return desk.Place{}, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
		}
	}
	return desk.Place{}, fmt.Errorf("%s: more than %d pages since %s", op, maxPages, since.Format(time.RFC3339))
}

// ours reports whether we wrote a message: any app may put our keys into its metadata.
func ours(m *slack.Message, self *slack.AuthTestResponse) bool {
	return m.User != "" && m.User == self.UserID || m.BotID != "" && m.BotID == self.BotID
}

// keyed returns a key from a message's metadata, or "".
func keyed(m *slack.Message, event, name string) string {
	if m.Metadata.EventType != event {
		return ""
	}
	key, _ := m.Metadata.EventPayload[name].(string)
	return key
}
