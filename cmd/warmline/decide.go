package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/escalate/desk"
)

type decideCmd struct {
	knowledgeFlags

	Policy string `type:"existingfile" placeholder:"FILE" help:"YAML policy to decide by. Without it the default one, with every topic promoted to auto."`
	Seed   string `default:"1" help:"Parts the past into folds; the same seed and files give the same decisions."`
}

// Help is shown below the flags.
func (decideCmd) Help() string {
	return `Reads tickets from standard input (JSONL or CSV, gzipped or not) and prints a line of JSON per ticket, in input order:
what would be done with it, the best answer and the probability that it is right, and every trigger. Nothing is sent.

  warmline decide --history solved.jsonl.gz --macros macros.jsonl < tickets.jsonl > decisions.jsonl`
}

// Run decides until the input or the reader of the output ends.
func (c *decideCmd) Run(ctx context.Context, s *streams) error {
	// Whoever reads the output may have seen enough: that ends the command, and is no fault.
	signal.Ignore(syscall.SIGPIPE)
	if from := c.fromStdin(); len(from) > 0 {
		return usagef("standard input holds the tickets: name a file for %s", from[0])
	}
	k, err := c.load(s.err)
	if err != nil {
		return err
	}
	p := escalate.DefaultPolicy()
	p.Stage = escalate.StageAuto
	if c.Policy != "" {
		if p, err = readPolicy(c.Policy); err != nil {
			return &usageError{err}
		}
	}
	encoder, err := c.encoder()
	if err != nil {
		return err
	}
	mind, err := learnFrom(ctx, local.Options{Knowledge: k, Seed: c.Seed, Team: p.Team, Encoder: encoder})
	if err != nil {
		return err
	}
	in, err := c.options(s.err)
	if err != nil {
		return err
	}
	if in.Bad == nil {
		in.Bad = func(_ string, b brain.BadLine) error {
			return fmt.Errorf("%w; mend it, or leave it out with --skip-bad", b)
		}
	}
	bar := newProgress(s.err, "decide", os.Stdin)
	defer bar.finish()
	in.Stdin = bar.reader(in.Stdin)
	d := &decider{brain: mind, policy: p}
	return d.run(ctx, s.out, func(each func(brain.Past) error) error {
		return in.Tickets("-", func(_ int, p brain.Past) error { return each(p) })
	})
}

// decider decides tickets on all cores and prints the lines in the order of the tickets.
type decider struct {
	brain  assessor
	policy *escalate.Policy

	mu     sync.Mutex
	worlds map[string]escalate.World // by topic: what the policy's promises rest on
}

// world says whether the policy's promise for a topic is kept. Nobody has judged anything yet, so that the replay of the past
// alone backs it.
func (d *decider) world(topic string) escalate.World {
	d.mu.Lock()
	defer d.mu.Unlock()
	w, ok := d.worlds[topic]
	if ok {
		return w
	}
	if budget := d.policy.Promises(topic); budget > 0 {
		var past []escalate.Outcome
		if b, ok := d.brain.(desk.Backtest); ok {
			past = b.Outcomes(topic)
		}
		line, _ := d.policy.For(topic)
		backed := escalate.Back(nil, past, budget, line.Auto)
		w.Promise = &backed
	}
	if d.worlds == nil {
		d.worlds = map[string]escalate.World{}
	}
	d.worlds[topic] = w
	return w
}

// assessor is the part of a brain that decide asks.
type assessor interface {
	Assess(ctx context.Context, now time.Time, t *escalate.Ticket) (escalate.Assessment, error)
}

// slot is a ticket's place in the output. Its line is there once ready is closed.
type slot struct {
	past  brain.Past
	line  []byte
	err   error
	ready chan struct{}
}

// ahead bounds how many tickets are under way, per core: enough that one slow ticket does not stop the others.
const ahead = 64

// run reads tickets, decides, and prints. It holds a bounded number of tickets, however long the input is. Lines go out
// whenever the next ticket is not decided yet, so that a slow producer sees its answer at once. What was read before a bad
// line is printed before its error is returned.
func (d *decider) run(ctx context.Context, out io.Writer, read func(each func(brain.Past) error) error) error {
	workers := runtime.GOMAXPROCS(0)
	work, order := make(chan *slot), make(chan *slot, ahead*workers)
	g, gctx := errgroup.WithContext(ctx)
	for range workers {
		g.Go(func() error {
			for {
				select {
				case s, more := <-work:
					if !more {
						return nil
					}
					s.line, s.err = d.line(gctx, &s.past)
					close(s.ready)
				case <-gctx.Done():
					return nil
				}
			}
		})
	}
	g.Go(func() error { return write(gctx, out, order) })
	// The reader is not waited for: it may hang in a read of standard input that nothing can end but its end.
	done := make(chan error, 1)
	go func() {
		defer close(order)
		defer close(work)
		done <- read(func(p brain.Past) error {
			s := &slot{past: p, ready: make(chan struct{})}
			for _, c := range []chan *slot{order, work} {
				select {
				case c <- s:
				case <-gctx.Done():
					return gctx.Err()
				}
			}
			return nil
		})
	}()
	var readErr error
	select {
	case readErr = <-done:
	case <-gctx.Done():
	}
	if err := g.Wait(); err != nil {
		return quiet(err)
	}
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	return readErr
}

// errNobody says that nobody reads the output any more.
var errNobody = errors.New("nobody reads the output")

// quiet forgives that nobody reads the output.
func quiet(err error) error {
	if errors.Is(err, errNobody) {
		return nil
	}
	return err
}

// write prints the lines in order.
func write(ctx context.Context, to io.Writer, order <-chan *slot) error {
	out := bufio.NewWriterSize(to, 64<<10)
	for {
		s, more, err := nextSlot(ctx, out, order)
		if err != nil || !more {
			return errors.Join(err, broken(out.Flush()))
		}
		if s.err != nil {
			return errors.Join(fmt.Errorf("ticket %q: %w", s.past.ID, s.err), broken(out.Flush()))
		}
		if _, err := out.Write(s.line); err != nil {
			return broken(err)
		}
	}
}

// nextSlot waits for the next line, and prints what there is before it has to wait.
func nextSlot(ctx context.Context, out *bufio.Writer, order <-chan *slot) (s *slot, more bool, err error) {
	select {
	case s, more = <-order:
	default:
		if err := broken(out.Flush()); err != nil {
			return nil, false, err
		}
		select {
		case s, more = <-order:
		case <-ctx.Done():
			return nil, false, stopped(ctx)
		}
	}
	if !more {
		return nil, false, nil
	}
	select {
	case <-s.ready:
		return s, true, nil
	default:
	}
	if err := broken(out.Flush()); err != nil {
		return nil, false, err
	}
	select {
	case <-s.ready:
		return s, true, nil
	case <-ctx.Done():
		return nil, false, stopped(ctx)
	}
}

func stopped(ctx context.Context) error { return fmt.Errorf("decide: %w", ctx.Err()) }

// broken tells a reader that went away from a fault of the output.
func broken(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return errNobody
	}
	if err != nil {
		return fmt.Errorf("print decisions: %w", err)
	}
	return nil
}
