package desk

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"warmline/escalate"
)

// longestSnooze is how far off a snooze may end.
const longestSnooze = 90 * 24 * time.Hour

// snooze lets the owner put a hand-off aside until an instant.
func (a *act) snooze(ctx context.Context) error {
	until := a.snoozedUntil()
	if ok, err := a.own(ctx); !ok || err != nil {
		return err
	}
	if !until.IsZero() {
		if err := a.apply(escalate.Snoozed{By: a.press.Actor, Until: escalate.At(until)}); err != nil {
			return a.unless(ctx, err)
		}
	}
	if ok, err := a.waitsMeanwhile(ctx); !ok || err != nil || until.IsZero() {
		return err
	}
	return a.done(ctx, "snoozed until "+until.UTC().Format(time.RFC3339))
}

// waitsMeanwhile takes the reason that is given with a snooze, or instead of one: with it the updates go on.
func (a *act) waitsMeanwhile(ctx context.Context) (bool, error) {
	now, said := statingOf(a.ticket()), picked(&a.press)
	if said.until.IsZero() {
		said.until = now.until
	}
	if said.reason == escalate.WaitNone || said == now {
		return true, nil
	}
	return a.state(ctx, said)
}

// snoozedUntil reads what was picked: an instant, or one of the usual spans in the person's own time. The zero time is neither.
func (a *act) snoozedUntil() time.Time {
	now := a.press.At
	if at, err := strconv.ParseInt(a.press.Fields["at"], 10, 64); err == nil && at > 0 {
		return time.Unix(at, 0).UTC()
	}
	zone, err := time.LoadLocation(a.who.Zone)
	if err != nil {
		zone = time.UTC
	}
	here := now.In(zone)
	morning := func(days int) time.Time {
		return time.Date(here.Year(), here.Month(), here.Day()+days, 9, 0, 0, 0, zone).UTC()
	}
	switch a.press.Fields["for"] {
	case "1h":
		return now.Add(time.Hour)
	case "4h":
		return now.Add(4 * time.Hour)
	case "tomorrow":
		return morning(1)
	case "monday":
		return morning((8-int(here.Weekday())-1)%7 + 1)
	}
	return time.Time{}
}

// badSnooze says what is wrong with the instant that was picked; "" when nothing is.
func (a *act) badSnooze() string {
	switch until := a.snoozedUntil(); {
	case until.IsZero() && a.press.Fields["for"] == waitNone && a.press.Fields["wait"] == "":
		return "Pick a time, or say what we wait for."
	case until.IsZero() && a.press.Fields["for"] == waitNone:
		return ""
	case until.IsZero():
		return "Pick a time."
	case !until.After(a.press.At):
		return "That is in the past; pick a time to come."
	case until.Sub(a.press.At) > longestSnooze:
		return fmt.Sprintf("That is too far off: %d days at the most.", int(longestSnooze.Hours()/24))
	}
	return ""
}

// wake ends a snooze whose time has come, and tells the owner.
func (s *Service) wake(ctx context.Context, j Leased) error {
	return s.timer(ctx, j, func(c *change, id escalate.HandoffID) (time.Time, error) {
		h, now := c.ticket.Handoff, c.tx.Now()
		switch {
		case h == nil || h.ID != id || h.Snoozed.IsZero():
			return time.Time{}, nil // ended by something else
		case now.Before(h.Snoozed):
			return h.Snoozed, nil // snoozed again, for longer
		}
		until := h.Snoozed
		if err := c.apply(actorWarmline, escalate.Woken{Handoff: h.ID}); err != nil {
			return time.Time{}, err
		}
		return time.Time{}, c.enqueueThread(ctx, h, ThreadPost{
			Key: fmt.Sprintf("wake-%s-%d", h.ID, until.Unix()), Head: "The snooze is over", Text: "This ticket is yours and waits for you.",
			Mention: h.Owner, At: now,
		})
	})
}
