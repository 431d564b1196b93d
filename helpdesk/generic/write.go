package generic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Limits implements desk.Helpdesk. Nobody knows how long another system may still apply a lost call, so the wait is long.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, Stamps: c.m.Reply.uses("stamp")}
}

// Write implements desk.Helpdesk. Fields are set, so a repeat changes nothing. A note that the ticket has already is found by its
// marker. A reply is not looked for: the caller reads back before it repeats one.
func (c *Connector) Write(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	v := values{"ticket": ticket, "ticket.number": integer(ticket), "key": w.Key}
	if len(w.Files) > 0 {
		return "", &desk.Refused{Op: "write " + string(w.Kind), Why: "files cannot be sent by a mapping; send the text alone", Content: true}
	}
	switch w.Kind {
	case desk.WriteReply:
		return c.reply(ctx, ticket, w, v)
	case desk.WriteNote:
		return c.note(ctx, ticket, w, v)
	case desk.WriteAssign:
		v["agent"], v["agent.number"] = string(w.Agent), integer(string(w.Agent))
		return "", c.set(ctx, "assign ticket", "assign", c.m.Assign, v)
	case desk.WriteTags:
		return "", c.addTags(ctx, ticket, w.Tags, v)
	case desk.WriteStatus:
		return "", c.setWord(ctx, "status", c.m.Status, string(w.Status), v)
	case desk.WritePriority:
		return "", c.setWord(ctx, "priority", c.m.Priority, string(w.Priority), v)
	default:
		return "", &desk.Refused{Op: "write ticket", Why: fmt.Sprintf("a %q is nothing a mapping can write", w.Kind)}
	}
}

// unmapped says that a mapping lacks what is to be done.
func unmapped(op, section string) error {
	return &desk.Refused{Op: op, Why: "the mapping does not say how; add " + section + " to it"}
}

// reply sends a public message. The commit point is the call itself: nothing before it changes anything, and after it only a reading
// can tell.
func (c *Connector) reply(ctx context.Context, ticket string, w desk.Write, v values) (escalate.MessageID, error) {
	const op = "send reply"
	a := c.m.Reply
	if a == nil {
		return "", unmapped(op, "reply")
	}
	author := strings.Join(strings.Fields(w.Author), " ")
	named := a.uses("author")
	if author != "" {
		v["author"] = author
	}
	if w.Stamp != "" {
		v["stamp"] = w.Stamp
	}
	if err := c.knowCustomer(ctx, ticket, a, v); err != nil {
		return "", err
	}
	return c.say(ctx, op, ticket, a, w, author, named, v)
}

// note adds a note that is not there yet.
func (c *Connector) note(ctx context.Context, ticket string, w desk.Write, v values) (escalate.MessageID, error) {
	const op = "add note"
	a := c.m.Note
	if a == nil {
		return "", unmapped(op, "note")
	}
	if found, err := c.written(ctx, ticket, w.Key); err != nil || found != "" {
		return found, err
	}
	if err := c.knowCustomer(ctx, ticket, a, v); err != nil {
		return "", err
	}
	return c.say(ctx, op, ticket, a, w, "", false, v)
}

// written is the message of ours that has a marker; "" when there is none.
func (c *Connector) written(ctx context.Context, ticket, key string) (escalate.MessageID, error) {
	if key == "" {
		return "", nil
	}
	s, err := c.Read(ctx, ticket)
	if err != nil {
		return "", err
	}
	for _, m := range s.Content.Messages {
		if m.Marker == key {
			return m.ID, nil
		}
	}
	return "", nil
}

// knowCustomer reads whom a message goes to, where the helpdesk wants to be told.
func (c *Connector) knowCustomer(ctx context.Context, ticket string, a *Action, v values) error {
	if !a.uses("customer.email", "customer.name") {
		return nil
	}
	doc, err := c.ticket(ctx, ticket)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{"customer.email": c.m.Ticket.Customer.Email.text(doc), "customer.name": c.m.Ticket.Customer.Name.text(doc)} {
		if text != "" {
			v[name] = text
		}
	}
	return nil
}

