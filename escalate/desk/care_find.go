package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// inspection is a part of the tickets with what there is of jobs and cards for them, all of one moment.
type inspection struct {
	now    time.Time
	policy *escalate.Policy
	gone   map[escalate.PersonID]bool // people who have left
	has    map[escalate.EffectKind]map[string]bool
	cards  map[string]bool // by hand-off
}

// inspect looks at the next part of the tickets, at failing work, and at notices that were not followed.
func (s *Service) inspect(ctx context.Context) (*findings, error) {
	f := &findings{seen: map[string]bool{}, loose: map[string]Loose{}, channels: map[string]struct{}{}}
	err := s.Store.View(ctx, func(tx Tx) error {
		p, err := tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		f.now, f.channel = tx.Now(), p.Routes.Default
		in := inspection{now: f.now, policy: p}
		return errors.Join(s.inspectTickets(ctx, tx, &in, f), inspectJobs(ctx, tx, f), inspectHints(ctx, tx, f))
	})
	if err != nil {
		return nil, fmt.Errorf("look for what nobody looks after: %w", err)
	}
	return f, nil
}

// inspectTickets looks at the next part of the unsettled tickets.
func (s *Service) inspectTickets(ctx context.Context, tx Tx, in *inspection, f *findings) error {
	after, err := tx.Setting(ctx, careSetting)
	if err != nil {
		return err
	}
	all, err := tx.CountUnsettled(ctx)
	if err != nil {
		return err
	}
	part := max(carePart, all/careRounds+1)
	rows, err := tx.Unsettled(ctx, escalate.TicketID(after), part)
	if err != nil {
		return err
	}
	if len(rows) == part {
		f.after = rows[len(rows)-1].ID // else the next round begins anew
	}
	if in.gone, err = leavers(ctx, tx); err != nil {
		return err
	}
	var tickets []*escalate.Ticket
	for i := range rows {
		f.seen[string(rows[i].ID)] = true
		if rows[i].Err != nil {
			f.note(rows[i].ID, "", whyBroken)
			continue
		}
		tickets = append(tickets, rows[i].Ticket)
	}
	if err := in.jobs(ctx, tx, tickets); err != nil {
		return err
	}
	for _, t := range tickets {
		s.inspectTicket(ctx, tx, in, t, f)
	}
	return nil
}

// inspectTicket looks at one ticket. One that cannot be looked at is told to people, and does not stop the others.
func (s *Service) inspectTicket(ctx context.Context, tx Tx, in *inspection, t *escalate.Ticket, f *findings) {
	if !t.Unsettled() {
		f.settled = append(f.settled, t)
		return
	}
	lacks, err := s.lacks(ctx, tx, in, t)
	if err != nil {
		s.Logger.ErrorContext(ctx, "ticket cannot be inspected", "ticket", t.Ref.ID, "error", err)
		f.note(t.ID, "", whyBroken)
		return
	}
	if len(lacks) > 0 {
		f.lacking = append(f.lacking, t.ID)
	}
	why, err := s.loose(ctx, tx, in, t)
	if err != nil {
		s.Logger.ErrorContext(ctx, "ticket cannot be inspected", "ticket", t.Ref.ID, "error", err)
		why = whyBroken
	}
	if why != "" && !slices.ContainsFunc(lacks, func(e escalate.Effect) bool { return slices.Contains(escalate.Watchers, e.Kind) }) {
		f.note(t.ID, channelFor(t), why)
	}
}

// channelFor is the channel of the people who have a ticket; "" when nobody has.
func channelFor(t *escalate.Ticket) string {
	if t.Handoff.Active() {
		return t.Handoff.Channel
	}
	return ""
}

// leavers are the people who were deactivated in Slack.
func leavers(ctx context.Context, tx Tx) (map[escalate.PersonID]bool, error) {
	all, err := tx.Everyone(ctx)
	gone := map[escalate.PersonID]bool{}
	for i := range all {
		if all[i].Gone {
			gone[all[i].ID] = true
		}
	}
	return gone, err
}

// jobKey is the key of the job that an effect of a ticket is done by.
func jobKey(t *escalate.Ticket, e escalate.Effect) string {
	switch e.Kind {
	case escalate.EffectAssess, escalate.EffectSLA, escalate.EffectOffer:
		return string(t.ID)
	case escalate.EffectSend:
		return string(e.Reply)
	default:
		return string(e.Handoff)
	}
}

