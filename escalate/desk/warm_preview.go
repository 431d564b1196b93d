package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"warmline/escalate"
)

// mostPreviewed is how many updates a preview shows.
const mostPreviewed = 20

// coming is an update that would be sent.
type coming struct {
	at   time.Time
	text string
}

// preview is all that the customer would be sent from now on if nobody wrote or changed anything, and why there is no more after
// it. It changes nothing: what it plays through is a copy of the ticket.
func (c *change) preview(ctx context.Context, p *escalate.Policy, hours warmHours) (all []coming, why string, err error) {
	if why, err = c.silent(ctx, p); err != nil || why != "" {
		return nil, why, err
	}
	was := c.ticket
	defer func() { c.ticket = was }()
	t, h := *was, *was.Handoff
	t.Handoff, t.Replies = &h, slices.Clone(was.Replies)
	c.ticket = &t
	for now := c.tx.Now(); len(all) < mostPreviewed; {
		var u *update
		at, end := hours.comes(p, &t, now)
		miss := c.misses(hours, now)
		late := t.Outdated()
		switch {
		case !miss.IsZero() && (end != "" || !h.Wait.Until.After(at)):
			at, late = miss, h.Wait.Until
			u, err = c.update(ctx, p, h.Wait.Until, late)
			h.Wait.Missed = true
		case end != "":
			return all, end, nil
		default:
			u, err = c.update(ctx, p, at, late)
			h.Warmed++
		}
		if err != nil {
			return nil, "", err
		}
		text, until := u.different(&t)
		if text == "" {
			return all, "there is nothing new to say", nil
		}
		all = append(all, coming{at, text})
		t.Replies = append(t.Replies, escalate.Reply{
			ID:      escalate.ReplyID(fmt.Sprint("coming-", len(all))), // else it would be the reply of every message without a marker
			Purpose: escalate.PurposeWarm, State: escalate.ReplySent, Hash: hashOf(text), Until: until, ApprovedAt: at, BegunAt: at,
		})
		now = at
	}
	return all, "a preview shows no more than these", nil
}

// misses is when the customer would hear that the stated time is not kept; the zero time when they would not.
func (c *change) misses(hours warmHours, now time.Time) time.Time {
	w := &c.ticket.Handoff.Wait
	if w.Until.IsZero() || w.Missed || !knows(c.ticket) {
		return time.Time{}
	}
	if w.Until.After(now) {
		now = w.Until
	}
	return hours.next(now)
}

// previewWarm shows, in the time zone of who asks, all that the customer would be sent and when.
func (a *act) previewWarm(ctx context.Context) error {
	hours, err := a.change.warmHours(ctx, a.policy)
	if err != nil {
		return err
	}
	all, why, err := a.change.preview(ctx, a.policy, hours)
	if err != nil {
		return err
	}
	head := "#" + a.ticket().Ref.ID
	text := "what the customer would be sent if nobody wrote or changed anything"
	lines := []Line{{Head: head, Text: text}}
	for _, next := range all {
		lines = append(lines, Line{Head: a.day(next.at), Text: next.text})
	}
	lines = append(lines, Line{Head: "No more", Text: why})
	return a.answer(ctx, Answer{Text: head + ": " + text, Lines: lines})
}
