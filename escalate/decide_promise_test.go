package escalate_test

import (
	"testing"

	"warmline/escalate"
)

// The promise is one more line that an answer has to be above; the world brings along what backs it.
func TestThePromiseAndTheThresholdBothHold(t *testing.T) {
	backed := func(from float64) *escalate.Backed {
		return &escalate.Backed{Promise: escalate.Promise{Budget: 0.02, OK: true, From: from, N: 200, Upper: 0.015}}
	}
	short := &escalate.Backed{Promise: escalate.Promise{Budget: 0.02, From: 1, Upper: 1, Need: 149}, Clean: 61, Seen: 61}
	for name, c := range map[string]struct {
		budget     float64
		own        *float64
		promise    *escalate.Backed
		confidence float64
		way        escalate.Way
		bound      escalate.Bound
		auto       float64
	}{
		"no promise, no need for one":         {0, nil, nil, 0.97, escalate.WayAuto, escalate.BoundThreshold, 0.95},
		"no promise, whatever the world says": {0, nil, short, 0.97, escalate.WayAuto, escalate.BoundThreshold, 0.95},
		"the threshold is the stricter":       {0.02, nil, backed(0.8), 0.94, escalate.WayDraft, escalate.BoundThreshold, 0.95},
		"above both":                          {0.02, nil, backed(0.8), 0.95, escalate.WayAuto, escalate.BoundThreshold, 0.95},
		"the promise is the stricter":         {0.02, nil, backed(0.98), 0.97, escalate.WayDraft, escalate.BoundPromise, 0.98},
		"exactly where it is kept":            {0.02, nil, backed(0.98), 0.98, escalate.WayAuto, escalate.BoundThreshold, 0.98},
		"too little evidence":                 {0.02, nil, short, 1, escalate.WayDraft, escalate.BoundPromise, 1},
		"no evidence came along":              {0.02, nil, nil, 1, escalate.WayDraft, escalate.BoundPromise, 1},
		"evidence for a looser promise":       {0.01, nil, backed(0.8), 1, escalate.WayDraft, escalate.BoundPromise, 1},
		"evidence for a stricter promise":     {0.05, nil, backed(0.8), 0.97, escalate.WayAuto, escalate.BoundThreshold, 0.95},
		"the topic promises nothing":          {0.02, new(0.0), nil, 0.97, escalate.WayAuto, escalate.BoundThreshold, 0.95},
		"the topic alone promises":            {0, new(0.02), short, 0.97, escalate.WayDraft, escalate.BoundPromise, 1},
		"unsure all the same":                 {0.02, nil, short, 0.3, escalate.WayEscalate, escalate.BoundThreshold, 1},
	} {
		p := autoPolicy()
		p.Budget = c.budget
		p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.StageAuto, Budget: c.own}
		a := with(sure(), func(a *escalate.Assessment) { a.Confidence = c.confidence })
		d := escalate.Decide(t0, p, &escalate.Ticket{}, a, escalate.World{Promise: c.promise})
		if d.Way != c.way || d.Bound != c.bound || d.Auto != c.auto {
			t.Errorf("%s: %s bound by %s, answers from %v; want %s by %s, from %v", name, d.Way, d.Bound, d.Auto, c.way, c.bound, c.auto)
		}
	}
}

// Nothing that speaks for the machine moves a topic that stands on a lower rung.
func TestTheLadderComesBeforeThePromise(t *testing.T) {
	p := autoPolicy()
	p.Budget = 0.02
	p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.StageDraft}
	d := escalate.Decide(t0, p, &escalate.Ticket{}, sure(), escalate.World{})
	if d.Way != escalate.WayDraft || d.Bound != escalate.BoundLadder {
		t.Errorf("%s bound by %s", d.Way, d.Bound)
	}
}
