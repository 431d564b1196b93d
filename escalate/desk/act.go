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

// Press takes what a person did in Slack. When it returns nil the press is durable: it was applied, refused, or waits
// for a fresh reading of the groups. The same press again returns the same acknowledgement and changes nothing.
func (s *Service) Press(ctx context.Context, p Press) (Ack, error) {
	body, err := json.Marshal(p)
	if err != nil {
		return Ack{}, fmt.Errorf("encode press: %w", err)
	}
	var ack Ack
	err = s.Store.Update(ctx, func(tx Tx) error {
		ack = Ack{}
		row, fresh, err := tx.AddPress(ctx, &PressRow{ID: p.ID, At: tx.Now(), Body: body, State: "new"})
		if err != nil {
			return err
		}
		if !fresh {
			return json.Unmarshal(row.Ack, &ack)
		}
		a := &act{s: s, tx: tx, press: p}
		if row.State, err = a.run(ctx); err != nil {
			return err
		}
		ack = a.ack
		kept := ack
		kept.Open = nil // a press delivered again can open nothing: its trigger has expired
		if row.Ack, err = json.Marshal(kept); err != nil {
			return fmt.Errorf("encode acknowledgement: %w", err)
		}
		return row.keep(ctx, tx)
	})
	if err != nil {
		return Ack{}, fmt.Errorf("take press %s of %s: %w", p.Action, p.Actor, err)
	}
	return ack, nil
}

// act is one press in one transaction.
type act struct {
	s      *Service
	tx     Tx
	press  Press
	policy *escalate.Policy
	who    who
	fresh  bool // the groups were read after the press
	ack    Ack
	// Of the card that was pressed; nil for commands.
	card   *CardRow
	change *change
}

// The states of a press.
const (
	pressApplied = "applied"
	pressWaiting = "waiting"
	pressRefused = "refused"
)

// pressLife is how long a press may wait for a reading of the groups: later it would surprise everybody.
const pressLife = 5 * time.Minute

// keep saves a press. Once it is decided, what was typed and the response URL are not kept any longer.
func (p *PressRow) keep(ctx context.Context, tx Tx) error {
	if p.State != pressWaiting {
		p.Body = []byte("{}")
	}
	return tx.SavePress(ctx, p)
}

// needs says what an action needs: a role, and whether it must be confirmed by a reading of the groups that began
// after the press. What reaches a customer, changes the policy or is evidence for it does.
func needs(a Action) (Role, bool) {
	switch a {
	case ActApprove, ActSolve, ActSubmitEdit, ActSubmitReply, ActArrived, ActResend, ActRight, ActWrong, ActComplain, ActSubmitCorrect,
		ActSubmitPass, ActSubmitPreview, ActReveal, ActSubmitFold, ActSubmitLink, ActSubmitInform:
		return RoleAgent, true
	case ActApply, ActResume, ActPair, ActNotPair:
		return RoleLead, true
	case ActOlder, ActSetup:
		return RoleLead, false
	case ActHome, ActAnswer, ActSubmitAnswer:
		return RoleNone, false
	default:
		return RoleAgent, false
	}
}

// run decides whether the person may, and does it.
func (a *act) run(ctx context.Context) (state string, err error) {
	if a.policy, err = a.tx.Policy(ctx); err != nil {
		return "", fmt.Errorf("load policy: %w", err)
	}
	if a.who, err = identify(ctx, a.tx, a.policy, a.press.Actor); err != nil {
		return "", err
	}
	if a.press.Home {
		if err := a.look(ctx); err != nil {
			return "", err
		}
	}
	if a.press.Action == ActHome {
		return pressApplied, nil // what the person may see there is decided when it is drawn
	}
	run, role, confirm := a.asked()
	if a.ack.Errors = a.invalid(); a.ack.Errors != nil {
		return pressRefused, nil // the modal stays open with what was typed
	}
	if a.ack.Errors, err = a.badFiles(ctx); a.ack.Errors != nil || err != nil {
		return pressRefused, err
	}
	switch {
	case a.foreign():
		return pressRefused, a.refuse(ctx, "Only people of this workspace can do that.")
	case a.who.Guest || a.who.Bot || a.who.Gone:
		return pressRefused, a.refuse(ctx, "Guests, bots and deactivated accounts can do nothing here. Nothing was changed.")
	case a.fresh && a.tx.Now().Sub(a.press.At) > pressLife:
		return pressRefused, a.refuse(ctx, "Slack took too long to say who may do that. Nothing was changed; please press again.")
	case !a.fresh && (confirm || !a.who.known || a.tx.Now().Sub(a.who.begun) > groupsFresh):
		return pressWaiting, a.wait(ctx)
	case !a.who.role.atLeast(role):
		return pressRefused, a.refuse(ctx, a.notAllowed(role))
	}
	if err := run(ctx); err != nil {
		return "", err
	}
	return pressApplied, nil
}

