package helpdesk_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// feed is an account whose feed shows each change some time after it happened, and fails on demand.
type feed struct {
	mu      sync.Mutex
	entries []entry
	cursor  string   // as saved
	got     []string // deliveries, in the order received
	fail    map[string]error
	broken  func(call int) error      // fails some calls; nil fails none
	spoiled func(cursor string) error // fails some cursors
	calls   int
}

type entry struct {
	seq     int
	showsAt time.Time
}

func (f *feed) add(seq int, delay time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.entries = append(f.entries, entry{seq, time.Now().Add(delay)})
	slices.SortFunc(f.entries, func(a, b entry) int { return a.seq - b.seq })
}

func (f *feed) changes(_ context.Context, cursor string) ([]desk.Notice, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls++
	if err := f.fail["changes"]; err != nil {
		return nil, "", err
	}
	if f.broken != nil {
		if err := f.broken(f.calls); err != nil {
			return nil, "", err
		}
	}
	if f.spoiled != nil {
		if err := f.spoiled(cursor); err != nil {
			return nil, "", err
		}
	}
	after, _ := strconv.Atoi(cursor)
	var notices []desk.Notice
	for _, e := range f.entries {
		if e.showsAt.After(time.Now()) || e.seq <= after && cursor != "" {
			continue
		}
		if cursor == "" {
			after = e.seq
			continue
		}
		if len(notices) == 2 { // a page
			break
		}
		notices = append(notices, desk.Notice{Ref: escalate.Ref{Desk: "shop", ID: "t"}, Delivery: strconv.Itoa(e.seq)})
	}
	for _, n := range notices {
		after, _ = strconv.Atoi(n.Delivery)
	}
	return notices, strconv.Itoa(after), nil
}

func (f *feed) saved() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cursor
}

// run polls for as long as during takes.
func (f *feed) run(t *testing.T, during func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	p := helpdesk.Poller{
		Desk: "shop", Changes: f.changes, Logger: slog.New(slog.DiscardHandler),
		Load: func(context.Context) (string, error) { return f.saved(), f.fail["load"] },
		Save: func(_ context.Context, c string) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if err := f.fail["save"]; err != nil {
				return err
			}
			f.cursor = c
			return nil
		},
		Receive: func(_ context.Context, n desk.Notice) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			if err := f.fail["receive"]; err != nil {
				return err
			}
			f.got = append(f.got, n.Delivery)
			return nil
		},
	}
	var running sync.WaitGroup
	running.Go(func() {
		if err := p.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	during()
	stop()
	running.Wait()
}

func TestPollerBeginsNowAndReceivesEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{}
		f.add(1, 0)
		f.run(t, func() {
			if got := f.saved(); got != "1" {
				t.Errorf("the cursor of go-live is %q, want 1 saved at once", got)
			}
			for seq := 2; seq <= 8; seq++ {
				f.add(seq, 0)
			}
			time.Sleep(10 * time.Minute)
		})
		if want := []string{"2", "3", "4", "5", "6", "7", "8"}; !slices.Equal(f.got, want) {
			t.Errorf("received %v, want %v", f.got, want)
		}
		if f.cursor != "8" {
			t.Errorf("saved cursor %s, want 8 once the overlap has passed", f.cursor)
		}
	})
}

func TestPollerFindsWhatTheFeedShowsLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{cursor: "0"}
		f.run(t, func() {
			f.add(1, 0)
			f.add(2, 90*time.Second) // committed before 3, shown after it
			f.add(3, 0)
			time.Sleep(65 * time.Second)
		})
		f.run(t, func() { time.Sleep(5 * time.Minute) }) // also across a restart
		if !slices.Contains(f.got, "2") {
			t.Errorf("received %v, want the late 2 too", f.got)
		}
	})
}

func TestPollerLosesNothingWhateverFails(t *testing.T) {
	for _, what := range []string{"load", "changes", "receive", "save"} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &feed{cursor: "0", fail: map[string]error{what: errors.New("down")}}
				for seq := 1; seq <= 5; seq++ {
					f.add(seq, 0)
				}
				f.run(t, func() {
					time.Sleep(5 * time.Minute)
					if got := f.saved(); got != "0" {
						t.Errorf("the cursor moved to %s while %s failed", got, what)
					}
				})
				f.fail = nil
				f.run(t, func() { time.Sleep(5 * time.Minute) })
				got := slices.Compact(slices.Sorted(slices.Values(f.got)))
				if want := []string{"1", "2", "3", "4", "5"}; !slices.Equal(got, want) {
					t.Errorf("received %v, want each of %v", got, want)
				}
			})
		})
	}
}

// A feed of forty pages, of which every third call fails: to read it at one go would never succeed.
func TestPollerGoesOnWhereARoundBrokeOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{cursor: "0"}
		const changes = 80
		for seq := 1; seq <= changes; seq++ {
			f.add(seq, 0)
		}
		f.broken = func(call int) error {
			if call%3 == 0 {
				return errors.New("bad gateway")
			}
			return nil
		}
		f.run(t, func() { time.Sleep(25 * time.Minute) })
		if got := slices.Compact(slices.Sorted(slices.Values(f.got))); len(got) != changes || len(f.got) != changes {
			t.Errorf("received %d of %d changes, %d with repeats", len(got), changes, len(f.got))
		}
	})
}

// A round that took four minutes to its end has read that end just now: what shows late behind it is still to come.
func TestPollerKeepsItsOverlapAfterALongRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{cursor: "0"}
		for seq := 1; seq <= 8; seq++ {
			f.add(seq, 0)
		}
		f.add(9, 0)
		f.entries[2].showsAt = time.Now().Add(5*time.Minute + 30*time.Second) // behind where the feed is then
		began := time.Now()
		f.spoiled = func(cursor string) error {
			if cursor != "0" && time.Since(began) < 3*time.Minute+30*time.Second {
				return errors.New("bad gateway") // fewer times than make it begin anew
			}
			return nil
		}
		f.run(t, func() { time.Sleep(20 * time.Minute) })
		if !slices.Contains(f.got, "3") {
			t.Errorf("received %v, without what showed late", f.got)
		}
	})
}

// A cursor that is refused, or never answered, does not hold the feed for ever.
func TestPollerLeavesACursorThatLeadsNowhere(t *testing.T) {
	for name, err := range map[string]error{"refused": &desk.Refused{Op: "read changes", Why: "400: the cursor has expired"}, "no answer": errors.New("EOF")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &feed{cursor: "0"}
				for seq := 1; seq <= 8; seq++ {
					f.add(seq, 0)
				}
				spoiled := true
				f.spoiled = func(cursor string) error {
					if cursor == "0" && time.Since(f.entries[0].showsAt) > 10*time.Second {
						spoiled = false // it was begun anew
					}
					if cursor == "4" && spoiled {
						return err
					}
					return nil
				}
				f.run(t, func() { time.Sleep(12 * time.Minute) })
				if got := slices.Compact(slices.Sorted(slices.Values(f.got))); len(got) != 8 {
					t.Errorf("received %v, want all eight", got)
				}
			})
		})
	}
}

func TestPollerWaitsAsLongAsItIsAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &feed{cursor: "0", fail: map[string]error{"changes": &desk.Refused{Op: "read changes", RetryAfter: 10 * time.Minute}}}
		f.run(t, func() { time.Sleep(9*time.Minute + 59*time.Second) })
		if f.calls != 1 {
			t.Errorf("%d calls within the ten minutes that it was asked to wait, want 1", f.calls)
		}
	})
}
