package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"warmline/escalate"
)

// Where a hand-off can be passed on to: the values of the modal's field "to".
const (
	passPerson  = "person"
	passManager = "manager"
	passChannel = "channel"
	passAI      = "ai"
	passExpert  = "expert"
)

// pass takes a hand-off from its owner to somebody else, with a note for them.
func (a *act) pass(ctx context.Context) error {
	if ok, err := a.mayPass(ctx); !ok || err != nil {
		return err
	}
	switch a.press.Fields["to"] {
	case passPerson:
		return a.reassign(ctx)
	case passManager:
		return a.raise(ctx)
	case passChannel:
		return a.release(ctx)
	case passAI:
		return a.handBack(ctx)
	case passExpert:
		return a.askExpert(ctx)
	}
	return a.noEffect(ctx, "Nothing was changed: it was not said where the ticket goes.")
}

// badPass says what is missing, by field.
func (a *act) badPass() map[string]string {
	f := a.press.Fields
	switch {
	case f["to"] == passPerson && f["person"] == "":
		return map[string]string{"person": "Pick the colleague who gets it."}
	case f["to"] == passExpert && f["where"] == "":
		return map[string]string{"where": "Pick the channel where the expert reads."}
	case f["to"] == passExpert && strings.TrimSpace(f["text"]) == "":
		return map[string]string{"text": "Write what you want to know."}
	}
	return nil
}

// mayPass reports whether the person may dispose of the hand-off: of one that nobody has every agent may, of another its owner
// or a lead.
func (a *act) mayPass(ctx context.Context) (bool, error) {
	h := a.ticket().Handoff
	switch {
	case !h.Active():
		return false, a.noEffect(ctx, a.taken(ctx))
	case h.State == escalate.HandoffClaimed && h.Owner != a.press.Actor && !a.who.role.atLeast(RoleLead):
		return false, a.refuse(ctx, a.taken(ctx)+" Only they or a lead can do that.")
	}
	return true, nil
}

// reassign makes a colleague the owner, and tells them.
func (a *act) reassign(ctx context.Context) error {
	to := escalate.PersonID(a.press.Fields["person"])
	colleague, err := identify(ctx, a.tx, a.policy, to)
	if err != nil {
		return err
	}
	switch {
	case !colleague.role.atLeast(RoleAgent):
		return a.noEffect(ctx, fmt.Sprintf("Nothing was changed: %s is none of the agents.", colleague.Name))
	case to == a.ticket().Handoff.Owner:
		return a.noEffect(ctx, fmt.Sprintf("Nothing was changed: %s has it already.", colleague.Name))
	}
	if err := a.apply(escalate.Reassigned{By: a.press.Actor, To: to, Agent: colleague.agentIn(a.ticket().Ref.Desk)}); err != nil {
		return a.unless(ctx, err)
	}
	if err := a.noteBelow(ctx, "passed this to you", to); err != nil {
		return err
	}
	return a.done(ctx, "passed to "+string(to))
}

// raise takes the hand-off to the managers' channel, with its draft and its clock.
func (a *act) raise(ctx context.Context) error {
	t, channel := a.ticket(), a.policy.ManagerChannel()
	draft := t.Draft()
	switch {
	case t.Handoff.Channel == channel:
		return a.noEffect(ctx, fmt.Sprintf("Nothing was changed: it is in #%s already, which is the managers'.", channel))
	case draft != nil && draft.State == escalate.ReplyApproved:
		return a.noEffect(ctx, "Nothing was changed: a reply is about to be sent. Undo it first, or wait until it is out.")
	}
	now := a.tx.Now()
	e := escalate.Raised{By: a.press.Actor, Handoff: escalate.HandoffID(a.s.NewID(now)), Channel: channel, Clock: clock(now, a.policy, t)}
	if draft != nil {
		text, err := a.tx.Text(ctx, t.ID, replyKey(draft.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("load draft: %w", err)
		}
		if err == nil {
			if e.Reply, err = a.change.write(ctx, draft.Purpose, text, draft.Newest); err != nil {
				return err
			}
			e.Reply.Answer, e.Reply.Edited, e.Reply.SeenEdit = draft.Answer, draft.Edited, draft.SeenEdit
			e.Reply.Facts, e.Reply.Rests = draft.Facts, draft.Rests
			files, err := filesOf(ctx, a.tx, t, draft)
			if err == nil {
				err = a.change.attach(ctx, e.Reply, files)
			}
			if err != nil {
				return err
			}
		}
	}
	if err := a.apply(e); err != nil {
		return a.unless(ctx, err)
	}
	if err := a.noteBelow(ctx, "passed this up", ""); err != nil {
		return err
	}
	return a.done(ctx, "passed up to #"+channel)
}

// release gives the hand-off back to its channel.
func (a *act) release(ctx context.Context) error {
	if a.ticket().Handoff.State == escalate.HandoffOpen {
		return a.noEffect(ctx, "Nobody has this ticket; there is nothing to release.")
	}
	if err := a.apply(escalate.Released{By: a.press.Actor}); err != nil {
		return a.unless(ctx, err)
	}
	if err := a.noteBelow(ctx, "released this", ""); err != nil {
		return err
	}
	return a.done(ctx, "released")
}

// handBack gives the ticket to the AI again, if it may have it: what keeps it from the AI would bring it straight back.
func (a *act) handBack(ctx context.Context) error {
	t := a.ticket()
	known, err := assessmentOf(ctx, a.tx, t)
	if err != nil {
		return err
	}
	free := *t
	free.Handoff, free.Conversation.HandsOff, free.Conversation.FreedAt = nil, false, a.tx.Now()
	_, d, err := (&change{s: a.s, tx: a.tx, ticket: &free}).decision(ctx, known, nil)
	if err != nil {
		return err
	}
	if d.Way == escalate.WayEscalate {
		return a.noEffect(ctx, "Nothing was changed: the AI may not have this ticket. "+d.Primary().Words()+".")
	}
	if t.UnderWay() != nil {
		return a.noEffect(ctx, "Nothing was changed: a reply is on its way to the customer; wait until it has arrived.")
	}
	if err := a.apply(escalate.HandedBack{By: a.press.Actor}); err != nil {
		return a.unless(ctx, err)
	}
	if err := a.noteBelow(ctx, "gave this back to the AI", ""); err != nil {
		return err
	}
	if err := a.s.enqueueAssess(ctx, a.tx, t.ID, true); err != nil {
		return err
	}
	return a.done(ctx, "given back to the AI")
}

// noteBelow says in the card's thread who did what, and what they wrote to it.
func (a *act) noteBelow(ctx context.Context, did string, to escalate.PersonID) error {
	text := strings.TrimSpace(a.press.Fields["text"])
	if text == "" && to == "" {
		return nil
	}
	post := ThreadPost{
		Key: "pass-" + string(a.ticket().Handoff.ID) + "-" + a.press.ID, Head: fmt.Sprintf("%s %s", a.who.Name, did), Text: text, Mention: to, At: a.tx.Now(),
	}
	return a.change.enqueueThread(ctx, a.ticket().Handoff, post)
}
