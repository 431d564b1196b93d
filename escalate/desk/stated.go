package desk

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"warmline/escalate"
)

// mostLeads is how many leads are told of a missed time by name.
const mostLeads = 3

// stated is the timer of a time that an owner said: they are reminded an hour before. When it passes without a word of a person, they
// and the leads are told, and the customer, if they know of the time, hears honestly that it takes longer.
func (s *Service) stated(ctx context.Context, j Leased) error {
	return s.reread(ctx, j, false, func(c *change, e escalate.Effect) (time.Time, error) { return c.stated(ctx, e) })
}

// stated takes the step that is due, and says when to look again; the zero time when there is nothing more to do.
func (c *change) stated(ctx context.Context, e escalate.Effect) (time.Time, error) {
	t, h, now := c.ticket, c.ticket.Handoff, c.tx.Now()
	if h == nil || h.ID != e.Handoff || !h.Active() || escalate.At(h.Wait.Until) != e.Until || h.Wait.Missed {
		return time.Time{}, nil // ended, answered, or moved: the new time has a timer of its own
	}
	remind := h.Wait.Until.Add(-escalate.ReminderBefore)
	if now.Before(remind) {
		return remind, nil
	}
	if d := t.Draft(); t.UnderWay() != nil || d != nil && d.State == escalate.ReplyApproved {
		return now.Add(time.Minute), nil // a person's answer is on its way
	}
	switch {
	case !now.Before(h.Wait.Until):
		return time.Time{}, c.miss(ctx)
	case h.Wait.Reminded:
		return h.Wait.Until, nil
	}
	return h.Wait.Until, c.remind(ctx)
}

// knows reports whether the customer was told the time that is set now.
func knows(t *escalate.Ticket) bool {
	r := t.Told()
	return r != nil && !r.Until.IsZero() && r.Until.Equal(t.Handoff.Wait.Until)
}

// remind tells the owner of a stated time that is near.
func (c *change) remind(ctx context.Context) error {
	h := c.ticket.Handoff
	at, err := c.statedIn(ctx)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("The customer was told to hear from us by %s. Write to them, or say another time.", at)
	switch {
	case !knows(c.ticket):
		text = fmt.Sprintf("The customer was to hear from us by %s; nothing has told them so. Write to them, or say another time.", at)
	case h.Owner == "":
		text = fmt.Sprintf("The customer was told to hear from us by %s, and nobody has this ticket. Claim it, and write to them.", at)
	case h.Wait.By == h.Owner:
		text = fmt.Sprintf("You told the customer to hear from us by %s. Write to them, or say another time.", at)
	}
	if err := c.apply(actorWarmline, escalate.Reminded{Handoff: h.ID, Until: escalate.At(h.Wait.Until)}); err != nil {
		return err
	}
	return c.enqueueThread(ctx, h, ThreadPost{
		Key: statedKey("remind", h), Head: "A stated time is near", Text: text, Mention: h.Owner, Broadcast: h.Owner == "", At: c.tx.Now(),
	})
}

// miss notes that a stated time has passed, and tells who has to know.
func (c *change) miss(ctx context.Context) error {
	h := c.ticket.Handoff
	at, err := c.statedIn(ctx)
	if err != nil {
		return err
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	e := escalate.Missed{Handoff: h.ID, Until: escalate.At(h.Wait.Until)}
	post := ThreadPost{Key: statedKey("miss", h), Head: "A stated time has passed", Mention: h.Owner, Broadcast: h.Owner == "", At: c.tx.Now()}
	silent, err := c.silent(ctx, p)
	switch {
	case err != nil:
		return err
	case !knows(c.ticket):
		post.Text = fmt.Sprintf("The customer was to hear from us by %s. Nothing has told them so, and nobody has written.", at)
	case silent != "":
		post.Text = fmt.Sprintf("The customer was told to hear from us by %s, and nobody has written. They are not told that it takes longer: %s.", at, silent)
	default:
		post.Text = fmt.Sprintf("The customer was told to hear from us by %s, and nobody has written. They are told now that it takes longer.", at)
		opens, err := c.opens(ctx)
		if err != nil {
			return err
		}
		if opens.After(c.tx.Now()) {
			post.Text = fmt.Sprintf("The customer was told to hear from us by %s, and nobody has written. They are told that it takes longer when quiet time ends.", at)
		}
		u, err := c.update(ctx, p, c.tx.Now(), h.Wait.Until)
		if err != nil {
			return err
		}
		if e.Reply, err = c.inform(ctx, u); err != nil {
			return err
		}
	}
	if c.unread {
		post.Text += " The helpdesk does not answer: somebody may have written there."
	}
	if knows(c.ticket) {
		if post.Leads, err = c.leads(ctx, p); err != nil {
			return err
		}
	}
	if err := c.apply(actorWarmline, e); err != nil {
		return err
	}
	return c.enqueueThread(ctx, h, post)
}

// silent says why the customer may not be told anything automatic now; "" when they may.
func (c *change) silent(ctx context.Context, p *escalate.Policy) (string, error) {
	h := c.ticket.Handoff
	paused, err := c.paused(ctx)
	switch {
	case err != nil:
		return "", err
	case paused:
		return "a pause is on", nil
	case h.Quiet:
		return "updates are off for this ticket", nil
	case c.ticket.Content.NoUpdates():
		return stopTag, nil
	case c.ticket.OptedOut() != nil:
		return stopAsked, nil
	case p.KeepWarm.Off:
		return "the policy sends no updates", nil
	case h.State == escalate.HandoffTaken:
		return "a colleague has it in the helpdesk", nil
	}
	return "", nil
}

// leads are the leads who are told by name, beside the owner, in the order of their ids.
func (c *change) leads(ctx context.Context, p *escalate.Policy) ([]escalate.PersonID, error) {
	return leadsExcept(ctx, c.tx, p, c.ticket.Handoff.Owner)
}

// leadsExcept are the leads who are told by name, without one person, in the order of their ids.
func leadsExcept(ctx context.Context, tx Tx, p *escalate.Policy, but escalate.PersonID) ([]escalate.PersonID, error) {
	all, err := tx.Everyone(ctx)
	if err != nil {
		return nil, err
	}
	var leads []escalate.PersonID
	for i := range all {
		w, err := identify(ctx, tx, p, all[i].ID)
		if err != nil {
			return nil, err
		}
		if w.role == RoleLead && w.ID != but && len(leads) < mostLeads {
			leads = append(leads, w.ID)
		}
	}
	return leads, nil
}

// statedIn says the stated time in the zone of who has to keep it: its owner, who said it, or the team.
func (c *change) statedIn(ctx context.Context) (string, error) {
	h := c.ticket.Handoff
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return "", fmt.Errorf("load policy: %w", err)
	}
	zone := time.UTC
	if who := cmp.Or(h.Owner, h.Wait.By); who != "" {
		zone, err = zoneOf(ctx, c.tx, who)
	} else if hours, _, _ := c.teamHours(ctx, p); hours != nil {
		if known, ok := zoneNamed(hours.Zone); ok {
			zone = known
		}
	}
	if err != nil {
		return "", err
	}
	at := h.Wait.Until.In(zone)
	return at.Format("Mon 2 Jan 15:04") + " (" + fromUTC(at) + ")", nil
}

// statedKey names a post about a stated time: once each.
func statedKey(what string, h *escalate.Handoff) string {
	return fmt.Sprintf("%s-%s-%d", what, h.ID, h.Wait.Until.UnixMicro())
}
