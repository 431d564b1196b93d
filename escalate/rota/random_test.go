package rota_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/calendar"
	"warmline/escalate/rota"
)

var (
	questions  = flag.Int("questions", 500, "how many questions the package and the oracle are asked")
	randomSeed = flag.Uint64("seed", 1, "where the random rotas begin")
)

// Of each random rota, four questions are asked at each of five times.
const (
	timesAsked = 5
	perRota    = 4 * timesAsked
	seenAhead  = 12 * dayLong // the oracle looks no further
)

// sketch draws a random rota, for the package and for the oracle.
type sketch struct {
	*rand.Rand
	t      *testing.T
	around int64 // minutes since 1970
	walls  map[string]*hands
	zone   string
}

// newSketch picks a zone and a time, every other one within days of a change of its clocks.
func newSketch(t *testing.T, r *rand.Rand) *sketch {
	s := &sketch{Rand: r, t: t, zone: zones[r.IntN(len(zones))], walls: map[string]*hands{}}
	at := time.Date(2009+r.IntN(22), 1, 1+r.IntN(365), 0, r.IntN(dayLong), 0, 0, time.UTC)
	if s.zone == "Pacific/Apia" && r.IntN(2) == 0 {
		at = time.Date(2011, 12, 28, 0, r.IntN(2*dayLong), 0, 0, time.UTC) // before the day that there never was
	} else if _, change := at.In(load(t, s.zone)).ZoneBounds(); !change.IsZero() && r.IntN(2) == 0 {
		at = change.Add(-time.Duration(r.IntN(3*dayLong)) * time.Minute)
	}
	s.around = at.Unix() / 60
	return s
}

func (s *sketch) wallOf(zone string) *hands {
	if s.walls[zone] == nil {
		s.walls[zone] = &hands{loc: load(s.t, zone), first: s.around - 3*dayLong}
	}
	return s.walls[zone]
}

var crew = []string{"UANA", "UBEN", "UCEM", "UDAN", "UEVA", "UFAY"}

func (s *sketch) somebody() string { return crew[s.IntN(len(crew))] }

func (s *sketch) pair() [2]int {
	from := s.IntN(dayLong)
	if s.IntN(3) == 0 {
		from = s.IntN(4 * 60) // where clocks change
	}
	to := from + 1 + s.IntN(14*60)
	switch {
	case s.IntN(8) == 0:
		return [2]int{0, dayLong}
	case to > dayLong:
		to -= dayLong
	}
	return [2]int{from, to}
}

func dateOf(day int64) calendar.Date { return calendar.DateOf(time.Unix(day*86400, 0).UTC()) }

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// row draws a layer, and the same for the oracle.
func (s *sketch) row(i int) (rota.Layer, []calendar.Holiday, row) {
	r := row{name: fmt.Sprint("row", i), wall: s.wallOf(s.zone), closed: map[int64]bool{}, weekday: -1}
	l := rota.Layer{Name: r.name}
	if s.IntN(4) == 0 {
		l.Hours.Zone = zones[s.IntN(len(zones))]
		r.wall = s.wallOf(l.Hours.Zone)
	}
	for range 1 + s.IntN(3) {
		p := s.somebody()
		if !slices.Contains(r.people, p) {
			r.people, l.People = append(r.people, p), append(l.People, rota.PersonID(p))
		}
	}
	if s.IntN(3) > 0 {
		s.turns(&l.Rotation, &r)
	}
	if s.IntN(2) > 0 {
		s.hours(&l.Hours.Week, &r)
	}
	var holidays []calendar.Holiday
	often := []int{0, 0, 0, 6}[s.IntN(4)]
	for day := s.around/dayLong - 3; often > 0 && day < s.around/dayLong+20; day++ {
		if s.IntN(often) == 0 {
			r.closed[day], holidays = true, append(holidays, calendar.Holiday{Date: dateOf(day)})
		}
	}
	return l, holidays, r
}

func (s *sketch) turns(given *rota.Rotation, r *row) {
	r.takes = true
	r.at = int64(s.IntN(dayLong))
	if s.IntN(2) == 0 {
		r.at = int64(s.IntN(3 * 60)) // where clocks change
	}
	r.start = s.around/dayLong + int64(s.IntN(45)) - 40
	r.every = []int64{1, 1, 2, 3, 7, 7, 14, 1 + s.Int64N(20)}[s.IntN(8)]
	*given = rota.Rotation{Every: rota.Period(r.every), At: calendar.TimeOfDay(r.at), Start: dateOf(r.start)}
	if r.every%7 == 0 && s.IntN(3) > 0 {
		r.weekday = s.IntN(7)
		given.Day = weekdays[r.weekday]
	}
}

