package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
)

// hourly are the calendars made so far, by the key under which clocks name them, and public holidays, by their code. What either means
// never changes.
type hourly struct {
	mu   sync.Mutex
	made calendar.Calendars
	off  map[string][]calendar.Holiday
}

func (h *hourly) keep(key string, cal *calendar.Calendar) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.made == nil {
		h.made = calendar.Calendars{}
	}
	h.made[key] = cal
}

// calendarSetting is the setting in which the hours of a key are kept: a clock outlives the policy that it was started under.
func calendarSetting(key string) string { return "calendar:" + key }

// calendars are those of some keys, as clocks name them.
func (s *Service) calendars(ctx context.Context, tx Tx, keys []string) (calendar.Calendars, error) {
	cals := calendar.Calendars{}
	for _, key := range keys {
		cal, err := s.calendar(ctx, tx, key)
		if err != nil {
			return nil, fmt.Errorf("read hours of calendar %s: %w", key, err)
		}
		cals[key] = cal
	}
	return cals, nil
}

// calendar is the calendar of a key. Hours that cannot be read any more count around the clock: an early alert beats none.
func (s *Service) calendar(ctx context.Context, tx Tx, key string) (*calendar.Calendar, error) {
	s.hourly.mu.Lock()
	cal, ok := s.hourly.made[key]
	s.hourly.mu.Unlock()
	if ok || s.Hours == nil {
		return cal, nil
	}
	kept, err := tx.Setting(ctx, calendarSetting(key))
	if err != nil {
		return nil, err
	}
	var h escalate.Hours
	err = json.Unmarshal([]byte(kept), &h)
	if err == nil {
		cal, err = s.Hours.Calendar(&h)
	}
	if err != nil {
		s.Logger.WarnContext(ctx, "calendar cannot be read, counting around the clock", "calendar", key, "error", err)
	}
	s.hourly.keep(key, cal)
	return cal, nil
}

// calendarNamed is a calendar of the policy by its name; nil, which is around the clock, for "" and for hours that cannot be read.
func (s *Service) calendarNamed(ctx context.Context, p *escalate.Policy, name string) *calendar.Calendar {
	h, ok := p.Calendars[name]
	if !ok || s.Hours == nil {
		return nil
	}
	key := p.CalendarKey(name)
	s.hourly.mu.Lock()
	cal, made := s.hourly.made[key]
	s.hourly.mu.Unlock()
	if made {
		return cal
	}
	cal, err := s.Hours.Calendar(&h)
	if err != nil {
		s.Logger.WarnContext(ctx, "calendar cannot be read, counting around the clock", "calendar", key, "error", err)
	}
	s.hourly.keep(key, cal)
	return cal
}

// keepHours keeps the hours that terms name, so that they can be read for as long as a clock runs by them.
func keepHours(ctx context.Context, tx Tx, p *escalate.Policy, terms map[escalate.Target]escalate.Terms) error {
	for _, name := range p.CalendarsOf(terms) {
		key := calendarSetting(p.CalendarKey(name))
		kept, err := tx.Setting(ctx, key)
		if err != nil || kept != "" {
			return err
		}
		b, err := json.Marshal(p.Calendars[name])
		if err != nil {
			return fmt.Errorf("encode calendar %s: %w", name, err)
		}
		if err := tx.PutSetting(ctx, key, string(b)); err != nil {
			return err
		}
	}
	return nil
}

// retarget takes down what holds of the ticket's targets now, where that has changed: the terms of the policy, and the deadlines
// that the helpdesk showed when it was read. A person's event follows it, or a hand-off is there already.
func (c *change) retarget(ctx context.Context, p *escalate.Policy) error {
	var e escalate.Targeted
	if terms := p.Targets(&c.ticket.Content); !escalate.SameTerms(terms, c.ticket.Clocks.Terms) {
		e.Terms = terms
		if err := keepHours(ctx, c.tx, p, terms); err != nil {
			return err
		}
	}
	if c.deadlines != nil {
		e.Deadlines = c.ticket.Clocks.News(map[escalate.Target]escalate.UnixMicro{
			escalate.TargetFirstResponse: escalate.At(c.deadlines.FirstResponse),
			escalate.TargetNextResponse:  escalate.At(c.deadlines.NextResponse),
			escalate.TargetResolution:    escalate.At(c.deadlines.Resolution),
		})
	}
	if e.Terms == nil && len(e.Deadlines) == 0 {
		return nil
	}
	return c.apply(actorPolicy, e)
}

// retargetActive is retarget for a ticket that people have; of others nothing is measured.
func (c *change) retargetActive(ctx context.Context) error {
	if !c.ticket.Handoff.Active() {
		return nil
	}
	p, err := c.tx.Policy(ctx)
	if err != nil {
		return fmt.Errorf("load policy: %w", err)
	}
	return c.retarget(ctx, p)
}

// watch says what the ticket's clocks call for now.
func (c *change) watch(ctx context.Context) (escalate.Watch, error) {
	cals, err := c.s.calendars(ctx, c.tx, c.ticket.Clocks.Calendars())
	if err != nil {
		return escalate.Watch{}, err
	}
	w, err := c.ticket.Watch(c.tx.Now(), cals)
	if err != nil {
		return w, fmt.Errorf("watch ticket %s: %w", c.ticket.ID, err)
	}
	return w, nil
}

