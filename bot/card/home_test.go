package card

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// handoffs are n rows of a queue, due one after the other, the first two overdue at noon.
func handoffs(n int, owner escalate.PersonID) []desk.QueueRow {
	var out []desk.QueueRow
	for i := range n {
		q := desk.QueueRow{
			Ref: escalate.Ref{Desk: "d", ID: strconv.Itoa(100 + i)}, Subject: "Broken lamp", Reason: escalate.Anger, Waiting: true,
			Handoff: escalate.Handoff{State: escalate.HandoffOpen, Channel: "support", DueAt: noon.Add(time.Duration(i-1) * time.Hour)},
			Token:   fmt.Sprintf("TOKEN%d", i), Place: desk.Place{Channel: "C0SUPPORT", TS: fmt.Sprintf("1795176000.%06d", i)},
		}
		if owner != "" {
			q.Handoff.State, q.Handoff.Owner = escalate.HandoffClaimed, owner
		}
		out = append(out, q)
	}
	return out
}

// home is an agent's App Home in a busy hour.
func home() *desk.Home {
	h := &desk.Home{
		Person: "U0ANA", Role: desk.RoleAgent, At: noon, Pages: 42,
		Counts: desk.Counts{Tickets: 640, Auto: 20, Draft: 112, Escalate: 508, Open: 320, Claimed: 180, Sent: 31, Stuck: 1},
		Paused: map[string]string{"": "U0BEN", "refund": "Ana"},
		All:    desk.QueueTally{All: 500, Unclaimed: 320, Drafts: 41, Due: 12, Mine: 22},
		Within: desk.QueueTally{All: 500, Unclaimed: 320, Drafts: 41, Due: 12, Mine: 22},
		Mine:   handoffs(8, "U0ANA"), Queue: handoffs(12, ""),
		Channels: []desk.HomeChoice{{Name: "support", All: 400}, {Name: "payments", All: 100}},
		Topics:   []desk.HomeChoice{{Name: "delivery", All: 300}, {Name: "refund", All: 100}},
	}
	h.Queue[2].Reason, h.Queue[2].Draft = "", true
	h.Queue[3].Draft = true
	h.Queue[4].Handoff.State, h.Queue[4].Handoff.Owner = escalate.HandoffClaimed, "U0BEN"
	h.Queue[4].Handoff.Snoozed = noon.Add(30 * time.Hour)
	h.Queue[5].Handoff.State, h.Queue[5].Waiting = escalate.HandoffTaken, false
	h.Queue[6].Token, h.Queue[6].Place = "", desk.Place{} // its card is not posted yet
	return h
}

// homes is an App Home as each kind of person meets it.
func homes() map[string]*desk.Home {
	lead, narrowed := home(), home()
	lead.Role, lead.Paused = desk.RoleLead, map[string]string{"refund": "Ana"}
	lead.Policy = []desk.Line{
		{Head: "Promise", Text: "2 %"},
		{Text: "/escalate promise 2%", Code: true},
		{Head: "delivery", Text: "rung auto: answers from 97 %, drafts from 60 %"},
	}
	narrowed.View = desk.HomeView{Show: desk.ShowDrafts, Channel: "payments", Topic: "refund", Page: 1}
	narrowed.Pages, narrowed.Within, narrowed.Queue = 2, desk.QueueTally{All: 20, Drafts: 13}, handoffs(1, "")
	narrowed.Said = "#107 is taken: Ben claimed it at 11:59:31."
	return map[string]*desk.Home{
		"agent": home(), "lead": lead, "narrowed": narrowed,
		"empty":  {Person: "U0ANA", Role: desk.RoleLead, At: noon, Pages: 1},
		"nobody": {Person: "U0EVE", Role: desk.RoleNone, Mine: handoffs(1, "U0ANA"), Queue: handoffs(1, ""), Said: "Only agents can do that."},
	}
}

