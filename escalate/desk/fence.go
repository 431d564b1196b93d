package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"warmline/escalate"
)

// What the fence found, in words that a card can show.
const (
	movedClosed   = "the ticket was closed"
	movedCustomer = "the customer wrote again"
	movedEdit     = "the customer edited what they wrote"
	movedHuman    = "a colleague replied in the helpdesk"
	movedAssignee = "someone else was assigned in the helpdesk"
	movedPaused   = "the AI was paused"
	movedPolicy   = "the policy no longer allows it"
	movedFacts    = "what was looked up has changed"
	movedSource   = "the source it rests on has changed"
	movedQuiet    = "updates to the customer were turned off"
	movedPending  = "the ticket was put to pending"
	movedTime     = "another time was said"
	movedDecided  = "what they hear next is decided"
	movedLookup   = "what it says of the customer could not be looked up again"
)

// fence says what moved since a reply was written, or since a person accepted it; "" lets it pass. The ticket must just
// have been read.
func (c *change) fence(ctx context.Context, r *escalate.Reply) (string, error) {
	if !r.ByPerson() {
		if why := moved(c.ticket, r, ""); why != "" {
			return why, nil
		}
		return c.policyForbids(ctx, r)
	}
	agent := escalate.AgentID("")
	p, err := c.tx.PersonRow(ctx, r.By)
	switch {
	case err == nil:
		agent = p.agentIn(c.ticket.Ref.Desk)
	case !errors.Is(err, ErrNotFound):
		return "", fmt.Errorf("load approver %s: %w", r.By, err)
	}
	if why := moved(c.ticket, r, agent); why != "" {
		return why, nil
	}
	if use, err := c.draftUse(ctx, r); err != nil || use == escalate.DraftApproval {
		return "", err
	}
	return movedPolicy, nil
}

// stops is the whole fence right before a reply goes out: it, what was looked up again, and the sources. now is what is so instead.
func (c *change) stops(ctx context.Context, r *escalate.Reply, again looked) (why string, now []string, err error) {
	if why, err = c.fence(ctx, r); err != nil || why != "" {
		return why, nil, err
	}
	if why, now, err = c.lookedMoved(ctx, r, again); err != nil || why != "" {
		return why, now, err
	}
	return c.sourceMoved(ctx, r)
}

// draftUse says what may be done with a draft now: the policy may have changed since it was written. A person's own words may
// always be sent.
func (c *change) draftUse(ctx context.Context, r *escalate.Reply) (escalate.DraftUse, error) {
	if r.Edited || r.Purpose != escalate.PurposeAnswer || c.ticket.Decision == nil {
		return escalate.DraftApproval, nil
	}
	a, err := c.tx.Assessment(ctx, c.ticket.ID, c.ticket.Decision.Assessment)
	if errors.Is(err, ErrNotFound) {
		return escalate.DraftNone, nil // erased: nothing tells any more what it rests on
	}
	if err != nil {
		return "", fmt.Errorf("load assessment of ticket %s: %w", c.ticket.ID, err)
	}
	_, d, err := c.decision(ctx, a, nil)
	return d.Draft, err
}

// moved compares a reply with the conversation that it answers.
func moved(t *escalate.Ticket, r *escalate.Reply, approver escalate.AgentID) string {
	v := &t.Conversation
	switch {
	case v.Status.Ended():
		return movedClosed
	case !r.Purpose.Answers():
		return movedUpdate(t, r)
	case r.Newest != "" && v.Newest != r.Newest && isAfter(&t.Content, v.Newest, r.Newest):
		if v.Newest == v.Human {
			return movedHuman
		}
		return movedCustomer
	case v.Edited.After(r.SeenEdit):
		return movedEdit
	case v.Assignee != "" && v.Assignee != r.Assignee && v.Assignee != approver && !ownAssignee(t, v.Assignee):
		return movedAssignee
	}
	return ""
}

// movedUpdate says why an update, or an acknowledgement, is not true any more.
func movedUpdate(t *escalate.Ticket, r *escalate.Reply) string {
	v, h := &t.Conversation, t.Handoff
	switch {
	case v.WaitingSince.IsZero() && (r.Purpose != escalate.PurposeWarm || v.HumanAt.After(r.ApprovedAt)):
		return movedHuman // it is pointless once a human has answered
	case r.Purpose == escalate.PurposeHold && t.Decision != nil && t.Decision.Newest == v.Customer:
		return movedDecided
	case h == nil:
		return ""
	case r.Purpose == escalate.PurposeWarm && (h.Quiet || t.NoUpdates()):
		return movedQuiet
	case r.Purpose == escalate.PurposeWarm && idle(t) && !r.Late:
		return movedPending
	case !r.Until.IsZero() && !r.Until.Equal(h.Wait.Until):
		return movedTime
	}
	return ""
}

