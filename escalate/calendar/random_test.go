package calendar_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/calendar"
)

var (
	randomCases = flag.Int("cases", 200, "how many cases the package is compared with the oracle on")
	randomSeed  = flag.Uint64("seed", 1, "where the random cases begin")
)

var zones = []string{
	"America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "Pacific/Apia", "Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo", "UTC",
}

// sketch draws random working hours, for the package and for the oracle.
type sketch struct {
	*rand.Rand
	loc    *time.Location
	around int64 // nanoseconds
}

// newSketch picks a zone and a time, every other one within days of a change of its clocks.
func newSketch(t *testing.T, r *rand.Rand) *sketch {
	loc, err := time.LoadLocation(zones[r.IntN(len(zones))])
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2009+r.IntN(22), 1, 1+r.IntN(365), 0, r.IntN(dayLong), 0, 0, time.UTC)
	if loc.String() == "Pacific/Apia" && r.IntN(2) == 0 {
		at = time.Date(2011, 12, 28, 0, r.IntN(2*dayLong), 0, 0, time.UTC) // before the day that there never was
	} else if _, change := at.In(loc).ZoneBounds(); !change.IsZero() && r.IntN(2) == 0 {
		at = change.Add(-time.Duration(r.IntN(4*dayLong)) * time.Minute)
	}
	return &sketch{Rand: r, loc: loc, around: at.UnixNano()}
}

// moment returns a random time so many days from the begin at the most, mostly on a whole minute.
func (s *sketch) moment(days int) int64 {
	at := s.around + s.Int64N(int64(days)*dayLong)*minute
	if s.IntN(4) == 0 {
		at += s.Int64N(minute)
	}
	return at
}

func (s *sketch) pair() [2]int {
	m := func(from, to int) int { return from + s.IntN(to-from+1) }
	switch s.IntN(6) {
	case 0:
		return [2]int{0, dayLong}
	case 1:
		return [2]int{m(18*60, dayLong-1), m(0, 8*60)} // a night
	case 2:
		from := m(0, 4*60) // where clocks change
		return [2]int{from, m(from+1, 5*60)}
	case 3:
		return [2]int{m(22*60, 23*60), m(23*60+1, dayLong)}
	default:
		from := m(6*60, 12*60)
		return [2]int{from, m(from+30, 20*60)}
	}
}

func (s *sketch) pairs(free int) [][2]int {
	if s.IntN(100) < free {
		return nil
	}
	pairs := [][2]int{s.pair()}
	for s.IntN(3) == 0 {
		pairs = append(pairs, s.pair())
	}
	return pairs
}

func shifts(t *testing.T, pairs [][2]int) (list []calendar.Shift) {
	for _, p := range pairs {
		sh, err := calendar.ParseShift(fmt.Sprintf("%02d:%02d-%02d:%02d", p[0]/60, p[0]%60, p[1]/60, p[1]%60))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sh)
	}
	return list
}

// hours draws a calendar and the oracle's plan of it.
func (s *sketch) hours(t *testing.T) (*calendar.Calendar, *plan) {
	p := &plan{loc: s.loc, own: map[int64][][2]int{}}
	var h calendar.Hours
	if s.IntN(20) > 0 {
		for day, list := range []*[]calendar.Shift{&h.Week.Sun, &h.Week.Mon, &h.Week.Tue, &h.Week.Wed, &h.Week.Thu, &h.Week.Fri, &h.Week.Sat} {
			p.week[day] = s.pairs(map[bool]int{true: 60, false: 10}[day == 0 || day == 6])
			*list = shifts(t, p.week[day])
		}
	}
	var holidays []calendar.Holiday
	first := s.around / minute / dayLong
	for day := first - 3; day < first+40; day++ {
		date := calendar.DateOf(time.Unix(day*86400, 0).UTC())
		switch s.IntN(24) {
		case 0:
			p.own[day], holidays = nil, append(holidays, calendar.Holiday{Date: date})
		case 1:
			p.own[day], h.Closed = nil, append(h.Closed, calendar.Holiday{Date: date})
		case 2:
			holidays = append(holidays, calendar.Holiday{Date: date})
			fallthrough
		case 3:
			p.own[day] = s.pairs(0)
			h.Special = append(h.Special, calendar.Special{Date: date, Shifts: shifts(t, p.own[day])})
		}
	}
	c, err := calendar.New(h, s.loc, holidays...)
	if err != nil {
		t.Fatal(err)
	}
	return c, p
}

