package escalate

import (
	"slices"
	"testing"
	"time"
)

// What is open on a ticket decides whether anybody looks at it at all, and what is looked for.
func TestWhatIsOpenOnATicket(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	waiting := Conversation{Status: StatusOpen, Customer: "m1", WaitingSince: now.Add(-time.Hour)}
	decided := &Decision{Way: WayAuto, Newest: "m1", At: now.Add(-time.Minute)}
	p := &Policy{Lease: Lease{Nudge: time.Hour, Release: 2 * time.Hour}}
	handoff := func(edit func(*Handoff)) *Ticket {
		h := &Handoff{ID: "h1", State: HandoffOpen, OpenedAt: now}
		edit(h)
		return &Ticket{Conversation: waiting, Decision: decided, Handoff: h}
	}
	replied := func(purpose Purpose, state ReplyState) *Ticket {
		return &Ticket{Conversation: waiting, Decision: decided, Replies: []Reply{{ID: "r1", Purpose: purpose, State: state, Newest: "m1"}}}
	}
	with := func(t *Ticket, edit func(*Ticket)) *Ticket { edit(t); return t }
	for name, c := range map[string]struct {
		ticket    *Ticket
		unsettled bool
		needs     []EffectKind
	}{
		"it was never read":          {&Ticket{}, true, []EffectKind{EffectAssess}},
		"nobody waits":               {&Ticket{Conversation: Conversation{Status: StatusOpen}}, false, nil},
		"words nobody decided about": {&Ticket{Conversation: waiting}, true, []EffectKind{EffectAssess}},
		"they wrote again": {
			with(replied(PurposeAnswer, ReplySent), func(t *Ticket) { t.Conversation.Customer = "m2" }),
			true,
			[]EffectKind{EffectAssess},
		},
		"they edited what was decided": {
			with(replied(PurposeAnswer, ReplySent), func(t *Ticket) { t.Conversation.Edited = now }),
			true,
			[]EffectKind{EffectAssess},
		},
		"it is solved": {with(&Ticket{Conversation: waiting}, func(t *Ticket) { t.Conversation.Status = StatusSolved }), false, nil},
		"it was left alone": {
			with(&Ticket{Conversation: waiting}, func(t *Ticket) { t.Decision = &Decision{Newest: "m1", Leave: LeaveQueue} }),
			false, nil,
		},
		"answered":                      {replied(PurposeAnswer, ReplySent), false, nil},
		"an answer waits for its time":  {replied(PurposeAnswer, ReplyApproved), true, []EffectKind{EffectSend}},
		"an answer is on its way":       {replied(PurposeAnswer, ReplySending), true, []EffectKind{EffectSend}},
		"an answer is in doubt":         {replied(PurposeAnswer, ReplyUnknown), true, []EffectKind{EffectSend}},
		"nobody can tell":               {replied(PurposeAnswer, ReplyAsk), true, nil},
		"its answer was withdrawn":      {replied(PurposeAnswer, ReplyWithdrawn), true, []EffectKind{EffectAssess}},
		"only acknowledged":             {replied(PurposeAck, ReplySent), true, []EffectKind{EffectAssess}},
		"open":                          {handoff(func(*Handoff) {}), true, nil},
		"claimed":                       {handoff(func(h *Handoff) { h.State, h.ClaimedAt = HandoffClaimed, now }), true, []EffectKind{EffectLease}},
		"claimed, answered":             {with(handoff(func(h *Handoff) { h.State, h.ClaimedAt = HandoffClaimed, now }), func(t *Ticket) { t.Conversation.HumanAt = now.Add(time.Second) }), true, nil},
		"snoozed":                       {handoff(func(h *Handoff) { h.State, h.Snoozed = HandoffOpen, now }), true, []EffectKind{EffectWake}},
		"a time was stated":             {handoff(func(h *Handoff) { h.Wait.Until = now.Add(time.Hour) }), true, []EffectKind{EffectStated}},
		"a time was stated, and missed": {handoff(func(h *Handoff) { h.Wait.Until, h.Wait.Missed = now, true }), true, nil},
		"resolved since the decision":   {handoff(func(h *Handoff) { h.State, h.EndedAt = HandoffResolved, now }), false, nil},
		"given back to the AI":          {handoff(func(h *Handoff) { h.State, h.EndedAt = HandoffWithdrawn, now }), true, []EffectKind{EffectAssess}},
		"a person solved it without us": {with(handoff(func(*Handoff) {}), func(t *Ticket) { t.Handoff.State = HandoffResolved; t.Conversation.Status = StatusClosed }), false, nil},
		"resolved, an update still is out": {
			with(replied(PurposeWarm, ReplyUnknown), func(t *Ticket) { t.Conversation.Status = StatusClosed }),
			true,
			[]EffectKind{EffectSend},
		},
	} {
		var needs []EffectKind
		for _, e := range c.ticket.Needs(now, p) {
			needs = append(needs, e.Kind)
		}
		if got := c.ticket.Unsettled(); got != c.unsettled || !slices.Equal(needs, c.needs) {
			t.Errorf("%s: unsettled %v, want %v; needs %q, want %q", name, got, c.unsettled, needs, c.needs)
		}
	}
}

// A lease that has no step left needs no timer: an owner who was nudged, under a policy that takes nothing back.
func TestALeaseWithoutAStepLeftNeedsNoTimer(t *testing.T) {
	for _, c := range []struct {
		lease  Lease
		nudged bool
		want   bool
	}{
		{Lease{}, false, false},
		{Lease{Nudge: time.Hour}, false, true},
		{Lease{Nudge: time.Hour}, true, false},
		{Lease{Nudge: time.Hour, Release: time.Hour}, true, true},
		{Lease{Release: time.Hour}, false, true},
	} {
		if got := c.lease.looks(&Handoff{Nudged: c.nudged}); got != c.want {
			t.Errorf("%+v, nudged %v: looks %v", c.lease, c.nudged, got)
		}
	}
}
