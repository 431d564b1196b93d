package hubspot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// reference. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, id, w)
	case desk.WriteNote:
		return c.note(ctx, id, w)
	case desk.WriteAssign:
		return "", c.assign(ctx, id, string(w.Agent))
	case desk.WriteTags:
		return "", c.addTags(ctx, id, w)
	case desk.WriteStatus:
		return "", c.setStatus(ctx, id, w.Status)
	case desk.WritePriority:
		return "", c.setPriority(ctx, id, w.Priority)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing that HubSpot can write", w.Kind)}
	}
}

// newMessage is a public message on its way. HubSpot requires all that is not marked as left out.
type newMessage struct {
	Type           string          `json:"type"` // always said: MESSAGE goes to the customer
	Text           string          `json:"text"`
	RichText       string          `json:"richText"`
	Attachments    []newAttachment `json:"attachments"` // always there
	ChannelID      string          `json:"channelId"`
	ChannelAccount string          `json:"channelAccountId"`
	Sender         string          `json:"senderActorId"`
	Recipients     []newRecipient  `json:"recipients"`
	Subject        string          `json:"subject,omitempty"` // of e-mail
}

type newRecipient struct {
	ActorID     string          `json:"actorId,omitempty"`
	Name        string          `json:"name,omitempty"`
	Identifiers []newIdentifier `json:"deliveryIdentifiers"`
}

type newIdentifier struct {
	Type  string `json:"type"`
	Value string `json:"value"`
}

// newComment is an internal comment on its way.
type newComment struct {
	Type        string          `json:"type"` // always said: a COMMENT is for the team alone
	Text        string          `json:"text"`
	RichText    string          `json:"richText"`
	Attachments []newAttachment `json:"attachments"`
}

// reply sends a public message to the customer, on the channel on which they wrote last. It goes out as the user who has its author's
// name; where none has, as the bot's user and signed. The commit point is the post: nothing before it changes anything.
func (c *Connector) reply(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	const op = "send reply"
	t, err := c.standing(ctx, op, id)
	if err != nil {
		return "", err
	}
	of, err := c.talk(ctx, t)
	if err != nil {
		return "", nothingSent(op, err)
	}
	out, th, err := of.answer(t)
	if err != nil {
		return "", err
	}
	signedBy := ""
	if w.Author != "" {
		if out.Sender, err = c.authorActor(ctx, w.Author); err != nil {
			return "", nothingSent(op, err)
		}
		if out.Sender == "" {
			signedBy = w.Author
		}
	}
	if out.Sender == "" {
		if out.Sender, err = c.senderActor(ctx); err != nil {
			return "", nothingSent(op, err)
		}
	}
	out.Type = kindMessage
	out.Text = withSign(w.Text, signedBy, w.Key)
	out.RichText = richtext.HTML(out.Text)
	if out.Attachments, err = c.upload(ctx, op, w.Files); err != nil {
		return "", err
	}
	return c.post(ctx, op, th, out)
}

// answer is a message to the customer with all but its text and sender: the channel and address by which they wrote last, else those of
// the newest thread that has any. What a participant wrote is not answered: they are not whom the reply is for.
func (of *talk) answer(t *record) (newMessage, string, error) {
	r := reading{customer: of.customer}
	for _, m := range slices.Backward(of.messages) {
		if !m.inbound() || len(m.Senders) == 0 || !r.isCustomer(&m.Senders[0]) {
			continue
		}
		at, ok := m.Senders[0].address()
		if !ok || m.ChannelID == "" || m.ChannelAccount == "" {
			continue
		}
		return toCustomer(t, of, at, string(m.ChannelID), string(m.ChannelAccount), string(m.Senders[0].ActorID)), string(m.thread.ID), nil
	}
	for _, th := range slices.Backward(of.threads) {
		if th.ChannelID == "" || th.ChannelAccount == "" || channels[th.ChannelID] != "email" || of.customer.email == "" {
			continue
		}
		at, actor := identifier{emailAddress, text(of.customer.email)}, ""
		if of.customer.id != "" {
			actor = visitor + of.customer.id
		}
		return toCustomer(t, of, at, string(th.ChannelID), string(th.ChannelAccount), actor), string(th.ID), nil
	}
	return newMessage{}, "", &desk.Refused{Op: "send reply", Why: fmt.Sprintf(
		"ticket %s has no conversation in which the customer can be answered; write to them in HubSpot", t.ID)}
}

