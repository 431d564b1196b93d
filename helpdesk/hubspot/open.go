package hubspot

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newRecord is a record of the CRM on its way, with what it is tied to.
type newRecord struct {
	Properties   map[string]string `json:"properties"`
	Associations []association     `json:"associations,omitempty"`
}

const (
	// ticketToContact is HubSpot's number of the association (https://developers.hubspot.com/docs/reference/api/crm/associations).
	ticketToContact = 16
	// mostOpened is how many of one customer's tickets, the newest, are looked at for one of the same key.
	mostOpened = 2 * mostInputs
)

// Open implements desk.Opener. The ticket is made with its customer in one call, which is the commit point; the key is a reference at
// the end of its description, by which it is looked for among the customer's before. That goes by what is associated and not by the
// search, so it shows at once. Such a ticket has no conversation: people see to it, and write to the customer in HubSpot.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open ticket"
	switch {
	case o.Key == "":
		return "", &desk.Refused{Op: op, Why: "it has no key, so that a repeat would make a second ticket"}
	case strings.TrimSpace(o.Customer.Email) == "":
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing; without one nobody could be answered", Content: true}
	}
	customer, err := c.contactFor(ctx, op, o.Customer)
	if err != nil {
		return "", err
	}
	there, err := c.opened(ctx, customer, o.Key)
	if err != nil {
		return "", nothingSent(op, err)
	}
	if there != "" {
		return there, nil
	}
	n := newRecord{Associations: tiedTo(customer, ticketToContact), Properties: map[string]string{
		"subject": o.Subject, "content": described(helpdesk.WithOpenedRef(o.Text, o.Key)),
	}}
	if c.tags != "" && len(o.Tags) > 0 {
		n.Properties[c.tags] = strings.Join(union(nil, o.Tags), ";")
	}
	if err := c.place(ctx, op, n.Properties); err != nil {
		return "", err
	}
	var made record
	err = c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"crm", "v3", "objects", "tickets"}, Body: n}, &made)
	if err == nil && made.ID == "" {
		err = errors.New(op + ": the answer has no ticket id")
	}
	return string(made.ID), err
}

// described is a text as a description that reads back to it: a plain one, unless it looks like HTML.
func described(text string) string {
	if plain(text) == text {
		return text
	}
	return richtext.HTML(text)
}

// place puts a new ticket into the first pipeline that has a stage for it.
func (c *Connector) place(ctx context.Context, op string, properties map[string]string) error {
	pipelines, err := c.stagesOf(ctx, helpdesk.RememberFor)
	if err != nil {
		return nothingSent(op, err)
	}
	for i := range pipelines {
		p := &pipelines[i]
		if s := c.stageFor(p, escalate.StatusOpen); s != nil && !p.Archived {
			properties["hs_pipeline"], properties["hs_pipeline_stage"] = string(p.ID), string(s.ID)
			return nil
		}
	}
	return &desk.Refused{Op: op, Why: "no pipeline of tickets has a stage that means open; name one in the setting stages"}
}

// contactFor is the contact with an e-mail address, made where there is none. One that somebody else makes meanwhile is found.
func (c *Connector) contactFor(ctx context.Context, op string, who escalate.Customer) (string, error) {
	email := strings.TrimSpace(who.Email)
	id, err := c.contactOf(ctx, email)
	if err != nil {
		return "", nothingSent(op, err)
	}
	if id != "" {
		return id, nil
	}
	first, last, _ := strings.Cut(strings.TrimSpace(who.Name), " ")
	n := newRecord{Properties: map[string]string{"email": email}}
	for name, value := range map[string]string{"firstname": first, "lastname": strings.TrimSpace(last)} {
		if value != "" {
			n.Properties[name] = value
		}
	}
	var made record
	err = c.http.Do(ctx, helpdesk.Call{Op: "add contact", Method: http.MethodPost, Path: []string{"crm", "v3", "objects", "contacts"}, Body: n}, &made)
	if err != nil || made.ID == "" {
		id, lookErr := c.contactOf(ctx, email)
		if lookErr == nil && id != "" {
			return id, nil
		}
		return "", cmp.Or(err, errors.New("add contact: the answer has no id"))
	}
	return string(made.ID), nil
}

// contactOf is the id of the contact with an e-mail address; "" when there is none.
func (c *Connector) contactOf(ctx context.Context, email string) (string, error) {
	var r record
	err := c.http.Do(ctx, helpdesk.Call{
		Op: "find contact", Path: []string{"crm", "v3", "objects", "contacts", email}, Query: url.Values{"idProperty": {"email"}, "properties": {"email"}},
	}, &r)
	if errors.Is(err, desk.ErrNotFound) {
		return "", nil
	}
	return string(r.ID), err
}

// opened looks for the ticket that a key has made.
func (c *Connector) opened(ctx context.Context, contact, key string) (string, error) {
	var r record
	err := c.http.Do(ctx, helpdesk.Call{
		Op: "look for the ticket", Path: []string{"crm", "v3", "objects", "contacts", contact}, Query: url.Values{"associations": {"tickets"}, "properties": {"email"}},
	}, &r)
	if err != nil {
		return "", err
	}
	ids := r.Associations["tickets"].Results
	slices.SortFunc(ids, func(a, b to) int { return cmp.Or(len(b.ID)-len(a.ID), strings.Compare(string(b.ID), string(a.ID))) }) // newest first: ids grow
	ids = slices.Compact(ids)
	found, err := c.records(ctx, "look for the ticket", "tickets", []string{"content"}, ids[:min(len(ids), mostOpened)])
	if err != nil {
		return "", err
	}
	for i := range found {
		if _, its := helpdesk.CutOpenedRef(plain(string(found[i].Properties["content"]))); its == key && found[i].ID != "" {
			return string(found[i].ID), nil
		}
	}
	return "", nil
}
