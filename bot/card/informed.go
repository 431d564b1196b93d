package card

import (
	"slices"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// informed says what the customer waits for, and by when they hear from us; empty when nobody has said so.
func informed(c *desk.Card) row {
	w, r := &c.Handoff.Wait, row{}
	if !c.Handoff.Active() || !w.Set() && !w.Measured() && !c.Handoff.Quiet {
		return r
	}
	if c.Handoff.Quiet {
		r = r.strong("Updates to the customer are off.")
	}
	if !w.Set() && !w.Measured() {
		return r
	}
	if len(r) > 0 {
		r = r.say(" ")
	}
	if !w.Set() {
		r = r.strong("Customer hears from us:").say(" by ").at(w.Until, onDay).say(", says the acknowledgement.")
		return passed(r, w)
	}
	if c.Handoff.Quiet {
		r = r.say("Waiting for " + waitedFor(w.Reason))
	} else {
		r = r.strong("Customer hears from us:").say(" waiting for " + waitedFor(w.Reason))
	}
	if !w.Until.IsZero() {
		r = r.say(", by ").at(w.Until, onDay)
	}
	return passed(r.say(", set by ").person(w.By).say("."), w)
}

// passed adds that the stated time was not kept, where it was not.
func passed(r row, w *escalate.Wait) row {
	if w.Missed {
		r = r.strong(" That time has passed.")
	}
	return r
}

// waitedFor is what a reason waits for, in words of ours alone.
func waitedFor(r escalate.WaitReason) string {
	if !r.Known() {
		return "something"
	}
	return r.Words()
}

// informedWords says the same without names, to go on a sentence.
func informedWords(c *desk.Card) string {
	w, s := &c.Handoff.Wait, ""
	if !c.Handoff.Active() {
		return s
	}
	if w.Set() {
		s = "; waiting for " + waitedFor(w.Reason)
	}
	sign := ", "
	if !w.Set() {
		sign = "; "
	}
	switch {
	case w.Until.IsZero():
	case w.Missed:
		s += sign + "the customer was to hear from us by " + utc(w.Until)
	default:
		s += sign + "the customer hears from us by " + utc(w.Until)
	}
	if c.Handoff.Quiet {
		s += "; updates to the customer are off"
	}
	return s
}

// Values of FieldUpdates and FieldWait beside the reasons.
const (
	updatesOn  = "on"
	updatesOff = "off"
	waitNone   = "none"
)

// informing asks what the customer waits for and hears of it.
func informing(v *slack.ModalViewRequest, m *desk.Modal, c *desk.Card) {
	v.Title, v.Submit = plain("Keep informed", 24), plain("Save", 24)
	updates := updatesOn
	if c.Handoff.Quiet {
		updates = updatesOff
	}
	by := slack.NewDateTimePickerBlockElement(FieldBy)
	if w := &c.Handoff.Wait; !w.Until.IsZero() && !w.Missed && !w.Measured() {
		by.InitialDateTime = w.Until.Unix()
	}
	v.Blocks.BlockSet = append(compact(about("To ", c), warning(m.Warn)),
		choice(FieldUpdates, "Does the customer hear from us while they wait?", updates,
			option(updatesOn, "Yes, as they wait", "At growing intervals: only what is said here and on the ticket"),
			option(updatesOff, "No", "No updates in this ticket, until somebody turns them on again"),
		),
		slack.NewInputBlock(FieldWait, plain("What are we waiting for?", 150), plain("The customer reads it in their own language.", 150),
			waitReasons(c, true)),
		slack.NewInputBlock(FieldBy, plain("The customer hears from us by", 150),
			plain("Only where you mean it: you are reminded an hour before, and the leads are told when it passes.", 150), by).WithOptional(true),
		slack.NewInputBlock(FieldText, plain("Note for colleagues", 150), plain("It goes on the ticket and stays inside.", 150),
			slack.NewPlainTextInputBlockElement(nil, FieldText).WithMultiline(true).WithMaxLength(maxInput)).WithOptional(true),
	)
}

// waitReasons is a menu of the reasons to wait, with the one that is set; with one for none, too.
func waitReasons(c *desk.Card, none bool) *slack.SelectBlockElement {
	var options []*slack.OptionBlockObject
	if none {
		options = append(options, slack.NewOptionBlockObject(waitNone, plain("Nothing in particular", 75), nil))
	}
	for _, r := range escalate.WaitReasons {
		options = append(options, slack.NewOptionBlockObject(string(r), plain(r.Words(), 75), nil))
	}
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Pick a reason", 150), FieldWait, options...)
	if none {
		menu.InitialOption = options[0]
	}
	for i, r := range escalate.WaitReasons {
		if r == c.Handoff.Wait.Reason && (none || !c.Handoff.Quiet) { // to snooze turns nothing on by itself
			menu.InitialOption = options[len(options)-len(escalate.WaitReasons)+i]
		}
	}
	return menu
}

// filled ends the menu of a claimed card with what there is room for: to read the ticket again where there is no draft, for a new
// message has it read anyway; else what the customer hears, which the command says, too.
func filled(c *desk.Card, menu []desk.Action) []desk.Action {
	last := desk.ActInform
	if slices.Contains(menu, last) {
		last = desk.ActReassess
	}
	if c.Handoff.State == escalate.HandoffClaimed && slices.Contains(menu, aside(c)) && len(menu) < mostChoices {
		return append(menu, last)
	}
	return menu
}

// inMenu is what a choice is called: where there is no room for what the customer hears, the window of a snooze asks for that, too.
func inMenu(a desk.Action, menu []desk.Action) string {
	if a == desk.ActSnooze && !slices.Contains(menu, desk.ActInform) {
		return "Snooze or wait …"
	}
	return names[a].words
}