// when is a time as the oracle counts it; the zero time is never.
func when(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixNano()
}

func moment(ns int64) time.Time {
	if ns == never {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// compareHours compares what the package and the oracle say of random working hours.
func compareHours(t *testing.T, s *sketch) (diffs []string) {
	c, p := s.hours(t)
	p.at(s.around)
	type said struct {
		Open                    bool
		Next, Close, Due, Again int64
		Between                 int64
	}
	for range 3 {
		a, b, working := s.moment(6), s.moment(30), s.Int64N(20*60)*minute
		if s.IntN(2) == 0 { // due just when a shift ends
			working = p.between(a, p.change(p.change(a, true), false))
		}
		want := said{Open: p.at(a), Next: p.change(a, true), Close: p.change(a, false), Due: p.due(a, working), Between: p.between(a, b) - p.between(b, a)}
		if want.Due != never {
			want.Again = working
		}
		at := moment(a)
		got := said{Open: c.Open(at), Next: when(c.NextOpen(at)), Close: when(c.NextClose(at)), Between: int64(c.Between(at, moment(b)))}
		due := c.Due(at, time.Duration(working))
		if got.Due = when(due); !due.IsZero() {
			got.Again = int64(c.Between(at, due))
		}
		if d := cmp.Diff(want, got); d != "" {
			diffs = append(diffs, fmt.Sprintf("from %v to %v, %v of work (-oracle +package):\n%s", at.In(s.loc), moment(b).In(s.loc), time.Duration(working), d))
		}
	}
	return diffs
}

func (s *sketch) portion() portion {
	return []portion{
		{percent: 50}, {percent: 80}, {percent: 100}, {percent: 150}, {left: 30 * minute}, {left: 7*minute + 1}, {left: -45 * minute},
	}[s.IntN(7)]
}

func (p portion) stage() calendar.Stage {
	if p.percent > 0 {
		return calendar.Stage{Share: float64(p.percent) / 100}
	}
	if p.left < 0 {
		return calendar.Stage{Late: time.Duration(-p.left)}
	}
	return calendar.Stage{Left: time.Duration(p.left)}
}

func (s *sketch) bargain(at int64, p *plan) bargain {
	b := bargain{from: at, budget: (1 + s.Int64N(20*60)) * minute, plan: p}
	if s.IntN(4) > 0 {
		b.warn = s.portion()
	}
	return b
}

func (b bargain) terms(key string) calendar.Terms {
	terms := calendar.Terms{Budget: time.Duration(b.budget), Calendar: key}
	if b.warn != (portion{}) {
		terms.Warn = b.warn.stage()
	}
	return terms
}

// target draws a clock and the oracle's life of it.
func (s *sketch) target(t *testing.T) (*calendar.Clock, calendar.Calendars, *life) {
	a, planA := s.hours(t)
	b, planB := s.hours(t)
	calendars := calendar.Calendars{"a": a, "b": b}
	started := s.moment(3)
	l := &life{met: never, cancelled: never, bargains: []bargain{s.bargain(started, planA)}}
	c := &calendar.Clock{Started: moment(started), Terms: l.bargains[0].terms("a")}
	at := started
	for s.IntN(2) == 0 {
		at += s.Int64N(4 * dayLong * minute)
		key, p := "a", planA
		if s.IntN(2) == 0 {
			key, p = "b", planB
		}
		changed := s.bargain(at, p)
		if s.IntN(3) == 0 {
			changed.budget = l.bargains[len(l.bargains)-1].budget // only the calendar
		}
		l.bargains = append(l.bargains, changed)
		c.Change(moment(at), changed.terms(key))
	}
	s.pauses(c, l)
	if s.IntN(3) == 0 {
		l.met = s.moment(12)
	}
	if s.IntN(6) == 0 {
		l.cancelled = s.moment(12)
	}
	planA.at(s.around)
	planB.at(s.around)
	if s.IntN(6) == 0 {
		l.met = l.tell(started, portion{}).deadline
	}
	c.Met, c.Cancelled = moment(l.met), moment(l.cancelled)
	return c, calendars, l
}

func (s *sketch) pauses(c *calendar.Clock, l *life) {
	for _, why := range []calendar.PauseReason{calendar.PausePending, calendar.PauseOnHold, calendar.PauseSnoozed} {
		for at := s.moment(5); s.IntN(3) > 0; at += 1 + s.Int64N(2*dayLong*minute) {
			b := [2]int64{at, never}
			c.Pause(moment(at), why)
			if s.IntN(6) > 0 {
				at += 1 + s.Int64N(3*dayLong*minute)
				b[1] = at
				c.Resume(moment(at), why)
			}
			l.breaks = append(l.breaks, b)
			if b[1] == never {
				break
			}
		}
	}
}

// now returns a time to ask at: every third is one at which something happens.
func (s *sketch) now(l *life) int64 {
	at := []int64{l.met, l.cancelled}
	for _, b := range l.bargains {
		at = append(at, b.from, l.tell(b.from, portion{}).deadline)
	}
	for _, b := range l.breaks {
		at = append(at, b[:]...)
	}
	if chosen := at[s.IntN(len(at))]; chosen != never && s.IntN(3) == 0 {
		return chosen
	}
	return s.moment(12)
}

// compareTarget compares what the package and the oracle say of a random target.
func compareTarget(t *testing.T, s *sketch, seen *sync.Map) (diffs []string) {
	c, calendars, l := s.target(t)
	type said struct {
		Reading calendar.Reading
		Reaches int64
	}
	for range 3 {
		now, stage := s.now(l), s.portion()
		r := l.tell(now, stage)
		want := said{Reading: calendar.Reading{
			State: calendar.State(r.state), Deadline: moment(r.deadline), Used: time.Duration(r.used), Left: time.Duration(r.left),
			Over: time.Duration(r.over), Late: r.late, Paused: r.stoodStill,
		}, Reaches: max(r.reached, r.expected)}
		seen.Store(want.Reading.State, true)
		var got said
		var err error
		if got.Reading, err = c.Read(moment(now), calendars); err != nil {
			t.Fatal(err)
		}
		reaches, err := c.Reaches(moment(now), calendars, stage.stage())
		if err != nil {
			t.Fatal(err)
		}
		got.Reaches = when(reaches)
		if d := cmp.Diff(want, got); d != "" {
			diffs = append(diffs, fmt.Sprintf("%+v\nat %v, stage %+v (-oracle +package):\n%s", c, moment(now), stage, d))
		}
	}
	return diffs
}

// Three questions of each kind per case. Each case is drawn from its own number, so that one that fails fails alone, too:
// go test ./escalate/calendar -seed N -cases 1.
func TestCountsAsTheOracleDoes(t *testing.T) {
	var next, differ atomic.Int64
	var seen sync.Map // the states that came up
	t.Run("all", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				for i := next.Add(1) - 1; i < int64(*randomCases) && differ.Load() < 5; i = next.Add(1) - 1 {
					seed := *randomSeed + uint64(i)
					s := newSketch(t, rand.New(rand.NewPCG(seed, 0)))
					if diffs := slices.Concat(compareHours(t, s), compareTarget(t, s, &seen)); len(diffs) > 0 {
						differ.Add(1)
						t.Errorf("case %d in %s:\n%s", seed, s.loc, strings.Join(diffs, "\n"))
					}
				}
			})
		}
	})
	for _, state := range []calendar.State{calendar.Running, calendar.DueSoon, calendar.Breached, calendar.Paused, calendar.Met, calendar.Cancelled} {
		if _, ok := seen.Load(state); !ok && *randomCases >= 200 && !t.Failed() {
			t.Errorf("no case came to %s, so nothing is said of it", state)
		}
	}
	t.Logf("%d cases of 3 calendars' and 3 clocks' questions each", *randomCases)
}
