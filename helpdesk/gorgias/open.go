package gorgias

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newTicket is a ticket on its way. Its one message is the customer's, which Gorgias sends nowhere.
type newTicket struct {
	ExternalID string       `json:"external_id"`
	Channel    string       `json:"channel"`
	Via        string       `json:"via"`
	FromAgent  bool         `json:"from_agent"`
	Subject    string       `json:"subject"`
	Status     string       `json:"status"`
	Customer   *reference   `json:"customer"`
	Messages   []newMessage `json:"messages"`
	Tags       []tag        `json:"tags,omitempty"`
}

// Open implements desk.Opener. The key is kept as the ticket's external_id, by which tickets can be listed, and looked for before a
// ticket is made; the commit point is the post. Two calls with one key at the same time could both find nothing: the caller makes
// them one after the other.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open ticket"
	external := openPrefix + o.Key
	switch {
	case o.Key == "" || len(external) > longestMark:
		return "", &desk.Refused{Op: op, Why: "it has no key, or a too long one, so that a repeat would make a second ticket"}
	case o.Customer.Email == "":
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing; without one nobody could be answered", Content: true}
	}
	there, err := all[ticket](ctx, c, helpdesk.Call{
		Op: "look for the ticket", Path: []string{"tickets"}, Query: url.Values{"external_id": {external}},
	})
	if err != nil {
		return "", err
	}
	if len(there) > 0 {
		return string(there[0].ID), nil
	}
	customer := &reference{Email: o.Customer.Email, Name: o.Customer.Name}
	n := newTicket{
		ExternalID: external, Channel: "api", Via: "api", Subject: o.Subject, Status: statusOpen, Customer: customer,
		Messages: []newMessage{{
			Channel: "api", Via: "api", Public: true, Sender: customer, BodyText: o.Text, BodyHTML: richtext.HTML(o.Text), Subject: o.Subject,
		}},
	}
	for _, name := range o.Tags {
		n.Tags = append(n.Tags, tag{Name: name})
	}
	var made ticket
	err = c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"tickets"}, Body: n}, &made)
	if err == nil && made.ID == "" {
		err = errors.New("open ticket: the answer has no ticket id")
	}
	return string(made.ID), err
}
