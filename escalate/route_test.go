package escalate_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

// routedPolicy routes by everything that a rule can look at.
func routedPolicy() *escalate.Policy {
	p := autoPolicy()
	p.Routes.Manager = "managers"
	p.Triggers.VIPTags = []string{"press"}
	p.Routes.Rules = []escalate.RouteRule{
		{ID: "safety-fr", Reasons: []escalate.TriggerKind{escalate.Safety}, Language: "fr", Channel: "managers-fr"},
		{ID: "angry-press", Reasons: []escalate.TriggerKind{escalate.Anger}, Tag: "press", Topic: "refund", Channel: "newsroom"},
		{ID: "dear", Value: 5000, Channel: "key-accounts"},
		{ID: "gold", Plan: "Gold", Channel: "gold-desk"},
		{ID: "french", Language: "fr", Channel: "support-fr", Skills: []string{"french"}},
		{ID: "north", Brand: "North", Topic: "delivery", Channel: "north"},
		{ID: "invoices", Topic: "invoice", Skills: []string{"invoices"}},
		{ID: "gap", Reasons: []escalate.TriggerKind{escalate.LowConfidence}, Tag: "beta", Channel: "beta-team"},
	}
	return p
}

func TestRoutesAreAskedInTheirOrder(t *testing.T) {
	low := func(a *escalate.Assessment) { a.Confidence = 0.1 }
	for name, c := range map[string]struct {
		ticket        func(*escalate.Content)
		assess        escalate.Assessment
		channel, rule string
		skills        []string
	}{
		"no rule matches":                  {assess: sure(fires(escalate.HumanRequest)), channel: "shipping"},
		"plan":                             {ticket: func(c *escalate.Content) { c.Customer.Plan = "gold" }, assess: sure(), channel: "gold-desk", rule: "gold"},
		"the first of two":                 {ticket: func(c *escalate.Content) { c.Customer.Plan, c.Value = "gold", 5000 }, assess: sure(), channel: "key-accounts", rule: "dear"},
		"worth a little less":              {ticket: func(c *escalate.Content) { c.Value = 4999.99 }, assess: sure(), channel: "shipping"},
		"brand and topic":                  {ticket: func(c *escalate.Content) { c.Brand = "north" }, assess: sure(), channel: "north", rule: "north"},
		"the brand alone is not enough":    {ticket: func(c *escalate.Content) { c.Brand = "north" }, assess: with(sure(), func(a *escalate.Assessment) { a.Topic = "refund" }), channel: "support"},
		"language, with a skill":           {assess: with(sure(), func(a *escalate.Assessment) { a.Lang = "fr" }), channel: "support-fr", rule: "french", skills: []string{"french"}},
		"a skill alone stays in place":     {assess: with(sure(), func(a *escalate.Assessment) { a.Topic = "invoice" }), channel: "support", rule: "invoices", skills: []string{"invoices"}},
		"a tag of the customer":            {ticket: func(c *escalate.Content) { c.Customer.Tags = []string{"Beta"} }, assess: with(sure(), low), channel: "beta-team", rule: "gap"},
		"the reason does not fire":         {ticket: func(c *escalate.Content) { c.Tags = []string{"beta"} }, assess: sure(), channel: "shipping"},
		"danger outranks every rule":       {ticket: func(c *escalate.Content) { c.Customer.Plan = "gold" }, assess: sure(fires(escalate.Safety)), channel: "managers"},
		"danger in French":                 {assess: with(sure(fires(escalate.Safety)), func(a *escalate.Assessment) { a.Lang = "fr" }), channel: "managers-fr", rule: "safety-fr"},
		"high risk outranks what is asked": {ticket: func(c *escalate.Content) { c.Customer.Plan = "gold" }, assess: sure(fires(escalate.HighRisk), fires(escalate.Anger)), channel: "payments"},
		"anger":                            {assess: sure(fires(escalate.Anger)), channel: "seniors"},
		"an important customer is angry":   {ticket: func(c *escalate.Content) { c.Customer.Tags = []string{"press"} }, assess: sure(fires(escalate.Anger)), channel: "managers"},
		"and a rule says more": {
			ticket: func(c *escalate.Content) { c.Customer.Tags = []string{"press"} },
			assess: with(sure(fires(escalate.Anger)), func(a *escalate.Assessment) { a.Topic = "refund" }), channel: "newsroom", rule: "angry-press",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tk := &escalate.Ticket{ID: "t1"}
			if c.ticket != nil {
				c.ticket(&tk.Content)
			}
			d := escalate.Decide(t0, routedPolicy(), tk, c.assess, escalate.World{})
			if d.Channel != c.channel || d.Rule != c.rule {
				t.Errorf("goes to #%s by rule %q, want #%s by %q", d.Channel, d.Rule, c.channel, c.rule)
			}
			if diff := cmp.Diff(c.skills, d.Skills); diff != "" {
				t.Errorf("skills (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFaultsOfRoutesAreNamed(t *testing.T) {
	p := routedPolicy()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	p.Routes.Rules = []escalate.RouteRule{
		{Channel: "Support"},
		{ID: "a", Reasons: []escalate.TriggerKind{"mood", escalate.HumanRequest}, Channel: "x"},
		{ID: "a", Tag: "t"},
		{ID: "b", Value: math.NaN(), Channel: "x"},
	}
	err := p.Validate()
	for _, want := range []string{
		"routes.rules[0].id: is missing", "routes.rules[0]: matches everything", "routes.rules[0].channel: \"Support\" is not a channel name",
		"routes.rules[1].reasons[0]: \"mood\" is not a trigger", "routes.rules[1].reasons[1]: human_request says nothing of who can help",
		"routes.rules[2].id: \"a\" is used twice", "routes.rules[2]: does nothing", "routes.rules[3].value: NaN is no amount",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("faults do not name %q:\n%v", want, err)
		}
	}
}

func TestChangedRoutesAreNamed(t *testing.T) {
	words := func(from, to *escalate.Policy) (all []string) {
		for _, c := range escalate.Diff(from, to) {
			all = append(all, c.What)
		}
		return all
	}
	from, to := routedPolicy(), routedPolicy()
	to.Routes.Rules = append(to.Routes.Rules[1:], escalate.RouteRule{ID: "eu", Tag: "eu", Channel: "support-eu"})
	to.Routes.Rules[2].Channel = "gold"
	want := []string{
		"route eu is new: tag “eu” to #support-eu", "route gold is now: plan “Gold” to #gold", "route safety-fr is gone: safety, language “fr” to #managers-fr",
	}
	if diff := cmp.Diff(want, words(from, to)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	to = routedPolicy()
	to.Routes.Rules[0], to.Routes.Rules[1] = to.Routes.Rules[1], to.Routes.Rules[0]
	if diff := cmp.Diff([]string{"routes are asked in another order"}, words(from, to)); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}
