package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

const (
	// mostWaits is how many of the newest waits a time is measured from, and oldestWait how far back they may lie.
	mostWaits  = 200
	oldestWait = 90 * 24 * time.Hour
	// ackShare is the share of customers that had an answer within the time that an acknowledgement names.
	ackShare = 0.8
	// waitsKept is how long waits are kept: the effect of updates is counted from them, too.
	waitsKept = 180 * 24 * time.Hour
)

// acknowledge writes what a customer hears when people take over: the team, and by when they hear from it, where that was measured.
func (c *change) acknowledge(ctx context.Context, p *escalate.Policy, a *escalate.Assessment, d *escalate.Decision) (*escalate.Proposal, error) {
	said, err := c.ackFor(ctx, p, a, d)
	if err != nil {
		return nil, err
	}
	reply, err := c.write(ctx, escalate.PurposeAck, said.text(), a.Newest)
	if err != nil {
		return nil, err
	}
	reply.Until = escalate.At(said.until)
	return reply, nil
}

// ackFor gathers what an acknowledgement says.
func (c *change) ackFor(ctx context.Context, p *escalate.Policy, a *escalate.Assessment, d *escalate.Decision) (*ack, error) {
	t, now := c.ticket, c.tx.Now()
	said := &ack{lang: a.Lang, team: p.Team, now: now, order: misses(a, d)}
	hours, cal, known := c.teamHours(ctx, p)
	said.zone = c.zoneFor(hours)
	said.hours, said.opens = hours, cal.NextOpen(now)
	if err := c.untilSomebodyIsOn(ctx, p, d.Channel, said); err != nil {
		return nil, err
	}
	said.email = isChat(t) && t.Content.Customer.Email == "" && said.closed()
	if !known || t.Handoff.Active() && t.Handoff.Wait != (escalate.Wait{}) {
		return said, nil // its owner has said something
	}
	within, ok, err := c.measured(ctx, cal, WaitFilter{Chat: isChat(t), Channel: d.Channel, Topic: d.Topic})
	if err != nil || !ok {
		return said, err
	}
	until := cal.Due(now, escalate.Rounded(within))
	if until = escalate.RoundedTo(until.In(said.zone), now.In(said.zone)).UTC(); until.Sub(now) <= furthestStated && until.After(now) && until.After(said.opens) {
		said.until = until
	}
	return said, nil
}

// untilSomebodyIsOn has an acknowledgement say when somebody comes on, where a hand-off waits for that: the hours alone may promise
// people who are not there.
func (c *change) untilSomebodyIsOn(ctx context.Context, p *escalate.Policy, channel string, said *ack) error {
	rule, ok := p.OffersIn(channel)
	if !ok || rule.Rota == "" {
		return nil
	}
	on, err := c.onShift(ctx, p, &rule)
	if err != nil || !on.opens.After(said.opens) {
		return err
	}
	said.opens = on.opens
	if zone, ok := zoneNamed(p.Rotas[rule.Rota].Zone); ok && said.hours == nil && c.ticket.Content.Customer.Zone == "" {
		said.zone = zone
	}
	return nil
}

// measured is within what working time most customers who waited for the same people, in the same way, had an answer; of the same channel
// and topic where enough is known, else of the whole team. It is false where nothing can be said honestly.
func (c *change) measured(ctx context.Context, cal *calendar.Calendar, f WaitFilter) (within time.Duration, ok bool, err error) {
	now := c.tx.Now()
	for _, f := range []WaitFilter{f, {Chat: f.Chat}} {
		rows, err := c.tx.WaitsOf(ctx, f, mostWaits)
		if err != nil {
			return 0, false, err
		}
		var waits []escalate.Waited
		answers := 0
		for i := range rows {
			w, end := &rows[i], rows[i].Ended
			if end.IsZero() {
				end = now
			}
			if now.Sub(w.Began) > oldestWait || end.Before(w.Began) {
				continue
			}
			if w.Answered {
				answers++
			}
			waits = append(waits, escalate.Waited{For: cal.Between(w.Began, end), Answered: w.Answered})
		}
		if answers >= escalate.LeastWaits { // what these say is not made better by what others do
			within, ok = escalate.WaitedWithin(waits, ackShare)
			return within, ok, nil
		}
	}
	return 0, false, nil
}

// teamHours are the hours of the people who have to answer the ticket: those of its first response; nil, and a calendar that is open
// around the clock, when there are none. known is false when there are some that cannot be read.
func (c *change) teamHours(ctx context.Context, p *escalate.Policy) (hours *escalate.Hours, cal *calendar.Calendar, known bool) {
	key := p.Targets(&c.ticket.Content)[escalate.TargetFirstResponse].Calendar
	for name := range p.Calendars {
		if key == "" || p.CalendarKey(name) != key || c.s.Hours == nil {
			continue
		}
		h := p.Calendars[name]
		cal, err := c.s.Hours.Calendar(&h)
		if err != nil {
			c.s.Logger.WarnContext(ctx, "calendar cannot be read, saying nothing of hours", "calendar", name, "error", err)
			return nil, nil, false
		}
		return &h, cal, true
	}
	return nil, nil, true
}

// zoneFor is the zone that times are said in to the customer: theirs, else that of the team's hours, else UTC.
func (c *change) zoneFor(hours *escalate.Hours) *time.Location {
	names := []string{c.ticket.Content.Customer.Zone}
	if hours != nil {
		names = append(names, hours.Zone)
	}
	for _, name := range names {
		if zone, ok := zoneNamed(name); ok {
			return zone
		}
	}
	return time.UTC
}

// zoneNamed is the time zone of an IANA name; "" and "Local" are none.
func zoneNamed(name string) (*time.Location, bool) {
	if name == "" || name == "Local" {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// isChat reports whether the customer waits in a chat.
func isChat(t *escalate.Ticket) bool { return t.Content.Channel == "chat" }

// misses reports whether the answer that the customer most likely needs lacks the number of their order, which they have not given. It is
// not asked of who is angry, or wants a person: they would only hear a machine again.
func misses(a *escalate.Assessment, d *escalate.Decision) bool {
	if a.Answer == nil || d.Draft == escalate.DraftNone || len(a.Orders) > 0 || slices.Contains(a.Given, "order number") ||
		d.Has(escalate.LowConfidence) || d.Has(escalate.Anger) || d.Has(escalate.HumanRequest) || d.Has(escalate.RepeatFailure) {
		return false
	}
	return slices.ContainsFunc(a.Answer.Unfilled, func(placeholder string) bool {
		name := escalate.FactName(placeholder)
		return name == "order_number" || name == "order_id" || name == "order"
	})
}

// acknowledgeAnew acknowledges without a time, where the time that was to be said is not true any more.
func (c *change) acknowledgeAnew(ctx context.Context) error {
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	lang, err := c.lang(ctx)
	if err != nil {
		return err
	}
	said := ack{lang: lang, team: p.Team, now: c.tx.Now()}
	reply, err := c.write(ctx, escalate.PurposeAck, said.text(), c.ticket.Conversation.Customer)
	if err != nil {
		return err
	}
	return c.sendNow(*reply)
}

// sendNow has the policy send a message that it writes by itself.
func (c *change) sendNow(reply escalate.Proposal) error {
	if err := c.apply(actorPolicy, escalate.Proposed{Reply: reply}); err != nil {
		return err
	}
	return c.apply(actorPolicy, escalate.Approved{
		Reply: reply.ID, SendAt: escalate.At(c.tx.Now()), Newest: reply.Newest, SeenEdit: reply.SeenEdit, Assignee: reply.Assignee,
	})
}
