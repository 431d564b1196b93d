package desk

import (
	"strings"
	"testing"

	"warmline/escalate"
)

func TestParseQuestion(t *testing.T) {
	promised := escalate.DefaultPolicy()
	promised.Budget = 0.01
	for _, c := range []struct {
		typed  string
		policy *escalate.Policy
		budget float64
		whatIf string // "" is none
	}{
		{"", escalate.DefaultPolicy(), 0.02, ""},
		{"", promised, 0.01, ""},
		{"budget 5%", promised, 0.05, ""},
		{"Budget balanced", promised, 0.02, ""},
		{"what-if threshold 0.9", promised, 0.01, "threshold 0.9"},
		{"whatif threshold auto 0.97 draft 0.5", promised, 0.01, "threshold auto 0.97 draft 0.5"},
		{"budget 0.5% what-if exclude topic gift cards", promised, 0.005, "exclude topic gift cards"},
		{"what-if exclude add words gift card", promised, 0.01, "exclude add words gift card"},
		{"what-if promise gift cards 2%", promised, 0.01, "promise gift cards 2%"},
	} {
		q, err := parseQuestion(c.policy, strings.Fields(c.typed))
		if err != nil || q.budget != c.budget || (q.whatIf == nil) != (c.whatIf == "") || q.whatIf != nil && q.whatIf.words != c.whatIf {
			t.Errorf("%q: %+v, %v", c.typed, q, err)
		}
		if q.whatIf != nil {
			if next, err := q.whatIf.next(c.policy); err != nil || next.Version != c.policy.Version+1 {
				t.Errorf("%q makes %+v, %v", c.typed, next, err)
			}
		}
	}
}

// Whatever is typed is refused in words, or makes a policy that is valid; the policy that it is asked of stays as it is.
func FuzzParseQuestion(f *testing.F) {
	for _, seed := range []string{
		"", "budget 2%", "budget", "what-if", "what-if threshold 0.9", "what-if threshold delivery auto 0.9 draft 0.95",
		"what-if exclude topic x", "what-if exclude add", "what-if promise x 3%", "budget 1% what-if threshold draft", "what-if threshold auto",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		p := escalate.DefaultPolicy()
		q, o, err := asked(p, strings.Fields(typed))
		switch {
		case err != nil && err.Error() == "":
			t.Errorf("%q is refused without a word", typed)
		case err == nil && (q.budget <= 0 || q.budget >= 1 || o.Budget != q.budget):
			t.Errorf("%q has budget %v", typed, q.budget)
		case err == nil && o.WhatIf != nil && o.WhatIf.Validate() != nil:
			t.Errorf("%q makes a policy that is not valid: %v", typed, o.WhatIf.Validate())
		}
		if changes := escalate.Diff(p, escalate.DefaultPolicy()); len(changes) > 0 {
			t.Errorf("%q changed the policy in force: %v", typed, changes)
		}
	})
}

// What is applied is never looser than what was measured, and never drafts from above where it answers.
func TestThresholdsAreRoundedUp(t *testing.T) {
	for _, c := range []struct{ from, draft, auto, drafts float64 }{
		{0.9617, 0.6, 0.962, 0.6}, {0.962, 0.6, 0.962, 0.6}, {0.41231, 0.6, 0.413, 0.413}, {0.99991, 0.6, 1, 0.6}, {1, 1, 1, 1},
	} {
		got := raised(escalate.Thresholds{Auto: 0.95, Draft: c.draft}, c.from)
		if got.Auto != c.auto || got.Draft != c.drafts || got.Auto < c.from {
			t.Errorf("from %v: %+v", c.from, got)
		}
	}
	p := escalate.DefaultPolicy()
	high, own := 0.9, 0.97
	p.Topics = map[string]escalate.TopicRule{"a": {Draft: &high}, "b": {Draft: &high, Auto: &own}}
	p.Thresholds = raised(p.Thresholds, 0.7)
	settleDrafts(p)
	a, _ := p.For("a")
	b, _ := p.For("b")
	if err := p.Validate(); err != nil || a.Draft != 0.7 || b.Draft != 0.9 || b.Auto != 0.97 {
		t.Errorf("a %+v, b %+v: %v", a, b, err)
	}
}

func TestASimulationIsSaidInWords(t *testing.T) {
	for want, line := range map[string]SimulatedLine{
		"draft; about 1,240 more judged tickets are missing for a threshold": {Advice: AdviceDraft, Missing: 1240},
		"draft; its answers are wrong too often":                             {Advice: AdviceDraft, Missing: -1, Why: "its answers are wrong too often"},
		"answer from 97 %: wrong 1 %, at most 2 %":                           {Advice: AdviceOwn, From: 0.97, Wrong: WrongRate{0.01, 0.02}},
		"answer from 97 % (3 of 4 tickets): wrong 1 %, at most 2 %":          {Advice: AdviceOwn, From: 0.97, Wrong: WrongRate{0.01, 0.02}, Tickets: 4, Auto: 3},
	} {
		if got := line.words(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	sim := Simulation{All: SimulatedLine{Advice: AdviceDraft, Missing: 300}}
	for range 30 {
		sim.Topics = append(sim.Topics, SimulatedLine{Topic: "t", Advice: AdviceDraft, Missing: 5})
	}
	if got := sim.advice(); len(got) != simTopicsShown+2 || got[len(got)-1].Text != "18 more topics are not shown." {
		t.Errorf("30 topics are %d lines: %+v", len(got), got[len(got)-1])
	}
	if got := sim.mistakes(); len(got) != 1 || got[0].Text != "No answer that was confident was wrong." {
		t.Errorf("no mistakes are %+v", got)
	}
	if got := grouped(1234567); got != "1,234,567" {
		t.Errorf("a count is %s", got)
	}
}
