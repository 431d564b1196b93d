package card

import (
	"regexp"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// The budgets of a card's parts, in counted characters. With the words between them they stay below 13,000, the most
// that Slack takes in one message being about 13,200.
const (
	maxHeader  = 150
	maxAsk     = 280
	maxAttempt = 280
	maxDraft   = 6000
	maxNext    = 400
	maxMoved   = 200

	shownReasons  = 3 // beyond the first
	shownAttempts = 3
	shownGiven    = 8
)

// Draw draws a hand-off's card.
func Draw(c *desk.Card) Message {
	if c.Plain {
		return bare(c)
	}
	return Message{
		Text: fallback(c),
		Blocks: compact(
			header(c),
			state(c),
			people(c),
			ask(c),
			tried(c),
			proposal(c),
			buttons(c),
			hint(c),
		),
		Metadata: key(c),
	}
}

// hint is the last line, right above the thread: what is there, and that it stays there.
func hint(c *desk.Card) slack.Block {
	if !c.ThreadHint || !c.Handoff.Active() {
		return nil
	}
	return slack.NewContextBlock(blockHint, plain("The whole conversation is in the thread. What you write there stays inside.", 200))
}

// key is what a card is found again by.
func key(c *desk.Card) slack.SlackMetadata {
	return slack.SlackMetadata{EventType: CardEvent, EventPayload: map[string]any{
		"handoff": string(c.Handoff.ID), "version": c.Version,
	}}
}

// bare draws a card of our own words alone, for when Slack refused one for what it holds: a plain card beats none. Only
// the ticket's number comes from outside, and only its letters and digits.
func bare(c *desk.Card) Message {
	number := notPlain.ReplaceAllString(line(c.Number, 30), "")
	why := "A draft waits for approval"
	if len(c.Reasons) > 0 {
		why = c.Reasons[0].Kind.Words()
	}
	words := sentences([]string{
		"Ticket #" + number, why, standingWords(c), "Slack did not take the whole card; Details and the helpdesk have the rest",
	})
	return Message{
		Text:     inText(words),
		Blocks:   compact(slack.NewSectionBlock(plain(words, 600), nil, nil, slack.SectionBlockOptionBlockID(blockHead)), buttons(c)),
		Metadata: key(c),
	}
}

var notPlain = regexp.MustCompile(`[^A-Za-z0-9-]+`)

// header says number, subject and the primary reason; of the three only the subject gives way.
func header(c *desk.Card) slack.Block {
	number, why := "#"+line(c.Number, 30), reason(c, 70)
	room := maxHeader - cost(number) - cost(why) - cost(" ·  · ")
	title := line(defang(subject(c, maxHeader)), room)
	return slack.NewHeaderBlock(plain(number+" · "+title+" · "+why, maxHeader), slack.HeaderBlockOptionBlockID(blockHead))
}

// people is the second line: who asks, in which language and channel, since when, and until when an answer is due.
func people(c *desk.Card) slack.Block {
	r := row{}.strong("From ").quote(customer(c), 80)
	if plan := line(c.Customer.Plan, 40); plan != "" {
		r = r.say(" · ").quote(plan, 40)
	}
	if lang := language(c.Lang); lang != "" {
		r = r.say(" · ").quote(lang, 20)
	}
	if c.Via != "" {
		r = r.say(" · by ").quote(c.Via, 20)
	}
	if webAddress(c.URL) {
		r = r.say(" · ").link("Open in the helpdesk", c.URL)
	}
	when := row{}
	if waits(c) {
		when = when.strong("Waiting since ").at(c.Waiting, onDay)
	}
	return block(blockWho, lines(r, due(when, c)))
}

// waits reports whether the customer waits for a person; once one has answered, nothing is due until they write again.
func waits(c *desk.Card) bool { return c.Handoff.Active() && !c.Waiting.IsZero() }

// ask is the third: what is wanted, how the customer feels, and what nobody has to ask for again.
func ask(c *desk.Card) slack.Block {
	r := row{}
	if want := line(c.Ask, maxAsk); want != "" {
		r = r.strong("Ask: ").quote(want, maxAsk)
	}
	if m := mood(c.Mood); m != "" {
		r = r.next().quote(m, 100)
	}
	if len(c.Given) > 0 {
		r = r.next().strong("Already given: ").quote(list(c.Given, shownGiven, 40), 400)
	}
	return block(blockAsk, lines(r, also(c)))
}

// also names the reasons beyond the one in the header, but not anger where the mood is already in words.
func also(c *desk.Card) row {
	r := row{}
	for i, why := range c.Reasons {
		if i == 0 || i > shownReasons || why.Kind == escalate.Anger && mood(c.Mood) != "" {
			continue
		}
		words := line(why.Words, 70)
		if words == "" {
			words = why.Kind.Words()
		}
		if len(r) == 0 {
			r = r.strong("Also: ")
		} else {
			r = r.say(" · ")
		}
		r = r.quote(words, 70)
	}
	return r
}

// tried is the fourth: what was tried already, newest last, and what the customer said to it.
func tried(c *desk.Card) slack.Block {
	attempts, r := c.Attempts, row{}
	if len(attempts) > shownAttempts {
		r = r.say(escalate.Counted(len(attempts)-shownAttempts, "earlier attempt is in the thread.", "earlier attempts are in the thread."))
		attempts = attempts[len(attempts)-shownAttempts:]
	}
	for _, a := range attempts {
		r = r.next().strong(who(a.By)+" tried: ").quote(a.Text, maxAttempt)
		switch reaction := line(a.Reaction, maxAttempt); {
		case reaction != "":
			r = r.next().say("The customer said: ").quote(reaction, maxAttempt)
		case a.Failed:
			r = r.next().say("It did not help.")
		}
	}
	return block(blockTried, lines(r))
}

// proposal is the fifth: the draft exactly as it would be sent, or the reply about which a person must decide, or the
// suggested next step.
func proposal(c *desk.Card) slack.Block {
	switch {
	case asks(c):
		return decision(c.Last)
	case c.Handoff.Active() && hasDraft(c):
		return draft(c)
	case !waits(c) || line(c.NextStep, maxNext) == "":
		return nil
	}
	return block(blockDraft, lines(row{}.strong("Suggested next step: ").quote(c.NextStep, maxNext)))
}

func draft(c *desk.Card) slack.Block {
	shown, missing := Cut(c.Draft.Text, maxDraft)
	title := row{}.strong("The draft, exactly as it would be sent")
	switch {
	case c.Draft.Hidden:
		title = row{}.strong("The draft, with what is secret in it hidden")
	case approved(c) && c.Moved == "":
		title = row{}.strong("The reply, exactly as it goes out")
	case c.Draft.State == escalate.ReplyProposed && c.Moved == "" && !c.Draft.Edited:
		title = title.say(" (" + percent(c.Confidence) + " likely to be right as it stands)")
	}
	notes := row{}
	if missing > 0 {
		notes = notes.strong("The draft goes on for " + escalate.Counted(missing, "more character. ", "more characters. ")).
			say("Details, in the menu, shows it whole.")
	}
	if why := blocked(c); why != "" && !approved(c) {
		notes = notes.next().strong("Cannot be approved as it stands: ").quote(why, 500)
		if step := line(c.NextStep, maxNext); step != "" && waits(c) {
			notes = notes.next().strong("Suggested next step: ").quote(step, maxNext)
		}
	}
	return block(blockDraft, lines(title), quoted(shown), files(c.Draft.Files, ""), lines(notes))
}

// decision shows a reply that may or may not have gone out. What the helpdesk has of the conversation is in the thread
// and one click away; this is what we tried to send.
func decision(r *desk.CardReply) slack.Block {
	shown, missing := Cut(r.Text, maxDraft)
	notes := row{}
	if missing > 0 {
		notes = notes.strong("It goes on for " + escalate.Counted(missing, "more character. ", "more characters. ")).say("Details shows it whole.")
	}
	return block(blockDraft,
		lines(row{}.strong("This "+what(r.Purpose)+" may or may not have reached the customer:")),
		quoted(shown), files(r.Files, ""), lines(notes),
		lines(row{}.say("Compare it with the last messages in the helpdesk. If it is there, press “It arrived”. "+
			"If it is not, press “Send again”.")))
}

// hasDraft reports whether there is a draft to show.
func hasDraft(c *desk.Card) bool { return c.Draft != nil && c.Draft.Use != escalate.DraftNone }

// asks reports whether a person must say if a reply arrived.
func asks(c *desk.Card) bool { return c.Last != nil && c.Last.State == escalate.ReplyAsk }

// whole reports whether a card shows all of its draft.
func whole(c *desk.Card) bool { return cost(Clean(c.Draft.Text)) <= maxDraft }

// blocked says in words why a draft cannot be approved as it stands, or "" when it can.
func blocked(c *desk.Card) string {
	d := c.Draft
	switch {
	case c.Plain:
		return "it is not shown here. Edit shows it."
	case len(d.Unfilled) > 0:
		return "nobody has filled in " + list(d.Unfilled, 8, 40) + ". Edit it, then send."
	case d.Use == escalate.DraftEdit:
		return "here a person reworks every answer. Edit it, then send."
	case c.Moved != "":
		return "the ticket has moved since it was written. Edit it, or read the ticket again."
	case Hides(d.Text):
		return "it holds characters that cannot be seen. Edit shows it without them."
	}
	return ""
}
