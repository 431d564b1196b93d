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

// Link is how a person came to their account in the helpdesk. An account is one person's: whoever has it answers customers in its
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

// linkToken is what the link button carries. It names nothing: whoever presses it links themselves.
const linkToken = "link"

// savePerson keeps what Slack says of a person. Whose an account is, is not Slack's to say once a lead or the person has said
// so; nor does anybody get one that somebody else has. Who gets one becomes the assignee of what they had claimed without.
func (s *Service) savePerson(ctx context.Context, tx Tx, p *Person) error {
	known, err := tx.PersonRow(ctx, p.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("load person %s: %w", p.ID, err)
	}
	if err == nil {
		p.Nudged = known.Nudged
		if known.Link != LinkEmail {
			p.Agent, p.Link = known.Agent, known.Link
		}
	}
	if p.Gone || p.Bot {
		p.Agent, p.Link = "", LinkEmail
	}
	if p.Agent == "" {
		return tx.SavePerson(ctx, p)
	}
	holder, err := tx.PersonByAgent(ctx, p.Agent)
	switch {
	case err == nil && holder.ID != p.ID:
		p.Agent = ""
		return tx.SavePerson(ctx, p)
	case err != nil && !errors.Is(err, ErrNotFound):
		return fmt.Errorf("look who has account %s: %w", p.Agent, err)
	}
	if err := tx.SavePerson(ctx, p); err != nil || known != nil && known.Agent == p.Agent {
		return err
	}
	return s.takeOver(ctx, tx, p)
}

// notePerson is savePerson for what was read of a person. Whoever gets or loses an account by it did nothing for that, so it is
// kept as ours.
func (s *Service) notePerson(ctx context.Context, tx Tx, p *Person) error {
	var before escalate.AgentID
	known, err := tx.PersonRow(ctx, p.ID)
	switch {
	case err == nil:
		before = known.Agent
	case !errors.Is(err, ErrNotFound):
		return fmt.Errorf("load person %s: %w", p.ID, err)
	}
	if err := s.savePerson(ctx, tx, p); err != nil || p.Agent == before {
		return err
	}
	detail := "linked to agent " + string(p.Agent)
	if p.Agent == "" {
		detail = "unlinked from agent " + string(before)
	}
	return tx.Audit(ctx, AuditRow{
		At: tx.Now(), Actor: actorWarmline, Action: string(ActLink), Subject: personSubject(p.ID), Outcome: outcomeDone, Detail: detail + ", by e-mail address",
	})
}