func toCustomer(t *record, of *talk, at identifier, channel, account, actor string) newMessage {
	m := newMessage{
		ChannelID: channel, ChannelAccount: account,
		Recipients: []newRecipient{{ActorID: actor, Name: of.customer.name, Identifiers: []newIdentifier{{string(at.Type), string(at.Value)}}}},
	}
	if at.Type == emailAddress {
		m.Subject = helpdesk.Clean(string(t.Properties["subject"]))
	}
	return m
}

// note adds a comment that is not there yet to the newest thread; where a ticket has none, a note to its record.
func (c *Connector) note(ctx context.Context, id string, w desk.Write) (escalate.MessageID, error) {
	const op = "add comment"
	t, err := c.standing(ctx, op, id)
	if err != nil {
		return "", err
	}
	of, err := c.talk(ctx, t)
	if err != nil {
		return "", nothingSent(op, err)
	}
	if w.Key != "" {
		known, err := c.messages(ctx, of)
		if err != nil {
			return "", nothingSent(op, err)
		}
		for i := range known {
			if m := &known[i]; m.Marker == w.Key {
				return m.ID, nil
			}
		}
	}
	body := withSign(w.Text, "", w.Key)
	files, err := c.upload(ctx, op, w.Files)
	if err != nil {
		return "", err
	}
	if len(of.threads) == 0 {
		return c.postNote(ctx, op, id, body, files)
	}
	out := newComment{Type: kindComment, Text: body, RichText: richtext.HTML(body), Attachments: files}
	return c.post(ctx, op, string(of.threads[len(of.threads)-1].ID), out)
}

// post makes the one call that adds to a thread.
func (c *Connector) post(ctx context.Context, op, thread string, body any) (escalate.MessageID, error) {
	var made message
	err := c.http.Do(ctx, helpdesk.Call{Op: op, Method: http.MethodPost, Path: threadPath(thread, "messages"), Body: body}, &made)
	if errors.Is(err, desk.ErrNotFound) { // the thread is gone, which the ticket need not be
		return "", nothingSent(op, err)
	}
	if err == nil && made.ID == "" {
		err = fmt.Errorf("%s: the answer has no message id", op)
	}
	return escalate.MessageID(made.ID), err
}

// threads are a ticket's threads, oldest first.
func (c *Connector) threads(ctx context.Context, id string) ([]thread, error) {
	found, err := all[thread](ctx, c, helpdesk.Call{Op: "list threads", Path: threadPath(), Query: url.Values{"associatedTicketId": {id}, "limit": {"100"}}})
	slices.SortStableFunc(found, func(a, b thread) int { return a.CreatedAt.time().Compare(b.CreatedAt.time()) })
	return found, notOfTheTicket(err)
}

// retrySoon is when to try again what failed before anything was sent.
const retrySoon = 10 * time.Second

// nothingSent makes a refusal of the failure of a call that only prepared the write: the write itself was certainly not made. When it was
// the caller's time that ran out, that is what the caller is told.
func nothingSent(op string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: nothing was sent: %w", op, err)
	}
	out := &desk.Refused{Op: op, Why: "nothing was sent: " + err.Error(), RetryAfter: retrySoon}
	if refused, ok := errors.AsType[*desk.Refused](err); ok {
		out.RetryAfter, out.Status = refused.RetryAfter, refused.Status
	}
	return out
}