// asked is what a press asks for, and what it needs.
func (a *act) asked() (run func(context.Context) error, role Role, confirm bool) {
	role, confirm = needs(a.press.Action)
	run = a.onCard
	switch a.press.Action {
	case ActHomeShow, ActHomeChannel, ActHomeTopic, ActHomePrevious, ActHomeNext, ActHomeRefresh:
		run = a.turn
	case ActSubmitSnooze:
		confirm = confirm || a.press.Fields["wait"] != "" // the customer hears of it
	case ActPause, ActResume:
		run = func(ctx context.Context) error {
			return a.pause(ctx, a.press.Action == ActPause, chosen(a.press.Token))
		}
	case ActAsked:
		run = a.discuss
	case ActEscalate, ActSubmitEscalate:
		run = a.escalateMessage
	case ActCommand:
		cmd := parseCommand(a.press.Fields["text"])
		role, confirm = cmd.needs()
		run = func(ctx context.Context) error { return a.command(ctx, cmd) }
	case ActApply:
		run = a.confirmed
	case ActRight, ActWrong:
		run = a.reviewed
	case ActCorrect, ActSubmitCorrect:
		run = a.correct
	case ActFoldReply, ActFoldClaim, ActFoldShow, ActFoldUndo, ActSubmitFold:
		run = a.onFold
	case ActAnswer, ActSubmitAnswer:
		run = a.answerExpert
	case ActLink:
		run = a.openLink
	case ActSubmitLink:
		run = a.submitLink
	case ActPair, ActNotPair:
		run = a.paired
	case ActOlder:
		run = a.older
	case ActSetup:
		run = a.setupAsked
	default:
	}
	return run, role, confirm
}

// foreign reports whether the person belongs to another workspace: a guest of a shared channel.
func (a *act) foreign() bool {
	if a.s.Team == nil || a.s.Team() == "" {
		return false
	}
	team := a.s.Team()
	return a.press.Team != "" && a.press.Team != team || a.who.Team != "" && a.who.Team != team
}

// wait leaves the press to a job that reads the groups first.
func (a *act) wait(ctx context.Context) error {
	j, err := newJob(JobApplyPress, work{Press: a.press.ID})
	if err != nil {
		return err
	}
	j.Key, j.Urgent = a.press.ID, true
	return a.tx.Enqueue(ctx, j)
}

// applyPress applies a press that waited, with a reading of person and groups that began after it.
func (s *Service) applyPress(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	var p Press
	err = s.Store.View(ctx, func(tx Tx) error {
		row, err := tx.PressRow(ctx, w.Press)
		if err != nil {
			return err
		}
		return json.Unmarshal(row.Body, &p)
	})
	if errors.Is(err, ErrNotFound) {
		return s.finish(ctx, j)
	}
	if err != nil {
		return fmt.Errorf("load press: %w", err)
	}
	if err := errors.Join(s.readPerson(ctx, p.Actor), s.fresh(ctx)); err != nil {
		return s.unlessLater(ctx, err)
	}
	for _, id := range p.names() {
		if err := s.readPerson(ctx, id); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		row, err := tx.PressRow(ctx, w.Press)
		if err != nil || row.State != pressWaiting {
			return errors.Join(err, tx.Finish(ctx, j))
		}
		a := &act{s: s, tx: tx, press: p, fresh: true}
		if row.State, err = a.run(ctx); err != nil {
			return err
		}
		if a.ack.Open != nil {
			a.ack.Answer = &Answer{Text: "You may do that now: please press the button again."}
		}
		if a.ack.Answer != nil {
			if err := s.enqueueTell(ctx, tx, a.recipient(), *a.ack.Answer); err != nil {
				return err
			}
		}
		return errors.Join(row.keep(ctx, tx), tx.Finish(ctx, j))
	})
}

