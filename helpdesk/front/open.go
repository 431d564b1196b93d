package front

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// imported is a message as its customer would have sent it. Front mails nobody for it.
type imported struct {
	Sender     importedSender   `json:"sender"`
	To         []string         `json:"to"`
	Subject    string           `json:"subject"`
	Body       string           `json:"body"`
	BodyFormat string           `json:"body_format"`
	ExternalID string           `json:"external_id"`
	CreatedAt  int64            `json:"created_at"`
	Tags       []string         `json:"tags,omitempty"`
	Metadata   importedMetadata `json:"metadata"`
}

type importedSender struct {
	Name   string `json:"name,omitempty"`
	Handle string `json:"handle"`
}

// importedMetadata is said whole. Left out, Front puts the message into the sender's newest conversation, archives that, and lets no
// rule see it.
type importedMetadata struct {
	ThreadRef string `json:"thread_ref"`
	Inbound   bool   `json:"is_inbound"`
	Archived  bool   `json:"is_archived"`
	SkipRules bool   `json:"should_skip_rules"`
}

const (
	openPrefix = "warmline:"
	// reopens is how far back a conversation of the same key is looked for: longer than any press is tried again.
	reopens = 60 * 24 * time.Hour
	// openPages bounds how many pages of one customer's conversations are looked at.
	openPages = 5
)

// Open implements desk.Opener. Front imports no two messages with the same external_id (Core API, Import message), which is made of the
// key; and the message's last line holds the key, by which its conversation is found again. The commit point is the import: Front
// takes it and makes the conversation later, so one that is not shown yet is an error that leaves it open, and a repeat finds it.
func (c *Connector) Open(ctx context.Context, o desk.Opening) (string, error) {
	const op = "open conversation"
	email := strings.TrimSpace(o.Customer.Email)
	switch {
	case o.Key == "":
		return "", &desk.Refused{Op: op, Why: "it has no key, so that a repeat would make a second conversation"}
	case email == "":
		return "", &desk.Refused{Op: op, Why: "the customer's e-mail address is missing; without one nobody could be answered", Content: true}
	}
	if there, err := c.opened(ctx, email, o); err != nil || there != "" {
		return there, err
	}
	inbox, address, err := c.mailbox(ctx)
	if err != nil {
		return "", err
	}
	m := imported{
		Sender: importedSender{Name: strings.TrimSpace(o.Customer.Name), Handle: email}, To: []string{address}, Subject: o.Subject,
		Body: richtext.HTML(helpdesk.WithOpenedRef(o.Text, o.Key)), BodyFormat: "html", ExternalID: openPrefix + o.Key, CreatedAt: c.now().Unix(),
		Metadata: importedMetadata{ThreadRef: openPrefix + o.Key, Inbound: true},
	}
	for _, tag := range o.Tags {
		if tag = tagName(tag); tag != "" {
			m.Tags = append(m.Tags, tag)
		}
	}
	var accepted struct {
		UID text `json:"message_uid"`
	}
	err = c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"inboxes", inbox, "imported_messages"}, Body: m}, &accepted)
	if err != nil {
		return "", err
	}
	there, err := c.imported(ctx, string(accepted.UID))
	if there == "" && err == nil {
		there, err = c.opened(ctx, email, o) // Front had it from an earlier time, and names another message
	}
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: it was taken; look for it: %s", op, err.Error()) // no refusal: it is there
	case there == "":
		return "", errors.New(op + ": Front took it and does not show it yet")
	}
	return there, nil
}

// imported is the conversation of a message that was taken; "" while there is none.
func (c *Connector) imported(ctx context.Context, uid string) (string, error) {
	if uid == "" {
		return "", nil
	}
	var m message
	err := c.http.Do(ctx, helpdesk.Call{Op: "read message", Path: []string{"messages", "alt:uid:" + uid}}, &m)
	if errors.Is(err, desk.ErrNotFound) {
		return "", nil
	}
	return conversationIn(string(m.Links.Related.Conversation)), err
}

// opened looks for the conversation that a key has made, among the customer's newest.
func (c *Connector) opened(ctx context.Context, email string, o desk.Opening) (string, error) {
	call := helpdesk.Call{
		Op: "look for the conversation", Path: []string{"contacts", "alt:email:" + email, "conversations"}, Query: limit(pageSize),
	}
	oldest := c.now().Add(-reopens)
	for range openPages {
		some, next, err := onePage[conversation](ctx, c, call)
		if errors.Is(err, desk.ErrNotFound) {
			return "", nil // nobody has this address yet
		}
		if err != nil {
			return "", err
		}
		for i := range some {
			if some[i].CreatedAt.Before(oldest) && !some[i].CreatedAt.IsZero() {
				return "", nil // newest first
			}
			if mine, err := c.begins(ctx, &some[i], o); mine || err != nil {
				return string(some[i].ID), err
			}
		}
		if next == nil {
			break
		}
		call.Query = next
	}
	return "", nil
}

// begins reports whether a conversation begins with what was opened.
func (c *Connector) begins(ctx context.Context, v *conversation, o desk.Opening) (bool, error) {
	words := func(s string) string { return strings.Join(strings.Fields(helpdesk.Clean(s)), " ") }
	if !strings.EqualFold(words(string(v.Subject)), words(o.Subject)) {
		return false, nil
	}
	first, _, err := onePage[message](ctx, c, helpdesk.Call{
		Op: "look for the conversation", Path: conversationPath(string(v.ID), "messages"),
		Query: url.Values{"limit": {"1"}, "sort_by": {"created_at"}, "sort_order": {"asc"}},
	})
	if errors.Is(err, desk.ErrNotFound) || mergedInto(err, string(v.ID)) != "" {
		return false, nil
	}
	if err != nil || len(first) == 0 {
		return false, err
	}
	_, key := helpdesk.CutOpenedRef(first[0].plain())
	return first[0].IsInbound && key == o.Key, nil
}

// mail are Front's kinds of channels that are mailboxes.
var mail = []text{"gmail", "imap", "office365", "smtp", "front_mail"}

// mailbox is where a conversation is opened: the inbox of the shared mailbox with the address that the setting channel names, else of
// the first one that works.
func (c *Connector) mailbox(ctx context.Context) (inbox, address string, err error) {
	const op = "list channels"
	all, err := c.channels.Get(c.now(), helpdesk.RememberFor, func() ([]channel, error) {
		return allPages[channel](ctx, c, helpdesk.Call{Op: op, Path: []string{"channels"}})
	})
	if err != nil {
		return "", "", err
	}
	for _, ch := range all {
		at := strings.LastIndex(string(ch.Links.Related.Inbox), "/inboxes/")
		if at < 0 || ch.IsPrivate || !ch.IsValid || ch.Address == "" || !slices.Contains(mail, ch.Type) {
			continue
		}
		if c.channel == "" || strings.EqualFold(c.channel, string(ch.Address)) {
			return string(ch.Links.Related.Inbox)[at+len("/inboxes/"):], string(ch.Address), nil
		}
	}
	why := "the token sees no shared mailbox that it could be opened in; give it the scope channels:read and the workspace of one"
	if c.channel != "" {
		why = fmt.Sprintf("no shared mailbox that the token sees has the address %s; correct the setting channel", c.channel)
	}
	return "", "", &desk.Refused{Op: op, Why: why}
}