// takeOver makes a person the helpdesk's assignee of everything that they claimed before their account was known.
func (s *Service) takeOver(ctx context.Context, tx Tx, p *Person) error {
	rows, err := tx.Queue(ctx, QueueFilter{Owner: p.ID, Limit: mostTakenOver})
	if err != nil {
		return fmt.Errorf("read queue: %w", err)
	}
	for i := range rows {
		if rows[i].Handoff.State != escalate.HandoffClaimed || rows[i].Handoff.Agent != "" {
			continue
		}
		c, err := s.change(ctx, tx, rows[i].Ticket)
		if err != nil {
			return err
		}
		err = c.apply(string(p.ID), escalate.Linked{By: p.ID, Agent: p.Agent})
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
func (s *Service) release(ctx context.Context, agent escalate.AgentID, wanted escalate.PersonID) error {
	var holder *Person
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		holder, err = tx.PersonByAgent(ctx, agent)
		return err
	})
	if errors.Is(err, ErrNotFound) || err == nil && holder.ID == wanted {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look who has account %s: %w", agent, err)
	}
	now, err := s.Directory.ReadPerson(ctx, holder.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		now = holder
		now.Gone = true
	case err != nil:
		return fmt.Errorf("read Slack user %s: %w", holder.ID, err)
	case strings.EqualFold(now.Email, holder.Email):
		now.Agent = holder.Agent
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

// nudge tells a person without an account in the helpdesk that they can link one. Their press holds all the same; what it should
// have done in the helpdesk is done once they have.
func (a *act) nudge(ctx context.Context) error {
	if a.who.Agent != "" || a.who.Link == LinkOff || !a.tookPart() || a.tx.Now().Sub(a.who.Nudged) < nudgeAgain {
		return nil
	}
	p := a.who.Person
	p.Nudged = a.tx.Now()
	if err := a.tx.SavePerson(ctx, &p); err != nil {
		return err
	}
	ans := a.notLinked("The ticket is yours. I know no helpdesk account of yours, though, so the helpdesk does not show it. " +
		"Link your account, and what you have claimed is assigned to you there too.")
	if a.ack.Answer != nil {
		ans.Text, ans.Lines = a.ack.Answer.Text, append(a.ack.Answer.Lines, ans.Lines...)
	}
	return a.answer(ctx, ans)
}

func (a *act) notLinked(text string) Answer {
	return Answer{Text: text, Lines: []Line{{Text: text}, {Text: "Or type:"}, {Text: "/escalate link you@company.example", Code: true}}, Actions: []Action{ActLink}, Token: linkToken}
}

// link shows a person's account in the helpdesk, links another, or takes it off: "", "ana@company.example", "off", "off @ana".
func (a *act) link(ctx context.Context, args []string) error {
	switch {
	case len(args) == 0:
		return a.linked(ctx)
	case strings.EqualFold(args[0], "off"):
		return a.unlink(ctx, args[1:])
	case len(args) == 1 && isAddress(address(args[0])):
		return a.startLink(ctx, address(args[0]))
	}
	return a.misread(ctx, "Say the e-mail address of your helpdesk account.")
}

// linked shows the account that counts as the person's.
func (a *act) linked(ctx context.Context) error {
	switch {
	case a.who.Link == LinkOff:
		return a.answer(ctx, a.notLinked("You took your helpdesk account off. What you claim is yours here; the helpdesk does not show it."))
	case a.who.Agent == "":
		return a.answer(ctx, a.notLinked("I know no helpdesk account of yours: there is none with the address that Slack has, "+a.who.Email+"."))
	}
	by := "the helpdesk has the address that Slack has, " + a.who.Email
	if a.who.Link == LinkLead {
		by = "a lead confirmed it"
	}
	return a.answer(ctx, Answer{
		Text: "You are linked to helpdesk account " + string(a.who.Agent) + ".",
		Lines: []Line{
			{Head: "Your helpdesk account", Text: fmt.Sprintf("%s; %s.", a.who.Agent, by)},
			{Head: "To take it off", Text: "/escalate link off", Code: true},
		},
		Actions: []Action{ActLink}, Token: linkToken,
	})
}

// unlink takes an account off: one's own, or as a lead somebody else's. What they have claimed stays assigned as it is.
func (a *act) unlink(ctx context.Context, args []string) error {
	p := &a.who.Person
	if len(args) > 0 {
		if !a.who.role.atLeast(RoleLead) {
			return a.refuse(ctx, a.notAllowed(RoleLead))
		}
		var err error
		if p, err = a.someone(ctx, strings.Join(args, " "), "link off"); p == nil {
			return err
		}
	}
	if p.Agent == "" && p.Link == LinkOff {
		return a.say(ctx, "%s has no helpdesk account linked; nothing was changed.", p.Name)
	}
	was := p.Agent
	p.Agent, p.Link = "", LinkOff
	if err := a.tx.SavePerson(ctx, p); err != nil {
		return err
	}
	if err := a.audit(ctx, personSubject(p.ID), outcomeDone, "unlinked from agent "+string(was)); err != nil {
		return err
	}
	return a.say(ctx, "%s is not linked to a helpdesk account any more. To link one again: /escalate link", p.Name)
}

// personSubject names a person in the audit log.
func personSubject(id escalate.PersonID) string { return "person " + string(id) }

// address takes an e-mail address out of what Slack makes of it: <mailto:ana@company.example|ana@company.example>.
func address(typed string) string {
	if rest, ok := strings.CutPrefix(typed, "<mailto:"); ok {
		typed, _, _ = strings.Cut(strings.TrimSuffix(rest, ">"), "|")
	}
	return strings.TrimSpace(typed)
}

// isAddress reports whether a text could be an e-mail address; the helpdesk knows whether it is one.
func isAddress(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(host, ".") && len(s) <= 254 && !strings.ContainsAny(s, " \t\r\n<>|,;\"")
}
