package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"warmline/escalate"
	"warmline/escalate/mask"
)

// onCard applies a press on a hand-off's card or in a modal that it opened.
func (a *act) onCard(ctx context.Context) error {
	row, err := a.tx.CardByToken(ctx, a.press.Token)
	if errors.Is(err, ErrNotFound) || err == nil && a.elsewhere(row) {
		return a.refuse(ctx, "That button belongs to no card of mine. Please use the card itself.")
	}
	if err != nil {
		return fmt.Errorf("load card: %w", err)
	}
	a.card = row
	if a.change, err = a.s.change(ctx, a.tx, row.Ticket); err != nil {
		return err
	}
	a.change.on = row
	if h := a.ticket().Handoff; h == nil || h.ID != row.Handoff {
		return a.noEffect(ctx, "This card is about an earlier hand-off of the ticket; there is a newer one.")
	}
	if err := a.do(ctx); err != nil {
		return err
	}
	if err := a.change.save(ctx); err != nil {
		return err
	}
	return a.nudge(ctx)
}

// elsewhere reports whether a card was pressed at a place where it is not: a copied or forged message. App Home is no message:
// nobody but us can draw it, and each person has their own.
func (a *act) elsewhere(row *CardRow) bool {
	on := a.press.On
	return on.TS != "" && row.Place.TS != "" && on != row.Place
}

func (a *act) ticket() *escalate.Ticket { return a.change.ticket }

// agent is who the person is in the ticket's own helpdesk.
func (a *act) agent() escalate.AgentID { return a.who.agentIn(a.ticket().Ref.Desk) }

func (a *act) do(ctx context.Context) error {
	switch a.press.Action {
	case ActClaim:
		return a.claim(ctx)
	case ActRelease:
		if a.ticket().Handoff.State == escalate.HandoffOpen {
			return a.noEffect(ctx, "Nobody has this ticket; there is nothing to release.")
		}
		return a.owned(ctx, "released", escalate.Released{By: a.press.Actor})
	case ActShouldAuto, ActShouldDraft, ActShouldHuman:
		return a.lookBack(ctx)
	case ActReveal:
		return a.reveal(ctx)
	case ActPreview:
		return a.preview(ctx)
	case ActSubmitPreview:
		return a.previewed(ctx)
	case ActSubmitPass:
		return a.pass(ctx)
	case ActSubmitSnooze:
		return a.snooze(ctx)
	case ActSubmitInform:
		return a.informed(ctx)
	case ActWake:
		if a.ticket().Handoff.Snoozed.IsZero() {
			return a.noEffect(ctx, "This ticket is not put aside; there is nothing to wake.")
		}
		return a.owned(ctx, "woken", escalate.Woken{Handoff: a.ticket().Handoff.ID})
	case ActResolve:
		return a.owned(ctx, "resolved", escalate.Resolved{By: a.press.Actor})
	case ActApprove, ActSolve:
		return a.approve(ctx)
	case ActUndo:
		return a.undo(ctx)
	case ActEdit, ActReject, ActReply, ActDetails, ActPass, ActSnooze, ActInform:
		return a.open(ctx)
	case ActSubmitEdit, ActSubmitReply:
		return a.submit(ctx)
	case ActSubmitReject:
		return a.reject(ctx)
	case ActArrived, ActResend:
		return a.judge(ctx)
	case ActComplain:
		return a.complain(ctx)
	case ActReassess:
		if err := a.s.enqueueAssess(ctx, a.tx, a.ticket().ID, true); err != nil {
			return err
		}
		return a.done(ctx, "assessed anew")
	default:
		return a.refuse(ctx, fmt.Sprintf("I do not know the action %q.", a.press.Action))
	}
}

