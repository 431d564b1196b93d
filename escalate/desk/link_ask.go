package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// JobLink looks for the account that a person says is theirs.
const JobLink = "link-account"

type linkWork struct {
	To    Recipient `json:"to"`
	Email string    `json:"email"`
}

// pairing asks a lead whether an account is a person's, as the row of its question keeps it.
type pairing struct {
	Person escalate.PersonID `json:"person"`
	Agent  escalate.AgentID  `json:"agent"`
	Email  string            `json:"email"` // of the account
	At     time.Time         `json:"at"`
	By     escalate.PersonID `json:"by,omitempty"` // who answered; "" until somebody has
	Yes    bool              `json:"yes,omitempty"`
}

const (
	// pairingLife is how long a lead may take to answer.
	pairingLife = 7 * 24 * time.Hour
	// pairingsADay is how often one person may ask in a day: every question goes to a whole channel.
	pairingsADay = 3
	// linkTries is how often the helpdesk is asked until the person is told that it does not answer.
	linkTries = 5
)

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

// startLink has the helpdesk asked for an account.
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
	return a.say(ctx, "I ask the helpdesk for %s; what it says comes to you here.", email)
}

// linkAccount looks for the account and links it, if Slack's address proves it; else it asks the leads.
func (s *Service) linkAccount(ctx context.Context, j Leased) error {
	var w linkWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	agent, err := s.agentByEmail(ctx, w.Email)
	missing := errors.Is(err, ErrNotFound)
	if err == nil {
		err = errors.Join(s.release(ctx, agent, w.To.Person), s.readPerson(ctx, w.To.Person))
	}
	if err != nil && !missing && j.Attempt < linkTries {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		a := &act{s: s, tx: tx, press: Press{Actor: w.To.Person, Action: ActSubmitLink, On: Place{Channel: w.To.Channel}, Respond: w.To.URL}}
		var said error
		switch {
		case missing:
			said = a.noLink(ctx, fmt.Sprintf("The helpdesk has no agent with the address %s. Nothing was changed; please check the address.", w.Email))
		case err != nil:
			said = a.noLink(ctx, "The helpdesk does not answer, so nothing was changed. Please try again later: /escalate link")
		default:
			said = a.pair(ctx, agent, w.Email)
		}
		return errors.Join(said, tx.Finish(ctx, j))
	})
}

// agentByEmail asks each helpdesk for an agent. ErrNotFound when all say that they have none.
func (s *Service) agentByEmail(ctx context.Context, email string) (escalate.AgentID, error) {
	var errs []error
	for name, hd := range s.Helpdesks {
		agent, err := hd.AgentByEmail(ctx, email)
		if err == nil {
			return agent, nil
		}
		if !errors.Is(err, ErrNotFound) {
			errs = append(errs, fmt.Errorf("ask helpdesk %s for an agent: %w", name, err))
		}
	}
	if len(errs) == 0 {
		return "", ErrNotFound
	}
	return "", errors.Join(errs...)
}

// noLink says why nothing was linked.
func (a *act) noLink(ctx context.Context, why string) error {
	if err := a.audit(ctx, personSubject(a.press.Actor), outcomeNothing, "no account linked"); err != nil {
		return err
	}
	return a.say(ctx, "%s", why)
}

// pair links an account that exists: at once where the address is the one that Slack has verified, else when a lead confirms it.
func (a *act) pair(ctx context.Context, agent escalate.AgentID, email string) error {
	p, err := a.tx.PersonRow(ctx, a.press.Actor)
	if err != nil {
		return fmt.Errorf("load person %s: %w", a.press.Actor, err)
	}
	if p.Agent == agent {
		return a.linkedNow(ctx, p)
	}
	if taken, err := a.heldBy(ctx, agent, p.ID); taken != "" || err != nil {
		return errors.Join(err, a.noLink(ctx, taken))
	}
	if !strings.EqualFold(email, p.Email) {
		return a.askLeads(ctx, p, &pairing{Person: p.ID, Agent: agent, Email: email, At: a.tx.Now()})
	}
	if err := a.s.giveAccount(ctx, a.tx, p, agent, LinkEmail); err != nil {
		return err
	}
	return a.linkedNow(ctx, p)
}

// giveAccount makes an account a person's.
func (s *Service) giveAccount(ctx context.Context, tx Tx, p *Person, agent escalate.AgentID, by Link) error {
	// What the row says now would win over what is given: it is taken off first.
	p.Agent, p.Link = "", LinkEmail
	if err := tx.SavePerson(ctx, p); err != nil {
		return err
	}
	p.Agent, p.Link = agent, by
	return s.savePerson(ctx, tx, p)
}

func (a *act) linkedNow(ctx context.Context, p *Person) error {
	if err := a.audit(ctx, personSubject(p.ID), outcomeDone, "linked to agent "+string(p.Agent)); err != nil {
		return err
	}
	return a.say(ctx, "You are linked to helpdesk account %s. What you have claimed is assigned to you there now.", p.Agent)
}

// heldBy says who has an account that a person wants; "" when it is free.
func (a *act) heldBy(ctx context.Context, agent escalate.AgentID, wanted escalate.PersonID) (string, error) {
	holder, err := a.tx.PersonByAgent(ctx, agent)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && holder.ID == wanted:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look who has account %s: %w", agent, err)
	}
	return fmt.Sprintf("That account is %s's. Nothing was changed. If it is not, a lead takes it off: /escalate link off @%s", holder.Name, holder.Name), nil
}

