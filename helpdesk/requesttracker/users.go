package requesttracker

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// known is a user as it was at an instant. Names and roles change rarely, so it may be some minutes old.
type known struct {
	user

	at time.Time
}

// How old what is known of a user may be, and of how many it is kept.
const (
	knownAge  = 15 * time.Minute
	mostKnown = 5000
)

// RT's own users, which are nobody.
const (
	nobody = "Nobody"
	system = "RT_System"
)

// whoami is the name of whose token this is. It is asked once: a token is one user's for as long as it lives.
func (c *Connector) whoami(ctx context.Context) (string, error) {
	c.mu.Lock()
	me := c.me
	c.mu.Unlock()
	if me != "" {
		return me, nil
	}
	u, err := c.ourselves(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.me = u.Name
	return u.Name, nil
}

// ourselves reads our own user.
func (c *Connector) ourselves(ctx context.Context) (*user, error) {
	var u user
	if err := c.api.Do(ctx, helpdesk.Call{Op: "find our own user", Path: []string{"user", c.self}}, &u); err != nil {
		return nil, err
	}
	if u.Name == "" {
		return nil, errors.New("find our own user: the answer has no name")
	}
	return &u, nil
}

// person reads a user by name. One that cannot be read has its name alone, which is an e-mail address where RT made the user from a
// mail.
func (c *Connector) person(ctx context.Context, name string) (*user, error) {
	c.mu.Lock()
	k, found := c.users[name]
	c.mu.Unlock()
	if found && c.now().Sub(k.at) < knownAge {
		return &k.user, nil
	}
	u := user{}
	at, err := c.userPath(ctx, name)
	if err == nil && at != "" {
		err = c.api.Do(ctx, helpdesk.Call{Op: "read user", Path: []string{"user", at}}, &u)
	}
	refused, isRefused := errors.AsType[*desk.Refused](err)
	if err != nil && !errors.Is(err, desk.ErrNotFound) && (!isRefused || refused.RetryAfter > 0) {
		return nil, err
	}
	if !strings.EqualFold(u.Name, name) {
		u = user{}
	}
	u.Name = name
	if u.EmailAddress == "" && strings.Contains(name, "@") {
		u.EmailAddress = name
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.users) >= mostKnown {
		clear(c.users)
	}
	c.users[name] = known{user: u, at: c.now()}
	return &u, nil
}

// userPath is by what RT is asked for a user: by name, or by number where it would take the name for one, or for another address. ""
// when nobody has the name.
func (c *Connector) userPath(ctx context.Context, name string) (string, error) {
	if !digits(name) && !strings.Contains(name, "/") {
		return name, nil
	}
	found, err := all[user](ctx, c, helpdesk.Call{Op: "look for user", Path: []string{"users"}, Query: url.Values{
		"query": {query(limit{Field: "Name", Value: name})}, "fields": {"id,Name"},
	}})
	for i := range found {
		if strings.EqualFold(found[i].Name, name) && numeric(string(found[i].ID)) {
			return string(found[i].ID), nil
		}
	}
	return "", err
}

// people reads several users by name.
func (c *Connector) people(ctx context.Context, names []string) (map[string]*user, error) {
	slices.Sort(names)
	out := make(map[string]*user)
	for _, name := range slices.Compact(names) {
		if name == "" || name == nobody || name == system {
			continue
		}
		u, err := c.person(ctx, name)
		if err != nil {
			return nil, err
		}
		out[name] = u
	}
	return out, nil
}

// AgentByEmail implements desk.Helpdesk. Customers are users of RT, too; only those who may work in it are agents.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	const op = "find agent"
	if email = strings.TrimSpace(email); email != "" {
		found, err := all[user](ctx, c, helpdesk.Call{Op: op, Path: []string{"users"}, Query: url.Values{
			"query": {query(limit{Field: "EmailAddress", Value: email})}, "fields": {"Name,EmailAddress"},
		}})
		if err != nil {
			return "", err
		}
		for i := range found {
			if !strings.EqualFold(found[i].EmailAddress, email) {
				continue
			}
			u, err := c.person(ctx, found[i].Name) // the list does not say who may work in RT
			if err != nil {
				return "", err
			}
			if u.Privileged != 0 && u.Disabled == 0 {
				return escalate.AgentID(u.Name), nil
			}
		}
	}
	return "", fmt.Errorf("%s: %w: nobody who works in RT has this e-mail address", op, desk.ErrNotFound)
}
