package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strings"

	"warmline/escalate"
)

// JobOpen makes a ticket of what somebody escalated from Slack.
const JobOpen = "open-ticket"

type openWork struct {
	Desk    string    `json:"desk"`
	Opening Opening   `json:"opening"`
	By      Recipient `json:"by"`
	Name    string    `json:"name"` // of who escalated it
}

// escalateMessage asks what a message in Slack is about, and has a ticket made of it.
func (a *act) escalateMessage(ctx context.Context) error {
	name, _ := a.s.opener()
	if name == "" {
		return a.say(ctx, "No connected helpdesk takes new tickets from me. Open it there; then I read it like any other.")
	}
	f := a.press.Fields
	if a.press.Action == ActEscalate {
		a.ack.Open = &Modal{
			Action: ActSubmitEscalate, Token: "message", Newest: escalate.MessageID(a.press.On.Channel), Text: f["text"],
			Head: "A ticket is made of this, and a person sees to it. The AI does not answer it by itself.",
		}
		return nil
	}
	a.press.On.Channel = f["newest"]
	w := openWork{Desk: name, By: a.recipient(), Name: a.who.Name, Opening: Opening{
		Key: a.press.ID, Subject: strings.TrimSpace(f["subject"]), Text: strings.TrimSpace(f["text"]), Tags: []string{escalate.TagEscalated},
		Customer: escalate.Customer{Name: strings.TrimSpace(f["name"]), Email: strings.TrimSpace(f["email"])},
	}}
	j, err := newJob(JobOpen, w)
	if err != nil {
		return err
	}
	j.Key, j.Urgent = a.press.ID, true
	if err := a.tx.Enqueue(ctx, j); err != nil {
		return err
	}
	return a.audit(ctx, "new ticket", outcomeDone, "escalated a message")
}

// badEscalation says what is wrong with what was filled in, by field.
func (a *act) badEscalation() map[string]string {
	errs := map[string]string{}
	if strings.TrimSpace(a.press.Fields["subject"]) == "" {
		errs["subject"] = "Say in a few words what it is about."
	}
	if at, err := mail.ParseAddress(strings.TrimSpace(a.press.Fields["email"])); err != nil || at.Name != "" {
		errs["email"] = "Write the customer's e-mail address: the answer goes there."
	}
	if strings.TrimSpace(a.press.Fields["text"]) == "" {
		errs["text"] = "Write what the customer wants."
	}
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// opener is the first connected helpdesk that takes new tickets; "" when none does.
func (s *Service) opener() (name string, o Opener) {
	for _, name := range slices.Sorted(maps.Keys(s.Helpdesks)) {
		if o, ok := s.Helpdesks[name].(Opener); ok {
			return name, o
		}
	}
	return "", nil
}

// openTicket makes the ticket in the helpdesk, once, and has it read at once.
func (s *Service) openTicket(ctx context.Context, j Leased) error {
	var w openWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	o, ok := s.Helpdesks[w.Desk].(Opener)
	if !ok {
		return fmt.Errorf("open a ticket: helpdesk %q is not connected, or takes none", w.Desk)
	}
	id, err := o.Open(ctx, w.Opening)
	refused, clean := errors.AsType[*Refused](err)
	switch {
	case clean && refused.RetryAfter == 0:
		text := "No ticket was made: " + refused.Why + "."
		return s.Store.Update(ctx, func(tx Tx) error {
			return errors.Join(s.enqueueTell(ctx, tx, w.By, Answer{Text: text, Lines: []Line{{Text: text}}, Keep: w.Opening.Text}), tx.Finish(ctx, j))
		})
	case err != nil:
		return fmt.Errorf("open a ticket: %w", err) // it may be there: the same key finds it
	}
	// Commit point: the ticket is there already; from here we know of it, whether or not its helpdesk tells us.
	return s.Store.Update(ctx, func(tx Tx) error {
		ref := escalate.Ref{Desk: w.Desk, ID: id}
		ticket, _, err := tx.CreateTicket(ctx, &escalate.Ticket{ID: escalate.TicketID(s.NewID(tx.Now())), Ref: ref})
		if err != nil {
			return err
		}
		text := fmt.Sprintf("#%s is open, and comes to people as a card.", id)
		return errors.Join(
			s.enqueueAssess(ctx, tx, ticket, false),
			s.enqueueTell(ctx, tx, w.By, Answer{Text: text, Lines: []Line{{Text: text}}}),
			tx.Finish(ctx, j))
	})
}
