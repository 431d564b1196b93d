package zendesk

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

// nameSeen is whom a name was found to belong to.
type nameSeen struct {
	user id // "" for nobody, or several
	at   time.Time
}

// nameLasts is how long it is believed whom a name belongs to.
const nameLasts = 10 * time.Minute

var errAnonymous = errors.New("the credentials are taken for nobody's")

// whoami is the user as whom we act. They stay the same for as long as the credentials do.
func (c *Connector) whoami(ctx context.Context) (*user, error) {
	c.mu.Lock()
	known := c.me
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	return c.askWhoami(ctx)
}

// askWhoami asks anew: what the user may do can change.
func (c *Connector) askWhoami(ctx context.Context) (*user, error) {
	var answer struct {
		User user `json:"user"`
	}
	if err := c.http.Do(ctx, helpdesk.Call{Op: "ask who we are", Path: []string{"users", "me"}}, &answer); err != nil {
		return nil, err
	}
	if !numeric(string(answer.User.ID)) {
		// With credentials that it cannot read, Zendesk answers 200 and "Anonymous user", whose id is null.
		return nil, &desk.Refused{Op: "ask who we are", Why: errAnonymous.Error() + "; check the user's e-mail address, and that access by API token is turned on"}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.me = &answer.User
	return c.me, nil
}

// AgentByEmail implements desk.Helpdesk. The search finds also those whose address only looks alike, and customers.
func (c *Connector) AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	email = strings.TrimSpace(email)
	found, _, err := c.search(ctx, email)
	if err != nil {
		return "", err
	}
	for i := range found {
		if u := &found[i]; u.works() && strings.EqualFold(string(u.Email), email) {
			return escalate.AgentID(u.ID), nil
		}
	}
	return "", fmt.Errorf("find agent: %w: no agent has this e-mail address", desk.ErrNotFound)
}

// inTheNameOf finds the agent who is called name, so that the customer sees who wrote. When nobody is, or several are, the comment stays
// our own user's; the name is kept with the marker either way. Comments may have any of the account's people as author (Ticketing,
// Ticket Comments, "Author id").
func (c *Connector) inTheNameOf(ctx context.Context, name string) (id, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return "", nil
	}
	c.mu.Lock()
	known, seen := c.named[strings.ToLower(name)]
	c.mu.Unlock()
	if seen && c.now().Sub(known.at) < nameLasts {
		return known.user, nil
	}
	found, whole, err := c.search(ctx, name)
	if err != nil {
		return "", helpdesk.Unsent("send reply", err)
	}
	who := nameSeen{at: c.now()}
	hits := 0
	for i := range found {
		if u := &found[i]; u.works() && strings.EqualFold(strings.Join(strings.Fields(string(u.Name)), " "), name) {
			who.user = u.ID
			hits++
		}
	}
	if hits != 1 || !whole {
		who.user = ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.named[strings.ToLower(name)] = who
	return who.user, nil
}

// search looks for people by a word or address, and says whether that is all there are. Quotes keep it from being read as
// anything but a text.
func (c *Connector) search(ctx context.Context, text string) (found []user, whole bool, err error) {
	text = strings.Map(func(r rune) rune {
		if r == '"' || r == '\\' || r < ' ' {
			return -1
		}
		return r
	}, text)
	if text == "" {
		return nil, true, nil
	}
	var answer struct {
		paging
		Users []user `json:"users"`
	}
	call := helpdesk.Call{Op: "find agent", Path: []string{"users", "search"}, Query: url.Values{"query": {`"` + text + `"`}}}
	if err := c.http.Do(ctx, call, &answer); err != nil {
		return nil, false, err
	}
	return answer.Users, answer.NextPage == "" && !bool(answer.Meta.HasMore), nil
}