// say makes the one call that adds a message, and returns its id. Where the answer has none, the message is looked for.
func (c *Connector) say(ctx context.Context, op, ticket string, a *Action, w desk.Write, author string, named bool, v values) (escalate.MessageID, error) {
	text, key := c.mark(w.Text, w.Key, author, named)
	v["text"], v["html"], v["markdown"], v["key"] = text, richtext.HTML(text), richtext.Markdown(text), key
	answer, err := c.act(ctx, op, a, v)
	if err != nil {
		return "", err
	}
	if a.ID != "" {
		if id := a.ID.text(answer); id != "" {
			return escalate.MessageID(id), nil
		}
		return "", fmt.Errorf("%s: it was taken, but the answer has no message id at %s", op, a.ID)
	}
	id, err := c.written(ctx, ticket, w.Key)
	if err != nil || id == "" {
		// Not a refusal, whatever the reading says: it may be there.
		return "", fmt.Errorf("%s: it was taken, but is not found again: %s", op, reason(err))
	}
	return id, nil
}

func reason(err error) string {
	if err == nil {
		return "no message has its marker; see messages.marker and messages.ours of the mapping"
	}
	return err.Error()
}

// act makes one call that writes.
func (c *Connector) act(ctx context.Context, op string, a *Action, v values) (any, error) {
	call, err := c.action(op, a, v)
	if err != nil {
		return nil, &desk.Refused{Op: op, Why: err.Error()} // nothing left this process
	}
	res, err := c.api.Send(ctx, call)
	if err != nil || a.ID == "" {
		return nil, err
	}
	answer, err := decode(res.Body)
	if err != nil {
		return nil, fmt.Errorf("%s: decode answer: %w", op, err)
	}
	return answer, nil
}

func (c *Connector) action(op string, a *Action, v values) (helpdesk.Call, error) {
	path, query, err := v.address(a.URL)
	if err != nil {
		return helpdesk.Call{}, err
	}
	call := helpdesk.Call{Op: op, Method: a.Method, Path: path, Query: query, Header: http.Header{}, Stamped: v["stamp"] != nil && a.uses("stamp")}
	for name, template := range a.Headers {
		text, there, err := v.fill(template)
		switch {
		case err != nil:
			return call, err
		case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }):
			return call, fmt.Errorf("the header %s would hold what a header cannot", name)
		case there:
			call.Header.Set(name, text)
		}
	}
	if a.Body == nil {
		return call, nil
	}
	call.Body, _, err = v.build(a.Body)
	return call, err
}

// set makes a call that sets something.
func (c *Connector) set(ctx context.Context, op, section string, a *Action, v values) error {
	if a == nil {
		return unmapped(op, section)
	}
	_, err := c.act(ctx, op, a, v)
	return err
}

// setWord sets a status or a priority by the helpdesk's word for it.
func (c *Connector) setWord(ctx context.Context, section string, a *Action, ours string, v values) error {
	op := "set " + section
	if a == nil {
		return unmapped(op, section)
	}
	word, known := a.Words[ours]
	if !known {
		return &desk.Refused{Op: op, Why: fmt.Sprintf("the mapping has no word for %q; add it to %s.words", ours, section)}
	}
	v[section] = word
	return c.set(ctx, op, section, a, v)
}

func textOfWord(word any) string {
	switch word.(type) {
	case string, int, int64, uint64, bool:
		b, _ := json.Marshal(word) // none of these fails
		return strings.Trim(string(b), `"`)
	}
	return ""
}

// addTags adds tags. Where what is sent replaces all there are, they are read right before, and again after: whoever read before us
// and wrote after us took ours away, and they are added again.
func (c *Connector) addTags(ctx context.Context, ticket string, add []string, v values) error {
	const op = "add tags"
	if c.m.Tags == nil {
		return unmapped(op, "tags")
	}
	if !c.m.Tags.Replaces {
		v["tags"] = nonNil(add)
		return c.set(ctx, op, "tags", c.m.Tags, v)
	}
	const tries = 3
	for range tries {
		doc, err := c.ticket(ctx, ticket)
		if err != nil {
			return err
		}
		have := c.m.Ticket.tags(doc)
		all := union(have, add)
		if len(all) == len(have) {
			return nil
		}
		v["tags"] = all
		if err := c.set(ctx, op, "tags", c.m.Tags, v); err != nil {
			return err
		}
	}
	return errors.New(op + ": others change them at the same time, or the helpdesk keeps some in another form; correct the mapping if this stays")
}

func union(have, add []string) []string {
	out := slices.Clone(have)
	for _, tag := range add {
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

func nonNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
