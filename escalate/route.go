package escalate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// RouteRule sends hand-offs elsewhere than their reason or topic alone would. All that is set must hold; words compare without
// regard to case. Of several the first that matches counts.
type RouteRule struct {
	ID string `json:"id" yaml:"id"`
	// Reasons must all be among the decision's: anger and vip are the angry important customer. The strongest of them says when the
	// rule is asked: see Policy.route. Without any it is asked last, before the topic's own channel.
	Reasons  []TriggerKind `json:"reasons,omitempty" yaml:"reasons,omitempty"`
	Topic    string        `json:"topic,omitempty" yaml:"topic,omitempty"`
	Brand    string        `json:"brand,omitempty" yaml:"brand,omitempty"`       // as Content.Brand says it
	Plan     string        `json:"plan,omitempty" yaml:"plan,omitempty"`         // the customer's
	Language string        `json:"language,omitempty" yaml:"language,omitempty"` // two letters
	Tag      string        `json:"tag,omitempty" yaml:"tag,omitempty"`           // of the ticket or of the customer
	Value    float64       `json:"value,omitempty" yaml:"value,omitempty"`       // the matter is worth at least this much: see Content.Value

	Channel string   `json:"channel,omitempty" yaml:"channel,omitempty"` // name without #; empty: where it would go anyway
	Skills  []string `json:"skills,omitempty" yaml:"skills,omitempty"`   // what who is offered it has to have
}

// routeLevels are the reasons that pick a channel, in the order in which they are asked. What is not among them, such as a wish
// for a person, never does: a gap in what the AI can do goes to the team.
var routeLevels = []TriggerKind{Safety, Excluded, HighRisk, Anger, ""}

// level is the strongest reason that a rule names, "" for none that picks a channel by itself.
func (r *RouteRule) level() TriggerKind {
	for _, kind := range routeLevels {
		if slices.Contains(r.Reasons, kind) {
			return kind
		}
	}
	return ""
}

func (r *RouteRule) matches(d *Decision, t *Ticket, a Assessment) bool {
	c := &t.Content
	for _, kind := range r.Reasons {
		if !d.Has(kind) {
			return false
		}
	}
	return (r.Topic == "" || strings.EqualFold(r.Topic, a.Topic)) &&
		(r.Brand == "" || strings.EqualFold(r.Brand, c.Brand)) &&
		(r.Plan == "" || strings.EqualFold(r.Plan, c.Customer.Plan)) &&
		(r.Language == "" || strings.EqualFold(r.Language, a.Lang)) &&
		(r.Tag == "" || firstShared([]string{r.Tag}, c.Tags) != "" || firstShared([]string{r.Tag}, c.Customer.Tags) != "") &&
		(r.Value == 0 || c.Value >= r.Value)
}

// route picks where a hand-off goes: by the first reason that picks a channel, and there by the first rule that matches, else by
// the reason's own route. Safety comes first, then an exclusion's route, a high-risk topic, anger, the topic, the default.
func (p *Policy) route(d *Decision, t *Ticket, a Assessment, rule *Exclusion) {
	for _, level := range routeLevels {
		if level != "" && !d.Has(level) {
			continue
		}
		channel, own := p.routeOf(level, d, rule)
		for i := range p.Routes.Rules {
			if r := &p.Routes.Rules[i]; r.level() == level && r.matches(d, t, a) {
				d.Channel, d.Rule, d.Skills = cmp.Or(r.Channel, channel, p.Routes.Default), r.ID, r.Skills
				return
			}
		}
		if own {
			d.Channel = cmp.Or(channel, p.Routes.Default)
			return
		}
	}
}

