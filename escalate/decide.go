package escalate

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Decide says which way a ticket goes. It is the same function live and in simulation: given the same arguments it
// gives the same decision. Every reason that speaks against the AI is kept; the most restrictive outcome wins, and
// the order of the triggers only picks which reason names it.
func Decide(now time.Time, p *Policy, t *Ticket, a Assessment, w World) Decision {
	if w.Wrong {
		a.Answer = nil // what was wrong is no answer any more
	}
	th, stage := p.For(a.Topic)
	d := Decision{
		Topic: a.Topic, Confidence: a.Confidence, Auto: th.Auto, DraftFrom: th.Draft,
		Policy: p.Version, Assessment: a.ID, Newest: a.Newest, Edited: a.Edited, World: w, At: now,
	}
	if a.Answer != nil {
		d.AnswerID = a.Answer.ID
	}
	rule := p.excludes(t, a)
	d.Reasons = reasons(p, t, a, w, th, rule)
	promise := w.promised(p.Promises(a.Topic))
	d.Auto = max(d.Auto, promise.From)
	d.Way, d.Bound = p.way(t, a, w, th, stage, promise, d.Reasons)
	d.Draft = draftUse(&d, t, a)
	p.route(&d, t, a, rule)
	if other := p.Offers.Channels[d.Channel].Fallback; other != "" && slices.Contains(w.Unstaffed, d.Channel) {
		d.Instead, d.Channel = d.Channel, other
	}
	d.Leave = leave(p, &d, a, stage, rule)
	return d
}

// reasons collects every trigger that fires, in order of precedence.
func reasons(p *Policy, t *Ticket, a Assessment, w World, th Thresholds, rule *Exclusion) []Reason {
	var rs []Reason
	for _, s := range a.Signals {
		if s.Strength >= FireStrength && !p.off(s.Kind) {
			rs = append(rs, Reason{Kind: s.Kind, Strength: s.Strength, Topic: s.Topic, Evidence: s.Evidence})
		}
	}
	if w.Asked {
		rs = append(rs, Reason{Kind: HumanRequest, Strength: 1, Detail: "a colleague wants one to see to it"})
	}
	if rule != nil {
		rs = append(rs, Reason{Kind: Excluded, Strength: 1, Detail: rule.ID})
	}
	if n := failedAttempts(a); n >= p.Triggers.Repeat && !p.off(RepeatFailure) && !fired(rs, RepeatFailure) {
		rs = append(rs, Reason{Kind: RepeatFailure, Strength: 1})
	}
	if tag := firstShared(p.Triggers.VIPTags, t.Content.Customer.Tags); tag != "" && !p.off(VIP) {
		rs = append(rs, Reason{Kind: VIP, Strength: 1, Detail: tag})
	}
	if w.SLANear != "" && !p.off(SLARisk) {
		rs = append(rs, Reason{Kind: SLARisk, Strength: 1, Detail: w.SLANear})
	}
	if last := t.lastAnswer(); t.Conversation.Reopened && !w.Wrong && last != nil && !last.ByPerson() && !fired(rs, RepeatFailure) && !p.off(RepeatFailure) {
		rs = append(rs, Reason{Kind: RepeatFailure, Strength: 1, Detail: "the ticket came back after our answer"})
	}
	switch {
	case w.Undelivered:
		rs = append(rs, Reason{Kind: AIError, Strength: 1, Detail: "its answer could not be delivered"})
	case w.Wrong:
		rs = append(rs, Reason{Kind: AIError, Strength: 1, Detail: "its answer was wrong and has to be put right"})
	case a.Fault != "":
		rs = append(rs, Reason{Kind: AIError, Strength: 1})
	case a.Answer == nil || a.Confidence < th.Draft:
		rs = append(rs, Reason{Kind: LowConfidence, Strength: 1 - a.Confidence})
	}
	slices.SortStableFunc(rs, func(x, y Reason) int { return cmp.Compare(x.Kind.rank(), y.Kind.rank()) })
	return rs
}

// way picks the most restrictive outcome and names what bound it.
func (p *Policy) way(t *Ticket, a Assessment, w World, th Thresholds, stage Stage, promise Promise, rs []Reason) (Way, Bound) {
	if len(rs) > 0 {
		switch {
		case rs[0].Kind == LowConfidence:
			return WayEscalate, BoundThreshold
		case fired(rs, Excluded):
			return WayEscalate, BoundExclusion
		}
		return WayEscalate, BoundTrigger
	}
	switch {
	case w.Paused:
		return WayDraft, BoundPause
	case t.Conversation.ByHuman(), t.Handoff.Active():
		return WayDraft, BoundHuman
	case stage == StageDraft, stage == StageObserve, stage == StageSample && !Sampled(string(t.ID), "ladder", p.Sample):
		return WayDraft, BoundLadder
	case !promise.OK, promise.From > th.Auto && a.Confidence < promise.From:
		return WayDraft, BoundPromise
	case a.Confidence < th.Auto, len(a.Answer.Unfilled) > 0:
		return WayDraft, BoundThreshold
	}
	return WayAuto, BoundThreshold
}