// askLeads puts the question before the leads, in the channel that tickets go to.
func (a *act) askLeads(ctx context.Context, p *Person, q *pairing) error {
	asked, err := a.tx.CountAsks(ctx, askLink, string(p.ID), a.tx.Now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if asked >= pairingsADay {
		return a.noLink(ctx, "You have asked for that several times today. Nothing was changed; please talk to a lead.")
	}
	policy, err := a.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	row := &Ask{Token: a.s.NewToken(), Kind: askLink, Subject: string(p.ID), At: a.tx.Now()}
	if err := a.s.notify(ctx, a.tx, row, &notice{Channel: policy.Routes.Default, Pairing: q}); err != nil {
		return err
	}
	if err := a.audit(ctx, personSubject(p.ID), outcomeNothing, "asked for agent "+string(q.Agent)); err != nil {
		return err
	}
	a.policy = policy
	w, err := identify(ctx, a.tx, policy, p.ID)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("That account has another address than you have in Slack (%s), so a lead has to confirm that it is yours. I asked in #%s.", p.Email, policy.Routes.Default)
	if w.role.atLeast(RoleLead) {
		text += " As a lead you cannot confirm it yourself: another one has to. " + a.onlyLead(p.Email)
	}
	return a.say(ctx, "%s", text)
}

// onlyLead says what is left to a lead who has nobody to confirm their account. Whoever could confirm their own could take anybody's
// account, and answer customers in that name.
func (a *act) onlyLead(email string) string {
	return fmt.Sprintf("If there is no other, add somebody to the leads (%s) for as long as it takes; or have the helpdesk give your account the address %s, and say /escalate link %s: "+
		"then nobody has to confirm it.", strings.Join(a.policy.Roles.Leads, ", "), email, email)
}

// answer draws the question, or who answered it and how.
func (q *pairing) answer(ctx context.Context, tx Tx, token string) (Answer, error) {
	p, err := tx.PersonRow(ctx, q.Person)
	if err != nil {
		return Answer{}, err
	}
	if q.By != "" {
		name, verdict := personName(ctx, tx, q.By), "is not"
		if q.Yes {
			verdict = "is"
		}
		text := fmt.Sprintf("The helpdesk account %s %s %s's, says %s.", q.Email, verdict, p.Name, name)
		return Answer{Text: text, Lines: []Line{{Text: text}}}, nil
	}
	text := fmt.Sprintf("Leads: is the helpdesk account %s %s's?", q.Email, p.Name)
	return Answer{
		Text: text,
		Lines: []Line{
			{Head: text, Text: fmt.Sprintf("They say so, but in Slack their address is %s.", p.Email)},
			{Text: "Whoever has the account is the assignee of what they claim. A lead answers, and not they themselves."},
		},
		Actions: []Action{ActPair, ActNotPair}, Token: token,
	}, nil
}

// paired takes a lead's word for whose an account is.
func (a *act) paired(ctx context.Context) error {
	row, n, err := loadNotice(ctx, a.tx, a.press.Token)
	if errors.Is(err, ErrNotFound) || err == nil && (n.Pairing == nil || n.elsewhere(a.press.On)) {
		return a.refuse(ctx, "That button belongs to no question of mine.")
	}
	if err != nil {
		return err
	}
	q := n.Pairing
	if q.Person == a.press.Actor {
		return a.refuse(ctx, "Somebody else has to confirm your account: another lead. "+a.onlyLead(a.who.Email))
	}
	p, why, err := a.unpairable(ctx, q)
	if err != nil {
		return err
	}
	if why != "" {
		if err := a.audit(ctx, personSubject(q.Person), outcomeNothing, why); err != nil {
			return err
		}
		return a.say(ctx, "%s", why)
	}
	q.By, q.Yes = a.press.Actor, a.press.Action == ActPair
	if n.Place.TS == "" {
		n.Place = a.press.On // pressed before we noted where it is
	}
	return errors.Join(
		a.settlePairing(ctx, q, p), saveNotice(ctx, a.tx, row, n), enqueueNotice(ctx, a.tx, row.Token, a.tx.Now()),
	)
}

// settlePairing does what a lead said, and tells the person.
func (a *act) settlePairing(ctx context.Context, q *pairing, p *Person) error {
	told, detail := fmt.Sprintf("%s says that the helpdesk account %s is not yours. Nothing was changed.", a.who.Name, q.Email), "not agent "+string(q.Agent)
	if q.Yes {
		if err := a.s.giveAccount(ctx, a.tx, p, q.Agent, LinkLead); err != nil {
			return err
		}
		told, detail = fmt.Sprintf("%s confirmed your helpdesk account %s. What you have claimed is assigned to you there now.", a.who.Name, q.Email), "linked to agent "+string(q.Agent)
	}
	return errors.Join(
		a.audit(ctx, personSubject(p.ID), outcomeDone, detail),
		a.s.enqueueTell(ctx, a.tx, Recipient{Person: p.ID, Channel: a.press.On.Channel}, Answer{Text: told, Lines: []Line{{Text: told}}}),
	)
}

// unpairable says why a question cannot be answered any more; "" when it can.
func (a *act) unpairable(ctx context.Context, q *pairing) (*Person, string, error) {
	if q.By != "" {
		return nil, a.name(ctx, q.By) + " answered that already.", nil
	}
	w, err := identify(ctx, a.tx, a.policy, q.Person)
	if err != nil {
		return nil, "", err
	}
	taken, err := a.heldBy(ctx, q.Agent, q.Person)
	switch {
	case err != nil || taken != "":
		return nil, taken, err
	case a.tx.Now().Sub(q.At) > pairingLife:
		return nil, "This was asked too long ago. Nothing was changed; they can ask again: /escalate link", nil
	case !w.role.atLeast(RoleAgent):
		return nil, w.Name + " is no agent any more. Nothing was changed.", nil
	}
	return &w.Person, "", nil
}
