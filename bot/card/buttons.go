package card

import (
	"slices"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// button is what one of a card's actions is called and, for screen readers, what it does.
type button struct {
	words string
	does  string
}

var names = map[desk.Action]button{
	desk.ActClaim:       {"Claim", "Claim this ticket: it becomes yours"},
	desk.ActApprove:     {"Approve & send", "Send the draft exactly as shown, after a moment to undo"},
	desk.ActSolve:       {"Approve & solve", "Send the draft exactly as shown and solve the ticket"},
	desk.ActUndo:        {"Undo", "Take the approval back: nothing is sent"},
	desk.ActEdit:        {"Edit", "Edit the draft before it is sent"},
	desk.ActReject:      {"Reject draft", "Reject the draft and say why"},
	desk.ActReply:       {"Reply", "Write to the customer, or an internal note"},
	desk.ActDetails:     {"Details", "Show reasons, sources and the whole text"},
	desk.ActResolve:     {"Resolve", "Mark the ticket as solved"},
	desk.ActRelease:     {"Release", "Give the ticket back to the channel"},
	desk.ActArrived:     {"It arrived", "The reply did reach the customer"},
	desk.ActResend:      {"Send again", "The reply did not reach the customer: send it again"},
	desk.ActReassess:    {"Read again", "Read the ticket again and decide anew"},
	desk.ActComplain:    {"That was wrong", "The automatic answer was wrong: stop it, and see who else got it"},
	desk.ActCorrect:     {"Draft corrections", "Write the right answer once, as a draft for each who got the wrong one"},
	desk.ActPass:        {"Pass on …", "Pass the ticket on to a colleague, the managers or the AI, or ask an expert"},
	desk.ActSnooze:      {"Snooze …", "Put the ticket aside until later; it stays yours"},
	desk.ActInform:      {"Keep informed …", "Say what we wait for and by when the customer hears from us, or turn updates off"},
	desk.ActWake:        {"Wake", "End the snooze: the ticket waits for you now"},
	desk.ActShouldAuto:  {"Yes, by itself", "Looking back, the AI should have answered this by itself"},
	desk.ActShouldDraft: {"As a draft", "Looking back, the AI should have drafted the answer"},
	desk.ActShouldHuman: {"No, a person", "Looking back, this was a matter for people"},
	desk.ActPreview:     {"Preview & send", "Read the draft whole, with what is hidden here, and send it"},
	desk.ActReveal:      {"Show hidden", "Show what is hidden in the conversation to you alone; it is logged"},
	desk.ActFoldReply:   {"Reply to checked …", "Write one reply that each checked ticket gets on its own"},
	desk.ActFoldClaim:   {"Claim checked", "Claim the checked tickets; each gets a card of its own"},
	desk.ActFoldShow:    {"Show as cards", "Give each checked ticket a card of its own, without claiming it"},
	desk.ActFoldUndo:    {"Undo my replies", "Take back those of your replies here that are not out yet"},
	desk.ActSetup:       {"Check again", "Look again how far the setup is"},
	desk.ActAnswer:      {"Answer", "Write an answer for the colleagues who have the ticket"},
	desk.ActApply:       {"Apply", "Change the policy as shown"},
	desk.ActRight:       {"Right", "The answer was right as it was sent"},
	desk.ActOlder:       {"Older", "Show the rows before these"},
	desk.ActLink:        {"Link my account", "Say which helpdesk account is yours"},
	desk.ActPair:        {"Yes, it is theirs", "Confirm that the helpdesk account is this person's"},
	desk.ActNotPair:     {"No", "The helpdesk account is not this person's"},
	desk.ActWrong:       {"Wrong", "The answer should not have been sent like this"},
}

// offer is what a card offers: buttons in a row, the first one as the main one, and the rest in the ⋯ menu, which holds
// five at the most.
type offer struct {
	row  []desk.Action
	more []desk.Action
}

// mostChoices is what the ⋯ menu holds.
const mostChoices = 5

// buttons draws the actions of a card. Details is always among them, alone when there is nothing else to do.
func buttons(c *desk.Card) slack.Block {
	if !token.MatchString(c.Token) {
		return nil
	}
	o := offers(c)
	for _, extra := range []struct {
		on     bool
		action desk.Action
	}{{c.Automatic, desk.ActComplain}, {c.Hidden, desk.ActReveal}} {
		if extra.on && len(o.more) > 0 && len(o.more) < mostChoices { // where there is no room the command does the same
			o.more = append(o.more, extra.action)
		}
	}
	o.more = filled(c, o.more)
	var elements []slack.BlockElement
	for i, a := range o.row {
		elements = append(elements, press(c, a, i == 0 && a != desk.ActDetails))
	}
	if len(o.more) > 0 {
		var options []*slack.OptionBlockObject
		for _, a := range o.more {
			options = append(options, slack.NewOptionBlockObject(string(a)+":"+c.Token, plain(inMenu(a, o.more), 75), nil))
		}
		elements = append(elements, slack.NewOverflowBlockElement(MoreAction, options...))
	}
	return slack.NewActionBlock(blockAct, elements...)
}

// offers picks the actions by state.
func offers(c *desk.Card) offer {
	details := []desk.Action{desk.ActDetails}
	switch {
	case looksBack(c):
		return offer{[]desk.Action{desk.ActShouldAuto, desk.ActShouldDraft, desk.ActShouldHuman, desk.ActDetails}, nil}
	case asks(c):
		return offer{[]desk.Action{desk.ActArrived, desk.ActResend, desk.ActDetails}, nil}
	case c.Handoff.State != escalate.HandoffOpen && c.Handoff.State != escalate.HandoffClaimed, c.Status.Ended(), busy(c.Last):
		return offer{row: details}
	case approved(c):
		return offer{[]desk.Action{desk.ActUndo}, details}
	case c.Handoff.State == escalate.HandoffOpen:
		return unclaimed(c)
	}
	return claimed(c)
}

// looksBack reports whether somebody may still say which way a resolved ticket should have gone.
func looksBack(c *desk.Card) bool {
	return c.Handoff.State == escalate.HandoffResolved && c.Handoff.EndedBy != "" && c.Handoff.Hindsight == "" && !c.Plain && !asks(c) && !busy(c.Last)
}

// busy reports whether a reply is on its way, so that everything else has to wait.
func busy(r *desk.CardReply) bool {
	return r != nil && (r.State == escalate.ReplySending || r.State == escalate.ReplyUnknown)
}

func unclaimed(c *desk.Card) offer {
	switch {
	case !hasDraft(c):
		return offer{
			[]desk.Action{desk.ActClaim, desk.ActReply},
			[]desk.Action{desk.ActDetails, desk.ActResolve, desk.ActPass, desk.ActReassess},
		}
	case blocked(c) != "":
		return offer{
			[]desk.Action{desk.ActClaim, desk.ActEdit},
			[]desk.Action{desk.ActDetails, desk.ActReply, desk.ActReject, desk.ActResolve, desk.ActReassess},
		}
	}
	return offer{
		[]desk.Action{desk.ActClaim, sending(c), desk.ActEdit},
		solving(c, desk.ActDetails, desk.ActSolve, desk.ActReply, desk.ActReject, desk.ActResolve),
	}
}

func claimed(c *desk.Card) offer {
	switch {
	case !hasDraft(c):
		return offer{
			[]desk.Action{desk.ActReply, desk.ActResolve},
			[]desk.Action{desk.ActDetails, desk.ActPass, aside(c), desk.ActInform},
		}
	case blocked(c) != "":
		return offer{
			[]desk.Action{desk.ActEdit, desk.ActReply, desk.ActResolve},
			[]desk.Action{desk.ActDetails, desk.ActPass, aside(c), desk.ActReject, desk.ActReassess},
		}
	}
	return offer{
		[]desk.Action{sending(c), desk.ActEdit, desk.ActReply, desk.ActResolve},
		solving(c, desk.ActDetails, desk.ActSolve, desk.ActPass, aside(c), desk.ActReject),
	}
}

// aside is what an owner can do about the time: put the ticket aside, or take it up again.
func aside(c *desk.Card) desk.Action {
	if c.Handoff.Snoozed.IsZero() {
		return desk.ActSnooze
	}
	return desk.ActWake
}

// sending is the action that sends a draft: as it is shown, or after a look at what the card hides.
func sending(c *desk.Card) desk.Action {
	if c.Draft.Hidden {
		return desk.ActPreview
	}
	return desk.ActApprove
}

// solving leaves Approve & solve out of a menu when the draft is not shown whole: a menu cannot ask once more.
func solving(c *desk.Card, actions ...desk.Action) []desk.Action {
	return slices.DeleteFunc(actions, func(a desk.Action) bool { return a == desk.ActSolve && (!whole(c) || c.Draft.Hidden) })
}

// answerButtons draws the actions of an answer; nil when it has none that could work.
func answerButtons(a *desk.Answer) slack.Block {
	if len(a.Actions) == 0 || !token.MatchString(a.Token) {
		return nil
	}
	var elements []slack.BlockElement
	for _, action := range a.Actions {
		b := slack.NewButtonBlockElement(string(action), a.Token, plain(names[action].words, 75))
		b.AccessibilityLabel = names[action].does
		if action == desk.ActApply {
			b.Style = slack.StylePrimary
		}
		elements = append(elements, b)
	}
	return slack.NewActionBlock(blockAct, elements...)
}

// press draws one button. A draft that is not shown whole asks once more before it is sent.
func press(c *desk.Card, a desk.Action, main bool) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement(string(a), c.Token, plain(names[a].words, 75))
	b.AccessibilityLabel = names[a].does
	if main {
		b.Style = slack.StylePrimary
	}
	switch {
	case a == desk.ActApprove && !whole(c):
		b.Confirm = slack.NewConfirmationBlockObject(plain("Send a draft that is not shown whole?", 100),
			plain("The card shows its beginning only. Read it whole in Details first.", 300),
			plain("Send it", 30), plain("Back", 30))
	case a == desk.ActResend:
		b.Confirm = slack.NewConfirmationBlockObject(plain("Send it again?", 100),
			plain("If it did arrive, the customer gets it twice.", 300), plain("Send again", 30), plain("Back", 30))
	}
	return b
}