func (s *sketch) hours(w *calendar.Week, r *row) {
	for day, list := range []*[]calendar.Shift{&w.Sun, &w.Mon, &w.Tue, &w.Wed, &w.Thu, &w.Fri, &w.Sat} {
		for s.IntN(5) > 1 && len(*list) < 3 {
			p := s.pair()
			r.week[day] = append(r.week[day], p)
			*list = append(*list, calendar.Shift{From: calendar.TimeOfDay(p[0]), To: calendar.TimeOfDay(p[1])})
		}
	}
}

// moment is a random minute near the time that was picked.
func (s *sketch) moment() int64 { return s.around + s.Int64N(4*dayLong) }

// swaps draws overrides, in the order in which they are made, and the same for the package in any order.
func (s *sketch) swaps() (list []swap, given []rota.Override) {
	kinds := []string{"cover", "cover", "cover", "off", "off", "add", "take_over"}
	for i := range s.IntN(9) {
		w := swap{id: fmt.Sprint("o", i), kind: kinds[s.IntN(len(kinds))], person: s.somebody(), from: s.moment()}
		w.to = w.from + 1 + s.Int64N(3*dayLong)
		if len(list) > 0 && s.IntN(3) == 0 {
			w.from, w.to = list[len(list)-1].from, list[len(list)-1].to
		}
		if w.kind == "cover" {
			for w.instead = s.somebody(); w.instead == w.person; {
				w.instead = s.somebody()
			}
		}
		list = append(list, w)
		given = append(given, rota.Override{
			ID: w.id, Rota: "support", Kind: rota.Kind(w.kind), Person: rota.PersonID(w.person), Instead: rota.PersonID(w.instead),
			From: minuteOf(w.from), To: minuteOf(w.to), Made: time.Unix(int64(i/2), 0),
		})
	}
	s.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	return list, given
}

func minuteOf(m int64) time.Time { return time.Unix(m*60, 0).UTC() }

// draw draws a rota: the package's schedule of it and the oracle.
func (s *sketch) draw() (*rota.Schedule, *seer) {
	r := rota.Rota{Zone: s.zone, Everyone: s.IntN(3) == 0}
	o := &seer{all: r.Everyone, first: s.around - dayLong}
	given := rota.Given{Zone: time.LoadLocation, Holidays: map[string][]calendar.Holiday{}}
	for i := range 1 + s.IntN(3) {
		l, holidays, row := s.row(i)
		if len(holidays) > 0 {
			l.Hours.Holidays = l.Name
			given.Holidays[l.Name] = holidays
		}
		r.Layers, o.rows = append(r.Layers, l), append(o.rows, row)
	}
	o.swaps, given.Overrides = s.swaps()
	schedule, err := rota.New(&r, given)
	if err != nil {
		s.t.Fatal(err)
	}
	return schedule, o
}

// now is a time to ask at: every third is a minute at which something changes.
func (s *sketch) now(o *seer) int64 {
	m := s.moment()
	if s.IntN(3) > 0 {
		return m
	}
	for at := m; at < m+2*dayLong; at++ {
		if !slices.Equal(o.at(at).on, o.at(at-1).on) {
			return at - s.Int64N(2)
		}
	}
	return m
}

// reason writes a reason as the oracle does.
func reason(p rota.PersonID, w rota.Why) string {
	blank := func(s string) string {
		if s == "" {
			return "_"
		}
		return s
	}
	return strings.Join([]string{string(p), string(w.Source), blank(w.Layer), blank(w.Override), blank(string(w.Instead))}, " ")
}

func names(list []rota.PersonID) (all []string) {
	for _, p := range list {
		all = append(all, string(p))
	}
	return all
}

// onCall asks who is on, until when, why, and who is off.
func (o *seer) onCall(s *rota.Schedule, m int64, now time.Time) string {
	v, end := o.at(m), m+seenAhead
	var want, got []string
	for _, one := range v.on {
		want = append(want, fmt.Sprint(one, " ", o.until(strings.Fields(one)[0], m, end)))
	}
	on := s.OnCall(now)
	for _, p := range on.People {
		until := int64(-1)
		if !p.Until.IsZero() && p.Until.Unix() <= end*60 {
			until = p.Until.Unix() / 60
		}
		got = append(got, fmt.Sprint(reason(p.Person, p.Why), " ", until))
	}
	want = append(append(want, "off"), v.off...)
	got = append(got, "off")
	for _, a := range on.Absent {
		got = append(got, string(a.Person)+" "+a.Override)
	}
	return cmp.Diff(want, got)
}

type turnover struct {
	At      int64
	On, Off []string
}

