package desk

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// App Home keeps itself true for those who have it open. Slack takes about a hundred publishes a minute from an app; forty of
// them are for this, and the rest for what people press.
const (
	homesEvery  = 6 * time.Second // how often is looked
	homesAtOnce = 4               // how many are drawn each time, the longest published first
)

// lookAtHomes has those open homes drawn that would show something else by now, whatever changed: a ticket, the policy, a pause,
// who the person is, or the time. It goes on for as long as somebody has one open.
func (s *Service) lookAtHomes(ctx context.Context, j Leased) error {
	var open []HomeRow
	err := s.Store.View(ctx, func(tx Tx) (err error) {
		open, err = tx.OpenHomes(ctx, tx.Now().Add(-homeOpen))
		return err
	})
	if err != nil {
		return err
	}
	var changed []Job
	for i := range open {
		if len(changed) == homesAtOnce {
			break
		}
		differs, err := s.differs(ctx, &open[i])
		if err != nil {
			return err
		}
		if !differs {
			continue
		}
		draw, err := newHomeJob(open[i].Person)
		if err != nil {
			return err
		}
		changed = append(changed, draw)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		if len(open) > 0 {
			changed = append(slices.Clip(changed), Job{Kind: JobHomes, Key: "all", At: tx.Now().Add(homesEvery)})
		}
		for _, next := range changed {
			if err := tx.Enqueue(ctx, next); err != nil {
				return fmt.Errorf("enqueue %s: %w", next.Kind, err)
			}
		}
		return tx.Finish(ctx, j)
	})
}

// differs reports whether a home would show something else than what Slack shows.
func (s *Service) differs(ctx context.Context, row *HomeRow) (bool, error) {
	h, err := s.loadHome(ctx, row.Person)
	if err != nil {
		return false, err
	}
	now, err := h.digest()
	return now != row.Drawn, err
}
