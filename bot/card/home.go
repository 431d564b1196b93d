package card

import (
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// shownRows is how many hand-offs a list of App Home shows.
const shownRows = 25

// Home draws a person's App Home: what is theirs, what waits, today's figures, and what is paused.
func Home(h *desk.Home) slack.HomeTabViewRequest {
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab}
	if h.Role == desk.RoleNone || h.Role == "" {
		v.Blocks.BlockSet = []slack.Block{block("nobody", lines(row{}.strong("Nothing for you here yet. ").
			say("Ask a lead to add you to the support group; then your tickets appear here.")))}
		return v
	}
	blocks := compact(paused(h.Paused), figures(h.Counts))
	blocks = append(blocks, queue("My tickets", "mine", "Nothing is yours right now.", h.Mine)...)
	blocks = append(blocks, queue("Waiting for someone", "open", "Nobody is waiting.", h.Open)...)
	if !h.At.IsZero() {
		blocks = append(blocks, block("as_of", lines(row{}.say("As of ").at(h.At, onDay).say(".  Type /escalate for more."))))
	}
	v.Blocks.BlockSet = blocks
	return v
}

func paused(scopes map[string]string) slack.Block {
	r := row{}
	for i, scope := range slices.Sorted(maps.Keys(scopes)) {
		if i == 20 {
			r = r.next().say(fmt.Sprintf("and %d more topics", len(scopes)-i))
			break
		}
		r = r.next().strong("Paused: ")
		if scope == "" {
			r = r.say("everything")
		} else {
			r = r.quote(scope, 60)
		}
		r = by(r.say(", by "), scopes[scope]).say(". Nothing is sent automatically there.")
	}
	return block("paused", lines(r))
}

// by names who paused something: a person, or whatever else the desk calls them.
func by(r row, who string) row {
	if personID.MatchString(who) {
		return r.person(escalate.PersonID(who))
	}
	return r.quote(who, 60)
}

func figures(c desk.Counts) slack.Block {
	r := row{}.strong("Last 24 hours: ").say(fmt.Sprintf("tickets %d: answered %d, drafted %d, handed to people %d. ",
		c.Tickets, c.Auto, c.Draft, c.Escalate)).
		strong("Now: ").say(fmt.Sprintf("unclaimed %d, claimed %d.", c.Open, c.Claimed))
	if c.Stuck > 0 {
		r = r.next().strong(fmt.Sprintf("%d jobs are stuck. ", c.Stuck)).say("The operator's log says why.")
	}
	return block("figures", lines(r))
}

func queue(words, id, empty string, rows []desk.QueueRow) []slack.Block {
	out := []slack.Block{title(words)}
	if len(rows) == 0 {
		return append(out, block(id, lines(row{}.say(empty))))
	}
	for from := 0; from < len(rows) && from < shownRows; from += 5 {
		var items []slack.RichTextElement
		for _, q := range rows[from:min(from+5, len(rows), shownRows)] {
			items = append(items, lines(queueRow(q, id != "mine")))
		}
		out = append(out, block(fmt.Sprintf("%s.%d", id, from/5+1), items...))
	}
	if more := len(rows) - shownRows; more > 0 {
		out = append(out, block(id+".more", lines(row{}.say(fmt.Sprintf("and %d more: /escalate queue", more)))))
	}
	return out
}

func queueRow(q desk.QueueRow, withOwner bool) row {
	r := append(row{}, text("#"+line(q.Ref.ID, 30)+" ", bold)...).quote(subject(&desk.Card{Subject: q.Subject}, 120), 120)
	if why := q.Reason.Words(); why != "" {
		r = r.say(" · " + why)
	}
	if !q.Handoff.DueAt.IsZero() {
		r = r.say(" · due ").at(q.Handoff.DueAt, onDay)
	}
	if withOwner && q.Handoff.Owner != "" {
		r = r.say(" · ").person(q.Handoff.Owner)
	}
	return r
}
