package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

// lookAgain is how soon a hand-off that nobody could be offered is looked at again, where no clock says when that changes: somebody
// who was away comes back, or has fewer tickets.
const lookAgain = 2 * time.Minute

// offerNext offers an open hand-off to somebody when it is time, and brings it before those above when nobody claims it.
func (s *Service) offerNext(ctx context.Context, j Leased) error {
	return s.timer(ctx, j, func(c *change, _ escalate.HandoffID) (time.Time, error) { return c.offer(ctx) })
}

// offerNow offers a hand-off that this very change opens, so that its card names somebody from the first moment.
func (c *change) offerNow(ctx context.Context) error {
	due := func(e escalate.Effect) bool { return e.Kind == escalate.EffectOffer }
	if !slices.ContainsFunc(c.effects, due) {
		return nil
	}
	next, err := c.offer(ctx)
	if err != nil {
		return err
	}
	c.effects = slices.DeleteFunc(c.effects, due)
	if !next.IsZero() {
		c.effects = append(c.effects, escalate.Effect{Kind: escalate.EffectOffer, Handoff: c.ticket.Handoff.ID, At: escalate.At(next)})
	}
	return nil
}

// offerAnew has a ticket looked at for whom it can be offered to: the policy may say something else than when it was opened.
func offerAnew(ctx context.Context, tx Tx, p *escalate.Policy, id escalate.TicketID) error {
	if len(p.Offers.Channels) == 0 {
		return nil
	}
	j, err := newJob(string(escalate.EffectOffer), work{Ticket: id, Effect: escalate.Effect{Kind: escalate.EffectOffer}})
	if err != nil {
		return err
	}
	j.Key = string(id)
	return tx.Enqueue(ctx, j)
}

// offer takes the next step with an open hand-off, and says when to look again; the zero time when there is nothing to do until it is
// open anew.
func (c *change) offer(ctx context.Context) (next time.Time, err error) {
	h, now := c.ticket.Handoff, c.tx.Now()
	if h == nil || h.State != escalate.HandoffOpen {
		return next, nil
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return next, fmt.Errorf("load policy: %w", err)
	}
	rule, ok := p.OffersIn(h.Channel)
	switch {
	case !ok:
		return next, nil
	case h.Early(now):
		return h.ShowAt, nil
	}
	shared, err := c.shared(ctx, p)
	switch {
	case err != nil:
		return next, err
	case shared: // it shares a message with others, and nobody is asked for one of many until it has a card of its own
		next = now.Add(rule.Ladder.Next + time.Minute)
	case rule.Rota != "":
		if next, err = c.offerFrom(ctx, p, &rule); err != nil {
			return next, err
		}
	}
	since := h.Offer.Since
	if shared || rule.Rota == "" {
		since = h.OpenedAt
	}
	rung, err := c.climb(ctx, p, &rule, since)
	return soonest(next, rung), err
}

