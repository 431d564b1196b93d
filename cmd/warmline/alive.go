package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/brain/local"
	"warmline/escalate/desk"
	"warmline/store"
)

// promptRows is up to how many past tickets a start learns before the first ticket comes: it takes about a second. With more it
// answers by neighbours until it has learned.
const promptRows = 2000

// newBrain reads what the team knows. It learns from the past at once when that is quick, and not at all when the store has what
// was learned: the first CatchUp loads it.
func newBrain(ctx context.Context, c *appConfig, seed string, st *store.Store) (*local.Brain, error) {
	kept := false
	err := st.View(ctx, func(tx desk.Tx) error {
		m, err := tx.NewestModel(ctx)
		if errors.Is(err, desk.ErrNotFound) {
			return nil
		}
		kept = err == nil && m.Code == local.Version
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("start the brain: %w", err)
	}
	o := local.Options{
		Knowledge: c.Knowledge, Seed: seed, Team: c.Policy.Team, Encoder: c.Encoder, Model: c.Model,
		Later: kept || c.Knowledge.More != nil || len(c.Knowledge.Past) > promptRows,
	}
	b, err := learnFrom(ctx, o)
	if c.Model == nil || err != nil || !b.FilesChanged() {
		return b, err
	}
	o.Model = nil // it was learned from something else
	return learnFrom(ctx, o)
}

// wake brings the brain up to what is known before the first ticket comes, and has it learn anew where that is not enough: when it
// has learned nothing yet, or from files that were changed since.
func (a *app) wake(ctx context.Context) error {
	began := time.Now()
	if err := a.service.CatchUp(ctx); err != nil {
		return fmt.Errorf("catch up with what was solved: %w", err)
	}
	m := a.brain.Model()
	learns := m.Hash == "" || a.brain.FilesChanged()
	a.log.InfoContext(ctx, "brain ready", "answers", m.Answers(), "trained_on", m.Rows, "tickets", a.brain.Rows(), "stale", a.brain.Stale(),
		"learns_anew", learns, "took", time.Since(began).Round(time.Millisecond))
	if !learns {
		return nil
	}
	return a.store.Update(ctx, func(tx desk.Tx) error { return a.service.PlanRefit(ctx, tx) })
}

// How often a replica looks for what others solved and learned. A process that has its database for itself hears of all that by
// its own jobs.
const (
	hearShared = 3 * time.Second
	hearAlone  = 5 * time.Minute
)

// hear keeps up with the feed until ctx ends.
func (a *app) hear(ctx context.Context) error {
	every := hearAlone
	if a.store.Shared() {
		every = hearShared
	}
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticks.C:
		}
		if err := a.service.CatchUp(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "not caught up with what was solved", "error", err, "again_in", every)
		}
	}
}

// ending lets a long handler end with the app: what it has done so far is worth nothing, and waiting for it holds up the exit.
func ending(life context.Context, handle func(context.Context, desk.Leased) error) func(context.Context, desk.Leased) error {
	return func(ctx context.Context, j desk.Leased) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stop := context.AfterFunc(life, cancel)
		defer stop()
		return handle(ctx, j)
	}
}

// together runs what an app consists of until ctx ends or one of it fails.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		g.Go(func() error { return part(ctx) })
	}
	return g.Wait()
}
