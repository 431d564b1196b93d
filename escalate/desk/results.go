package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

const (
	// resultsKept is how long it is kept how people did.
	resultsKept = 400 * 24 * time.Hour
	// resultDays is over how many days it is summed up when nobody says, and mostResultDays at the most.
	resultDays, mostResultDays = 7, 90
)

// keepMet keeps how people did with the targets that they met in this change.
func (c *change) keepMet(ctx context.Context) error {
	for i := range c.met {
		m := &c.met[i]
		cals, err := c.s.calendars(ctx, c.tx, m.Calendars())
		if err != nil {
			return err
		}
		s, set, err := m.Result(cals)
		if err != nil {
			return fmt.Errorf("read clock of %s of ticket %s: %w", m.Target, c.ticket.ID, err)
		}
		if !set {
			continue
		}
		r := &TargetResult{Ticket: c.ticket.ID, Target: m.Target, Started: m.Started(), Ended: m.At, Took: s.Used, Late: s.Late}
		if h := c.ticket.Handoff; h != nil {
			r.Channel = h.Channel
		}
		if err := c.tx.AddResult(ctx, r); err != nil {
			return err
		}
	}
	c.met = nil
	return nil
}

// JobResults tells somebody how people did with the targets. It is a job because it reads much: nobody's press waits for it.
const JobResults = "sum-results"

type resultsWork struct {
	To      Recipient `json:"to"`
	Days    int       `json:"days"`
	Channel string    `json:"channel,omitempty"` // Slack channel name; "" for all
}

// sla has somebody told how people did with the targets lately: "sla", "sla 30d", "sla #payments".
func (a *act) sla(ctx context.Context, args []string) error {
	w := resultsWork{To: a.recipient(), Days: resultDays}
	for _, word := range args {
		n, err := strconv.Atoi(strings.TrimSuffix(strings.ToLower(word), "d"))
		switch {
		case err == nil && n >= 1 && n <= mostResultDays:
			w.Days = n
		case err == nil:
			return a.misread(ctx, "I look back 1 to %d days, not %d.", mostResultDays, n)
		default:
			w.Channel = channelWord(word)
		}
	}
	j, err := newJob(JobResults, w)
	if err != nil {
		return err
	}
	j.Urgent = true
	return a.tx.Enqueue(ctx, j)
}

// tellResults sums up how people did, and has it told.
func (s *Service) tellResults(ctx context.Context, j Leased) error {
	var w resultsWork
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	var ans Answer
	err := s.Store.View(ctx, func(tx Tx) error {
		all, err := tx.SumResults(ctx, tx.Now().AddDate(0, 0, -w.Days))
		if err != nil {
			return err
		}
		late, err := deadlines(ctx, tx, w.To.Person)
		ans = w.answer(all, late)
		return err
	})
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		return errors.Join(s.enqueueTell(ctx, tx, w.To, ans), tx.Finish(ctx, j))
	})
}

// answer says how people did, and what is late now.
func (w *resultsWork) answer(all []TargetSum, late Line) Answer {
	head := "Targets, last " + escalate.Counted(w.Days, "day", "days")
	if w.Channel != "" {
		head += ", #" + w.Channel
		all = slices.DeleteFunc(all, func(s TargetSum) bool { return s.Channel != w.Channel })
	}
	if len(all) == 0 {
		text := head + ": nothing was due that people have dealt with."
		return Answer{Text: text, Lines: []Line{{Text: text}}}
	}
	ans := Answer{Text: head, Lines: []Line{{Head: head, Text: "in working time; only what people did counts"}}}
	for _, t := range escalate.Targets {
		ans.Lines = append(ans.Lines, sumLines(t, all)...)
	}
	ans.Lines = append(ans.Lines, Line{Head: "Now", Text: late.Text})
	return ans
}

// channelWord is a channel's name as somebody typed or picked it: support, #support, <#C1|support>.
func channelWord(word string) string {
	if _, name, ok := strings.Cut(strings.TrimSuffix(word, ">"), "|"); ok && strings.HasPrefix(word, "<#") {
		return name
	}
	return strings.ToLower(strings.TrimPrefix(word, "#"))
}

// sumLines are a target's: all of it, and each channel where there are several.
func sumLines(t escalate.Target, all []TargetSum) (lines []Line) {
	of := slices.DeleteFunc(slices.Clone(all), func(s TargetSum) bool { return s.Target != t })
	if len(of) == 2 {
		of = of[:1] // all of it was in one channel
	}
	for i := range of {
		line := Line{Head: sentenceCase(t.Words()), Text: sumWords(&of[i])}
		if i > 0 {
			line.Head = "· #" + of[i].Channel
		}
		lines = append(lines, line)
	}
	return lines
}

// sentenceCase writes the first letter large.
func sentenceCase(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// sumWords say how people did: "43 of 45 in time (95.6 %) · half within 35 min, four of five within 2 h 10 min".
func sumWords(s *TargetSum) string {
	return fmt.Sprintf("%d of %d in time (%s) · half within %s, four of five within %s", s.Met-s.Late, s.Met,
		percent(float64(s.Met-s.Late)/float64(s.Met)), spoken(s.Median), spoken(s.P80))
}
