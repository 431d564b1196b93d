package escalate_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

// sure is an assessment that nothing speaks against, on a topic that may be answered.
func sure(signals ...escalate.Trigger) escalate.Assessment {
	return escalate.Assessment{
		ID: "a1", Newest: "m1", Lang: "en", Topic: "delivery", Confidence: 0.97,
		Answer: &escalate.Answer{ID: "macro-1", Text: "It arrives on Monday."}, Signals: signals,
	}
}

func fires(k escalate.TriggerKind) escalate.Trigger { return escalate.Trigger{Kind: k, Strength: 0.9} }

func autoPolicy() *escalate.Policy {
	p := escalate.DefaultPolicy()
	p.Version = 3
	p.Topics = map[string]escalate.TopicRule{"delivery": {Stage: escalate.StageAuto}}
	p.Routes = escalate.Routes{
		Default: "support", Safety: "managers", HighRisk: "payments", Anger: "seniors",
		Topics: map[string]string{"delivery": "shipping"},
	}
	return p
}

func TestDecide(t *testing.T) {
	lowAuto := 0.99
	for name, c := range map[string]struct {
		policy  func(*escalate.Policy)
		ticket  func(*escalate.Ticket)
		assess  escalate.Assessment
		world   escalate.World
		way     escalate.Way
		bound   escalate.Bound
		leave   escalate.Leave
		primary escalate.TriggerKind
		channel string
		draft   escalate.DraftUse
	}{
		"sure of it": {
			assess: sure(), way: escalate.WayAuto, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"nearly sure": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Confidence = 0.8 }),
			way:    escalate.WayDraft, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"exactly at the auto threshold": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Confidence = 0.95 }),
			way:    escalate.WayAuto, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"unsure": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Confidence = 0.3 }),
			way:    escalate.WayEscalate, bound: escalate.BoundThreshold, primary: escalate.LowConfidence, channel: "shipping", draft: escalate.DraftEdit,
		},
		"an answer that is not given any more": {
			policy: func(p *escalate.Policy) { p.Exclusions = []escalate.Exclusion{{ID: "x1", Answer: "macro-1"}} },
			assess: sure(), way: escalate.WayEscalate, bound: escalate.BoundExclusion, primary: escalate.Excluded, channel: "shipping", draft: escalate.DraftNone,
		},
		"another answer than the stopped one": {
			policy: func(p *escalate.Policy) { p.Exclusions = []escalate.Exclusion{{ID: "x1", Answer: "macro-11"}} },
			assess: sure(), way: escalate.WayAuto, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a colleague wants a person": {
			assess: sure(), world: escalate.World{Asked: true}, way: escalate.WayEscalate, bound: escalate.BoundTrigger,
			primary: escalate.HumanRequest, channel: "shipping", draft: escalate.DraftApproval,
		},
		"its answer was wrong": {
			policy: func(p *escalate.Policy) { p.Exclusions = []escalate.Exclusion{{ID: "x1", Answer: "macro-1"}} },
			assess: sure(), world: escalate.World{Wrong: true}, way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.AIError,
			channel: "shipping", draft: escalate.DraftNone,
		},
		"unsure, and left in the queue": {
			policy: func(p *escalate.Policy) { p.LowConfidence = escalate.ExcludeLeave },
			assess: with(sure(), func(a *escalate.Assessment) { a.Confidence = 0.3 }),
			way:    escalate.WayEscalate, bound: escalate.BoundThreshold, leave: escalate.LeaveQueue, primary: escalate.LowConfidence, channel: "shipping", draft: escalate.DraftEdit,
		},
		"knows nothing": {
			assess: escalate.Assessment{Topic: "other"},
			way:    escalate.WayEscalate, bound: escalate.BoundThreshold, primary: escalate.LowConfidence, channel: "support", draft: escalate.DraftNone,
		},
		"a placeholder nobody filled": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Answer.Unfilled = []string{"tracking number"} }),
			way:    escalate.WayDraft, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftEdit,
		},
		"the topic's own threshold": {
			policy: func(p *escalate.Policy) {
				p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.StageAuto, Auto: &lowAuto}
			},
			assess: sure(), way: escalate.WayDraft, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a topic still at draft": {
			policy: func(p *escalate.Policy) { delete(p.Topics, "delivery") },
			assess: sure(), way: escalate.WayDraft, bound: escalate.BoundLadder, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a topic that only observes": {
			policy: func(p *escalate.Policy) { p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.StageObserve} },
			assess: sure(), way: escalate.WayDraft, bound: escalate.BoundLadder, leave: escalate.LeaveObserve, channel: "shipping", draft: escalate.DraftApproval,
		},
		"asks for a person on a topic that only observes": {
			policy: func(p *escalate.Policy) { p.Topics["delivery"] = escalate.TopicRule{Stage: escalate.StageObserve} },
			assess: sure(fires(escalate.HumanRequest)),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.HumanRequest, channel: "shipping", draft: escalate.DraftApproval,
		},
		"paused": {
			assess: sure(), world: escalate.World{Paused: true, PausedBy: "Ana"},
			way: escalate.WayDraft, bound: escalate.BoundPause, channel: "shipping", draft: escalate.DraftApproval,
		},
		"paused, and asks for a person": {
			assess: sure(fires(escalate.HumanRequest)), world: escalate.World{Paused: true},
			way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.HumanRequest, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a human has replied": {
			ticket: func(tk *escalate.Ticket) { tk.Conversation.HumanAt = t0 },
			assess: sure(), way: escalate.WayDraft, bound: escalate.BoundHuman, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a person was asked for before": {
			ticket: func(tk *escalate.Ticket) { tk.Conversation.HandsOff = true },
			assess: sure(), way: escalate.WayDraft, bound: escalate.BoundHuman, channel: "shipping", draft: escalate.DraftApproval,
		},
		"safety beats everything, even an exclusion that leaves": {
			policy: func(p *escalate.Policy) {
				p.Exclusions = []escalate.Exclusion{{ID: "x", Tag: "press", Then: escalate.ExcludeLeave, Route: "general"}}
			},
			assess: sure(fires(escalate.Anger), fires(escalate.Safety), fires(escalate.HumanRequest)),
			way:    escalate.WayEscalate, bound: escalate.BoundExclusion, primary: escalate.Safety, channel: "managers", draft: escalate.DraftNone,
		},
		"an exclusion beats any score": {
			policy: func(p *escalate.Policy) {
				p.Exclusions = []escalate.Exclusion{{ID: "x", Tag: "Press", Then: escalate.ExcludeLeave, Route: "general"}}
			},
			assess: sure(), way: escalate.WayEscalate, bound: escalate.BoundExclusion, leave: escalate.LeaveQueue,
			primary: escalate.Excluded, channel: "general", draft: escalate.DraftNone,
		},
		"high risk goes to the specialists, draft only to edit": {
			assess: sure(escalate.Trigger{Kind: escalate.HighRisk, Strength: 0.8, Topic: escalate.RiskRefund}),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.HighRisk, channel: "payments", draft: escalate.DraftEdit,
		},
		"anger goes to the seniors": {
			assess: sure(fires(escalate.Anger)),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.Anger, channel: "seniors", draft: escalate.DraftEdit,
		},
		"a prompt injection gets no draft": {
			assess: sure(fires(escalate.Suspicious)),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.Suspicious, channel: "shipping", draft: escalate.DraftNone,
		},
		"too weak to fire": {
			assess: sure(escalate.Trigger{Kind: escalate.Anger, Strength: 0.49}),
			way:    escalate.WayAuto, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"turned off": {
			policy: func(p *escalate.Policy) { p.Triggers.Off = []escalate.TriggerKind{escalate.Anger} },
			assess: sure(fires(escalate.Anger)), way: escalate.WayAuto, bound: escalate.BoundThreshold, channel: "shipping", draft: escalate.DraftApproval,
		},
		"cannot be turned off": {
			policy: func(p *escalate.Policy) { p.Triggers.Off = []escalate.TriggerKind{escalate.HumanRequest} },
			assess: sure(fires(escalate.HumanRequest)),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.HumanRequest, channel: "shipping", draft: escalate.DraftApproval,
		},
		"an important customer": {
			policy: func(p *escalate.Policy) { p.Triggers.VIPTags = []string{"gold"} },
			assess: sure(), way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.VIP, channel: "shipping", draft: escalate.DraftApproval,
		},
		"close to its deadline": {
			assess: sure(), world: escalate.World{SLANear: "first response due 14:30"},
			way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.SLARisk, channel: "shipping", draft: escalate.DraftApproval,
		},
		"two answers that did not help": {
			assess: with(sure(), func(a *escalate.Assessment) {
				a.Attempts = []escalate.Attempt{{By: escalate.RoleBot, Failed: true}, {By: escalate.RoleBot, Failed: true}}
			}),
			way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.RepeatFailure, channel: "shipping", draft: escalate.DraftApproval,
		},
		"the same answer that did not help": {
			ticket: func(tk *escalate.Ticket) {
				tk.Replies = []escalate.Reply{{State: escalate.ReplySent, Purpose: escalate.PurposeAnswer, Answer: "macro-1"}}
			},
			assess: sure(fires(escalate.RepeatFailure)),
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.RepeatFailure, channel: "shipping", draft: escalate.DraftNone,
		},
		"came back after our answer": {
			ticket: func(tk *escalate.Ticket) {
				tk.Conversation.Reopened = true
				tk.Replies = []escalate.Reply{{State: escalate.ReplySent, Purpose: escalate.PurposeAnswer, Answer: "macro-2"}}
			},
			assess: sure(), way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.RepeatFailure, channel: "shipping", draft: escalate.DraftApproval,
		},
		"its answer did not arrive": {
			assess: sure(), world: escalate.World{Undelivered: true},
			way: escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.AIError, channel: "shipping", draft: escalate.DraftApproval,
		},
		"the brain failed": {
			assess: escalate.Assessment{Fault: "timed out"},
			way:    escalate.WayEscalate, bound: escalate.BoundTrigger, primary: escalate.AIError, channel: "support", draft: escalate.DraftNone,
		},
		"mail by a machine": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Automatic = true }),
			way:    escalate.WayAuto, bound: escalate.BoundThreshold, leave: escalate.LeaveAutomatic, channel: "shipping", draft: escalate.DraftApproval,
		},
		"a bare thank-you": {
			assess: with(sure(), func(a *escalate.Assessment) { a.Thanks = true }),
			way:    escalate.WayAuto, bound: escalate.BoundThreshold, leave: escalate.LeaveThanks, channel: "shipping", draft: escalate.DraftApproval,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := autoPolicy()
			if c.policy != nil {
				c.policy(p)
			}
			tk := &escalate.Ticket{ID: "t1"}
			tk.Content.Tags = []string{"press"}
			tk.Content.Customer.Tags = []string{"Gold"}
			if c.ticket != nil {
				c.ticket(tk)
			}
			d := escalate.Decide(t0, p, tk, c.assess, c.world)
			var primary escalate.TriggerKind
			if r := d.Primary(); r != nil {
				primary = r.Kind
			}
			got := []any{d.Way, d.Bound, d.Leave, primary, d.Channel, d.Draft}
			want := []any{c.way, c.bound, c.leave, c.primary, c.channel, c.draft}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("way, bound, leave, primary, channel, draft (-want +got):\n%s", diff)
			}
			if d.Policy != 3 || !d.At.Equal(t0) {
				t.Errorf("decision lacks its policy version or instant: %+v", d)
			}
		})
	}
}

