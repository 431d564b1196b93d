package freshdesk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// person is an agent.
type person struct {
	ID          ident   `json:"id"`
	Contact     contact `json:"contact"`
	Scope       number  `json:"ticket_scope"` // 1: all tickets, 2: those of their groups, 3: their own
	Deactivated bool    `json:"deactivated"`
	Occasional  bool    `json:"occasional"`
}

const allTickets number = 1

// me is whose key this is. It is asked once: a key is one agent's for as long as it lives.
func (c *Connector) me(ctx context.Context) (*person, error) {
	c.mu.Lock()
	self := c.self
	c.mu.Unlock()
	if self != nil {
		return self, nil
	}
	self = &person{}
	if err := c.api.Do(ctx, helpdesk.Call{Op: "find our own agent", Path: []string{"agents", "me"}}, self); err != nil {
		return nil, err
	}
	if self.ID == "" {
		return nil, errors.New("find our own agent: the answer has no id")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.self = self
	return self, nil
}

// AgentByEmail implements desk.Helpdesk.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	if email = strings.TrimSpace(email); email != "" {
		var found []person
		call := helpdesk.Call{Op: "find agent", Path: []string{"agents"}, Query: url.Values{"email": {email}}}
		if err := c.api.Do(ctx, call, &found); err != nil {
			return "", err
		}
		for _, a := range found {
			if strings.EqualFold(a.Contact.Email, email) && !a.Deactivated && a.ID != "" {
				return escalate.AgentID(a.ID), nil
			}
		}
	}
	return "", fmt.Errorf("find agent: %w: no agent has this e-mail address", desk.ErrNotFound)
}

// roster is everybody who answers tickets, read at an instant. Names change rarely, so it may be some minutes old.
type roster struct {
	byID map[ident]person
	at   time.Time
}

// How old a roster may be, how soon it is read again for somebody who is not in it, and how many pages of a hundred it has at most.
const (
	rosterAge   = 15 * time.Minute
	rosterAgain = time.Minute
	rosterPages = 50
)

// people returns the agents by id. Without the right to list them the map is empty: their messages then have the name on the
// envelope. wanted is somebody who should be in it; "" for nobody.
func (c *Connector) people(ctx context.Context, wanted ident) (map[ident]person, error) {
	c.mu.Lock()
	known := c.agents
	c.mu.Unlock()
	age := c.now().Sub(known.at)
	_, found := known.byID[wanted]
	if known.byID != nil && age < rosterAge && (wanted == "" || found || age < rosterAgain) {
		return known.byID, nil
	}
	byID, err := c.listAgents(ctx)
	if refused, ok := errors.AsType[*desk.Refused](err); ok && refused.RetryAfter == 0 {
		byID, err = map[ident]person{}, nil
	}
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.agents = roster{byID: byID, at: c.now()}
	return byID, nil
}

func (c *Connector) listAgents(ctx context.Context) (map[ident]person, error) {
	byID := make(map[ident]person)
	for n := 1; n <= rosterPages; n++ {
		var some []person
		more, _, err := c.page(ctx, helpdesk.Call{Op: "list agents", Path: []string{"agents"}}, n, &some)
		if err != nil {
			return nil, err
		}
		for _, a := range some {
			byID[a.ID] = a
		}
		if !more {
			break
		}
	}
	return byID, nil
}

// agentNamed returns the only agent who has a name; false when none has, or several have.
func (c *Connector) agentNamed(ctx context.Context, name string) (int64, bool, error) {
	people, err := c.people(ctx, "")
	if err != nil {
		return 0, false, err
	}
	var found []ident
	for _, a := range people {
		if a.Contact.Name == name && !a.Deactivated {
			found = append(found, a.ID)
		}
	}
	if len(found) != 1 {
		return 0, false, nil
	}
	n, err := strconv.ParseInt(string(found[0]), 10, 64)
	return n, err == nil, nil
}

// perPage is the most that any list gives at once; some give 30 all the same, and say by their Link header that there is more.
const perPage = 100

// page reads one page of a list and reports whether there is another. The address of the next page is never followed, only counted.
func (c *Connector) page(ctx context.Context, call helpdesk.Call, n int, into any) (more bool, header http.Header, err error) {
	query := url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(n)}}
	maps.Copy(query, call.Query)
	call.Query = query
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return false, nil, err
	}
	if err := decode(call.Op, res.Body, into); err != nil {
		return false, nil, err
	}
	return hasNext(res.Header), res.Header, nil
}

// hasNext reports whether a Link header names a next page (RFC 8288).
func hasNext(header http.Header) bool {
	for _, value := range header.Values("Link") {
		for link := range strings.SplitSeq(value, ",") {
			if strings.Contains(strings.ReplaceAll(link, " ", ""), `rel="next"`) {
				return true
			}
		}
	}
	return false
}
