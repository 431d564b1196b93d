package demo

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A demo that answers by itself needs one topic with many alike answers that hold nothing of the customer.
func TestThePromotedTopicCanBeAnsweredAlone(t *testing.T) {
	c := company(t)
	if len(c.AutoTopics) != 1 {
		t.Fatalf("promoted topics %v, want one", c.AutoTopics)
	}
	known := topics(t, c)
	perAnswer := map[string]int{}
	for _, ticket := range c.History {
		perAnswer[ticket.Gold.AnswerID]++
	}
	for _, m := range c.Macros {
		if m.Topic != c.AutoTopics[0] {
			continue
		}
		if strings.Contains(m.Body, "{{") || len(m.HighRisk) > 0 {
			t.Errorf("macro %s needs something about the customer, or is high risk", m.ID)
		}
		if perAnswer[m.ID] < 10 {
			t.Errorf("macro %s solved %d past tickets, want at least 10", m.ID, perAnswer[m.ID])
		}
	}
	if !slices.ContainsFunc(c.Macros, func(m Macro) bool { return known[m.ID] == c.AutoTopics[0] && perAnswer[m.ID] >= 25 }) {
		t.Errorf("no answer about %s has 25 past tickets", c.AutoTopics[0])
	}
}

func TestLiveTicketsShowAllThreeWays(t *testing.T) {
	c := company(t)
	var ways []string
	for _, a := range c.Live {
		ways = append(ways, a.Expect)
	}
	if diff := cmp.Diff([]string{"auto", "draft", "escalate"}, ways); diff != "" {
		t.Error(diff)
	}
	if len(c.More) < 20 {
		t.Errorf("%d more tickets, want at least 20", len(c.More))
	}
	for _, a := range slices.Concat(c.Live, c.More) {
		if a.Subject == "" || a.Text == "" || a.Customer.Name == "" || !slices.Contains(ways, a.Expect) {
			t.Errorf("ticket %q is not complete", a.Subject)
		}
		if a.Reason == "" && a.Expect == "escalate" || a.Reason != "" && a.Expect != "escalate" {
			t.Errorf("ticket %q: expect %s for reason %q", a.Subject, a.Expect, a.Reason)
		}
	}
	if !slices.ContainsFunc(c.More, func(a Arrival) bool { return a.Reason == "suspicious" && strings.Contains(a.Text, "<!channel>") }) {
		t.Error("no hostile ticket in the stream")
	}
}

func TestCompanyRefersOnlyToItsOwnPeopleAndChannels(t *testing.T) {
	c := company(t)
	roles := map[string]string{}
	for _, p := range c.People {
		roles[p.Name] = p.Role
	}
	want := map[string]string{
		"ana": "agent", "ben": "agent", "chloe": "agent", "lea": "lead", "sam": "specialist", "mira": "manager", "olga": "other",
	}
	if diff := cmp.Diff(want, roles); diff != "" {
		t.Error(diff)
	}
	wantPeople := func(where string, members []string) {
		for _, name := range members {
			if _, known := roles[name]; !known {
				t.Errorf("%s: unknown member %q", where, name)
			}
		}
	}
	for _, g := range c.Groups {
		wantPeople(g.Handle, g.Members)
		if slices.Contains(g.Members, "olga") {
			t.Errorf("%s: olga may press nothing", g.Handle)
		}
	}
	var channels []string
	for _, ch := range c.Channels {
		wantPeople(ch.Name, ch.Members)
		channels = append(channels, ch.Name)
	}
	routes := []string{c.Routes.Default, c.Routes.HighRisk, c.Routes.Safety, c.Routes.VIPAnger}
	for _, to := range c.Routes.Topics {
		routes = append(routes, to)
	}
	for _, to := range routes {
		if !slices.Contains(channels, to) {
			t.Errorf("route to unknown channel %q", to)
		}
	}
}
