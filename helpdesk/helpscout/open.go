package helpscout

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newConversation is a conversation as its customer would begin it: its only thread is theirs, so that nobody is mailed.
type newConversation struct {
	Subject  string      `json:"subject"`
	Type     string      `json:"type"`
	Inbox    json.Number `json:"mailboxId"`
	Status   string      `json:"status"`
	Customer newPerson   `json:"customer"`
	Threads  []newThread `json:"threads"`
	Tags     []string    `json:"tags,omitempty"`
}

type newPerson struct {
	Email string `json:"email"`
	First string `json:"firstName,omitempty"`
	Last  string `json:"lastName,omitempty"`
}

type newThread struct {
	Type     string    `json:"type"`
	Customer newPerson `json:"customer"`
	Text     string    `json:"text"`
}

// reopens is how far back a conversation of the same key is looked for: longer than any press is tried again.
const reopens = 60 * 24 * time.Hour

// Open implements desk.Opener. The key is a reference at the end of the conversation's text. Before one is made it is looked for among
// the customer's; the commit point is the post. Two calls with one key within the time that a search takes to show what is new could
// both find nothing: the caller makes them one after the other, and waits after a lost answer.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open conversation"
	email, err := mail.ParseAddress(o.Customer.Email)
	switch {
	case err != nil || strings.ContainsAny(email.Address, "\"\\ "):
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing or none; without one nobody could be answered", Content: true}
	case o.Key == "":
		return "", &desk.Refused{Op: op, Why: "it has no key, so that a repeat would make a second conversation"}
	}
	there, err := c.opened(ctx, email.Address, o.Key)
	if err != nil || there != "" {
		return there, err
	}
	inboxes, err := c.mailboxes(ctx)
	if err != nil {
		return "", err
	}
	if len(inboxes) == 0 {
		return "", &desk.Refused{Op: op, Why: "the bot's user sees no inbox that it could be opened in; give it access to one"}
	}
	first, last, _ := strings.Cut(strings.TrimSpace(o.Customer.Name), " ")
	customer := newPerson{Email: email.Address, First: first, Last: last}
	text := richtext.HTML(helpdesk.WithOpenedRef(o.Text, o.Key))
	return c.open(ctx, op, newConversation{
		Subject: o.Subject, Type: "email", Inbox: json.Number(inboxes[0]), Status: statusActive, Customer: customer, Tags: union(nil, o.Tags),
		Threads: []newThread{{Type: isCustomer, Customer: newPerson{Email: email.Address}, Text: text}},
	})
}

func (c *Connector) open(ctx context.Context, op string, n newConversation) (string, error) {
	res, err := c.send(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"conversations"}, Body: n})
	if err != nil {
		return "", err
	}
	id := made(res.Header)
	if id == "" {
		return "", errors.New("open conversation: it was taken, and the answer has no id")
	}
	return id, nil
}

// opened looks for the conversation that a key has made.
func (c *Connector) opened(ctx context.Context, email, key string) (string, error) {
	call := helpdesk.Call{Op: "look for the conversation", Path: []string{"conversations"}, Query: url.Values{
		"status": {"all"}, "embed": {"threads"}, "query": {`(email:"` + email + `")`},
		"modifiedSince": {c.now().Add(-reopens).UTC().Format(time.RFC3339)},
	}}
	type withThreads struct {
		conversation
		Embedded struct {
			Threads []thread `json:"threads"`
		} `json:"_embedded"`
	}
	list, err := all(ctx, c, call, "conversations", func(v *withThreads) ident { return v.ID })
	if err != nil {
		return "", err
	}
	for i := range list {
		for _, t := range list[i].Embedded.Threads {
			if _, found := helpdesk.CutOpenedRef(richtext.Text(t.Body)); found == key && t.Type == isCustomer && numeric(string(list[i].ID)) {
				return string(list[i].ID), nil
			}
		}
	}
	return "", nil
}