// answer tells the person something in private: in the acknowledgement of a command, in App Home, else by a job.
func (a *act) answer(ctx context.Context, ans Answer) error {
	switch {
	case a.press.Action == ActCommand:
		a.ack.Answer = &ans
		return nil
	case a.press.Home:
		return a.sayAtHome(ctx, ans.Text)
	}
	return a.s.enqueueTell(ctx, a.tx, a.recipient(), ans)
}

func (a *act) recipient() Recipient {
	to := Recipient{Person: a.press.Actor, URL: a.press.Respond, Channel: a.press.On.Channel}
	if to.Channel == "" && a.card != nil {
		to.Channel, to.Thread = a.card.Place.Channel, a.card.Place.TS
	}
	return to
}

// say answers with one sentence.
func (a *act) say(ctx context.Context, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	return a.answer(ctx, Answer{Text: text, Lines: []Line{{Text: text}}})
}

// refuse tells the person, alone, why not, and keeps the refusal. What they typed comes back to them.
func (a *act) refuse(ctx context.Context, why string) error {
	if err := a.audit(ctx, a.subject(ctx), outcomeRefused, why); err != nil {
		return err
	}
	return a.answer(ctx, Answer{Text: why, Lines: []Line{{Text: why}}, Keep: a.press.Fields["text"]})
}

func (a *act) notAllowed(need Role) string {
	groups := a.policy.Roles.Agents
	if need == RoleLead {
		groups = a.policy.Roles.Leads
	}
	return fmt.Sprintf("Only %ss can do that: people in %s. Nothing was changed.", need, strings.Join(groups, ", "))
}

// subject names what a press was about, for the audit log.
func (a *act) subject(ctx context.Context) string {
	switch a.press.Action {
	case ActCommand:
		return parseCommand(a.press.Fields["text"]).subject()
	case ActAsked:
		return "thread"
	case ActEscalate, ActSubmitEscalate:
		return "message"
	case ActApply, ActRight, ActWrong, ActCorrect, ActSubmitCorrect, ActAnswer, ActSubmitAnswer,
		ActFoldReply, ActFoldClaim, ActFoldShow, ActFoldUndo, ActSubmitFold, ActPair, ActNotPair, ActOlder, ActSetup:
		return "question"
	case ActHome, ActHomeShow, ActHomeChannel, ActHomeTopic, ActHomePrevious, ActHomeNext, ActHomeRefresh:
		return "app home"
	case ActPause, ActResume:
		return scopeWords(chosen(a.press.Token))
	case ActLink, ActSubmitLink:
		return personSubject(a.press.Actor)
	default:
	}
	if row, err := a.tx.CardByToken(ctx, a.press.Token); err == nil {
		return string(row.Ticket)
	}
	return "unknown card"
}

func (a *act) audit(ctx context.Context, subject, outcome, detail string) error {
	return a.tx.Audit(ctx, AuditRow{
		At: a.tx.Now(), Actor: string(a.press.Actor), Action: string(a.press.Action), Subject: subject, Outcome: outcome, Detail: detail,
	})
}

// enqueueTell has one person told something in private.
func (s *Service) enqueueTell(ctx context.Context, tx Tx, to Recipient, a Answer) error {
	j, err := newJob(JobTell, tellWork{To: to, Answer: a})
	if err != nil {
		return err
	}
	j.Urgent = true
	return tx.Enqueue(ctx, j)
}

type tellWork struct {
	To     Recipient `json:"to"`
	Answer Answer    `json:"answer"`
}

// tell delivers a private answer. It is worth little later: an answer that cannot be delivered is dropped.
func (s *Service) tell(ctx context.Context, j Leased) error {
	var w tellWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	err := s.Messenger.Tell(ctx, w.To, w.Answer)
	var refused *Refused
	switch {
	case err == nil, errors.Is(err, ErrNotFound):
	case errors.As(err, &refused) && refused.RetryAfter == 0, j.Attempt >= 5:
		s.Logger.WarnContext(ctx, "private answer not delivered", "person", w.To.Person, "error", err)
	default:
		return err
	}
	return s.finish(ctx, j)
}
