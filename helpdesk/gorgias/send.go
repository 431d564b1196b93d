package gorgias

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// newMessage is a message on its way. Whether it is public is always said: what says nothing is public. There is no
// sent_datetime: a message that has one is only imported, as something that was sent by other means, and never goes out.
type newMessage struct {
	Channel       string      `json:"channel"`
	Via           string      `json:"via"`
	FromAgent     bool        `json:"from_agent"`
	Public        bool        `json:"public"`
	Sender        *reference  `json:"sender"`
	Receiver      *reference  `json:"receiver,omitempty"`
	Source        *newSource  `json:"source,omitempty"`
	IntegrationID json.Number `json:"integration_id,omitempty"`
	Subject       string      `json:"subject,omitempty"`
	BodyHTML      string      `json:"body_html"`
	BodyText      string      `json:"body_text"`
	ExternalID    string      `json:"external_id,omitempty"`
	Attachments   []newFile   `json:"attachments,omitempty"`
}

// reference names a user or a customer: by id, or by e-mail address and name.
type reference struct {
	ID    json.Number `json:"id,omitempty"`
	Email string      `json:"email,omitempty"`
	Name  string      `json:"name,omitempty"`
}

func ref(id ident) *reference { return &reference{ID: json.Number(id)} }

type newSource struct {
	Type string    `json:"type"`
	From address   `json:"from"`
	To   []address `json:"to"`
}

// newText is the text of a write with its marker. A key that does not fit is an error: cut, it would not be found again.
func newText(op string, w desk.Write, signed bool) (newMessage, error) {
	text := w.Text
	if signed {
		text += dash + w.Author
	}
	m := newMessage{
		FromAgent: true, Public: w.Kind == desk.WriteReply, BodyText: text, BodyHTML: richtext.HTML(text), ExternalID: mark(w.Key, signed),
	}
	if len(m.ExternalID) > longestMark {
		return m, &desk.Refused{Op: op, Why: fmt.Sprintf("its key has %d bytes, more than a marker holds", len(w.Key)), Content: true}
	}
	return m, nil
}

// reply sends a public message by the way the customer last wrote. It goes out in the name of its author where a user has that name,
// and is signed where none has. The commit point is the post: nothing before it changes anything that anybody sees, and after it only
// a reading can tell.
func (c *Connector) reply(ctx context.Context, ticketID string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	m, err := c.prepared(ctx, op, ticketID, w)
	if err != nil {
		return "", helpdesk.Unsent(op, err)
	}
	made, err := c.post(ctx, op, ticketID, m)
	if err != nil {
		return "", err
	}
	if !made.isPublic() {
		return "", &desk.Refused{Op: op, Why: "Gorgias kept it as an internal note, so that the customer never got it; look at the account's rules"}
	}
	return escalate.MessageID(made.ID), c.watch(ctx, op, ticketID, made)
}

// prepared is a reply with all that it needs, its files in the account already.
func (c *Connector) prepared(ctx context.Context, op, ticketID string, w desk.Write) (newMessage, error) {
	t, err := c.ticket(ctx, ticketID)
	if err != nil {
		return newMessage{}, err
	}
	if !t.TrashedAt.IsZero() {
		return newMessage{}, trashed(op)
	}
	m, err := c.addressed(ctx, op, t, w)
	if err != nil {
		return newMessage{}, err
	}
	m.Attachments, err = c.upload(ctx, w.Files, m.Public)
	return m, err
}

// addressed is a reply with everything but its files.
func (c *Connector) addressed(ctx context.Context, op string, t *ticket, w desk.Write) (newMessage, error) {
	way, err := c.wayTo(t)
	if err != nil {
		return newMessage{}, err
	}
	w.Author = strings.TrimSpace(w.Author)
	sender, signed, err := c.sender(ctx, w.Author)
	if err != nil {
		return newMessage{}, err
	}
	m, err := newText(op, w, signed)
	if err != nil {
		return newMessage{}, err
	}
	m.Channel, m.Via, m.Source, m.Sender = way.channel, "api", &way.source, ref(sender)
	if numeric(string(way.integration)) {
		m.IntegrationID = json.Number(way.integration)
	}
	if customer := t.customer(); numeric(string(customer.ID)) {
		m.Receiver = ref(customer.ID)
	}
	if way.channel == email {
		m.Subject = t.Subject
	}
	return m, nil
}

// sender is the user in whose name a reply goes, and whether the author's name must stand below it. Our own user is never an author:
// what is sent as it reads as the bot's.
func (c *Connector) sender(ctx context.Context, author string) (id ident, signed bool, err error) {
	me, err := c.me(ctx)
	switch {
	case err != nil:
		return "", false, err
	case author == "" || c.sign:
		return me.ID, author != "", nil
	}
	named, err := c.named(ctx, author)
	if err != nil {
		return "", false, err
	}
	if named == "" || named == me.ID {
		return me.ID, true, nil
	}
	return named, false, nil
}

// post makes the one call that adds a message.
func (c *Connector) post(ctx context.Context, op, ticketID string, m newMessage) (*message, error) {
	var made message
	err := c.api.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"tickets", ticketID, "messages"}, Body: m}, &made)
	if err == nil && made.ID == "" {
		err = fmt.Errorf("%s: the answer has no message id", op)
	}
	if err != nil {
		return nil, err
	}
	return &made, nil
}

// firstLook is how long to wait before a message is looked at a second time; each wait is twice the one before.
const firstLook = 200 * time.Millisecond

// watch looks after a reply that Gorgias has taken: it is sent some time later, and may fail then. One that failed certainly never
// reached the customer. One that is still on its way, or cannot be looked at, counts as sent; if it fails later, reading shows it.
func (c *Connector) watch(ctx context.Context, op, ticketID string, m *message) error {
	for wait, spent := time.Duration(0), time.Duration(0); ; {
		switch {
		case m.failed():
			return &desk.Refused{Op: op, Why: fmt.Sprintf("Gorgias took the reply and could not send it: %s. Do not let it be sent again there when you send "+
				"another", m.why())}
		case !m.SentAt.IsZero() || spent+wait > c.await || !pause(ctx, wait):
			return nil
		}
		spent, wait = spent+wait, max(2*wait, firstLook)
		var now message
		err := c.api.Do(ctx, helpdesk.Call{Op: "look after the reply", Path: []string{"tickets", ticketID, "messages", string(m.ID)}}, &now)
		if err != nil || now.ID != m.ID {
			return nil //nolint:nilerr // it was taken: that it cannot be looked at says nothing else
		}
		m = &now
	}
}

// pause waits; false when ctx ends before.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
