package helpscout

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// me is the user whose app this is. It is asked once: an app is one user's for as long as it lives.
func (c *Connector) me(ctx context.Context) (*person, error) {
	c.mu.Lock()
	self := c.self
	c.mu.Unlock()
	if self != nil {
		return self, nil
	}
	self = &person{}
	if err := c.do(ctx, helpdesk.Call{Op: "find our own user", Path: []string{"users", "me"}}, self); err != nil {
		return nil, err
	}
	if !numeric(string(self.ID)) {
		return nil, errors.New("find our own user: the answer has no id")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = self
	return self, nil
}

// AgentByEmail implements desk.Helpdesk.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	if email = strings.TrimSpace(email); email != "" {
		call := helpdesk.Call{Op: "find user", Path: []string{"users"}, Query: url.Values{"email": {email}}}
		found, err := all(ctx, c, call, "users", func(p *person) ident { return p.ID })
		if err != nil {
			return "", err
		}
		for _, u := range found {
			if strings.EqualFold(u.Email, email) && numeric(string(u.ID)) {
				return escalate.AgentID(u.ID), nil
			}
		}
	}
	return "", fmt.Errorf("find user: %w: nobody has this e-mail address", desk.ErrNotFound)
}

// roster is everybody who answers, read at an instant. Names change rarely, so it may be some minutes old.
type roster struct {
	all []person
	at  time.Time
}

// How old a roster may be, and how soon it is read again for somebody who is not in it.
const (
	rosterAge   = 15 * time.Minute
	rosterAgain = time.Minute
)

// userNamed returns the only user who has a name; false when none has, or several have.
func (c *Connector) userNamed(ctx context.Context, name string) (ident, bool, error) {
	c.mu.Lock()
	known := c.users
	c.mu.Unlock()
	age := c.now().Sub(known.at)
	if id, n := named(known.all, name); age < rosterAge && (n > 0 || age < rosterAgain) {
		return id, n == 1, nil
	}
	users, err := all(ctx, c, helpdesk.Call{Op: "list users", Path: []string{"users"}}, "users", func(p *person) ident { return p.ID })
	if err != nil {
		return "", false, err
	}
	c.mu.Lock()
	c.users = roster{all: users, at: c.now()}
	c.mu.Unlock()
	id, n := named(users, name)
	return id, n == 1, nil
}

func named(users []person, name string) (id ident, n int) {
	for i := range users {
		if users[i].name() == name && numeric(string(users[i].ID)) {
			id, n = users[i].ID, n+1
		}
	}
	return id, n
}
