package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// Tell implements desk.Messenger.
func (b *Bot) Tell(ctx context.Context, to desk.Recipient, a desk.Answer) error {
	return b.whisper(ctx, to, card.Answer(&a))
}

// errSpent says that a response URL takes nothing more: it lives for five messages or half an hour.
var errSpent = errors.New("response URL is spent")

// whisper shows messages to one person.
func (b *Bot) whisper(ctx context.Context, to desk.Recipient, messages []card.Message) error {
	for _, m := range messages {
		if to.URL != "" {
			err := b.respond(ctx, to.URL, m)
			if err == nil {
				continue
			}
			if !errors.Is(err, errSpent) {
				return err
			}
			to.URL = ""
		}
		err := b.ephemeral(ctx, to, m)
		if errors.Is(err, desk.ErrNotFound) {
			err = b.direct(ctx, to.Person, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// respond posts to a response URL. It never replaces the message that was pressed, which may be a card.
func (b *Bot) respond(ctx context.Context, address string, m card.Message) error {
	if !b.slackAddress(address) {
		return errSpent
	}
	body, err := json.Marshal(private(m))
	if err != nil {
		return fmt.Errorf("answer privately: %w", err)
	}
	var spent bool
	err = b.call(ctx, "response_url", "answer privately", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		res, err := b.http.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close() //nolint:errcheck // it was only read
		answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		switch {
		case res.StatusCode == http.StatusTooManyRequests, res.StatusCode >= 500:
			return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
		case res.StatusCode >= 300, bytes.Contains(answer, []byte(`"ok":false`)):
			spent = true
			return slack.StatusCodeError{Code: http.StatusGone, Status: "spent"}
		}
		return err
	})
	if spent {
		return errSpent
	}
	return err
}

// slackAddress reports whether an address is Slack's own: nothing is posted anywhere else, whatever an envelope says.
func (b *Bot) slackAddress(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	if api, err := url.Parse(b.o.APIURL); err == nil && u.Host == api.Host && u.Scheme == api.Scheme {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && (strings.HasSuffix(host, ".slack.com") || strings.HasSuffix(host, ".slack-gov.com"))
}

// ephemeral shows a message to one person in a channel. Slack shows it only to a member who is there.
func (b *Bot) ephemeral(ctx context.Context, to desk.Recipient, m card.Message) error {
	if to.Channel == "" || to.Person == "" {
		return fmt.Errorf("answer privately: %w", desk.ErrNotFound)
	}
	o := options(m)
	if to.Thread != "" {
		o = append(o, slack.MsgOptionTS(to.Thread))
	}
	err := b.call(ctx, "chat.postEphemeral", "answer privately", func(ctx context.Context) error {
		_, err := b.api.PostEphemeralContext(ctx, to.Channel, string(to.Person), o...)
		return err
	})
	if refusedWith(err, "user_not_in_channel", "not_in_channel", "channel_not_found", "user_not_found", "is_archived") {
		return fmt.Errorf("answer privately: %w", desk.ErrNotFound)
	}
	return err
}

// direct writes to a person in the app's own messages tab: the last way left, for who is not in the channel.
func (b *Bot) direct(ctx context.Context, p escalate.PersonID, m card.Message) error {
	if p == "" {
		return fmt.Errorf("answer privately: %w", desk.ErrNotFound)
	}
	_, _, err := b.post(ctx, "answer privately", string(p), m)
	if unreachable(err) {
		return fmt.Errorf("answer privately: %w", desk.ErrNotFound)
	}
	return err
}

// PublishHome implements desk.Messenger.
func (b *Bot) PublishHome(ctx context.Context, p escalate.PersonID, h *desk.Home) error {
	self, err := b.identity(ctx)
	if err != nil {
		return err
	}
	view := card.Home(h, self.URL)
	return b.call(ctx, "views.publish", "publish home", func(ctx context.Context) error {
		_, err := b.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: string(p), View: view})
		return err
	})
}