func TestHome(t *testing.T) {
	words := map[string][]string{
		"agent": {
			"Paused: everything, by @U0BEN", "unclaimed 320, claimed 180, drafts to approve 41, overdue or due within an hour 12",
			"My tickets: 22", "and 14 more: press Mine below", "Page 1 of 42, most urgent first: everything that waits for a person.",
			"#100 Broken lamp\nCustomer is upset · in #support · unclaimed · overdue since 20 Nov 11:00 UTC · Open card #100",
			"#102 Broken lamp\nDraft to approve · in #support · unclaimed · due 20 Nov 13:00 UTC",
			"Customer is upset, with a draft to approve", "claimed by @U0BEN, snoozed until 21 Nov 18:00 UTC", "answered in the helpdesk · answered", "Next page", "As of 20 Nov 12:00 UTC",
		},
		"lead":     {"Promise 2 %  ·  /escalate promise 2%", "rung auto", "Pause everything", "Resume refund", "/escalate pause TOPIC"},
		"narrowed": {"Your last click: #107 is taken", "Page 2 of 2, most urgent first: drafts that wait for approval, in #payments, on refund.", "Drafts: 13 (shown)", "Previous page"},
		"empty":    {"Nothing is yours right now.", "Page 1 of 1", "Nothing is waiting here."},
		"nobody":   {"Nothing for you here yet", "Your last click: Only agents can do that."},
	}
	for name, h := range homes() {
		t.Run(name, func(t *testing.T) {
			soundHome(t, h)
			v := Home(h, workspace)
			golden(t, "home_"+name, v)
			seen := shown(t, v.Blocks.BlockSet)
			for _, want := range words[name] {
				if !strings.Contains(seen, want) {
					t.Errorf("the home does not say %q:\n%s", want, seen)
				}
			}
		})
	}
}

func TestHomeSaysWhomATicketIsOfferedTo(t *testing.T) {
	h := home()
	h.Queue[0].Handoff.Offer.To, h.Queue[1].Handoff.Offer.To = h.Person, "U0BEN"
	seen := shown(t, Home(h, workspace).Blocks.BlockSet)
	for _, want := range []string{"#100 Broken lamp\nCustomer is upset · in #support · offered to you · overdue", "unclaimed, offered to @U0BEN · "} {
		if !strings.Contains(seen, want) {
			t.Errorf("the home does not say %q:\n%s", want, seen)
		}
	}
}

func TestWhoIsNoAgentSeesNothingOfTickets(t *testing.T) {
	for _, role := range []desk.Role{desk.RoleNone, ""} {
		h := home()
		h.Role = role
		v := Home(h, workspace)
		if seen := shown(t, v.Blocks.BlockSet); len(v.Blocks.BlockSet) != 1 || strings.Contains(seen, "#") || strings.Contains(seen, "320") {
			t.Errorf("role %q sees:\n%s", role, seen)
		}
	}
}

func TestOnlyAnOpenHandoffWithACardCanBeClaimedAtHome(t *testing.T) {
	var got []string
	for _, b := range pressable(Home(home(), workspace)) {
		if action, _ := Pressed(b.ActionID, b.Value); action == desk.ActClaim {
			got = append(got, b.Value)
		}
	}
	want := []string{"TOKEN0", "TOKEN1", "TOKEN2", "TOKEN3", "TOKEN7", "TOKEN8", "TOKEN9", "TOKEN10", "TOKEN11"}
	if !slices.Equal(got, want) {
		t.Errorf("to claim: %q, want %q", got, want)
	}
}

// Whatever is chosen in a menu comes back as it went in, and what is shown is what the menu says.
func TestTheMenusSayWhatIsShown(t *testing.T) {
	h := home()
	h.Topics = nil
	for i := range 200 {
		h.Topics = append(h.Topics, desk.HomeChoice{Name: fmt.Sprint("topic ", i), All: 200 - i})
	}
	h.Topics = append(h.Topics, desk.HomeChoice{Name: strings.Repeat("x", 400)})
	h.View = desk.HomeView{Channel: "payments", Topic: "topic 150"}
	soundHome(t, h)
	before := ""
	for _, b := range Home(h, workspace).Blocks.BlockSet {
		actions, ok := b.(*slack.ActionBlock)
		if !ok || !strings.HasPrefix(actions.BlockID, "narrow.") {
			continue
		}
		before = actions.BlockID
		for i, want := range []string{"=payments", "=topic 150"} {
			if got := actions.Elements.ElementSet[i].(*slack.SelectBlockElement).InitialOption.Value; got != want {
				t.Errorf("menu %d says %q, want %q", i, got, want)
			}
		}
	}
	h.View.Page = 3
	for _, b := range Home(h, workspace).Blocks.BlockSet {
		if actions, ok := b.(*slack.ActionBlock); ok && actions.BlockID == before {
			t.Error("Slack would keep what was picked in the menus before")
		}
	}
}