// shared reports whether the hand-off is shown in one message with others that are much alike, or will be.
func (c *change) shared(ctx context.Context, p *escalate.Policy) (bool, error) {
	h, d := c.ticket.Handoff, c.ticket.Decision
	row, err := c.tx.Card(ctx, h.ID)
	if err == nil {
		return row.Fold != "", nil
	}
	if !errors.Is(err, ErrNotFound) || p.Fold.From == 0 || h.Raised || !foldable(d) {
		return false, ignoreNotFound(err)
	}
	alike, err := c.tx.CountAlike(ctx, h.Channel, d.Topic, alikeBy(d), c.tx.Now().Add(-p.Fold.Within))
	return alike >= p.Fold.From, err
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// offerFrom offers the hand-off to one of those who are on, unless it is offered to somebody who still has time, and says when that
// changes.
func (c *change) offerFrom(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule) (next time.Time, err error) {
	h, now := c.ticket.Handoff, c.tx.Now()
	on, err := c.onShift(ctx, p, rule)
	if err != nil {
		return next, err
	}
	stands, err := on.has(ctx, c, p, h.Offer.To)
	if err != nil {
		return next, err
	}
	if stands && (h.Offer.Next.IsZero() || now.Before(h.Offer.Next)) {
		return soonest(h.Offer.Next, on.until(now)), nil
	}
	e := escalate.Offered{Handoff: h.ID, Rota: on.name, Paged: on.paged, Opens: escalate.At(on.opens)}
	if e.Choice, err = c.choose(ctx, p, rule, on); err != nil {
		return next, err
	}
	switch o := &h.Offer; {
	case e.Choice.Person == "" && stands: // nobody else can take it: it stays theirs to claim
		return soonest(on.until(now), now.Add(max(rule.Ladder.Next, lookAgain))), nil
	case e.Choice.Person == "" && o.To == "" && o.Reason == e.Choice.Reason && o.Opens.Equal(on.opens):
		return on.again(now), nil
	case e.Choice.Person == "":
		return on.again(now), c.apply(actorWarmline, e)
	}
	if rule.Ladder.Next > 0 {
		e.Next = escalate.At(now.Add(rule.Ladder.Next))
	}
	if err := c.tx.SaveTurn(ctx, on.name, e.Choice.Person, e.Choice.Offered); err != nil {
		return next, err
	}
	if err := c.apply(actorWarmline, e); err != nil {
		return next, err
	}
	return soonest(e.Next.Time(), on.until(now)), c.tellOffered(ctx, &e)
}

// choose picks who is offered the hand-off among those who are on. From here until the transaction ends nobody else offers anything.
func (c *change) choose(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule, on *staff) (rota.Choice, error) {
	h, now := c.ticket.Handoff, c.tx.Now()
	need := rota.Need{Method: rule.Method}
	for _, id := range h.Offer.Asked {
		need.Asked = append(need.Asked, rota.PersonID(id))
	}
	if h.Offer.To != "" {
		need.Asked = append(need.Asked, rota.PersonID(h.Offer.To))
	}
	if d := c.ticket.Decision; d != nil {
		need.Skills = d.Skills
	}
	if rule.Speaks {
		lang, err := c.lang(ctx)
		if err != nil {
			return rota.Choice{}, err
		}
		need.Language = lang
	}
	turns, err := c.tx.Turns(ctx, on.name)
	if err != nil {
		return rota.Choice{}, err
	}
	people, err := c.candidates(ctx, p, rule, on)
	if err != nil {
		return rota.Choice{}, err
	}
	for i := range people {
		people[i].LastOffered = turns[people[i].Person]
	}
	for {
		choice := rota.Offer(now, &need, people)
		if choice.Person == "" {
			return choice, nil
		}
		who, err := identify(ctx, c.tx, p, escalate.PersonID(choice.Person))
		if err != nil || !who.known || who.role != RoleNone {
			return choice, err
		}
		i := slices.IndexFunc(people, func(one rota.Candidate) bool { return one.Person == choice.Person })
		people[i].Barred = true // each time one more, so that it ends
	}
}

// candidates are those who are on shift, as things stand. Whether who is chosen may claim is asked of them alone.
func (c *change) candidates(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule, on *staff) ([]rota.Candidate, error) {
	now, ids := c.tx.Now(), make([]escalate.PersonID, len(on.people))
	for i, id := range on.people {
		ids[i] = escalate.PersonID(id)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	there, err := c.tx.PresenceOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	loads, err := c.tx.Loads(ctx, ids)
	if err != nil {
		return nil, err
	}
	people := make([]rota.Candidate, len(ids))
	for i, id := range on.people {
		known, seen := p.Offers.People[id], there[ids[i]]
		off, err := c.dayOff(ctx, id, &known)
		if err != nil {
			return nil, err
		}
		people[i] = rota.Candidate{
			Person: id, OnShift: true, DayOff: off, Away: p.Offers.IsAway(seen.Status(now)), DoNotDisturb: seen.Quiet(now),
			Open: loads[ids[i]], Capacity: cmp.Or(known.Capacity, rule.Capacity), Skills: known.Skills, Languages: known.Languages,
		}
	}
	return people, nil
}

// dayOff reports whether it is a public holiday where somebody lives.
func (c *change) dayOff(ctx context.Context, id rota.PersonID, known *escalate.PersonRule) (bool, error) {
	if known.Holidays == "" || c.s.Hours == nil {
		return false, nil
	}
	zone, err := zoneOf(ctx, c.tx, escalate.PersonID(id))
	if err != nil {
		return false, err
	}
	all, err := c.s.Hours.Holidays(known.Holidays)
	if err != nil {
		c.s.Logger.WarnContext(ctx, "holidays cannot be read, counting none", "person", id, "error", err)
		return false, nil
	}
	today := calendar.DateOf(c.tx.Now().In(zone))
	return slices.ContainsFunc(all, func(h calendar.Holiday) bool { return h.Date == today }), nil
}

// tellOffered tells who is offered a hand-off whose card stands already; a new card names them itself. Who was paged is told by direct
// message, for it is not their shift.
func (c *change) tellOffered(ctx context.Context, e *escalate.Offered) error {
	h, to := c.ticket.Handoff, escalate.PersonID(e.Choice.Person)
	key := fmt.Sprintf("offer-%s-%s-%d", h.ID, to, escalate.At(c.tx.Now()))
	if e.Paged && c.s.Courier != nil {
		text := fmt.Sprintf("Nobody is on shift for #%s, so ticket #%s is offered to you: it waits there for somebody to claim it.",
			h.Channel, c.ticket.Ref.ID)
		d := &delivery{To: Recipient{Person: to}, Key: hashOf(key)[:32], Answer: Answer{Text: text, Lines: []Line{{Text: text}}}}
		if err := enqueueDelivery(ctx, c.tx, d); err != nil {
			return err
		}
	}
	row, err := c.tx.Card(ctx, h.ID)
	if err != nil || row.Place.TS == "" && row.Posting == 0 {
		return ignoreNotFound(err)
	}
	text := offeredWords[e.Choice.Reason]
	if e.Choice.LastResort {
		text = "Nobody else can take it, though you do not want to be disturbed."
	}
	if e.Next != 0 {
		text += fmt.Sprintf(" In %s it goes to the next.", spoken(e.Next.Time().Sub(c.tx.Now())))
	}
	return c.enqueueThread(ctx, h, ThreadPost{Key: key, Head: "Offered to you", Text: text, Mention: to, At: c.tx.Now()})
}

// offeredWords say to somebody why a hand-off is offered to them.
var offeredWords = map[rota.Reason]string{
	rota.OnlyOne: "Nobody else can take it.", rota.LongestAgo: "It is your turn.", rota.FewestOpen: "You have the fewest.",
	rota.FewestByTurn: "Nobody has fewer, and it is your turn.",
}

// climb brings an unclaimed hand-off before the leads, and then the managers, and says when the next of the two is due. The time counts
// from when somebody was there who could have claimed it.
func (c *change) climb(ctx context.Context, p *escalate.Policy, rule *escalate.OfferRule, since time.Time) (next time.Time, err error) {
	h, now := c.ticket.Handoff, c.tx.Now()
	if since.IsZero() {
		return next, nil
	}
	for _, step := range []struct {
		rung    escalate.Rung
		after   time.Duration
		channel string
		to      escalate.Audience
	}{
		{escalate.RungLead, rule.Ladder.Lead, h.Channel, escalate.TellLeads},
		{escalate.RungManager, rule.Ladder.Manager, p.ManagerChannel(), escalate.TellManager},
	} {
		at := since.Add(step.after)
		switch {
		case step.after == 0 || !step.rung.Above(h.Offer.Climbed):
			continue
		case now.Before(at):
			return soonest(next, at), nil
		}
		if err := c.apply(actorWarmline, escalate.Climbed{Handoff: h.ID, Rung: step.rung}); err != nil {
			return next, err
		}
		row := AlertRow{Channel: step.channel, At: now, Alert: TargetAlert{
			Ticket: c.ticket.ID, Handoff: h.ID, Unclaimed: escalate.At(since), To: step.to,
		}}
		if err := errors.Join(c.tx.AddAlert(ctx, row), enqueueAlerts(ctx, c.tx, step.channel, now.Add(gather))); err != nil {
			return next, err
		}
	}
	return next, nil
}
