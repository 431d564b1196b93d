package bot

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Checkup is how Slack sees us, at one look.
type Checkup struct {
	Team, User string        // the workspace, and what we are called there
	Lacks      []string      // what does not work for want of a scope, each with the scope
	Skew       time.Duration // how far our clock is ahead of Slack's, to half a second; 0 when Slack does not say
}

// optional are the scopes that something can do without, and what is lost.
var optional = []struct{ scope, lost string }{
	{"files:read", "nothing can be attached to a reply"},
	{"files:write", "customers' pictures are named and not shown, and a simulation comes without its own"},
	{"groups:history", "a card in a private channel is not found again"},
	{"groups:read", "private channels cannot be used"},
	{"users:read.email", "nobody is found in the helpdesk by their e-mail address"},
}

// CheckUp asks Slack who we are. It returns an *AuthError when Slack refuses the bot token, or it lacks a scope without which
// nothing works.
func (b *Bot) CheckUp(ctx context.Context) (*Checkup, error) {
	before := b.o.Now()
	self, err := b.identity(ctx)
	if err != nil {
		return nil, err
	}
	now := b.o.Now()
	c := &Checkup{Team: self.Team, User: self.User, Skew: skew(self.Header, before.Add(now.Sub(before)/2))}
	granted := strings.Split(strings.ReplaceAll(self.Header.Get("X-Oauth-Scopes"), " ", ""), ",")
	for _, o := range optional {
		if !slices.Contains(granted, o.scope) && self.Header.Get("X-Oauth-Scopes") != "" {
			c.Lacks = append(c.Lacks, fmt.Sprintf("%s: the token lacks %s", o.lost, o.scope))
		}
	}
	return c, nil
}

// skew is how far our clock is ahead of the one that wrote a Date header, which has whole seconds.
func skew(h http.Header, ours time.Time) time.Duration {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return ours.Sub(theirs.Add(time.Second / 2))
}

// CheckSocket asks Slack for the address of a socket, and opens none. It returns an *AuthError when Slack refuses the app token.
func (b *Bot) CheckSocket(ctx context.Context) error {
	var raw error
	err := b.call(ctx, "apps.connections.open", "ask Slack for a socket", func(ctx context.Context) error {
		_, _, raw = b.api.StartSocketModeContext(ctx)
		return raw
	})
	if auth := asAuth(appToken, raw); auth != nil {
		return auth
	}
	return err
}

// CheckChannels says of each channel, by name, why we cannot post there and how to mend it; nothing of those where we can.
func (b *Bot) CheckChannels(ctx context.Context, names []string) ([]string, error) {
	all, err := b.allChannels(ctx)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, name := range names {
		i := slices.IndexFunc(all, func(c slack.Channel) bool { return c.Name == name || c.ID == name })
		switch {
		case i < 0:
			faults = append(faults, fmt.Sprintf("there is no #%s that I can see: create it, or %s", name, b.hint(name)))
		case !all[i].IsMember:
			faults = append(faults, fmt.Sprintf("I am not in #%s: %s", name, b.hint(name)))
		}
	}
	return faults, nil
}

// CheckGroups says of each user group, by its handle, whether it is missing or empty; nothing of those that have members.
func (b *Bot) CheckGroups(ctx context.Context, handles []string) ([]string, error) {
	groups, err := b.ReadGroups(ctx)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, handle := range handles {
		members := -1
		for _, g := range groups {
			if g.Handle == handle {
				members = len(g.Members)
			}
		}
		switch {
		case members < 0:
			faults = append(faults, "there is no user group "+handle+": create it, or name another in the policy's roles")
		case members == 0:
			faults = append(faults, "nobody is in "+handle+": add its members")
		}
	}
	return faults, nil
}
