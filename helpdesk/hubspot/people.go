package hubspot

import (
	"cmp"
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

// AgentByEmail implements desk.Helpdesk. An agent is an owner: that is what a ticket is assigned to.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	if email = strings.TrimSpace(email); email != "" {
		found, err := all[owner](ctx, c, helpdesk.Call{Op: "find owner", Path: []string{"crm", "v3", "owners"}, Query: url.Values{
			"email": {email}, "limit": {"100"},
		}})
		if err != nil {
			return "", err
		}
		for i := range found {
			if o := &found[i]; strings.EqualFold(string(o.Email), email) && !o.Archived && o.ID != "" {
				return escalate.AgentID(o.ID), nil
			}
		}
	}
	return "", fmt.Errorf("find owner: %w: no owner has this e-mail address", desk.ErrNotFound)
}

// everyone are all owners.
func (c *Connector) everyone(ctx context.Context, most time.Duration) ([]owner, error) {
	return c.owners.Get(c.now(), most, func() ([]owner, error) {
		found, err := all[owner](ctx, c, helpdesk.Call{Op: "list owners", Path: []string{"crm", "v3", "owners"}, Query: url.Values{"limit": {"100"}}})
		return slices.DeleteFunc(found, func(o owner) bool { return o.Archived || o.ID == "" }), notOfTheTicket(err)
	})
}

// senderActor is the user whom replies in nobody's name come from.
func (c *Connector) senderActor(ctx context.Context) (string, error) {
	for _, most := range []time.Duration{helpdesk.RememberFor, 0} { // whoever is not in the list may just have been added to it
		owners, err := c.everyone(ctx, most)
		if err != nil {
			return "", err
		}
		for i := range owners {
			if o := &owners[i]; strings.EqualFold(string(o.Email), c.sender) && o.UserID != "" {
				return agent + string(o.UserID), nil
			}
		}
	}
	return "", &desk.Refused{Op: "find sender", Why: fmt.Sprintf(
		"no HubSpot user has the e-mail address %s; set sender to that of a user, with a seat, whom replies come from", c.sender)}
}

// authorActor is the user with a name; "" when there is none, or more than one: a reply must never be in the name of somebody else.
func (c *Connector) authorActor(ctx context.Context, name string) (string, error) {
	owners, err := c.everyone(ctx, helpdesk.RememberFor)
	if err != nil {
		return "", err
	}
	words := strings.Join(strings.Fields(name), " ")
	found := ""
	for i := range owners {
		o := &owners[i]
		if o.UserID == "" || !strings.EqualFold(o.name(), words) {
			continue
		}
		if found != "" {
			return "", nil
		}
		found = agent + string(o.UserID)
	}
	if found == "" {
		return "", nil
	}
	// What the bot's own user sends reads as the bot's, so nobody's reply may go out as it.
	if sender, err := c.senderActor(ctx); err != nil || sender == found {
		return "", err
	}
	return found, nil
}

// userOf is the user id of an owner; "" when nobody knows it.
func (c *Connector) userOf(ctx context.Context, id string) (string, error) {
	owners, err := c.everyone(ctx, helpdesk.RememberFor)
	for i := range owners {
		if string(owners[i].ID) == id {
			return string(owners[i].UserID), err
		}
	}
	return "", err
}

// actorName is who an actor is: as the message says, as the list of owners says, or as HubSpot says when asked.
func (c *Connector) actorName(ctx context.Context, id, name text) (string, error) {
	if name != "" || id == "" {
		return helpdesk.Clean(string(name)), nil
	}
	if user, ok := strings.CutPrefix(string(id), agent); ok {
		owners, err := c.everyone(ctx, helpdesk.RememberFor)
		if err != nil {
			return "", err
		}
		if at := slices.IndexFunc(owners, func(o owner) bool { return string(o.UserID) == user }); at >= 0 {
			return helpdesk.Clean(cmp.Or(owners[at].name(), string(owners[at].Email))), nil
		}
	}
	c.mu.Lock()
	a, known := c.actors[string(id)]
	c.mu.Unlock()
	if !known {
		call := helpdesk.Call{Op: "read actor", Path: []string{"conversations", "v3", "conversations", "actors", string(id)}}
		if err := c.http.Do(ctx, call, &a); err != nil && !nobody(err) {
			return "", err
		}
		c.keepActor(string(id), a)
	}
	return helpdesk.Clean(cmp.Or(string(a.Name), string(a.Email), "HubSpot")), nil
}

// mostActors bounds what is remembered.
const mostActors = 1000

func (c *Connector) keepActor(id string, a actor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.actors) >= mostActors {
		clear(c.actors)
	}
	c.actors[id] = a
}

// nobody reports that there is no such actor, or none that may be read, which does not keep a ticket from being read.
func nobody(err error) bool {
	refused, ok := errors.AsType[*desk.Refused](err)
	return errors.Is(err, desk.ErrNotFound) || ok && refused.RetryAfter == 0
}

// knownContact is a contact as it was read last.
type knownContact struct {
	contact
	at time.Time
}

// contactByID reads who a customer is. It is remembered for a while: a ticket is read far more often than a customer's name changes.
func (c *Connector) contactByID(ctx context.Context, id string) (contact, error) {
	now := c.now()
	c.mu.Lock()
	known, ok := c.contacts[id]
	c.mu.Unlock()
	if ok && now.Sub(known.at) < helpdesk.RememberFor && !now.Before(known.at) {
		return known.contact, nil
	}
	var r record
	err := c.http.Do(ctx, helpdesk.Call{Op: "read contact", Path: []string{"crm", "v3", "objects", "contacts", id}, Query: url.Values{
		"properties": {"firstname,lastname,email"},
	}}, &r)
	if err != nil {
		return contact{}, err
	}
	email := string(r.Properties["email"])
	name := strings.Join(strings.Fields(string(r.Properties["firstname"]+" "+r.Properties["lastname"])), " ")
	found := contact{id: id, name: helpdesk.Clean(cmp.Or(name, email)), email: email}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.contacts) >= mostActors {
		clear(c.contacts)
	}
	c.contacts[id] = knownContact{found, now}
	return found, nil
}
