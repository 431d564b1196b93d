package zendesk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newTicket is a ticket as its customer would make it: they are its requester, and as its submitter the author of its first comment.
type newTicket struct {
	Subject    string      `json:"subject"`
	Comment    newComment  `json:"comment"`
	Requester  json.Number `json:"requester_id"`
	Submitter  json.Number `json:"submitter_id"`
	Tags       []string    `json:"tags,omitempty"`
	ExternalID string      `json:"external_id"`
}

// Open implements desk.Opener. Zendesk keeps an Idempotency-Key for two hours (Introduction, "Making requests idempotent"); before and
// after, the key is found again as the ticket's external_id.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	key := "warmline:" + o.Key
	if o.Key == "" {
		return "", &desk.Refused{Op: "open ticket", Why: "it has no key, so that a repeat would open another one"}
	}
	if open, err := c.opened(ctx, key); err != nil || open != "" {
		return open, unsentOpen(err)
	}
	customer, err := c.customer(ctx, o.Customer)
	if err != nil {
		return "", err
	}
	var answer struct {
		Ticket ticket `json:"ticket"`
	}
	// Commit point: the ticket may be there from here on. A repeat finds it by its external_id, or is told of it by the key.
	err = c.http.Do(ctx, helpdesk.Call{
		Op: "open ticket", Method: http.MethodPost, Path: []string{"tickets"}, Header: http.Header{"Idempotency-Key": {key}},
		Body: map[string]newTicket{"ticket": {
			Subject: o.Subject, Requester: json.Number(customer), Submitter: json.Number(customer), Tags: tagNames(o.Tags), ExternalID: key,
			Comment: newComment{HTML: richtext.HTML(o.Text), Public: true, Author: json.Number(customer)},
		}},
	}, &answer)
	if err == nil && answer.Ticket.ID == "" {
		err = errors.New("open ticket: the answer has no ticket id")
	}
	return string(answer.Ticket.ID), explained(err)
}

func unsentOpen(err error) error {
	if err == nil {
		return nil
	}
	return helpdesk.Unsent("open ticket", err)
}

// opened is the ticket with an external_id; "" when there is none.
func (c *Connector) opened(ctx context.Context, key string) (string, error) {
	var answer struct {
		Tickets []struct {
			ID         id   `json:"id"`
			ExternalID word `json:"external_id"`
		} `json:"tickets"`
	}
	call := helpdesk.Call{Op: "look for ticket", Path: []string{"tickets"}, Query: url.Values{"external_id": {key}}}
	if err := c.http.Do(ctx, call, &answer); err != nil {
		return "", err
	}
	for _, t := range answer.Tickets {
		if string(t.ExternalID) == key {
			return string(t.ID), nil
		}
	}
	return "", nil
}

// customer finds who has an e-mail address, or makes them. No mail asks them to confirm it. The call that makes one takes whoever has
// the address already, so a repeat makes nobody twice.
func (c *Connector) customer(ctx context.Context, who escalate.Customer) (id, error) {
	email := strings.TrimSpace(who.Email)
	found, _, err := c.search(ctx, email)
	if err != nil {
		return "", helpdesk.Unsent("open ticket", err)
	}
	for i := range found {
		if strings.EqualFold(string(found[i].Email), email) && numeric(string(found[i].ID)) {
			return found[i].ID, nil
		}
	}
	name := strings.TrimSpace(who.Name)
	if name == "" {
		name, _, _ = strings.Cut(email, "@")
	}
	var answer struct {
		User user `json:"user"`
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: "add customer", Method: http.MethodPost, Path: []string{"users", "create_or_update"},
		Body: map[string]any{"user": map[string]any{"name": name, "email": email, "skip_verify_email": true}},
	}, &answer)
	if err == nil && !numeric(string(answer.User.ID)) {
		err = errors.New("add customer: the answer has no user id")
	}
	return answer.User.ID, err
}
