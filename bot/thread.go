package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate/desk"
)

// briefWait is how long a transcript waits, between two posts, for Slack to take the next one.
const briefWait = 5 * time.Second

// PostThread implements desk.Room. ErrNotFound says that the card is gone. After the first post has gone out, an error
// never is a *desk.Refused: a part was applied, and only a repeat knows which.
func (b *Bot) PostThread(ctx context.Context, at desk.Place, posts []desk.ThreadPost, repeat bool) error {
	there := map[string]bool{}
	if repeat {
		var err error
		if there, err = b.threadKeys(ctx, at); err != nil {
			return err
		}
	}
	sent := 0
	for _, p := range posts {
		for _, m := range card.Thread(p) {
			if key, _ := m.Metadata.EventPayload["key"].(string); there[key] {
				continue
			}
			if err := b.postBelow(ctx, at, m); err != nil {
				if sent > 0 && !errors.Is(err, desk.ErrNotFound) {
					return fmt.Errorf("post thread after %d posts: %v", sent, err) //nolint:errorlint // see above
				}
				return err
			}
			sent++
		}
	}
	return nil
}

// postBelow posts one message into a thread. When the card is gone Slack posts it into the channel instead, where it does
// not belong: it is taken back.
func (b *Bot) postBelow(ctx context.Context, at desk.Place, m card.Message) error {
	const op = "post thread"
	in := []slack.MsgOption{slack.MsgOptionTS(at.TS)}
	if m.Broadcast {
		in = append(in, slack.MsgOptionBroadcast())
	}
	posted, thread, err := b.post(ctx, op, at.Channel, m, in...)
	var refused *desk.Refused
	if errors.As(err, &refused) && refused.RetryAfter > 0 && refused.RetryAfter <= briefWait {
		pause(ctx, refused.RetryAfter)
		posted, thread, err = b.post(ctx, op, at.Channel, m, in...)
	}
	switch {
	case refusedWith(err, "thread_not_found", "message_not_found", "cannot_reply_to_message"):
		return fmt.Errorf("post thread: %w", desk.ErrNotFound)
	case err != nil || thread != "":
		return err
	}
	err = b.call(ctx, "chat.delete", op, func(ctx context.Context) error {
		_, _, err := b.api.DeleteMessageContext(ctx, posted.Channel, posted.TS)
		return err
	})
	if err != nil {
		return fmt.Errorf("take back a post that left its thread: %w", err)
	}
	return fmt.Errorf("post thread: %w", desk.ErrNotFound)
}

// threadKeys returns the keys of our posts in a thread.
func (b *Bot) threadKeys(ctx context.Context, at desk.Place) (map[string]bool, error) {
	const op = "read thread"
	self, err := b.identity(ctx)
	if err != nil {
		return nil, err
	}
	keys := map[string]bool{}
	p := &slack.GetConversationRepliesParameters{ChannelID: at.Channel, Timestamp: at.TS, Limit: 200, IncludeAllMetadata: true}
	for range maxPages {
		var page []slack.Message
		err := b.call(ctx, "conversations.replies", op, func(ctx context.Context) (err error) {
			page, _, p.Cursor, err = b.api.GetConversationRepliesContext(ctx, p)
			return err
		})
		if refusedWith(err, "thread_not_found") {
			return nil, fmt.Errorf("read thread: %w", desk.ErrNotFound)
		}
		if err != nil {
			return nil, err
		}
		for i := range page {
			if ours(&page[i], self) {
				if key := keyed(&page[i], card.ThreadEvent, "key"); key != "" {
					keys[key] = true
				}
			}
		}
		if p.Cursor == "" {
			return keys, nil
		}
	}
	return nil, fmt.Errorf("read thread: more than %d pages", maxPages)
}
