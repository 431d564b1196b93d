package escalate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

func TestADiffSaysWhatChangedAndWhatIsLooser(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	for name, c := range map[string]struct {
		change func(*escalate.Policy)
		want   []escalate.Change
	}{
		"nothing":               {func(*escalate.Policy) {}, nil},
		"a first promise":       {func(p *escalate.Policy) { p.Budget = 0.01 }, []escalate.Change{{What: "promise 2 % → 1 %"}}},
		"a larger budget":       {func(p *escalate.Policy) { p.Budget = 0.05 }, []escalate.Change{{What: "promise 2 % → 5 %", Looser: true}}},
		"the end of a promise":  {func(p *escalate.Policy) { p.Budget = 0 }, []escalate.Change{{What: "promise 2 % → off", Looser: true}}},
		"a topic's own promise": {func(p *escalate.Policy) { p.Topics["delivery"] = rule(at(0.01), nil, escalate.StageSample) }, []escalate.Change{{What: "delivery: promise 2 % → 1 %"}}},
		"a topic set free":      {func(p *escalate.Policy) { p.Topics["delivery"] = rule(at(0), nil, escalate.StageSample) }, []escalate.Change{{What: "delivery: promise 2 % → off", Looser: true}}},
		"a lower threshold":     {func(p *escalate.Policy) { p.Thresholds.Auto = 0.9 }, []escalate.Change{{What: "answers from 95 % → 90 %", Looser: true}}},
		"both thresholds raised": {func(p *escalate.Policy) { p.Thresholds = escalate.Thresholds{Auto: 0.975, Draft: 0.7} }, []escalate.Change{
			{What: "answers from 95 % → 97.5 %"}, {What: "drafts from 60 % → 70 %"},
		}},
		"a topic's own threshold": {func(p *escalate.Policy) { p.Topics["delivery"] = rule(nil, at(0.8), escalate.StageSample) }, []escalate.Change{{What: "delivery: answers from 95 % → 80 %", Looser: true}}},
		"a rung up":               {func(p *escalate.Policy) { p.Topics["delivery"] = rule(nil, nil, escalate.StageAuto) }, []escalate.Change{{What: "delivery: stage sample → auto", Looser: true}}},
		"a topic's own, though the same": {
			func(p *escalate.Policy) { p.Topics["delivery"] = rule(at(0.02), nil, escalate.StageSample) },
			[]escalate.Change{{What: "delivery: what is its own and what it takes from the others"}},
		},
		"a rule dropped":    {func(p *escalate.Policy) { delete(p.Topics, "delivery") }, []escalate.Change{{What: "delivery: stage sample → draft"}}},
		"a larger sample":   {func(p *escalate.Policy) { p.Sample = 0.2 }, []escalate.Change{{What: "share answered at stage sample 10 % → 20 %", Looser: true}}},
		"an exclusion less": {func(p *escalate.Policy) { p.Exclusions = nil }, []escalate.Change{{What: "tickets with tag “press” are no longer kept from the AI (x1)", Looser: true}}},
		"an exclusion more": {func(p *escalate.Policy) {
			p.Exclusions = append(p.Exclusions, escalate.Exclusion{ID: "x2", Tag: "vip"})
		}, []escalate.Change{{What: "tickets with tag “vip” are kept from the AI (x2)"}}},
		"an exclusion that matches something else": {func(p *escalate.Policy) {
			p.Exclusions[0] = escalate.Exclusion{ID: "x1", Words: "gift card", Then: escalate.ExcludeLeave, Route: "payments"}
		}, []escalate.Change{{What: "what is kept from the AI as x1 is now words “gift card”, left in the helpdesk's queue, to #payments", Looser: true}}},
		"triggers": {func(p *escalate.Policy) {
			p.Triggers = escalate.TriggerRules{Off: []escalate.TriggerKind{escalate.Anger}, Repeat: 3}
		}, []escalate.Change{
			{What: "trigger anger off", Looser: true},
			{What: "attempts until a person is asked 2 → 3", Looser: true},
			{What: "tags of important customers gold → none", Looser: true},
		}},
		"targets": {func(p *escalate.Policy) {
			p.SLA.FirstResponse, p.SLA.Claim, p.SLA.Calendar = 90*time.Minute, 20*time.Minute, "berlin"
			p.SLA.Alerts = escalate.AlertsAt(calendar.Stage{Left: 30 * time.Minute}, calendar.Breach)
			p.SLA.Plans = map[string]escalate.SLARule{"gold": {FirstResponse: new(time.Duration)}}
			p.SLA.Tickets = []escalate.TicketRule{{Tag: "outage"}}
			p.Calendars = map[string]escalate.Hours{"berlin": {Holidays: "de-be"}}
		}, []escalate.Change{
			{What: "calendar berlin is new"},
			{What: "time for the first answer 4h → 1h30m"},
			{What: "time for the claim off → 20m"},
			{What: "hours around the clock → of berlin"},
			{What: "alerts 0.5, 0.8, 1 → 30m left, 1"},
			{What: "plan gold: time for the first answer not set → off"},
			{What: "targets by tag or priority changed"},
		}},
		"rotas": {func(p *escalate.Policy) {
			p.Rotas = rota.Rotas{
				"nights":  {Layers: []rota.Layer{{Group: "@nights"}}},
				"support": {Layers: []rota.Layer{{People: []rota.PersonID{"U0BEN"}}}},
			}
		}, []escalate.Change{{What: "rota nights is new"}, {What: "rota old is gone"}, {What: "rota support, layer 1: U0ANA → U0BEN"}}},
		"how people work": {func(p *escalate.Policy) { p.Team, p.Routes.Default = "Lumen", "help" }, []escalate.Change{{What: "routes changed"}, {What: "team name changed"}}},
	} {
		from := escalate.DefaultPolicy()
		from.Budget = 0.02
		from.Topics = map[string]escalate.TopicRule{"delivery": {Stage: escalate.StageSample}}
		from.Exclusions = []escalate.Exclusion{{ID: "x1", Tag: "press"}}
		from.Triggers.VIPTags = []string{"gold"}
		if name == "rotas" {
			from.Rotas = rota.Rotas{
				"old":     {Layers: []rota.Layer{{Group: "@old"}}},
				"support": {Layers: []rota.Layer{{People: []rota.PersonID{"U0ANA"}}}},
			}
		}
		to, err := from.Clone()
		if err != nil {
			t.Fatal(err)
		}
		c.change(to)
		got := escalate.Diff(from, to)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		looser := false
		for _, w := range c.want {
			looser = looser || w.Looser
		}
		if escalate.Loosens(got) != looser {
			t.Errorf("%s: loosens %v", name, !looser)
		}
	}
}

func rule(budget, auto *float64, stage escalate.Stage) escalate.TopicRule {
	return escalate.TopicRule{Budget: budget, Auto: auto, Stage: stage}
}

func TestTheRungsFollowEachOther(t *testing.T) {
	for _, c := range []struct{ stage, up, down escalate.Stage }{
		{escalate.StageObserve, escalate.StageDraft, escalate.StageObserve},
		{escalate.StageDraft, escalate.StageSample, escalate.StageObserve},
		{escalate.StageSample, escalate.StageAuto, escalate.StageDraft},
		{escalate.StageAuto, escalate.StageAuto, escalate.StageSample},
	} {
		if c.stage.Up() != c.up || c.stage.Down() != c.down || c.stage.Answers() != (c.stage == escalate.StageSample || c.stage == escalate.StageAuto) {
			t.Errorf("%s: up %s, down %s, answers %v", c.stage, c.stage.Up(), c.stage.Down(), c.stage.Answers())
		}
	}
}
