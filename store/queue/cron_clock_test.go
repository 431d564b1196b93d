package queue_test

import (
	"context"
	"flag"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/desk"
	"warmline/store"
	"warmline/store/queue"
)

var cronSeed = flag.Uint64("cron.seed", 1, "seed of what happens to the clocks of crons, and when their processes are killed")

const year = 365 * 24 * time.Hour

// clock is a wall clock that is moved by hand, and remembers at which instants it was looked at.
type clock struct {
	mu     sync.Mutex
	base   time.Time // what it showed when the bubble began
	began  time.Time
	offset time.Duration
	looks  []time.Time
}

func newClock(base time.Time) *clock { return &clock{base: base, began: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.base.Add(time.Since(c.began) + c.offset).Truncate(time.Microsecond) // as the store does
	c.looks = append(c.looks, now)
	return now
}

func (c *clock) move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += by
}

// looked returns the instants at which the clock was looked at since the last call.
func (c *clock) looked() []time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	looks := c.looks
	c.looks = nil
	return looks
}

// promise follows one cron as its rule promises it.
type promise struct {
	cron  queue.Cron
	every time.Duration
	slots []slot // all there are, in order
	next  int
	due   time.Time // of an interval: when its next slot comes by the clock
	want  []string
}

// look says that the queue looked at the clock.
func (p *promise) look(now time.Time) {
	if p.every > 0 && p.due.Sub(now) > p.every {
		p.due = now.Add(p.every) // the clock was put back: the interval goes on
	}
	var last string
	for p.next < len(p.slots) && !p.comes().After(now) {
		last = p.cron.Name + "@" + p.slots[p.next].label
		if p.cron.CatchUp == queue.Each || p.cron.CatchUp == queue.Skip && now.Sub(p.comes()) <= 2*time.Minute {
			p.want = append(p.want, last)
		}
		p.next++
		p.due = p.due.Add(p.every)
	}
	if p.cron.CatchUp == queue.Once && last != "" {
		p.want = append(p.want, last)
	}
}

func (p *promise) comes() time.Time {
	if p.every > 0 {
		return p.due
	}
	return p.slots[p.next].at
}

// promises makes a cron of every rule for every expression.
func promises(t *testing.T, z zone, to time.Time, es []expression) (all []*promise) {
	t.Helper()
	for i, slots := range slotsOf(t, z, z.from, to, es) {
		for _, rule := range []queue.CatchUp{queue.Skip, queue.Once, queue.Each} {
			all = append(all, &promise{
				cron:  queue.Cron{Name: es[i].name + "-" + string(rule), Spec: es[i].spec, Zone: z.name, CatchUp: rule, Kind: "work"},
				every: es[i].every, due: z.from.Add(es[i].every), slots: slots,
			})
		}
	}
	return all
}

// seldom are the expressions that a short run has time for.
func seldom() (es []expression) {
	for _, e := range expressions {
		if *cronWhole || !e.often {
			es = append(es, e)
		}
	}
	return es
}

// TestCronsKeepTheirRulesWhileTheClockJumps moves the clock about for 400 days, and somewhere in them by ten years.
func TestCronsKeepTheirRulesWhileTheClockJumps(t *testing.T) {
	t.Parallel()
	for i, z := range zones {
		t.Run(strings.ReplaceAll(z.name, "/", "-"), func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "test.db")
			j := journey{zone: z, to: z.from.Add(400 * 24 * time.Hour), dice: rand.New(rand.NewPCG(*cronSeed, uint64(i)))}
			es := seldom()
			if i == 0 || i == 1 && *cronWhole {
				j.leap = 10 * year
				es = slices.DeleteFunc(es, func(e expression) bool { return e.name == "five" }) // a million: see TestTenYears…
			}
			j.all = promises(t, z, j.to.Add(j.leap+30*24*time.Hour), es)
			synctest.Test(t, func(t *testing.T) { j.run(t, path) })
		})
	}
}

// journey is what the clock goes through.
type journey struct {
	zone zone
	to   time.Time
	leap time.Duration
	all  []*promise
	dice *rand.Rand
}

func (j *journey) run(t *testing.T, path string) {
	z, to, all, dice := j.zone, j.to, j.all, j.dice
	c := newClock(z.from)
	db, err := store.Open(t.Context(), path, store.Options{Now: c.now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // the test has its answer by then
	var ran log
	opts := queue.Options{Store: db, Kinds: map[string]queue.Kind{"work": {
		Workers: 64, Handle: func(_ context.Context, j desk.Leased) error { ran.add("%s", j.Key); return nil },
	}}}
	for _, p := range all {
		opts.Crons = append(opts.Crons, p.cron)
	}
	c.looked()
	stop := start(t, opts)
	settle := func() {
		time.Sleep(time.Minute)
		synctest.Wait()
		for _, now := range c.looked() {
			for _, p := range all {
				p.look(now)
			}
		}
	}
	leaps := z.from.Add(time.Duration(dice.Int64N(int64(to.Sub(z.from)))))
	end := to
	for settle(); c.now().Before(end); settle() {
		if dice.IntN(100) == 0 { // a restart
			stop()
			c.looked() // while draining nobody looks for what is due
			c.move(time.Duration(dice.Int64N(int64(4 * time.Hour))))
			stop = start(t, opts)
			continue
		}
		if end.Equal(to) && j.leap > 0 && c.now().After(leaps) {
			end = end.Add(j.leap)
			c.move(j.leap)
			continue
		}
		c.move(step(c, all, dice))
	}
	for backlog(all, &ran) {
		settle()
	}
	stop()
	compare(t, all, ran.take())
}

// step is how far the clock goes next: back an hour, on an hour, up to just before or after a slot, or some way.
func step(c *clock, all []*promise, dice *rand.Rand) time.Duration {
	long := int64(96 * time.Hour)
	if *cronWhole {
		long = int64(6 * time.Hour)
	}
	some := time.Duration(dice.Int64N(long))
	switch dice.IntN(8) {
	case 0:
		return -time.Hour
	case 1:
		return time.Hour
	case 2, 3, 4:
		p := all[dice.IntN(len(all))]
		if p.next >= len(p.slots) {
			return some
		}
		if to := p.comes().Sub(c.now()); to > 0 && to < 5*some {
			return to + time.Duration(dice.Int64N(int64(5*time.Minute))) - 2*time.Minute
		}
	}
	return some
}

// backlog reports whether what every slot was promised to is still being run.
func backlog(all []*promise, ran *log) bool {
	want := 0
	for _, p := range all {
		want += len(p.want)
	}
	return ran.len() < want
}

// compare holds what ran to what was promised: the same, and each once.
func compare(t *testing.T, all []*promise, ran []string) {
	t.Helper()
	got := make(map[string][]string)
	for _, key := range ran {
		name, _, _ := strings.Cut(key, "@")
		got[name] = append(got[name], key)
	}
	total := 0
	for _, p := range all {
		slices.Sort(p.want)
		slices.Sort(got[p.cron.Name])
		total += len(p.want)
		if diff := cmp.Diff(p.want, got[p.cron.Name]); diff != "" {
			t.Errorf("%s, %q (-promised +ran):\n%s", p.cron.Name, p.cron.Spec, diff[:min(len(diff), 2000)])
		}
	}
	t.Logf("%d crons, %d runs promised, %d runs", len(all), total, len(ran))
}
