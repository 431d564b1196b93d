package bot

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// relist is how soon a name that was not found is looked up again: conversations.list may be called 20 times a minute.
const relist = 5 * time.Second

// channelNames remembers channels' ids. A renamed channel is found again because using its old id still works, and a new
// one because a miss reads the list anew.
type channelNames struct {
	mu   sync.Mutex
	ids  map[string]string
	read time.Time
}

var channelID = regexp.MustCompile(`^[CG][A-Z0-9]{6,}$`)

// channel returns the id of a channel by its name. A channel that we cannot see is a refusal that says what to do.
func (b *Bot) channel(ctx context.Context, op, name string) (string, error) {
	name = strings.TrimPrefix(name, "#")
	if channelID.MatchString(name) {
		return name, nil
	}
	c := &b.channels
	c.mu.Lock()
	defer c.mu.Unlock()
	if id, ok := c.ids[name]; ok {
		return id, nil
	}
	if c.read.IsZero() || b.o.Now().Sub(c.read) >= relist {
		ids, err := b.listChannels(ctx)
		if err != nil {
			return "", err
		}
		c.ids, c.read = ids, b.o.Now()
	}
	if id, ok := c.ids[name]; ok {
		return id, nil
	}
	return "", &desk.Refused{Op: op, Why: "channel_not_found; " + b.hint(name), NoChannel: true}
}

// forget drops a channel's id, after Slack did not know it.
func (c *channelNames) forget(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.ids, strings.TrimPrefix(name, "#"))
}

// maxPages bounds every reading of a list.
const maxPages = 100

func (b *Bot) listChannels(ctx context.Context) (map[string]string, error) {
	all, err := b.allChannels(ctx)
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for i := range all {
		ids[all[i].Name] = all[i].ID
	}
	return ids, nil
}

// allChannels are those that we can see.
func (b *Bot) allChannels(ctx context.Context) (all []slack.Channel, err error) {
	p := &slack.GetConversationsParameters{
		Types: []string{"public_channel", "private_channel"}, ExcludeArchived: true, Limit: 999,
	}
	for range maxPages {
		var page []slack.Channel
		err := b.call(ctx, "conversations.list", "list channels", func(ctx context.Context) (err error) {
			page, p.Cursor, err = b.api.GetConversationsContext(ctx, p)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if p.Cursor == "" {
			break
		}
	}
	return all, nil
}

// hint says how to make a channel reachable.
func (b *Bot) hint(name string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	bot := "warmline"
	if b.self != nil && b.self.User != "" {
		bot = b.self.User
	}
	return fmt.Sprintf("invite @%s to #%s, or fix the route in the policy", bot, strings.TrimPrefix(name, "#"))
}

// explain adds to a refusal what can be done about it.
func (b *Bot) explain(name string, err error) error {
	var r *desk.Refused
	if !errors.As(err, &r) || !refusedWith(err, "not_in_channel", "channel_not_found", "is_archived") {
		return err
	}
	b.channels.forget(name)
	told := *r
	told.NoChannel = true
	if refusedWith(err, "is_archived") {
		told.Why += "; unarchive #" + strings.TrimPrefix(name, "#") + ", or fix the route in the policy"
	} else {
		told.Why += "; " + b.hint(name)
	}
	return &told
}