// A queue of 500, with a lead's policy, the widest menus, and words made to burst every limit.
func TestHomeFitsSlackWhateverStandsInIt(t *testing.T) {
	for name, words := range map[string]string{
		"plain": "Broken lamp", "escapes": strings.Repeat("<&>", 2000), "emoji": strings.Repeat("👩‍👩‍👧‍👦", 600), "addresses": strings.Repeat("a.bc ", 2000),
		"wide": strings.Repeat("返金", 3000), "quotes": strings.Repeat(`"\`, 3000), "marks": "e" + strings.Repeat("\u0301", 9000),
	} {
		t.Run(name, func(t *testing.T) { soundHome(t, poisonedHome(words, words)) })
	}
}

// poisonedHome is a lead's with hostile words wherever words may stand: whole where there is one of a kind, and enough of them
// to burst every budget where there are many.
func poisonedHome(a, b string) *desk.Home {
	h := homes()["lead"]
	h.Said, h.Paused = a, map[string]string{a: b, "": a}
	h.View = desk.HomeView{Channel: a, Topic: b, Page: 1}
	h.Mine[0].Subject, h.Queue[0].Ref.ID = a, b
	a, b = a[:min(len(a), 700)], b[:min(len(b), 700)]
	for i := range 50 {
		h.Paused[fmt.Sprint(i, b)] = a
		h.Channels = append(h.Channels, desk.HomeChoice{Name: strconv.Itoa(i) + a[:min(len(a), 60)], All: i})
		h.Topics = append(h.Topics, desk.HomeChoice{Name: strconv.Itoa(i) + b[:min(len(b), 60)], All: i})
	}
	for range 20 {
		h.Policy = append(h.Policy, desk.Line{Head: a, Text: b}, desk.Line{Text: a, Code: true})
	}
	for _, rows := range [][]desk.QueueRow{h.Mine[1:], h.Queue[1:]} {
		for i := range rows {
			q := &rows[i]
			q.Ref.ID, q.Subject, q.Handoff.Channel = a, b, a
			if i%2 == 1 {
				q.Handoff.Owner, q.Place.Channel = escalate.PersonID(b), a
			}
		}
	}
	return h
}

// soundHome fails unless Slack would take a home, nothing in it could act, and every button has a name of its own.
func soundHome(t *testing.T, h *desk.Home) {
	t.Helper()
	v := Home(h, workspace)
	soundView(t, v)
	if n := len(v.Blocks.BlockSet); n > 100 {
		t.Errorf("the home has %d blocks, more than Slack's 100", n)
	}
	seen := map[string]bool{}
	for _, b := range pressable(v) {
		name := b.AccessibilityLabel
		if name == "" || seen[name] || !wordy.MatchString(name) || !wordy.MatchString(b.Text.Text) {
			t.Errorf("button %q is called %q, which says too little or stands for another one too", b.Text.Text, name)
		}
		seen[name] = true
		if action, _ := Pressed(b.ActionID, b.Value); !Offers(action) {
			t.Errorf("button %q does %q, which nobody understands", b.Text.Text, action)
		}
	}
}

// wordy is a name that says something without a picture.
var wordy = regexp.MustCompile(`\pL{3}`)

func pressable(v slack.HomeTabViewRequest) []*slack.ButtonBlockElement {
	var out []*slack.ButtonBlockElement
	for _, b := range v.Blocks.BlockSet {
		if actions, ok := b.(*slack.ActionBlock); ok {
			for _, e := range actions.Elements.ElementSet {
				if button, ok := e.(*slack.ButtonBlockElement); ok {
					out = append(out, button)
				}
			}
		}
	}
	return out
}