// promised is the promise that a decision has to keep. One that the world did not bring along, or that was made for a larger
// budget than the policy's, backs nothing.
func (w *World) promised(budget float64) Promise {
	switch {
	case budget == 0:
		return Promise{OK: true}
	case w.Promise == nil || w.Promise.Budget > budget:
		return Promise{Budget: budget, From: 1, Upper: 1}
	}
	return w.Promise.Promise
}

func fired(rs []Reason, k TriggerKind) bool {
	return slices.ContainsFunc(rs, func(r Reason) bool { return r.Kind == k })
}

// failedAttempts counts the answers of the AI that did not help.
func failedAttempts(a Assessment) int {
	n := 0
	for _, at := range a.Attempts {
		if at.By == RoleBot && at.Failed {
			n++
		}
	}
	return n
}

// draftUse says what may be done with the best answer.
func draftUse(d *Decision, t *Ticket, a Assessment) DraftUse {
	switch {
	case a.Answer == nil, d.Has(Safety), d.Has(Excluded), d.Has(Suspicious):
		return DraftNone
	case d.Has(RepeatFailure) && answeredWith(t, d.AnswerID):
		return DraftNone // it did not help; to offer it again would be an insult
	case d.Has(LowConfidence), d.Has(HighRisk), d.Has(Anger), len(a.Answer.Unfilled) > 0:
		return DraftEdit
	}
	return DraftApproval
}

// answeredWith reports whether an answer was sent in this ticket before.
func answeredWith(t *Ticket, id string) bool {
	return id != "" && slices.ContainsFunc(t.Replies, func(r Reply) bool { return r.State == ReplySent && r.Answer == id })
}

// ChannelOf is the Slack channel, by name, where a topic's tickets go when nothing else speaks.
func (p *Policy) ChannelOf(topic string) string {
	return cmp.Or(p.Routes.Topics[topic], p.Routes.Default)
}

// ManagerChannel is the Slack channel, by name, that people pass tickets up to.
func (p *Policy) ManagerChannel() string {
	return cmp.Or(p.Routes.Manager, p.Routes.Safety, p.Routes.Default)
}

// leave says whether the decision is only logged. Safety and a request for a person are never left.
func leave(p *Policy, d *Decision, a Assessment, stage Stage, rule *Exclusion) Leave {
	switch {
	case a.Automatic:
		return LeaveAutomatic
	case d.Has(Safety), d.Has(HumanRequest):
		return ""
	case a.Thanks:
		return LeaveThanks
	case rule != nil && rule.Then == ExcludeLeave:
		return LeaveQueue
	case len(d.Reasons) == 1 && d.Reasons[0].Kind == LowConfidence && p.LowConfidence == ExcludeLeave:
		return LeaveQueue
	case stage == StageObserve:
		return LeaveObserve
	}
	return ""
}

// off reports whether a trigger is turned off. The ones that protect people and tickets cannot be.
func (p *Policy) off(k TriggerKind) bool {
	return k != Safety && k != HumanRequest && k != AIError && slices.Contains(p.Triggers.Off, k)
}

// excludes returns the first exclusion that matches, or nil.
func (p *Policy) excludes(t *Ticket, a Assessment) *Exclusion {
	for i := range p.Exclusions {
		if p.Exclusions[i].matches(t, a) {
			return &p.Exclusions[i]
		}
	}
	return nil
}

func (x *Exclusion) matches(t *Ticket, a Assessment) bool {
	c := &t.Content
	switch {
	case x.Tag != "":
		return firstShared([]string{x.Tag}, c.Tags) != ""
	case x.Category != "":
		return strings.EqualFold(x.Category, c.Category)
	case x.Topic != "":
		return strings.EqualFold(x.Topic, a.Topic) || slices.ContainsFunc(a.Signals, func(s Trigger) bool {
			return s.Strength >= FireStrength && strings.EqualFold(x.Topic, s.Topic)
		})
	case x.Customer != "":
		email := strings.ToLower(c.Customer.Email)
		who := strings.ToLower(x.Customer)
		return email == who || strings.HasPrefix(who, "@") && strings.HasSuffix(email, who)
	case x.Channel != "":
		return strings.EqualFold(x.Channel, c.Channel)
	case x.Language != "":
		return strings.EqualFold(x.Language, a.Lang)
	case x.Words != "":
		return hasWords(c, x.Words)
	case x.Answer != "":
		return a.Answer != nil && a.Answer.ID == x.Answer
	}
	return false
}

// firstShared returns the first of want that is in have, without regard to case.
func firstShared(want, have []string) string {
	for _, w := range want {
		for _, h := range have {
			if strings.EqualFold(w, h) {
				return w
			}
		}
	}
	return ""
}
