package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"warmline/escalate"
)

// JobLink looks for the account that a person says is theirs.
const JobLink = "link-account"

// linkTries is how often a helpdesk is asked until the person is told that it does not answer.
const linkTries = 5

type linkWork struct {
	To    Recipient `json:"to"`
	Email string    `json:"email"`
}

// openLink opens the modal that asks which account is theirs. A modal stands in no channel, so it carries where to answer.
func (a *act) openLink(context.Context) error {
	a.ack.Open = &Modal{Action: ActSubmitLink, Token: a.press.On.Channel, Text: a.who.Email}
	return nil
}

// submitLink takes the address that was typed in the modal.
func (a *act) submitLink(ctx context.Context) error {
	a.press.On.Channel = a.press.Token
	return a.startLink(ctx, strings.TrimSpace(a.press.Fields["text"]))
}

// startLink has every helpdesk asked for an account.
func (a *act) startLink(ctx context.Context, email string) error {
	j, err := newJob(JobLink, linkWork{To: a.recipient(), Email: email})
	if err != nil {
		return err
	}
	j.Key, j.Urgent = string(a.press.Actor), true
	if err := a.tx.Enqueue(ctx, j); err != nil {
		return err
	}
	if a.press.Action != ActCommand {
		return nil
	}
	if len(a.s.Helpdesks) > 1 {
		return a.say(ctx, "I ask the helpdesks for %s; what they say comes to you here.", email)
	}
	return a.say(ctx, "I ask the helpdesk for %s; what it says comes to you here.", email)
}

// found is an account that a helpdesk has.
type found struct {
	desk  string
	agent escalate.AgentID
}

// linkAccount looks for the account in every helpdesk and links it, if Slack's address proves it; else it asks the leads.
func (s *Service) linkAccount(ctx context.Context, j Leased) error {
	var w linkWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	accounts, silent, err := s.accountsByEmail(ctx, w.Email)
	var stale error // what is known of the people concerned may be of before
	if len(accounts) > 0 {
		for _, f := range accounts {
			stale = errors.Join(stale, s.release(ctx, f.desk, f.agent, w.To.Person))
		}
		stale = errors.Join(stale, s.readPerson(ctx, w.To.Person))
	}
	if err := errors.Join(err, stale); err != nil && j.Attempt < linkTries {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		a := &act{s: s, tx: tx, press: Press{Actor: w.To.Person, Action: ActSubmitLink, On: Place{Channel: w.To.Channel}, Respond: w.To.URL}}
		var said error
		switch {
		case len(accounts) == 0 && err == nil:
			said = a.noLink(ctx, s.noSuchAgent(w.Email))
		case len(accounts) == 0 || stale != nil:
			said = a.noLink(ctx, s.silence(silent)+", so nothing was changed. Please try again later: /escalate link")
		default:
			said = a.pairEach(ctx, accounts, silent, w.Email)
		}
		return errors.Join(said, tx.Finish(ctx, j))
	})
}

// accountsByEmail asks every helpdesk for an agent. silent names those that do not answer.
func (s *Service) accountsByEmail(ctx context.Context, email string) (accounts []found, silent []string, err error) {
	for _, name := range s.desks() {
		agent, asked := s.agentByEmail(ctx, name, email)
		switch {
		case asked == nil:
			accounts = append(accounts, found{name, agent})
		case !errors.Is(asked, ErrNotFound):
			silent, err = append(silent, name), errors.Join(err, asked)
		}
	}
	return accounts, silent, err
}

// agentByEmail asks one helpdesk for an agent. ErrNotFound when it says that it has none.
func (s *Service) agentByEmail(ctx context.Context, desk, email string) (escalate.AgentID, error) {
	agent, err := s.Helpdesks[desk].AgentByEmail(ctx, email)
	if err != nil {
		return "", fmt.Errorf("ask helpdesk %s for an agent: %w", desk, err)
	}
	return agent, nil
}

// silence says which helpdesks do not answer.
func (s *Service) silence(names []string) string {
	switch {
	case len(s.Helpdesks) == 1 || len(names) == 0:
		return "The helpdesk does not answer"
	case len(names) == 1:
		return "The helpdesk " + names[0] + " does not answer"
	}
	return "The helpdesks " + strings.Join(names, " and ") + " do not answer"
}

// noSuchAgent says that an address is nobody's in any helpdesk.
func (s *Service) noSuchAgent(email string) string {
	none := "The helpdesk has no agent"
	if len(s.Helpdesks) > 1 {
		none = "None of the helpdesks has an agent"
	}
	return fmt.Sprintf("%s with the address %s. Nothing was changed; please check the address.", none, email)
}

// noLink says why nothing was linked.
func (a *act) noLink(ctx context.Context, why string) error {
	if err := a.unpaired(ctx); err != nil {
		return err
	}
	return a.say(ctx, "%s", why)
}

// unpaired keeps that somebody who asked got no account.
func (a *act) unpaired(ctx context.Context) error {
	return a.audit(ctx, personSubject(a.press.Actor), outcomeNothing, "no account linked")
}

// pairEach links each account that was found, and says in one message what became of it.
func (a *act) pairEach(ctx context.Context, accounts []found, silent []string, email string) error {
	var ans Answer
	say := func(text string) { ans.Lines = append(ans.Lines, Line{Text: text}) }
	for _, f := range accounts {
		text, err := a.pair(ctx, f, email)
		if err != nil {
			return err
		}
		say(text)
	}
	if len(silent) > 0 {
		say(a.s.silence(silent) + ". Please try again later: /escalate link " + email)
	}
	ans.Text = ans.Lines[0].Text
	return a.answer(ctx, ans)
}

// pair links an account that exists: at once where the address is the one that Slack has verified, else when a lead confirms it. It
// returns what to say of it.
func (a *act) pair(ctx context.Context, f found, email string) (string, error) {
	p, err := a.tx.PersonRow(ctx, a.press.Actor)
	if err != nil {
		return "", fmt.Errorf("load person %s: %w", a.press.Actor, err)
	}
	if p.agentIn(f.desk) != f.agent {
		if taken, err := a.heldBy(ctx, f, p.ID); taken != "" || err != nil {
			return taken, errors.Join(err, a.unpaired(ctx))
		}
		if !strings.EqualFold(email, p.Email) {
			return a.askLeads(ctx, p, &pairing{Person: p.ID, Desk: f.desk, Agent: f.agent, Email: email, At: a.tx.Now()})
		}
		if err := a.s.giveAccount(ctx, a.tx, p, f, LinkEmail); err != nil {
			return "", err
		}
	}
	if err := a.audit(ctx, personSubject(p.ID), outcomeDone, "linked to agent "+string(p.agentIn(f.desk))+a.s.in(f.desk)); err != nil {
		return "", err
	}
	return fmt.Sprintf("You are linked to helpdesk account %s%s. What you have claimed is assigned to you there now.", p.agentIn(f.desk), a.s.in(f.desk)), nil
}

// giveAccount makes an account a person's.
func (s *Service) giveAccount(ctx context.Context, tx Tx, p *Person, f found, by Link) error {
	// What the row says now would win over what is given: it is taken off first.
	p.setAccount(f.desk, Account{})
	if err := tx.SavePerson(ctx, p); err != nil {
		return err
	}
	p.setAccount(f.desk, Account{Agent: f.agent, Link: by})
	return s.savePerson(ctx, tx, p)
}
