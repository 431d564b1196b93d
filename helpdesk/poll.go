package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"warmline/escalate/desk"
)

// Poller finds what webhooks did not tell: it reads an account's feed of changes from a durable cursor, for ever.
type Poller struct {
	// Desk is the account's name, for logs.
	Desk string
	// Changes returns changes after a cursor, oldest first, and the cursor behind them; the same cursor again once
	// there is nothing more. The empty cursor means now: it returns no change and the cursor to go on from. The same
	// change must always get the same Delivery.
	Changes func(ctx context.Context, cursor string) (notices []desk.Notice, next string, err error)
	// Load and Save keep the cursor. Load returns "" when none was saved: work begins with what changes from then on.
	Load func(ctx context.Context) (string, error)
	Save func(ctx context.Context, cursor string) error
	// Receive commits a notice; see WebhookOptions.Receive. The cursor is saved only behind notices it has kept.
	Receive func(context.Context, desk.Notice) error
	// Every is how often to look; default a minute.
	Every time.Duration
	// Overlap is how much of the past is read again each time, because feeds show some changes late; default two
	// minutes, negative for none. Notices of the round before are not received again.
	Overlap time.Duration
	// Logger gets what went wrong; default slog.Default().
	Logger *slog.Logger
}

// changesTime bounds one page of a feed; pagesARound bounds one round, so that a feed that never ends cannot hold it.
const (
	changesTime = 30 * time.Second
	pagesARound = 1000
)

// Run polls until ctx ends and then returns nil. No failure ends it: what could not be read or kept now is found in
// the next round.
func (p *Poller) Run(ctx context.Context) error {
	if p.Changes == nil || p.Load == nil || p.Save == nil || p.Receive == nil {
		return errors.New("poller: Changes, Load, Save and Receive must be set")
	}
	r := round{Poller: *p}
	if r.Every <= 0 {
		r.Every = time.Minute
	}
	if r.Overlap == 0 {
		r.Overlap = 2 * time.Minute
	}
	if r.Logger == nil {
		r.Logger = slog.Default()
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		wait := r.Every
		if err := r.poll(ctx); err != nil && ctx.Err() == nil {
			r.Logger.Warn("poll incomplete", "desk", r.Desk, "error", err)
			if refused, ok := errors.AsType[*desk.Refused](err); ok {
				wait = max(wait, refused.RetryAfter)
			}
		}
		timer.Reset(wait)
	}
}

// round is a poller at work. Its trail holds the cursors of the overlap, oldest first; the next round starts at the
// first of them, and so does the first round after a restart, because that is the one that is saved. A round that broke off
// goes on where it was: a long feed behind a bad line would else never be read to its end.
type round struct {
	Poller
	trail []footstep
	seen  map[string]bool // deliveries of the round before
	saved string

	under  *walk
	broken int // how often in a row it got no further
}

type footstep struct {
	at     time.Time
	cursor string
}

// walk is a round under way.
type walk struct {
	cursor string          // how far it came
	seen   map[string]bool // its deliveries
}

// breaks is how often a round may break off at one cursor before it begins anew: some helpdesks' cursors do not live long.
const breaks = 5

func (r *round) poll(ctx context.Context) error {
	if len(r.trail) == 0 {
		if err := r.begin(ctx); err != nil {
			return err
		}
	}
	if r.under == nil {
		r.under, r.broken = &walk{r.trail[0].cursor, make(map[string]bool)}, 0
	}
	w := r.under
	for range pagesARound {
		next, err := r.page(ctx, w.cursor, w.seen)
		if err != nil {
			r.breakOff(err)
			return err
		}
		if r.broken = 0; next == w.cursor {
			break
		}
		w.cursor = next
	}
	// A step is as old as the reading of its last page, however long ago the round began: what the feed shows late lies behind it.
	now := time.Now()
	r.under, r.seen = nil, w.seen
	r.trail = append(r.trail, footstep{now, w.cursor})
	for len(r.trail) > 1 && now.Sub(r.trail[1].at) >= r.Overlap {
		r.trail = r.trail[1:]
	}
	return r.save(ctx)
}

// breakOff decides where to go on after a failure: a cursor that was refused, or never answered, is left.
func (r *round) breakOff(err error) {
	r.broken++
	refused, ok := errors.AsType[*desk.Refused](err)
	if r.broken >= breaks || ok && refused.RetryAfter == 0 {
		r.under = nil
	}
}

// begin finds where to start: at the saved cursor, or now. "Now" is saved before anything else, so that a restart
// does not move it.
func (r *round) begin(ctx context.Context) error {
	cursor, err := r.Load(ctx)
	if err != nil {
		return fmt.Errorf("load cursor: %w", err)
	}
	r.saved = cursor
	if cursor == "" {
		_, cursor, err = r.changes(ctx, "")
		if err != nil {
			return err
		}
		if cursor == "" {
			return errors.New("read changes: the feed gave no cursor to begin with")
		}
	}
	r.trail = []footstep{{time.Now(), cursor}}
	return r.save(ctx)
}

// page receives one page. What was received stays received when a later page fails; the cursor does not move then.
func (r *round) page(ctx context.Context, cursor string, seen map[string]bool) (string, error) {
	notices, next, err := r.changes(ctx, cursor)
	if err != nil {
		return "", err
	}
	for _, n := range notices {
		if !r.seen[n.Delivery] && !seen[n.Delivery] {
			if err := r.Receive(ctx, n); err != nil {
				return "", fmt.Errorf("receive notice: %w", err)
			}
		}
		seen[n.Delivery] = true
	}
	return next, nil
}

func (r *round) changes(ctx context.Context, cursor string) ([]desk.Notice, string, error) {
	ctx, cancel := context.WithTimeout(ctx, changesTime)
	defer cancel()
	notices, next, err := r.Changes(ctx, cursor)
	if err != nil {
		return nil, "", fmt.Errorf("read changes: %w", err)
	}
	return notices, next, nil
}

func (r *round) save(ctx context.Context) error {
	cursor := r.trail[0].cursor
	if cursor == r.saved {
		return nil
	}
	if err := r.Save(ctx, cursor); err != nil {
		return fmt.Errorf("save cursor: %w", err)
	}
	r.saved = cursor
	return nil
}
