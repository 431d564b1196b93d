package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// pairing asks a lead whether an account is a person's, as the row of its question keeps it.
type pairing struct {
	Person escalate.PersonID `json:"person"`
	Desk   string            `json:"desk,omitempty"` // "" in rows of before there could be several
	Agent  escalate.AgentID  `json:"agent"`
	Email  string            `json:"email"` // of the account
	At     time.Time         `json:"at"`
	By     escalate.PersonID `json:"by,omitempty"` // who answered; "" until somebody has
	Yes    bool              `json:"yes,omitempty"`
}

// desk is the helpdesk that the account is in.
func (q *pairing) desk() string { return cmp.Or(q.Desk, FirstDesk) }

const (
	// pairingLife is how long a lead may take to answer.
	pairingLife = 7 * 24 * time.Hour
	// pairingsADay is how often one person may ask in a day for an account in each helpdesk: every question goes to a whole channel.
	pairingsADay = 3
)

// heldBy says who has an account that a person wants; "" when it is free.
func (a *act) heldBy(ctx context.Context, f found, wanted escalate.PersonID) (string, error) {
	holder, err := a.tx.PersonByAgent(ctx, f.desk, f.agent)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && holder.ID == wanted:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("look who has account %s in %s: %w", f.agent, f.desk, err)
	}
	return fmt.Sprintf("That account%s is %s's. Nothing was changed. If it is not, a lead takes it off: /escalate link off @%s", a.s.in(f.desk), holder.Name, holder.Name), nil
}

// askLeads puts the question before the leads, in the channel that tickets go to. It returns what to say to who asked.
func (a *act) askLeads(ctx context.Context, p *Person, q *pairing) (string, error) {
	asked, err := a.tx.CountAsks(ctx, askLink, string(p.ID), a.tx.Now().Add(-24*time.Hour))
	if err != nil {
		return "", err
	}
	if asked >= pairingsADay*len(a.s.Helpdesks) {
		return "You have asked for that several times today. Nothing was changed; please talk to a lead.", a.unpaired(ctx)
	}
	policy, err := a.tx.Policy(ctx)
	if err != nil {
		return "", fmt.Errorf("load policy: %w", err)
	}
	row := &Ask{Token: a.s.NewToken(), Kind: askLink, Subject: string(p.ID), At: a.tx.Now()}
	if err := a.s.notify(ctx, a.tx, row, &notice{Channel: policy.Routes.Default, Pairing: q}); err != nil {
		return "", err
	}
	if err := a.audit(ctx, personSubject(p.ID), outcomeNothing, "asked for agent "+string(q.Agent)+a.s.in(q.desk())); err != nil {
		return "", err
	}
	a.policy = policy
	w, err := identify(ctx, a.tx, policy, p.ID)
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("That account%s has another address than you have in Slack (%s), so a lead has to confirm that it is yours. I asked in #%s.",
		a.s.in(q.desk()), p.Email, policy.Routes.Default)
	if w.role.atLeast(RoleLead) {
		text += " As a lead you cannot confirm it yourself: another one has to. " + a.onlyLead(p.Email)
	}
	return text, nil
}

// onlyLead says what is left to a lead who has nobody to confirm their account. Whoever could confirm their own could take anybody's
// account, and answer customers in that name.
func (a *act) onlyLead(email string) string {
	return fmt.Sprintf("If there is no other, add somebody to the leads (%s) for as long as it takes; or have the helpdesk give your account the address %s, and say /escalate link %s: "+
		"then nobody has to confirm it.", strings.Join(a.policy.Roles.Leads, ", "), email, email)
}

// answer draws the question, or who answered it and how.
func (q *pairing) answer(ctx context.Context, s *Service, tx Tx, token string) (Answer, error) {
	p, err := tx.PersonRow(ctx, q.Person)
	if err != nil {
		return Answer{}, err
	}
	if q.By != "" {
		name, verdict := personName(ctx, tx, q.By), "is not"
		if q.Yes {
			verdict = "is"
		}
		text := fmt.Sprintf("The helpdesk account %s%s %s %s's, says %s.", q.Email, s.in(q.desk()), verdict, p.Name, name)
		return Answer{Text: text, Lines: []Line{{Text: text}}}, nil
	}
	text := fmt.Sprintf("Leads: is the helpdesk account %s%s %s's?", q.Email, s.in(q.desk()), p.Name)
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
	in := a.s.in(q.desk())
	told := fmt.Sprintf("%s says that the helpdesk account %s%s is not yours. Nothing was changed.", a.who.Name, q.Email, in)
	detail := "not agent " + string(q.Agent) + in
	if q.Yes {
		if err := a.s.giveAccount(ctx, a.tx, p, found{q.desk(), q.Agent}, LinkLead); err != nil {
			return err
		}
		told = fmt.Sprintf("%s confirmed your helpdesk account %s%s. What you have claimed is assigned to you there now.", a.who.Name, q.Email, in)
		detail = "linked to agent " + string(q.Agent) + in
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
	taken, err := a.heldBy(ctx, found{q.desk(), q.Agent}, q.Person)
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
