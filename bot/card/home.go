package card

import (
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Home draws a person's App Home: what is theirs, a page of the team's queue, the day's figures, and for leads the policy.
// workspace is the address of the Slack workspace, ending in a slash, by which cards are linked; "" links none.
func Home(h *desk.Home, workspace string) slack.HomeTabViewRequest {
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab}
	if h.Role == desk.RoleNone || h.Role == "" {
		v.Blocks.BlockSet = compact(said(h.Said), block("nobody", lines(row{}.strong("Nothing for you here yet. ").
			say("Ask a lead to add you to the support group; then your tickets appear here."))))
		return v
	}
	r := rows{h: h, workspace: workspace}
	blocks := compact(said(h.Said), paused(h.Paused), figures(h), asOf(h))
	blocks = append(blocks, r.mine()...)
	blocks = append(blocks, r.team()...)
	if len(h.Policy) > 0 {
		blocks = append(blocks, policy(h)...)
	}
	v.Blocks.BlockSet = blocks
	return v
}

// asOf says how fresh all of it is.
func asOf(h *desk.Home) slack.Block {
	return block("as_of", lines(row{}.say("As of ").at(h.At, onDay).
		say(". What changes shows by itself for 15 minutes after you did something here; then press Refresh. Type /escalate for more.")))
}

// said tells what the last click came to.
func said(words string) slack.Block {
	if line(words, 500) == "" {
		return nil
	}
	return block("said", lines(row{}.strong("Your last click: ").quote(words, 500)))
}

func paused(scopes map[string]string) slack.Block {
	r := row{}
	for i, scope := range slices.Sorted(maps.Keys(scopes)) {
		if i == 20 {
			r = r.next().say("and " + escalate.Counted(len(scopes)-i, "more topic", "more topics"))
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

func figures(h *desk.Home) slack.Block {
	c := h.Counts
	r := row{}.strong("Now: ").say(fmt.Sprintf("unclaimed %d, claimed %d, drafts to approve %d, overdue or due within an hour %d.",
		c.Open, c.Claimed, h.All.Drafts, h.All.Due)).
		next().strong("Last 24 hours: ").say(fmt.Sprintf("tickets %d: answered %d, drafted %d, handed to people %d; messages to customers %d.",
		c.Tickets, c.Auto, c.Draft, c.Escalate, c.Sent))
	for _, l := range h.Loose {
		r = r.next().strong(l.Head + ": ").say(l.Text)
	}
	if c.Stuck > 0 && len(h.Loose) == 0 {
		r = r.next().strong(escalate.Counted(c.Stuck, "job is stuck. ", "jobs are stuck. ")).say("The operator's log says why.")
	}
	return block("figures", lines(r))
}
