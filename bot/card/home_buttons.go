package card

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// homeNames is what the buttons of App Home are called. Those that stand there once for each choice get the choice's name.
var homeNames = map[desk.Action]button{
	desk.ActHomeShow:     {"Show", "Show this part of the queue"},
	desk.ActHomeChannel:  {"Channel", "Show the queue of one channel"},
	desk.ActHomeTopic:    {"Topic", "Show the queue of one topic"},
	desk.ActHomePrevious: {"Previous page", "Turn to the previous page of the queue"},
	desk.ActHomeNext:     {"Next page", "Turn to the next page of the queue"},
	desk.ActHomeRefresh:  {"Refresh", "Draw this page anew"},
	desk.ActPause:        {"Pause", "Stop all automatic answers of"},
	desk.ActResume:       {"Resume", "Allow automatic answers again of"},
}

// shown are the parts of the queue in the order of their buttons.
var shownParts = []desk.HomeShow{desk.ShowAll, desk.ShowUnclaimed, desk.ShowDrafts, desk.ShowDue, desk.ShowMine}

var showNames = map[desk.HomeShow]string{
	desk.ShowAll: "All", desk.ShowUnclaimed: "Unclaimed", desk.ShowDrafts: "Drafts", desk.ShowDue: "Overdue or due soon", desk.ShowMine: "Mine",
}

var showWords = map[desk.HomeShow]string{
	desk.ShowAll: "everything that waits for a person", desk.ShowUnclaimed: "what nobody has claimed",
	desk.ShowDrafts: "drafts that wait for approval", desk.ShowDue: "what is overdue or due within an hour", desk.ShowMine: "what is yours",
}

func homeButton(a desk.Action, value string) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement(string(a), value, plain(homeNames[a].words, 75))
	b.AccessibilityLabel = homeNames[a].does
	return b
}

// shows offers the parts of the queue, each with how many hand-offs it has. The one that is shown says so.
func (d *rows) shows() slack.Block {
	var elements []slack.BlockElement
	for _, part := range shownParts {
		n := d.h.Within.Of(part)
		b := homeButton(desk.ActHomeShow, desk.Choice(string(part)))
		b.ActionID += "." + showNames[part]
		words, does := fmt.Sprintf("%s: %d", showNames[part], n), fmt.Sprintf("Show %s: %d", showWords[part], n)
		if part == d.h.View.Show {
			words, does, b.Style = words+" (shown)", "Shown now: "+showWords[part], slack.StylePrimary
		}
		b.Text, b.AccessibilityLabel = plain(words, 75), line(does, 75)
		elements = append(elements, b)
	}
	return slack.NewActionBlock("show", elements...)
}

// mostOptions is how many channels and topics can be chosen: more would not fit a view of 250 kB, whatever their names.
const mostOptions = 40

// narrowing offers the channels and topics. Slack keeps what somebody picked for as long as the block's id stays the same: it
// changes with what is shown, so that the menus never say otherwise.
func (d *rows) narrowing() slack.Block {
	raw, _ := json.Marshal(d.h.View) // strings and a number: it cannot fail
	return slack.NewActionBlock(fmt.Sprintf("narrow.%08x", crc32.ChecksumIEEE(raw)),
		menu(desk.ActHomeChannel, "All channels", "#", d.h.Channels, d.h.View.Channel),
		menu(desk.ActHomeTopic, "All topics", "", d.h.Topics, d.h.View.Topic))
}

// menu offers names, the largest first, and the one that is chosen whatever its size.
func menu(a desk.Action, all, before string, choices []desk.HomeChoice, chosen string) *slack.SelectBlockElement {
	option := func(c desk.HomeChoice) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(desk.Choice(c.Name), plain(fmt.Sprintf("%s%s: %d", before, line(c.Name, 50), c.All), 75), nil)
	}
	options := []*slack.OptionBlockObject{slack.NewOptionBlockObject(desk.Choice(""), plain(all, 75), nil)}
	picked := options[0]
	for _, c := range choices {
		if !fitsOption(c.Name) || len(options) > mostOptions && c.Name != chosen {
			continue
		}
		options = append(options, option(c))
		if c.Name == chosen {
			picked = options[len(options)-1]
		}
	}
	s := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(homeNames[a].does, 75), string(a), options...)
	s.InitialOption = picked
	return s
}

// fitsOption reports whether Slack takes a name as an option's value, brings it back as it is, and may have it.
func fitsOption(name string) bool { return name != "" && cost(name) < 75 && Clean(name) == name }

// policy shows a lead what decides, and how to change it; a pause is one click.
func policy(h *desk.Home) []slack.Block {
	var all []row
	for _, l := range h.Policy {
		if l.Code && len(all) > 0 {
			last := &all[len(all)-1]
			*last = append(last.say("  ·  "), text(line(l.Text, 100), code)...)
			continue
		}
		all = append(all, append(lineHead(l, line(l.Head, 60)), text(line(l.Text, 600), nil)...))
	}
	out := []slack.Block{title("Policy"), block("policy", lines(all...))}
	var elements []slack.BlockElement
	if _, on := h.Paused[""]; !on {
		elements = append(elements, pausing(desk.ActPause, "", 1))
	}
	for i, scope := range slices.Sorted(maps.Keys(h.Paused)) {
		if i >= mostResumes || cost(scope) > maxScope || Clean(scope) != scope {
			continue // the rest takes the command
		}
		elements = append(elements, pausing(desk.ActResume, scope, i+1))
	}
	hint := append(row{}.say("One topic alone: "), text("/escalate pause TOPIC", code)...)
	if len(elements) > 0 {
		out = append(out, slack.NewActionBlock("pause", elements...))
	}
	return append(out, block("pause.hint", lines(hint)))
}

// mostResumes is how many pauses have a button that ends them, and maxScope the longest name that such a button can carry.
const (
	mostResumes = 8
	maxScope    = 1900
)

// pausing is a button that pauses or resumes a scope, which it asks about once more: it moves everybody's tickets.
func pausing(a desk.Action, scope string, n int) *slack.ButtonBlockElement {
	of := "everything"
	if scope != "" {
		of = line(scope, 30)
	}
	b := homeButton(a, desk.Choice(scope))
	words := homeNames[a].words + " " + of
	b.ActionID, b.Text = fmt.Sprintf("%s.%d", a, n), plain(words, 75)
	b.AccessibilityLabel = line(fmt.Sprintf("%s %s, button %d", homeNames[a].does, of, n), 75)
	does := "What was drafted meanwhile stays a draft; new answers go out by themselves where the policy lets them."
	if a == desk.ActPause {
		does = "What would have been answered becomes a draft, and unsent bot messages stop."
	}
	b.Confirm = slack.NewConfirmationBlockObject(plain(words+"?", 100), plain(does, 300), plain(homeNames[a].words, 30), plain("Back", 30))
	return b
}
