package escalate

import (
	"slices"
	"time"
)

// No ticket is without an owner, a timer or an alert (docs/fallbacks.md). What that means for one ticket is said here: what of ours is
// open on it, which jobs must wait or run for as long as it is as it is, and who, or what, looks after it.

// Unsettled reports whether something of ours is open on a ticket: people have it, words of the customer are undecided, a message is on
// its way to them, or nobody can tell whether one arrived. Of a ticket that is settled nothing is owed by anyone here.
func (t *Ticket) Unsettled() bool {
	return t.Handoff.Active() || t.Undecided() || t.Abandoned() || t.Asked() != nil && !t.Conversation.Status.Ended() ||
		slices.ContainsFunc(t.Replies, func(r Reply) bool { return r.owed() })
}

// owed reports whether a reply is yet to go out, or to be found.
func (r *Reply) owed() bool { return r.State == ReplyApproved || r.Begun() }

// Undecided reports whether the ticket was never read, or the customer waits for an answer to words that no decision was about.
func (t *Ticket) Undecided() bool {
	v, d := &t.Conversation, t.Decision
	switch {
	case v.Status == StatusUnread:
		return true
	case v.Status.Ended() || v.WaitingSince.IsZero():
		return false
	}
	return d == nil || d.Newest != v.Customer || v.Edited.After(d.Edited)
}

// Abandoned reports whether a decision was acted upon, the customer still waits, and nothing that it opened is left: neither a
// hand-off, nor an answer, nor somebody who ended it.
func (t *Ticket) Abandoned() bool {
	v, d := &t.Conversation, t.Decision
	return !v.Status.Ended() && !v.WaitingSince.IsZero() && !t.Undecided() && d.Leave == "" && !t.Handoff.Active() && !t.DealtWith() &&
		t.Asked() == nil && !slices.ContainsFunc(t.Replies, func(r Reply) bool { return r.Purpose.Answers() && r.owed() })
}

// DealtWith reports whether nothing is left to decide about the message that the newest decision was about: the hand-off
// has ended since, or an answer is sent or on its way. To decide again would open a second hand-off while the helpdesk is
// still being told that the ticket is solved, or answer the same words twice.
func (t *Ticket) DealtWith() bool {
	h := t.Handoff
	if h.Active() {
		return false
	}
	if h != nil && h.EndedAt.After(t.Decision.At) && !h.GivenBack() {
		return true
	}
	return slices.ContainsFunc(t.Replies, func(r Reply) bool {
		return r.Purpose.Answers() && r.Newest == t.Decision.Newest && (r.Begun() || r.State == ReplySent || r.State == ReplyAsk)
	})
}

// Needs are the jobs that must wait or run for as long as a ticket is as it is, at a time and under a policy. That of the targets' clocks and that of
// the updates to the customer depend on the hours, and the card on what Slack shows: their callers know.
func (t *Ticket) Needs(now time.Time, p *Policy) []Effect {
	var needs []Effect
	if t.Undecided() || t.Abandoned() {
		needs = append(needs, Effect{Kind: EffectAssess})
	}
	for i := range t.Replies {
		if r := &t.Replies[i]; r.owed() {
			needs = append(needs, t.send(r))
		}
	}
	h := t.Handoff
	if !h.Active() {
		return needs
	}
	if !h.Snoozed.IsZero() {
		needs = append(needs, t.timer(EffectWake, At(h.Snoozed)))
	}
	needs = append(needs, t.stated(now)...)
	if h.State == HandoffClaimed && !t.Conversation.HumanAt.After(h.ClaimedAt) && p.Lease.looks(h) {
		needs = append(needs, t.effect(EffectLease))
	}
	return needs
}

// looks reports whether the lease of a claim has a step left.
func (l *Lease) looks(h *Handoff) bool { return l.Release > 0 || l.Nudge > 0 && !h.Nudged }

// Watchers are the timers that have people told of an open hand-off: one of them waiting is enough for nobody to forget it. Updates to
// the customer are none, for they go to the customer alone.
var Watchers = []EffectKind{EffectSLA, EffectOffer, EffectStated}

// Owned reports whether one person has the hand-off: whoever claimed it, or answered in the helpdesk.
func (h *Handoff) Owned() bool {
	return h != nil && (h.State == HandoffClaimed && h.Owner != "" || h.State == HandoffTaken)
}

// LastAlert is when people were last told of a deadline that still runs; zero: never.
func (t *Ticket) LastAlert() time.Time {
	var last time.Time
	for _, target := range Targets {
		run := t.Clocks.running(target)
		if run == nil {
			continue
		}
		for _, told := range run.Told {
			if told.At.After(last) {
				last = told.At
			}
		}
	}
	return last
}