// jobs looks for all jobs and cards that tickets may need.
func (in *inspection) jobs(ctx context.Context, tx Tx, tickets []*escalate.Ticket) error {
	keys := map[escalate.EffectKind][]string{}
	var handoffs []string
	want := func(t *escalate.Ticket, e escalate.Effect) { keys[e.Kind] = append(keys[e.Kind], jobKey(t, e)) }
	for _, t := range tickets {
		for _, e := range t.Needs(in.now, in.policy) {
			want(t, e)
			if e.Kind == escalate.EffectAssess {
				keys[e.Kind] = append(keys[e.Kind], string(t.ID)+forced)
			}
		}
		if t.Handoff.Active() {
			handoffs = append(handoffs, string(t.Handoff.ID))
			for _, kind := range append(slices.Clone(escalate.Watchers), escalate.EffectWarm, escalate.EffectDrawCard) {
				want(t, escalate.Effect{Kind: kind, Handoff: t.Handoff.ID})
			}
		}
	}
	in.has = map[escalate.EffectKind]map[string]bool{}
	for kind, some := range keys {
		found, err := tx.JobKeys(ctx, string(kind), some)
		if err != nil {
			return err
		}
		in.has[kind] = found
	}
	var err error
	in.cards, err = tx.CardRows(ctx, handoffs)
	return err
}

// working reports whether a job for an effect waits or runs.
func (in *inspection) working(t *escalate.Ticket, e escalate.Effect) bool {
	key := jobKey(t, e)
	return in.has[e.Kind][key] || e.Kind == escalate.EffectAssess && in.has[e.Kind][key+forced]
}

// lacks are the effects that a ticket needs a job for and has none.
func (s *Service) lacks(ctx context.Context, tx Tx, in *inspection, t *escalate.Ticket) ([]escalate.Effect, error) {
	var lacks []escalate.Effect
	for _, e := range t.Needs(in.now, in.policy) {
		if !in.working(t, e) {
			lacks = append(lacks, e)
		}
	}
	h := t.Handoff
	if !h.Active() {
		return lacks, nil
	}
	draw := escalate.Effect{Kind: escalate.EffectDrawCard, Handoff: h.ID}
	if !in.cards[string(h.ID)] && !in.working(t, draw) {
		lacks = append(lacks, draw) // a card that lags is found by the sweep of cards
	}
	warm := escalate.Effect{Kind: escalate.EffectWarm, Handoff: h.ID}
	if mayWarm(in.policy, t) && !in.working(t, warm) {
		lacks = append(lacks, warm)
	}
	offer := escalate.Effect{Kind: escalate.EffectOffer, Handoff: h.ID}
	if h.State == escalate.HandoffOpen && in.policy.Climbs(h) && !in.working(t, offer) {
		lacks = append(lacks, offer)
	}
	sla := escalate.Effect{Kind: escalate.EffectSLA, Handoff: h.ID}
	if in.working(t, sla) {
		return lacks, nil
	}
	cals, err := s.calendars(ctx, tx, t.Clocks.Calendars())
	if err != nil {
		return nil, err
	}
	w, err := t.Watch(in.now, cals)
	if err != nil {
		return nil, fmt.Errorf("watch ticket %s: %w", t.ID, err)
	}
	if len(w.Alerts) > 0 || !w.Next.IsZero() {
		lacks = append(lacks, sla)
	}
	return lacks, nil
}

// mayWarm reports whether updates to a customer may be due, as far as that shows without what the helpdesk holds.
func mayWarm(p *escalate.Policy, t *escalate.Ticket) bool {
	h := t.Handoff
	return (h.State == escalate.HandoffOpen || h.State == escalate.HandoffClaimed) && h.Kind == escalate.KindEscalation && !h.Quiet &&
		!p.KeepWarm.Off && t.Warmed() < p.KeepWarm.Cap && (!t.Conversation.WaitingSince.IsZero() || h.Wait.Set())
}