// time brings the deadline that the card shows up to date after something that concerns the clocks, and says when to look at them again.
func (c *change) time(ctx context.Context) error {
	if !slices.ContainsFunc(c.effects, func(e escalate.Effect) bool { return e.Kind == escalate.EffectSLA }) {
		return nil
	}
	w, err := c.watch(ctx)
	if err != nil {
		return err
	}
	c.look = w.Next
	if len(w.Alerts) > 0 {
		c.look = c.tx.Now()
	}
	if h := c.ticket.Handoff; h.Active() && h.Due != w.Due {
		return c.apply(actorWarmline, escalate.Timed{Handoff: h.ID, Due: w.Due})
	}
	return nil
}

// enqueueLook has the clocks looked at when they next call for something. There is one such job for a ticket.
func (c *change) enqueueLook(ctx context.Context, j Job) error {
	j.Key = string(c.ticket.ID)
	if c.look.IsZero() {
		return c.tx.CancelJobs(ctx, j.Kind, j.Key)
	}
	j.At = c.look
	moved, err := c.tx.Reschedule(ctx, j.Kind, j.Key, j.At)
	if err != nil || moved {
		return err
	}
	return c.tx.Enqueue(ctx, j)
}

// sla looks at a ticket's clocks: whom to tell of what, what the card is to show, and when to look again.
func (s *Service) sla(ctx context.Context, j Leased) error {
	w, err := workOf(j)
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := s.change(ctx, tx, w.Ticket)
		if err != nil {
			return err
		}
		if err := c.retargetActive(ctx); err != nil {
			return err
		}
		found, err := c.watch(ctx)
		if err != nil {
			return err
		}
		for i := range found.Alerts {
			if err := c.alert(ctx, &found.Alerts[i]); err != nil {
				return err
			}
		}
		c.effects = append(c.effects, escalate.Effect{Kind: escalate.EffectSLA})
		return errors.Join(c.save(ctx), tx.Finish(ctx, j))
	})
}

// alert notes that a stage is told of, and has its channel told; and the managers', where it is for them and another one.
func (c *change) alert(ctx context.Context, a *escalate.Alert) error {
	h, now := c.ticket.Handoff, c.tx.Now()
	if err := c.apply(actorWarmline, escalate.Alerted{Handoff: h.ID, Target: a.Target, Stages: a.Stages}); err != nil {
		return err
	}
	row := AlertRow{Channel: h.Channel, At: now, Alert: TargetAlert{
		Ticket: c.ticket.ID, Handoff: h.ID, Target: a.Target, Stage: a.Stages[len(a.Stages)-1], To: a.To, Due: escalate.At(a.Deadline),
	}}
	if a.To == escalate.TellManager {
		row.Alert.To = escalate.TellLeads
		p, err := c.tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		if channel := p.ManagerChannel(); channel != h.Channel {
			theirs := row
			theirs.Channel, theirs.Alert.To = channel, escalate.TellManager
			if err := c.tellOf(ctx, theirs); err != nil {
				return err
			}
		}
	}
	return c.tellOf(ctx, row)
}

// tellOf has a channel told of an alert.
func (c *change) tellOf(ctx context.Context, row AlertRow) error {
	if err := c.tx.AddAlert(ctx, row); err != nil {
		return err
	}
	return enqueueAlerts(ctx, c.tx, row.Channel, row.At.Add(gather))
}

// recheck has every ticket that people have looked at again when the policy is another than the last time: new targets and hours
// count from then on.
func (s *Service) recheck(ctx context.Context, tx Tx, p *escalate.Policy) error {
	version := strconv.FormatInt(p.Version, 10)
	seen, err := tx.Setting(ctx, recheckedSetting)
	if err != nil || seen == version {
		return err
	}
	j, err := newJob(JobRecheck, recheckWork{})
	if err != nil {
		return err
	}
	j.Key = version
	return errors.Join(tx.Enqueue(ctx, j), tx.PutSetting(ctx, recheckedSetting, version))
}

// JobRecheck looks at the clocks of all tickets that people have, a part at a time.
const JobRecheck = "recheck-targets"

// recheckedSetting keeps the version of the policy under which that was done last.
const recheckedSetting = "targets:policy"

// recheckPart is how many tickets one run looks up.
const recheckPart = 200

type recheckWork struct {
	After escalate.TicketID `json:"after"` // those up to it are done
}

// recheckTargets has the next part of the tickets looked at.
func (s *Service) recheckTargets(ctx context.Context, j Leased) error {
	var w recheckWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		ids, err := tx.ActiveTickets(ctx, w.After, recheckPart)
		if err != nil {
			return err
		}
		p, err := tx.Policy(ctx)
		if err != nil {
			return fmt.Errorf("load policy: %w", err)
		}
		for _, id := range ids {
			if err := offerAnew(ctx, tx, p, id); err != nil {
				return err
			}
			look, err := newJob(string(escalate.EffectSLA), work{Ticket: id, Effect: escalate.Effect{Kind: escalate.EffectSLA}})
			if err != nil {
				return err
			}
			look.Key = string(id)
			if err := tx.Enqueue(ctx, look); err != nil {
				return err
			}
		}
		if len(ids) == recheckPart {
			next, err := newJob(JobRecheck, recheckWork{After: ids[len(ids)-1]})
			if err != nil {
				return err
			}
			next.Key, next.At = j.Key, tx.Now().Add(time.Second)
			if err := tx.Enqueue(ctx, next); err != nil {
				return err
			}
		}
		return tx.Finish(ctx, j)
	})
}
