package card

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// rows draws the hand-offs of an App Home.
type rows struct {
	h         *desk.Home
	workspace string
}

// mine lists the hand-offs that are the person's.
func (d *rows) mine() []slack.Block {
	out := []slack.Block{title(fmt.Sprintf("My tickets: %d", d.h.All.Mine))}
	if len(d.h.Mine) == 0 {
		return append(out, block("mine", lines(row{}.say("Nothing is yours right now."))))
	}
	var items []slack.RichTextElement
	for i := range d.h.Mine {
		items = append(items, lines(d.head(&d.h.Mine[i]), d.rest(&d.h.Mine[i])))
	}
	out = append(out, block("mine", items...))
	if more := d.h.All.Mine - len(d.h.Mine); more > 0 {
		out = append(out, block("mine.more", lines(row{}.say(fmt.Sprintf("and %d more: press Mine below.", more)))))
	}
	return out
}

// team shows a page of the team's queue, with what narrows it and what turns it.
func (d *rows) team() []slack.Block {
	v := d.h.View
	out := []slack.Block{title("Team queue"), d.shows(), d.narrowing(), d.where()}
	for i := range d.h.Queue {
		q := &d.h.Queue[i]
		out = append(out, block(fmt.Sprintf("row.%d", i+1), lines(d.head(q), d.rest(q))))
		if q.Handoff.State == escalate.HandoffOpen && token.MatchString(q.Token) {
			out = append(out, claiming(q, i+1))
		}
	}
	var turns []slack.BlockElement
	if v.Page > 0 {
		turns = append(turns, homeButton(desk.ActHomePrevious, strconv.Itoa(v.Page-1)))
	}
	if v.Page+1 < d.h.Pages {
		turns = append(turns, homeButton(desk.ActHomeNext, strconv.Itoa(v.Page+1)))
	}
	turns = append(turns, homeButton(desk.ActHomeRefresh, desk.Choice("")))
	return append(out, slack.NewActionBlock("turn", turns...))
}

// claiming is the button of an unclaimed hand-off. It carries what its card's own does, and is called by the row too: numbers
// are the helpdesk's, and may be alike.
func claiming(q *desk.QueueRow, n int) slack.Block {
	number := line(q.Ref.ID, 30)
	b := slack.NewButtonBlockElement(fmt.Sprintf("%s.%d", desk.ActClaim, n), q.Token, plain("Claim #"+number, 75))
	b.AccessibilityLabel = line(fmt.Sprintf("Claim #%s, row %d: it becomes yours", number, n), 75)
	return slack.NewActionBlock(fmt.Sprintf("claim.%d", n), b)
}

// head is a hand-off's number and subject.
func (d *rows) head(q *desk.QueueRow) row {
	return append(row{}, text("#"+line(q.Ref.ID, 30)+" ", bold)...).quote(subject(&desk.Card{Subject: q.Subject}, 120), 120)
}

// rest is why a hand-off is there, where, whose it is and how long there is.
func (d *rows) rest(q *desk.QueueRow) row {
	r := row{}
	switch why := q.Reason.Words(); {
	case why == "" && q.Draft:
		r = r.say("Draft to approve")
	case why == "":
		r = r.say("Needs an answer")
	case q.Draft:
		r = r.say(why + ", with a draft to approve")
	default:
		r = r.say(why)
	}
	r = whose(r.say(" · in #").quote(q.Handoff.Channel, 80).say(" · "), d.h.Person, &q.Handoff)
	if until := q.Handoff.Snoozed; d.h.At.Before(until) {
		r = r.say(", snoozed until ").at(until, onDay)
	}
	r = d.dueIn(r, q)
	if to := permalink(d.workspace, q.Place); to != "" {
		r = r.say(" · ").link("Open card #"+line(q.Ref.ID, 30), to)
	}
	return r
}

func whose(r row, me escalate.PersonID, h *escalate.Handoff) row {
	switch {
	case h.State == escalate.HandoffTaken:
		return r.say("answered in the helpdesk")
	case h.Owner == me:
		return r.say("yours")
	case h.Owner != "":
		return r.say("claimed by ").person(h.Owner)
	case h.Offer.To == me && me != "":
		return r.strong("offered to you")
	case h.Offer.To != "":
		return r.say("unclaimed, offered to ").person(h.Offer.To)
	default:
		return r.say("unclaimed")
	}
}

// slackName is the form of Slack's ids.
var slackName = regexp.MustCompile(`^[A-Z0-9]{2,30}$`)

// permalink is where Slack shows a message: as chat.getPermalink makes it, without a call for each row.
func permalink(workspace string, at desk.Place) string {
	if workspace == "" || at.TS == "" || !slackName.MatchString(at.Channel) {
		return ""
	}
	return workspace + "archives/" + at.Channel + "/p" + strings.Replace(at.TS, ".", "", 1)
}

// where says which page of what is shown.
func (d *rows) where() slack.Block {
	v := d.h.View
	r := row{}.strong(fmt.Sprintf("Page %d of %d", v.Page+1, d.h.Pages)).say(", most urgent first: " + showWords[v.Show])
	if v.Channel != "" {
		r = r.say(", in #").quote(v.Channel, 80)
	}
	if v.Topic != "" {
		r = r.say(", on ").quote(v.Topic, 80)
	}
	r = r.say(".")
	if len(d.h.Queue) == 0 {
		r = r.next().say("Nothing is waiting here.")
	}
	return block("where", lines(r))
}
