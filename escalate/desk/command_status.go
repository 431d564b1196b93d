package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"warmline/escalate"
)

// lateAfter is how long a job may be due before people are told that the work lags.
const lateAfter = time.Minute

// status shows how things stand; brief when nothing was typed, with the commands for every day.
func (a *act) status(ctx context.Context, brief bool) error {
	now := a.tx.Now()
	c, err := a.tx.Counts(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return fmt.Errorf("count: %w", err)
	}
	ans := Answer{
		Text: fmt.Sprintf("Unclaimed: %d. Claimed: %d.", c.Open, c.Claimed),
		Lines: []Line{
			{Head: "Now", Text: fmt.Sprintf("unclaimed %d, claimed %d", c.Open, c.Claimed)},
			{Head: "Last 24 hours", Text: fmt.Sprintf("tickets %d: answered %d, drafted %d, handed to people %d; messages to customers %d",
				c.Tickets, c.Auto, c.Draft, c.Escalate, c.Sent)},
			{Head: "Line", Text: a.line(a.policy.Thresholds, a.policy.Stage) + fmt.Sprintf(", promise %s (policy %d)", budgetWords(a.policy.Budget), a.policy.Version)},
		},
	}
	loose, err := a.looseNow(ctx)
	if err != nil {
		return err
	}
	ans.Lines = append(ans.Lines, loose...)
	if c.Stuck > 0 && len(loose) == 0 {
		ans.Lines = append(ans.Lines, Line{Head: "Stuck", Text: escalate.Counted(c.Stuck, "job fails", "jobs fail") + " again and again; the operator's log says why"})
	}
	if !brief || c.Late > lateAfter {
		ans.Lines = append(ans.Lines, Line{Head: "Work", Text: lagWords(&c)})
	}
	pauses, err := a.tx.Pauses(ctx)
	if err != nil {
		return fmt.Errorf("load pauses: %w", err)
	}
	for _, scope := range slices.Sorted(maps.Keys(pauses)) {
		ans.Lines = append(ans.Lines, Line{Head: "Paused", Text: scopeWords(scope) + " by " + pauses[scope]})
	}
	if !brief {
		line, err := deadlines(ctx, a.tx, a.press.Actor)
		if err != nil {
			return err
		}
		ans.Lines = append(ans.Lines, line)
	}
	switch {
	case brief:
		ans.Lines = append(ans.Lines, helpLines(append(everyDay, "help")...)...)
	case a.s.Connected != nil:
		ans.Lines = append(ans.Lines, a.s.Connected()...)
	}
	return a.answer(ctx, ans)
}

// lagWords says whether the work keeps up.
func lagWords(c *Counts) string {
	if c.Late <= lateAfter {
		return "up to date"
	}
	return fmt.Sprintf("%s due, the oldest for %s", escalate.Counted(c.Waiting, "job is", "jobs are"), spoken(c.Late.Round(time.Minute)))
}