// claim makes one of all who pressed the owner. The transaction decides: a hundred presses, one owner.
func (a *act) claim(ctx context.Context) error {
	h := a.ticket().Handoff
	err := a.apply(escalate.Claimed{By: a.press.Actor, Agent: a.agent()})
	if refusedTransition(err) {
		if h.Owner == a.press.Actor {
			return a.noEffect(ctx, "You have this ticket already.")
		}
		return a.noEffect(ctx, a.taken(ctx))
	}
	if err != nil {
		return err
	}
	return a.done(ctx, "claimed")
}

// taken says who was faster.
func (a *act) taken(ctx context.Context) string {
	h, n := a.ticket().Handoff, a.ticket().Ref.ID
	switch h.State {
	case escalate.HandoffClaimed:
		return fmt.Sprintf("#%s is taken: %s claimed it at %s.", n, a.name(ctx, h.Owner), a.local(h.ClaimedAt))
	case escalate.HandoffTaken:
		return fmt.Sprintf("#%s is taken: a colleague answered it in the helpdesk.", n)
	default:
		return fmt.Sprintf("#%s needs nobody any more: it is %s.", n, h.State)
	}
}

// owned applies what only the owner or a lead may do. On an unclaimed card the person becomes the owner first.
func (a *act) owned(ctx context.Context, done string, e escalate.Event) error {
	if ok, err := a.own(ctx); !ok || err != nil {
		return err
	}
	if err := a.apply(e); err != nil {
		return a.unless(ctx, err)
	}
	return a.done(ctx, done)
}

// own makes sure that the person may act on the hand-off: as its owner, as a lead, or by claiming it now.
func (a *act) own(ctx context.Context) (bool, error) {
	h := a.ticket().Handoff
	switch {
	case h.State == escalate.HandoffOpen:
		return true, a.apply(escalate.Claimed{By: a.press.Actor, Agent: a.agent()})
	case h.State == escalate.HandoffClaimed && (h.Owner == a.press.Actor || a.who.role.atLeast(RoleLead)):
		return true, nil
	case h.State == escalate.HandoffTaken && a.who.role.atLeast(RoleAgent):
		return true, nil
	case h.State == escalate.HandoffClaimed:
		return false, a.refuse(ctx, a.taken(ctx)+" Only they or a lead can do that.")
	}
	return false, a.noEffect(ctx, a.taken(ctx))
}

// hindsights is what each answer to "should the AI have handled it?" says.
var hindsights = map[Action]escalate.Hindsight{
	ActShouldAuto: escalate.HindsightAuto, ActShouldDraft: escalate.HindsightDraft, ActShouldHuman: escalate.HindsightHuman,
}

// lookBack keeps what a person says of a ticket that is resolved. The first word stands.
func (a *act) lookBack(ctx context.Context) error {
	said := hindsights[a.press.Action]
	err := a.apply(escalate.Looked{By: a.press.Actor, Hindsight: said})
	if h := a.ticket().Handoff; refusedTransition(err) && h.LookedBy != "" {
		return a.noEffect(ctx, a.name(ctx, h.LookedBy)+" has said so already.")
	}
	if err != nil {
		return a.unless(ctx, err)
	}
	return a.done(ctx, "looked back: "+string(said))
}

// approve sends the draft as it was shown, after the undo window.
func (a *act) approve(ctx context.Context) error {
	draft := a.ticket().Draft()
	switch {
	case draft == nil:
		return a.noEffect(ctx, "There is no draft to approve any more.")
	case draft.State != escalate.ReplyProposed:
		return a.noEffect(ctx, a.name(ctx, draft.By)+" approved it already.")
	case a.ticket().UnderWay() != nil:
		return a.noEffect(ctx, "Another reply is on its way to the customer; wait until it has arrived.")
	}
	if a.press.Action != ActSubmitPreview {
		text, err := a.tx.Text(ctx, a.ticket().ID, replyKey(draft.ID))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("load draft: %w", err)
		}
		if mask.Holds(text, mask.Secrets) {
			return a.refuse(ctx, "This draft holds something that the card hides. Press Preview & send to read it whole first.")
		}
	}
	use, err := a.change.draftUse(ctx, draft)
	if err != nil {
		return err
	}
	if use != escalate.DraftApproval {
		return a.refuse(ctx, "This draft cannot be approved as it stands; press Edit and rework it.")
	}
	if why := moved(a.ticket(), draft, a.agent()); why != "" && !draft.Edited {
		return a.noEffect(ctx, fmt.Sprintf("Not sent: %s since this draft was written. Look at the thread, then press Edit.", why))
	}
	if ok, err := a.own(ctx); !ok || err != nil {
		return err
	}
	if stopped, err := a.sourceStops(ctx, draft); stopped || err != nil {
		return err
	}
	detail := "approved"
	if draft.Edited {
		detail = "edited"
	}
	if err := a.feedback(ctx, draft, detail, escalate.VerdictRight); err != nil {
		return err
	}
	// A person who presses Send on words that were held back has seen what moved: the fence starts from there.
	return a.send(ctx, draft.ID, a.press.Action == ActSolve, a.before())
}

