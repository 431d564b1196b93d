package desk

import (
	"context"
	"fmt"

	"warmline/escalate"
)

// What the fence found, in words that a card can show.
const (
	movedClosed   = "the ticket was closed"
	movedCustomer = "the customer wrote again"
	movedHuman    = "a colleague replied in the helpdesk"
	movedAssignee = "someone else was assigned in the helpdesk"
	movedPaused   = "the AI was paused"
	movedPolicy   = "the policy no longer allows it"
)

// fence says what moved since a reply was written; "" lets it pass. The ticket must just have been read.
func (c *change) fence(ctx context.Context, r *escalate.Reply) (string, error) {
	if r.Override && !c.ticket.Conversation.Status.Ended() {
		return "", nil
	}
	agent := escalate.AgentID("")
	if r.ByPerson() {
		if p, err := c.tx.PersonRow(ctx, r.By); err == nil {
			agent = p.Agent
		}
	}
	if why := moved(c.ticket, r, agent); why != "" || r.ByPerson() {
		return why, nil
	}
	return c.policyForbids(ctx, r)
}

// moved compares a reply with the conversation that it answers.
func moved(t *escalate.Ticket, r *escalate.Reply, approver escalate.AgentID) string {
	v := &t.Conversation
	switch {
	case v.Status.Ended():
		return movedClosed
	case !r.Purpose.Answers() && !v.HumanAt.IsZero() && t.Handoff != nil && v.HumanAt.After(t.Handoff.OpenedAt):
		return movedHuman // an update is pointless once a human has answered
	case !r.Purpose.Answers():
		return ""
	case r.Newest != "" && v.Human != "" && isAfter(&t.Content, v.Human, r.Newest):
		return movedHuman
	case r.Newest != "" && v.Customer != r.Newest && isAfter(&t.Content, v.Customer, r.Newest):
		return movedCustomer
	case v.Assignee != "" && v.Assignee != r.Assignee && v.Assignee != approver && !ownAssignee(t, v.Assignee):
		return movedAssignee
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

// policyForbids runs Decide again under the current policy for a reply that no person approved.
func (c *change) policyForbids(ctx context.Context, r *escalate.Reply) (string, error) {
	pauses, err := c.tx.Pauses(ctx)
	if err != nil {
		return "", fmt.Errorf("load pauses: %w", err)
	}
	if _, all := pauses[""]; all {
		return movedPaused, nil
	}
	if r.Purpose != escalate.PurposeAnswer || c.ticket.Decision == nil {
		return "", nil
	}
	a, err := c.tx.Assessment(ctx, c.ticket.ID, c.ticket.Decision.Assessment)
	if err != nil {
		return "", fmt.Errorf("load assessment of ticket %s: %w", c.ticket.ID, err)
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return "", fmt.Errorf("load policy: %w", err)
	}
	world, err := c.world(ctx, a.Topic)
	if err != nil {
		return "", err
	}
	if d := escalate.Decide(c.tx.Now(), p, c.ticket, *a, world); d.Way != escalate.WayAuto || d.Leave != "" {
		if world.Paused {
			return movedPaused, nil
		}
		return movedPolicy, nil
	}
	return "", nil
}

// hold keeps a reply from going out. What a person approved goes back to them with what moved; what the policy sent
// is withdrawn, and the ticket decided anew.
func (c *change) hold(ctx context.Context, r *escalate.Reply, why string) error {
	if !r.ByPerson() {
		answers := r.Purpose.Answers()
		if err := c.apply(actorPolicy, escalate.Withdrawn{Reply: r.ID, Detail: why}); err != nil {
			return err
		}
		if !answers {
			return nil
		}
		return c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, true)
	}
	by := r.By
	if err := c.apply(actorWarmline, escalate.Undone{Reply: r.ID, By: by}); err != nil {
		return err
	}
	text, err := c.tx.Text(ctx, c.ticket.ID, replyKey(r.ID))
	if err != nil {
		return fmt.Errorf("load reply %s: %w", r.ID, err)
	}
	a := Answer{
		Text: fmt.Sprintf("Your reply to #%s was not sent: %s.", c.ticket.Ref.ID, why),
		Lines: []Line{
			{Head: "Not sent", Text: fmt.Sprintf("Your reply to #%s was held back because %s.", c.ticket.Ref.ID, why)},
			{Text: "It is kept on the card: press Edit to revise it, or send it all the same."},
		},
		Keep: text,
	}
	if err := c.s.enqueueTell(ctx, c.tx, c.recipient(ctx, by), a); err != nil {
		return err
	}
	return c.s.enqueueAssess(ctx, c.tx, c.ticket.ID, false)
}

// recipient reaches a person beside the ticket's card.
func (c *change) recipient(ctx context.Context, id escalate.PersonID) Recipient {
	to := Recipient{Person: id}
	if c.ticket.Handoff != nil {
		if row, err := c.tx.Card(ctx, c.ticket.Handoff.ID); err == nil {
			to.Channel, to.Thread = row.Place.Channel, row.Place.TS
		}
	}
	return to
}
