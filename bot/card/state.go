package card

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// state says whose the hand-off is, what became of the newest reply, and what holds anything up.
func state(c *desk.Card) slack.Block {
	notes := row{}
	if c.Moved != "" && c.Handoff.Active() && !approved(c) {
		notes = notes.strong("Not sent:").say(" since it was written, ").quote(c.Moved, maxMoved).say(".")
	}
	if c.Instead != "" {
		notes = notes.next().say("Belongs into #").quote(c.Instead, 80).say(", where nobody is on shift.")
	}
	if c.Misrouted != "" {
		notes = notes.next().strong("Belongs into #").quote(c.Misrouted, 80).say(", which I cannot post to: invite me there, or fix the route.")
	}
	return block(blockState, lines(standing(c), informed(c), fate(c), notes))
}

// standing says whose the hand-off is.
func standing(c *desk.Card) row {
	h := c.Handoff
	switch h.State {
	case escalate.HandoffOpen:
		return offeredTo(row{}.strong("Open.").say(" Nobody has claimed it yet."), c)
	case escalate.HandoffClaimed:
		owner := c.Owner
		if owner == "" {
			owner = h.Owner
		}
		r := when(row{}.strong("Claimed by ").person(owner), h.ClaimedAt)
		if !h.Snoozed.IsZero() {
			r = r.strong(" Snoozed until ").at(h.Snoozed, onDay).say(".")
		}
		return r
	case escalate.HandoffTaken:
		r := row{}.strong("Taken over in the helpdesk")
		if by := line(c.Assignee, 80); by != "" {
			r = r.say(" by ").quote(by, 80)
		}
		return r.say(". Nothing to do here.")
	case escalate.HandoffResolved:
		r := row{}.strong("Resolved")
		if h.EndedBy != "" {
			r = r.say(" by ").person(h.EndedBy)
		} else {
			r = r.say(" in the helpdesk")
		}
		return hindsight(when(r, h.EndedAt), c)
	case escalate.HandoffWithdrawn:
		if h.GivenBack() {
			return when(row{}.strong("Given back to the AI by ").person(h.EndedBy), h.EndedAt)
		}
		return when(row{}.strong("Moved to #").quote(h.MovedTo, 80), h.EndedAt)
	default:
		return row{}.strong("Not handed off.")
	}
}

// hindsight asks, or says, whether the AI should have handled a resolved ticket.
func hindsight(r row, c *desk.Card) row {
	if looksBack(c) {
		return r.next().strong("Should the AI have handled this?").say(" One tap, and it learns.")
	}
	if words := hindsights[c.Handoff.Hindsight]; words != "" {
		return r.next().say("Looking back, ").person(c.Handoff.LookedBy).say(" says: " + words + ".")
	}
	return r
}

var hindsights = map[escalate.Hindsight]string{
	escalate.HindsightAuto:  "the AI should have answered this by itself",
	escalate.HindsightDraft: "the AI should have drafted the answer",
	escalate.HindsightHuman: "this was a matter for people",
}

// when ends a sentence with an instant, if there is one.
func when(r row, t time.Time) row {
	if !t.IsZero() {
		r = r.say(", ").at(t, onDay)
	}
	return r.say(".")
}

// fate says what became of the newest reply; empty when there is nothing to say.
func fate(c *desk.Card) row {
	if approved(c) && c.Handoff.Active() {
		d, r := c.Draft, row{}
		if d.By == "" {
			r = r.strong("Approved automatically")
		} else {
			r = r.person(d.By).strong(" approved")
		}
		if c.Moved != "" {
			return r.say(", but it will be held back: since then ").quote(c.Moved, maxMoved).say(".")
		}
		return r.say(", goes out at ").at(d.SendAt, toClock).say(".")
	}
	if c.Last == nil {
		return nil
	}
	return reply(c.Last)
}

// approved reports whether a draft waits for the end of its undo window.
func approved(c *desk.Card) bool { return c.Draft != nil && c.Draft.State == escalate.ReplyApproved }

// reply says a reply's fate in words.
func reply(l *desk.CardReply) row {
	it := what(l.Purpose)
	r := row{}
	switch l.State {
	case escalate.ReplyApproved:
		return r.say("The " + it + " is approved and waits for its moment.")
	case escalate.ReplySending:
		return r.strong("Sending:").say(" the " + it + " is on its way to the helpdesk.")
	case escalate.ReplyUnknown:
		return r.strong("Not sure yet:").say(" the helpdesk did not answer. Checking whether the " + it + " arrived.")
	case escalate.ReplyAsk:
		return r.strong("Please decide:").say(" nobody can tell whether the " + it + " reached the customer.")
	case escalate.ReplySent:
		r = r.strong("Sent:").say(" the " + it)
		if l.By != "" {
			r = r.say(", by ").person(l.By)
		}
		return when(r, l.At)
	case escalate.ReplyFailed:
		r = r.strong("Not sent:").say(" the helpdesk refused the " + it)
		return because(r, l.Detail)
	case escalate.ReplyWithdrawn:
		if l.Purpose == escalate.PurposeAnswer && strings.HasPrefix(l.Detail, "rejected:") {
			return because(r.strong("The draft was rejected"), rejections[strings.TrimPrefix(l.Detail, "rejected:")])
		}
		return because(r.say("The "+it+" was withdrawn and will not be sent"), withdrawals(l.Detail))
	default: // a proposal is shown as the draft that it is
		return nil
	}
}

// rejections and withdrawals put the constant words of the history into ours.
var rejections = map[string]string{
	ReasonWrong: "wrong", ReasonIncomplete: "incomplete", ReasonTone: "tone", ReasonSource: "outdated source",
	ReasonHuman: "should be human",
}

func withdrawals(detail string) string {
	switch detail {
	case "human_replied":
		return "a person has replied in the helpdesk"
	case "closed":
		return "the ticket was closed"
	case "resolved":
		return "the ticket was resolved"
	case "superseded":
		return "something newer took its place"
	}
	return detail
}

func because(r row, detail string) row {
	if line(detail, 120) == "" {
		return r.say(".")
	}
	return r.say(" (").quote(detail, 120).say(").")
}