func with(a escalate.Assessment, change func(*escalate.Assessment)) escalate.Assessment {
	change(&a)
	return a
}

func TestReasonsKeepEverythingThatFiredInOrder(t *testing.T) {
	a := sure(fires(escalate.Participant), fires(escalate.Anger), fires(escalate.Safety))
	a.Confidence = 0.1
	d := escalate.Decide(t0, autoPolicy(), &escalate.Ticket{}, a, escalate.World{})
	var got []escalate.TriggerKind
	for _, r := range d.Reasons {
		got = append(got, r.Kind)
	}
	want := []escalate.TriggerKind{escalate.Safety, escalate.Anger, escalate.Participant, escalate.LowConfidence}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExclusionsMatch(t *testing.T) {
	tk := &escalate.Ticket{}
	tk.Content = escalate.Content{
		Subject: "Charge-back for order 12", Channel: "email", Category: "Billing", Tags: []string{"VIP"},
		Customer: escalate.Customer{Email: "Ina@shop.example"},
		Messages: []escalate.Message{
			{Role: escalate.RoleCustomer, Public: true, Text: "My lawyer, Dr. Roth, will write."},
			{Role: escalate.RoleAgent, Public: true, Text: "We never say settlement."},
		},
	}
	for name, c := range map[string]struct {
		x    escalate.Exclusion
		want bool
	}{
		"tag":                          {escalate.Exclusion{Tag: "vip"}, true},
		"category":                     {escalate.Exclusion{Category: "billing"}, true},
		"topic":                        {escalate.Exclusion{Topic: "delivery"}, true},
		"another topic":                {escalate.Exclusion{Topic: "pairing"}, false},
		"customer":                     {escalate.Exclusion{Customer: "ina@shop.example"}, true},
		"domain":                       {escalate.Exclusion{Customer: "@shop.example"}, true},
		"another domain":               {escalate.Exclusion{Customer: "@op.example"}, false},
		"channel":                      {escalate.Exclusion{Channel: "Email"}, true},
		"language":                     {escalate.Exclusion{Language: "EN"}, true},
		"words in the subject":         {escalate.Exclusion{Words: "charge back"}, true},
		"words of the customer":        {escalate.Exclusion{Words: "LAWYER dr roth"}, true},
		"part of a word":               {escalate.Exclusion{Words: "law"}, false},
		"words that an agent used":     {escalate.Exclusion{Words: "settlement"}, false},
		"no word at all":               {escalate.Exclusion{Words: "…"}, false},
		"nothing to match by is never": {escalate.Exclusion{}, false},
	} {
		p := autoPolicy()
		c.x.ID = "x"
		p.Exclusions = []escalate.Exclusion{c.x}
		d := escalate.Decide(t0, p, tk, sure(), escalate.World{})
		if got := d.Has(escalate.Excluded); got != c.want {
			t.Errorf("%s: excluded is %v, want %v", name, got, c.want)
		}
	}
}

func TestSampleIsAShareAndStable(t *testing.T) {
	in := 0
	for i := range 10000 {
		id := string(rune('a'+i%26)) + string(rune('0'+i/26%10)) + string(rune('A'+i/260))
		if escalate.Sampled(id, "ladder", 0.1) {
			in++
			if !escalate.Sampled(id, "ladder", 0.2) {
				t.Fatalf("%q is in a tenth but not in a fifth", id)
			}
		}
	}
	if in < 850 || in > 1150 {
		t.Errorf("%d of 10,000 ids are in a sample of a tenth", in)
	}
}
