package gorgias

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

// user is somebody who works in the account, or one of Gorgias' bots.
type user struct {
	party

	Active *bool `json:"active"`
	Role   struct {
		Name string `json:"name"`
	} `json:"role"`
}

// isBot reports whether a user is a machine: Gorgias' own AI agent and its rules have users, too.
func (u *user) isBot() bool {
	return u.Role.Name == "bot" || strings.HasSuffix(u.Role.Name, "-bot")
}

// works reports whether a user is a person who may sign in. A user that does not say is one.
func (u *user) works() bool { return !u.isBot() && (u.Active == nil || *u.Active) }

// self is the id by which the API knows whoever calls.
const self = "0"

// me is whose key this is. It is asked once: a key is one user's for as long as it lives.
func (c *Connector) me(ctx context.Context) (*user, error) {
	c.mu.Lock()
	known := c.self
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	me := &user{}
	if err := c.api.Do(ctx, helpdesk.Call{Op: "find our own user", Path: []string{"users", self}}, me); err != nil {
		return nil, err
	}
	if me.ID == "" || me.ID == self {
		return nil, errors.New("find our own user: the answer has no id")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = me
	return me, nil
}

// AgentByEmail implements desk.Helpdesk. Bots are nobody.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	if email = strings.TrimSpace(email); email != "" {
		found, err := all[user](ctx, c, helpdesk.Call{Op: "find agent", Path: []string{"users"}, Query: url.Values{"email": {email}}})
		if err != nil {
			return "", err
		}
		for i := range found {
			if u := &found[i]; strings.EqualFold(u.Email, email) && u.works() && u.ID != "" {
				return escalate.AgentID(u.ID), nil
			}
		}
	}
	return "", fmt.Errorf("find agent: %w: nobody in the account has this e-mail address", desk.ErrNotFound)
}

// roster is everybody who works in the account, read at an instant. Names and roles change rarely, so it may be some minutes old.
type roster struct {
	byID map[ident]*user
	at   time.Time
}

// How old a roster may be, and how soon it is read again for somebody who is not in it.
const (
	rosterAge   = 15 * time.Minute
	rosterAgain = time.Minute
)

// people returns the users by id. Without the right to list them the map is empty: nobody is then known as a bot, and replies are
// signed. wanted is somebody who should be in it; "" for nobody.
func (c *Connector) people(ctx context.Context, wanted ident) (map[ident]*user, error) {
	c.mu.Lock()
	known := c.roster
	c.mu.Unlock()
	age := c.now().Sub(known.at)
	_, found := known.byID[wanted]
	if known.byID != nil && age < rosterAge && (wanted == "" || found || age < rosterAgain) {
		return known.byID, nil
	}
	users, err := all[user](ctx, c, helpdesk.Call{Op: "list users", Path: []string{"users"}})
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		users, err = nil, nil
	}
	if err != nil {
		return nil, err
	}
	byID := make(map[ident]*user, len(users))
	for i := range users {
		byID[users[i].ID] = &users[i]
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.roster = roster{byID: byID, at: c.now()}
	return byID, nil
}

// named returns the only person who has a name; "" when nobody has, or several have.
func (c *Connector) named(ctx context.Context, name string) (ident, error) {
	people, err := c.people(ctx, "")
	if err != nil {
		return "", err
	}
	var found []ident
	for id, u := range people {
		if u.works() && u.called() == name {
			found = append(found, id)
		}
	}
	if len(found) != 1 {
		return "", nil
	}
	return found[0], nil
}