// changes are those of the oracle after one minute and no later than another.
func (o *seer) changes(m, end int64) (list []turnover) {
	for at := m + 1; at <= end; at++ {
		was, is := o.at(at-1).people, o.at(at).people
		c := turnover{At: at}
		for _, p := range is {
			if !slices.Contains(was, p) {
				c.On = append(c.On, p)
			}
		}
		for _, p := range was {
			if !slices.Contains(is, p) {
				c.Off = append(c.Off, p)
			}
		}
		if len(c.On)+len(c.Off) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// turnovers asks when it changes who is on, and who comes on next.
func (o *seer) turnovers(s *rota.Schedule, m int64, now time.Time) (changes, next string) {
	const days = 3 * dayLong
	var got []turnover
	for _, c := range s.Changes(now, minuteOf(m+days)) {
		got = append(got, turnover{c.At.Unix() / 60, names(c.On), names(c.Off)})
	}
	wantNext, gotNext := turnover{At: -1}, turnover{At: -1}
	for _, c := range o.changes(m, m+seenAhead) {
		if len(c.On) > 0 {
			wantNext = c
			break
		}
	}
	if c, ok := s.Next(now); ok && c.At.Unix()/60 <= m+seenAhead {
		gotNext = turnover{c.At.Unix() / 60, names(c.On), names(c.Off)}
	}
	return cmp.Diff(o.changes(m, m+days), got), cmp.Diff(wantNext, gotNext)
}

// timeline asks for the timeline of two days.
func (o *seer) timeline(s *rota.Schedule, m int64, now time.Time) string {
	end := m + 2*dayLong
	type stretch struct {
		From int64
		On   []string
	}
	var want, got []stretch
	for at := m; at < end; at++ {
		if on := o.at(at).on; len(want) == 0 || !slices.Equal(want[len(want)-1].On, on) {
			want = append(want, stretch{at, on})
		}
	}
	last := now
	for _, st := range s.Shifts(now, minuteOf(end)) {
		one := stretch{From: st.From.Unix() / 60}
		for _, d := range st.People {
			one.On = append(one.On, reason(d.Person, d.Why))
		}
		if got = append(got, one); !st.From.Equal(last) {
			return fmt.Sprintf("a hole from %v to %v", last, st.From)
		}
		last = st.To
	}
	if !last.Equal(minuteOf(end)) {
		return fmt.Sprintf("it ends at %v", last)
	}
	return cmp.Diff(want, got)
}

// ask compares what the package and the oracle say of a random rota.
func ask(s *sketch, seen *[5]atomic.Int64) (diffs []string) {
	schedule, o := s.draw()
	o.at(o.first)
	for range timesAsked {
		m := s.now(o)
		now := minuteOf(m)
		if s.IntN(4) == 0 {
			now = now.Add(time.Duration(s.Int64N(int64(time.Minute))))
		}
		v := o.at(m)
		seen[min(len(v.on), 3)].Add(1)
		seen[4].Add(int64(len(v.off)))
		changes, next := o.turnovers(schedule, m, now)
		for what, diff := range map[string]string{
			"OnCall": o.onCall(schedule, m, now), "Changes": changes, "Next": next, "Shifts": o.timeline(schedule, m, now),
		} {
			if diff != "" {
				diffs = append(diffs, fmt.Sprintf("%s at %v (-oracle +package):\n%s", what, now, diff))
			}
		}
	}
	return diffs
}

// Each rota is drawn from its own number, so that one that fails fails alone, too: go test ./escalate/rota -seed N -questions 20.
func TestSaysWhoIsOnAsTheOracleDoes(t *testing.T) {
	var next, differ atomic.Int64
	var seen [5]atomic.Int64 // nobody, one, two, more are on; somebody is off
	rotas := int64((*questions + perRota - 1) / perRota)
	t.Run("all", func(t *testing.T) {
		for worker := range runtime.GOMAXPROCS(0) {
			t.Run(strconv.Itoa(worker), func(t *testing.T) {
				t.Parallel()
				for i := next.Add(1) - 1; i < rotas && differ.Load() < 5; i = next.Add(1) - 1 {
					seed := *randomSeed + uint64(i)
					s := newSketch(t, rand.New(rand.NewPCG(seed, 0)))
					if diffs := ask(s, &seen); len(diffs) > 0 {
						differ.Add(1)
						t.Errorf("rota %d in %s:\n%s", seed, s.zone, strings.Join(diffs, "\n"))
					}
				}
			})
		}
	})
	for i := range seen {
		if seen[i].Load() == 0 && *questions >= 500 && !t.Failed() {
			t.Errorf("case %d never came up, so nothing is said of it", i)
		}
	}
	t.Logf("%d questions of %d rotas; on were nobody %d times, one %d, two %d, more %d; off %d", rotas*perRota, rotas,
		seen[0].Load(), seen[1].Load(), seen[2].Load(), seen[3].Load(), seen[4].Load())
}
