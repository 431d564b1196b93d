package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"warmline/escalate"
)

// onFold does one thing with every ticket that was checked in a message for many. What became of each is told in private: one that
// somebody else was faster with does not stop the others.
func (a *act) onFold(ctx context.Context) error {
	row, n, err := loadNotice(ctx, a.tx, a.press.Token)
	on := a.press.On
	if errors.Is(err, ErrNotFound) || err == nil && (n.Fold == nil || n.elsewhere(on)) {
		return a.refuse(ctx, "That button belongs to no message of mine.")
	}
	if err != nil {
		return err
	}
	if on.Channel == "" {
		a.press.On.Channel = n.Place.Channel
	}
	picked := n.Fold.picked(a.press.Fields)
	if a.press.Action == ActFoldUndo {
		picked = n.Fold.Tickets
	}
	if len(picked) == 0 {
		return a.say(ctx, "Check the tickets that you mean first.")
	}
	if a.press.Action == ActFoldReply {
		return a.replyToMany(ctx, row.Token, n.Fold)
	}
	var done, not []string
	for _, one := range picked {
		if a.change, err = a.s.change(ctx, a.tx, one.Ticket); err != nil {
			return err
		}
		why, err := a.foldedOne(ctx, one.Handoff)
		if err != nil {
			return err
		}
		switch number := "#" + a.ticket().Ref.ID; why {
		case "":
			done = append(done, number)
		case unconcerned:
		default:
			not = append(not, number+" ("+why+")")
			if err := a.audit(ctx, string(a.ticket().ID), outcomeNothing, why); err != nil {
				return err
			}
		}
		if err := a.change.save(ctx); err != nil {
			return err
		}
	}
	return a.answer(ctx, foldResult(a.press.Action, done, not, a.press.Fields["text"]))
}

// picked lists the tickets whose boxes were checked.
func (f *fold) picked(fields map[string]string) []folded {
	var out []folded
	for v := range strings.SplitSeq(fields["picked"]+","+fields["newest"], ",") {
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(f.Tickets) {
			out = append(out, f.Tickets[i])
		}
	}
	return out
}

// unconcerned says that there was nothing to do with a ticket, and nothing to tell.
const unconcerned = "-"

// foldedOne does with one ticket what was pressed for many. It returns why not, "" when it was done.
func (a *act) foldedOne(ctx context.Context, handoff escalate.HandoffID) (why string, err error) {
	h := a.ticket().Handoff
	if h == nil || h.ID != handoff {
		return "there is a newer hand-off", nil
	}
	switch a.press.Action {
	case ActFoldUndo:
		return a.undoOne(ctx)
	case ActFoldShow:
		return "", a.showOne(ctx, handoff)
	default:
	}
	if h.State != escalate.HandoffOpen {
		return a.taken(ctx), nil
	}
	if err := a.apply(escalate.Claimed{By: a.press.Actor, Agent: a.agent()}); err != nil {
		return "", err
	}
	if a.press.Action == ActFoldClaim {
		return "", a.done(ctx, "claimed")
	}
	return "", a.replyOne(ctx)
}

// replyOne sends what was typed for many to one of them, fenced by what the message showed of it.
func (a *act) replyOne(ctx context.Context) error {
	seen := a.before()
	if d := a.ticket().Decision; d != nil {
		seen = known{d.Newest, d.Edited}
	}
	reply, err := a.change.write(ctx, escalate.PurposeHuman, strings.TrimSpace(a.press.Fields["text"]), seen.newest)
	if err != nil {
		return err
	}
	reply.By, reply.Edited, reply.SeenEdit = a.press.Actor, true, seen.edit
	if err := a.apply(escalate.Proposed{Reply: *reply}); err != nil {
		return err
	}
	return a.send(ctx, reply.ID, false, seen)
}

// undoOne takes a reply back that is not out yet and that the same person approved.
func (a *act) undoOne(ctx context.Context) (why string, err error) {
	draft := a.ticket().Draft()
	if draft == nil || draft.State != escalate.ReplyApproved || draft.By != a.press.Actor {
		return unconcerned, nil
	}
	if err := a.apply(escalate.Undone{Reply: draft.ID, By: a.press.Actor}); err != nil {
		return "", err
	}
	return "", a.done(ctx, "undone")
}

// showOne gives a ticket a card of its own.
func (a *act) showOne(ctx context.Context, handoff escalate.HandoffID) error {
	if shown, err := a.change.unfold(ctx, handoff, a.press.Token); err != nil || !shown {
		return err
	}
	if err := enqueueNotice(ctx, a.tx, a.press.Token, a.tx.Now()); err != nil {
		return err
	}
	return a.done(ctx, "shown as a card")
}

// replyToMany asks for the words that all checked tickets get.
func (a *act) replyToMany(ctx context.Context, token string, f *fold) error {
	var numbers []string
	for _, one := range f.picked(a.press.Fields) {
		t, err := a.tx.Ticket(ctx, one.Ticket)
		if err != nil {
			return err
		}
		numbers = append(numbers, "#"+t.Ref.ID)
	}
	a.ack.Open = &Modal{
		Action: ActSubmitFold, Token: token, Newest: escalate.MessageID(a.press.Fields["picked"]),
		Head: fmt.Sprintf("To %s, each on its own, in your name.", strings.Join(numbers, ", ")),
	}
	return nil
}

// foldResult says what became of each.
func foldResult(pressed Action, done, not []string, typed string) Answer {
	did := map[Action]string{
		ActFoldClaim: "Yours now", ActFoldShow: "Shown as cards", ActFoldUndo: "Taken back", ActSubmitFold: "Your reply goes out after a moment to undo",
	}[pressed]
	ans := Answer{Text: did + ": " + strings.Join(done, ", ")}
	if len(done) == 0 {
		ans.Text = "Nothing was changed."
	}
	ans.Lines = []Line{{Text: ans.Text}}
	if len(not) > 0 {
		ans.Lines = append(ans.Lines, Line{Head: "Not", Text: strings.Join(not, "; ")})
		ans.Keep = typed
	}
	return ans
}