// ownAssignee reports whether the helpdesk's assignee is who claimed the ticket in Slack: we assigned them.
func ownAssignee(t *escalate.Ticket, a escalate.AgentID) bool {
	return t.Handoff != nil && t.Handoff.Agent == a
}

// isAfter reports whether message a stands after message b.
func isAfter(c *escalate.Content, a, b escalate.MessageID) bool {
	ia, ib := -1, -1
	for i := range c.Messages {
		switch c.Messages[i].ID {
		case a:
			ia = i
		case b:
			ib = i
		}
	}
	return ia > ib
}

// policyForbids runs Decide again under the current policy for a reply that no person approved. A pause of everything, or of the ticket's
// topic, stops acknowledgements and updates as well.
func (c *change) policyForbids(ctx context.Context, r *escalate.Reply) (string, error) {
	if paused, err := c.paused(ctx); err != nil || paused {
		return movedPaused, err
	}
	if r.Until.Before(c.tx.Now()) && !r.Until.IsZero() {
		return movedTime, nil // it waited for too long: the time that it names is past
	}
	if r.Purpose != escalate.PurposeAnswer || c.ticket.Decision == nil {
		return "", nil
	}
	a, err := c.tx.Assessment(ctx, c.ticket.ID, c.ticket.Decision.Assessment)
	if err != nil {
		return "", fmt.Errorf("load assessment of ticket %s: %w", c.ticket.ID, err)
	}
	_, d, err := c.decision(ctx, a, nil)
	switch {
	case err != nil || d.Way == escalate.WayAuto && d.Leave == "":
		return "", err
	case d.World.Paused:
		return movedPaused, nil
	}
	return movedPolicy, nil
}

// hold keeps a reply from going out. What a person approved goes back to them with what moved and what is so now; what the
// policy sent is withdrawn, and the ticket decided anew.
func (c *change) hold(ctx context.Context, r *escalate.Reply, why string, now ...string) error {
	if !r.ByPerson() {
		answers := r.Purpose.Answers()
		if err := c.apply(actorPolicy, escalate.Withdrawn{Reply: r.ID, Detail: why}); err != nil {
			return err
		}
		if r.Purpose == escalate.PurposeAck && why == movedTime {
			return c.acknowledgeAnew(ctx)
		}
		if !answers {
			return nil
		}
		return c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, true)
	}
	back := stopped{reply: r.ID, by: r.By, why: why}
	if !c.ticket.Handoff.Active() { // there is no card left to send it from; save tells the approver
		return c.apply(actorWarmline, escalate.Withdrawn{Reply: r.ID, Detail: why})
	}
	if err := c.apply(actorWarmline, escalate.Undone{Reply: r.ID, By: r.By}); err != nil {
		return err
	}
	if (why == movedFacts || why == movedSource) && !r.Edited {
		if err := c.giveBack(ctx, back, append(now, "A new draft with what is so now comes on the card.")...); err != nil {
			return err
		}
		return c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, true)
	}
	if err := c.giveBack(ctx, back, append(now, "It is kept on the card: press Edit to revise it, or send it all the same.")...); err != nil {
		return err
	}
	return c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, false)
}

// stopWords says why a reply was withdrawn, for those reasons that the state machine gives.
var stopWords = map[string]string{
	"closed": movedClosed, "human_replied": movedHuman, "resolved": "the ticket was resolved", "superseded": "another reply took its place",
}

// giveBack tells an approver that their reply was not sent, with the words, so that nothing they typed is lost.
func (c *change) giveBack(ctx context.Context, r stopped, more ...string) error {
	text, err := c.tx.Text(ctx, c.ticket.ID, replyKey(r.reply))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load reply %s: %w", r.reply, err)
	}
	why := cmp.Or(stopWords[r.why], r.why)
	a := Answer{
		Text:  fmt.Sprintf("Your reply to #%s was not sent: %s.", c.ticket.Ref.ID, why),
		Lines: []Line{{Head: "Not sent", Text: fmt.Sprintf("Your reply to #%s was held back because %s.", c.ticket.Ref.ID, why)}},
		Keep:  text,
	}
	for _, line := range more {
		a.Lines = append(a.Lines, Line{Text: line})
	}
	return c.s.enqueueTell(ctx, c.tx, c.recipient(ctx, r.by), a)
}

// recipient reaches a person beside the ticket's card.
func (c *change) recipient(ctx context.Context, id escalate.PersonID) Recipient {
	to := Recipient{Person: id}
	if c.ticket.Handoff != nil {
		if row, err := c.tx.Card(ctx, c.ticket.Handoff.ID); err == nil {
			if at, err := placeOf(ctx, c.tx, row); err == nil {
				to.Channel, to.Thread = at.Channel, at.TS
			}
		}
	}
	return to
}