// known is what somebody has seen of a conversation: its newest message, and the customer's newest edit.
type known struct {
	newest escalate.MessageID
	edit   time.Time
}

// before is the conversation as it stands, for who has it before them.
func (a *act) before() known {
	v := &a.ticket().Conversation
	return known{v.Newest, v.Edited}
}

// send approves a reply by someone who has seen so much of the conversation.
func (a *act) send(ctx context.Context, id escalate.ReplyID, solve bool, seen known) error {
	err := a.apply(escalate.Approved{
		Reply: id, By: a.press.Actor, SendAt: escalate.At(a.tx.Now().Add(a.policy.Pace.Undo)), Solve: solve,
		Newest: seen.newest, SeenEdit: seen.edit, Assignee: a.ticket().Conversation.Assignee,
	})
	if err != nil {
		return a.unless(ctx, err)
	}
	return a.done(ctx, "approved")
}

// undo takes an approval back within its window.
func (a *act) undo(ctx context.Context) error {
	draft := a.ticket().Draft()
	if draft == nil || draft.State != escalate.ReplyApproved {
		return a.noEffect(ctx, "Too late to undo: the reply is on its way.")
	}
	if draft.By != a.press.Actor && !a.who.role.atLeast(RoleLead) {
		return a.refuse(ctx, fmt.Sprintf("Only %s or a lead can take that back.", a.name(ctx, draft.By)))
	}
	if err := a.apply(escalate.Undone{Reply: draft.ID, By: a.press.Actor}); err != nil {
		return a.unless(ctx, err)
	}
	if err := a.takeBack(ctx, draft); err != nil {
		return err
	}
	return a.done(ctx, "undone")
}

// judge takes a person's word for a reply whose fate nobody could tell.
func (a *act) judge(ctx context.Context) error {
	r := a.ticket().Asked()
	if r == nil {
		return a.noEffect(ctx, "That has been settled already.")
	}
	if a.press.Action == ActResend {
		return a.send(ctx, r.ID, r.Solve, a.before())
	}
	if err := a.apply(escalate.Sent{Reply: r.ID, By: a.press.Actor}); err != nil {
		return a.unless(ctx, err)
	}
	return a.done(ctx, "arrived")
}

// Small steps that the actions share.

func (a *act) apply(e escalate.Event) error { return a.change.apply(string(a.press.Actor), e) }

func (a *act) done(ctx context.Context, detail string) error {
	return a.audit(ctx, string(a.ticket().ID), outcomeDone, detail)
}

// noEffect tells the person why nothing happened.
func (a *act) noEffect(ctx context.Context, why string) error {
	return a.keep(ctx, why, a.press.Fields["text"])
}

func refusedTransition(err error) bool {
	var refused *escalate.TransitionError
	return errors.As(err, &refused)
}

// unless turns a refused transition into an answer: someone was faster.
func (a *act) unless(ctx context.Context, err error) error {
	if refusedTransition(err) {
		return a.noEffect(ctx, fmt.Sprintf("Nothing was changed: %v.", err))
	}
	return err
}