// routeOf is the route of a reason itself, "" when it has none; own is false when the next reason is asked instead.
func (p *Policy) routeOf(level TriggerKind, d *Decision, rule *Exclusion) (channel string, own bool) {
	r := &p.Routes
	switch level {
	case Safety:
		return r.Safety, true
	case Excluded:
		return rule.Route, rule.Route != ""
	case HighRisk:
		return r.HighRisk, true
	case Anger:
		if d.Has(VIP) && r.Manager != "" {
			return r.Manager, true // an important customer who is angry is the manager's
		}
		return cmp.Or(r.Anger, r.Topics[d.Topic]), true
	default:
		return p.ChannelOf(d.Topic), true
	}
}

// Describe says what a rule matches and where it sends: "anger, vip, plan “gold” to #managers, needs refunds".
func (r *RouteRule) Describe() string {
	var what []string
	for _, kind := range r.Reasons {
		what = append(what, string(kind))
	}
	for _, m := range []struct{ kind, value string }{
		{"topic", r.Topic},
		{"brand", r.Brand},
		{"plan", r.Plan},
		{"language", r.Language},
		{"tag", r.Tag},
	} {
		if m.value != "" {
			what = append(what, fmt.Sprintf("%s “%s”", m.kind, m.value))
		}
	}
	if r.Value != 0 {
		what = append(what, fmt.Sprintf("worth %v and more", r.Value))
	}
	words := strings.Join(what, ", ")
	if r.Channel != "" {
		words += " to #" + r.Channel
	}
	if len(r.Skills) > 0 {
		words += ", needs " + strings.Join(r.Skills, ", ")
	}
	return words
}

// routeRules checks the rules of the routes.
func (fs *faults) routeRules(rules []RouteRule) {
	seen := map[string]bool{}
	for i := range rules {
		r, path := &rules[i], fmt.Sprintf("routes.rules[%d]", i)
		switch {
		case r.ID == "":
			fs.add(path+".id", "is missing; give it a short name")
		case seen[r.ID]:
			fs.add(path+".id", "%q is used twice; every rule needs its own", r.ID)
		}
		seen[r.ID] = true
		for j, kind := range r.Reasons {
			switch at := fmt.Sprintf("%s.reasons[%d]", path, j); {
			case !slices.Contains(Triggers, kind):
				fs.add(at, "%q is not a trigger", kind)
			case slices.Contains([]TriggerKind{HumanRequest, RepeatFailure, SLARisk, AIError}, kind):
				fs.add(at, "%s says nothing of who can help, and picks no channel", kind)
			}
		}
		if len(r.Reasons) == 0 && r.Topic == "" && r.Brand == "" && r.Plan == "" && r.Language == "" && r.Tag == "" && r.Value == 0 {
			fs.add(path, "matches everything; say reasons, topic, brand, plan, language, tag or value")
		}
		if !(r.Value >= 0) { // also catches NaN
			fs.add(path+".value", "%v is no amount", r.Value)
		}
		if r.Channel == "" && len(r.Skills) == 0 {
			fs.add(path, "does nothing; name a channel, or skills that are needed")
		}
		fs.channelName(path+".channel", r.Channel)
	}
}

// routeRules names the rules that differ, and their order. None of it lets the machine do more.
func (cs *changes) routeRules(from, to []RouteRule) {
	if sameJSON(from, to) {
		return
	}
	ids := func(rules []RouteRule) map[string]RouteRule {
		all := make(map[string]RouteRule, len(rules))
		for i := range rules {
			all[rules[i].ID] = rules[i]
		}
		return all
	}
	a, b := ids(from), ids(to)
	before := len(*cs)
	for _, id := range bothKeys(a, b) {
		was, had := a[id]
		is, has := b[id]
		switch {
		case !has:
			cs.add(false, "route %s is gone: %s", id, was.Describe())
		case !had:
			cs.add(false, "route %s is new: %s", id, is.Describe())
		case !sameJSON(was, is):
			cs.add(false, "route %s is now: %s", id, is.Describe())
		}
	}
	if len(*cs) == before {
		cs.add(false, "routes are asked in another order")
	}
}

// plain is the routes without their rules.
func (r Routes) plain() Routes {
	r.Rules = nil
	return r
}
