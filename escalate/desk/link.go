package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// Link is how a person came to their account in a helpdesk. An account is one person's: whoever has it answers customers in its
// name. What proves that it is theirs is the address that Slack has verified; where the two differ, the word of a lead.
type Link string

// The kinds of Link.
const (
	LinkEmail Link = ""     // the helpdesk has an agent with the e-mail address that Slack has
	LinkLead  Link = "lead" // a lead confirmed it
	LinkOff   Link = "off"  // they took it off: it is not looked up any more
)

// nudgeAgain is how long somebody without an account is left alone after they were told.
const nudgeAgain = 24 * time.Hour

// savePerson keeps what Slack says of a person. Whose an account is, is not Slack's to say once a lead or the person has said
// so; nor does anybody get one that somebody else has. Who gets one becomes the assignee of what they had claimed without.
func (s *Service) savePerson(ctx context.Context, tx Tx, p *Person) error {
	known, err := tx.PersonRow(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load person %s: %w", p.ID, err)
	}
	if err == nil {
		p.Nudged = known.Nudged
		for desk, acc := range known.Accounts {
			if acc.Link != LinkEmail {
				p.setAccount(desk, acc)
			}
		}
	} else {
		known = new(Person)
	}
	if p.Gone || p.Bot {
		p.Accounts = nil
	}
	gained := false
	for desk, acc := range p.Accounts {
		free, err := freeFor(ctx, tx, p.ID, desk, acc.Agent)
		if err != nil {
			return err
		}
		if !free {
			acc.Agent = ""
			p.setAccount(desk, acc)
		}
		gained = gained || acc.Agent != "" && acc.Agent != known.agentIn(desk)
	}
	if err := tx.SavePerson(ctx, p); err != nil || !gained {
		return err
	}
	return s.takeOver(ctx, tx, p)
}

// freeFor reports whether nobody else has an account.
func freeFor(ctx context.Context, tx Tx, id escalate.PersonID, desk string, agent escalate.AgentID) (bool, error) {
	if agent == "" {
		return true, nil
	}
	holder, err := tx.PersonByAgent(ctx, desk, agent)
	switch {
	case errors.Is(err, ErrNotFound):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("look who has account %s in %s: %w", agent, desk, err)
	}
	return holder.ID == id, nil
}

// notePerson is savePerson for what was read of a person. Whoever gets or loses an account by it did nothing for that, so it is
// kept as ours.
func (s *Service) notePerson(ctx context.Context, tx Tx, p *Person) error {
	before, err := tx.PersonRow(ctx, p.ID)
	if errors.Is(err, ErrNotFound) {
		before, err = new(Person), nil
	}
	if err != nil {
		return fmt.Errorf("load person %s: %w", p.ID, err)
	}
	if err := s.savePerson(ctx, tx, p); err != nil {
		return err
	}
	for _, desk := range deskNames(before, p) {
		was, is := before.agentIn(desk), p.agentIn(desk)
		if was == is {
			continue
		}
		detail := "linked to agent " + string(is)
		if is == "" {
			detail = "unlinked from agent " + string(was)
		}
		err := tx.Audit(ctx, AuditRow{
			At: tx.Now(), Actor: actorWarmline, Action: string(ActLink), Subject: personSubject(p.ID), Outcome: outcomeDone,
			Detail: detail + s.in(desk) + ", by e-mail address",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// takeOver makes a person the helpdesk's assignee of everything that they claimed before their account there was known.
func (s *Service) takeOver(ctx context.Context, tx Tx, p *Person) error {
	rows, err := tx.Queue(ctx, QueueFilter{Owner: p.ID, Limit: mostTakenOver})
	if err != nil {
		return fmt.Errorf("read queue: %w", err)
	}
	for i := range rows {
		agent := p.agentIn(rows[i].Ref.Desk)
		if agent == "" || rows[i].Handoff.State != escalate.HandoffClaimed || rows[i].Handoff.Agent != "" {
			continue
		}
		c, err := s.change(ctx, tx, rows[i].Ticket)
		if err != nil {
			return err
		}
		err = c.apply(string(p.ID), escalate.Linked{By: p.ID, Agent: agent})
		if refusedTransition(err) {
			continue // it moved on a moment ago
		}
		if err := errors.Join(err, c.save(ctx)); err != nil {
			return err
		}
	}
	return nil
}

// mostTakenOver bounds how many tickets one person is made the assignee of at once.
const mostTakenOver = 200

// release has whoever holds an account looked at again: who has left, or has another address by now, holds it no longer.
func (s *Service) release(ctx context.Context, desk string, agent escalate.AgentID, wanted escalate.PersonID) error {
	var holder *Person
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		holder, err = tx.PersonByAgent(ctx, desk, agent)
		return err
	})
	if errors.Is(err, ErrNotFound) || err == nil && holder.ID == wanted {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look who has account %s in %s: %w", agent, desk, err)
	}
	now, err := s.Directory.ReadPerson(ctx, holder.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		now = holder
		now.Gone = true
	case err != nil:
		return fmt.Errorf("read Slack user %s: %w", holder.ID, err)
	case strings.EqualFold(now.Email, holder.Email):
		now.Accounts = holder.Accounts
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		p := *now
		p.ReadAt = tx.Now()
		return s.notePerson(ctx, tx, &p)
	})
}

// tookPart reports whether the press made the person a ticket's owner, or a reply theirs.
func (a *act) tookPart() bool {
	return a.change != nil && slices.ContainsFunc(a.change.events, func(h Happened) bool {
		switch h.Event.(type) {
		case escalate.Claimed, escalate.Approved:
			return true
		}
		return false
	})
}

// nudge tells a person without an account in the ticket's helpdesk that they can link one. Their press holds all the same; what it should
// have done in the helpdesk is done once they have.
func (a *act) nudge(ctx context.Context) error {
	if !a.tookPart() || a.tx.Now().Sub(a.who.Nudged) < nudgeAgain {
		return nil
	}
	if acc := a.who.Accounts[a.ticket().Ref.Desk]; acc.Agent != "" || acc.Link == LinkOff {
		return nil
	}
	p := a.who.Person
	p.Nudged = a.tx.Now()
	if err := a.tx.SavePerson(ctx, &p); err != nil {
		return err
	}
	ans := a.notLinked("The ticket is yours. I know no helpdesk account of yours" + a.s.in(a.ticket().Ref.Desk) +
		", though, so the helpdesk does not show it. Link your account, and what you have claimed is assigned to you there too.")
	if a.ack.Answer != nil {
		ans.Text, ans.Lines = a.ack.Answer.Text, append(a.ack.Answer.Lines, ans.Lines...)
	}
	return a.answer(ctx, ans)
}