// loose says why nobody looks after a ticket; "" when somebody or something does. This is the rule that docs/fallbacks.md tells.
func (s *Service) loose(ctx context.Context, tx Tx, in *inspection, t *escalate.Ticket) (Why, error) {
	h := t.Handoff
	switch {
	case !h.Active() && t.Asked() != nil:
		return whyDoubt, nil
	case !h.Active():
		return "", nil // what is open on it is a job's, and one that is missing was enqueued again
	case h.Owned() && in.gone[h.Owner]:
		return whyLeft, nil
	case h.Owned():
		return "", nil
	}
	for _, kind := range escalate.Watchers {
		if kind == escalate.EffectOffer && !in.policy.Climbs(h) {
			continue // it has no one left to tell
		}
		if in.working(t, escalate.Effect{Kind: kind, Handoff: h.ID}) {
			return "", nil
		}
	}
	if in.now.Sub(t.LastAlert()) < looseAgain || in.now.Sub(climbed(in.policy, h)) < looseAgain {
		return "", nil
	}
	held, err := s.held(ctx, tx, in.now, t)
	if held || err != nil {
		return "", err
	}
	return whyUnclaimed, nil
}

// climbed is when leads or managers were told last that nobody has claimed a hand-off, by the ladder as it stands now; zero: never.
func climbed(p *escalate.Policy, h *escalate.Handoff) time.Time {
	rule, ok := p.OffersIn(h.Channel)
	since := h.Offer.Since
	if since.IsZero() {
		since = h.OpenedAt
	}
	switch {
	case !ok:
		return time.Time{}
	case h.Offer.Climbed == escalate.RungManager:
		return since.Add(rule.Ladder.Manager)
	case h.Offer.Climbed == escalate.RungLead:
		return since.Add(rule.Ladder.Lead)
	}
	return time.Time{}
}

// held reports whether the policy holds alerts of a ticket until people work, and they do not now.
func (s *Service) held(ctx context.Context, tx Tx, now time.Time, t *escalate.Ticket) (bool, error) {
	cals, err := s.calendars(ctx, tx, t.Clocks.Calendars())
	if err != nil {
		return false, err
	}
	for target, terms := range t.Clocks.Terms {
		if terms.Held && t.Clocks.Runs[target].Runs() && !cals[terms.Calendar].Open(now) {
			return true, nil
		}
	}
	return false, nil
}

// inspectJobs looks for work that fails again and again, was given up, or does not get its turn.
func inspectJobs(ctx context.Context, tx Tx, f *findings) error {
	jobs, err := tx.FailingJobs(ctx, f.now.Add(-failingFor), mostFailing)
	if err != nil {
		return err
	}
	for i := range jobs {
		f.add(looseJob(&jobs[i]))
	}
	due, err := tx.OldestDue(ctx)
	if err == nil && !due.IsZero() && f.now.Sub(due) >= failingFor {
		f.add(Loose{Subject: "job:" + string(whyLate), Why: whyLate, Since: due})
	}
	return err
}

// looseJob is a failing job as people are told of it: all that fails for one ticket and one reason is one thing.
func looseJob(j *FailingJob) Loose {
	l := Loose{Subject: "job:" + j.Kind, Why: whyOf(j.Kind), Since: j.Since}
	var w work
	if json.Unmarshal(j.Payload, &w) == nil && w.Ticket != "" {
		l.Ticket = w.Ticket
		l.Subject = fmt.Sprintf("job:%s:%s", l.Why, w.Ticket)
	}
	return l
}

// inspectHints looks for notices that no reading followed, and for alerts that no job tells of.
func inspectHints(ctx context.Context, tx Tx, f *findings) error {
	unread, err := tx.Unread(ctx, f.now.Add(-unreadSince), f.now.Add(-unreadFor), carePart)
	if err != nil {
		return err
	}
	keys := make([]string, 0, 2*len(unread))
	for _, id := range unread {
		keys = append(keys, string(id), string(id)+forced)
	}
	reading, err := tx.JobKeys(ctx, string(escalate.EffectAssess), keys)
	if err != nil {
		return err
	}
	for _, id := range unread {
		if !reading[string(id)] && !reading[string(id)+forced] {
			f.unread = append(f.unread, id)
		}
	}
	channels, err := tx.AlertChannels(ctx)
	if err != nil {
		return err
	}
	telling, err := tx.JobKeys(ctx, JobAlerts, channels)
	for _, channel := range channels {
		if !telling[channel] {
			f.channels[channel] = struct{}{}
		}
	}
	return err
}
