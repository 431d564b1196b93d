package rota_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate/rota"
)

var draws = flag.Int("draws", 20_000, "how many random offers are judged")

var ago = func(minutes int) time.Time { return noon.Add(-time.Duration(minutes) * time.Minute) }

var noon = time.Date(2026, 12, 7, 12, 0, 0, 0, time.UTC)

// five people who can take anything: Ana was offered one the longest ago, and Eva has the fewest.
func five() []rota.Candidate {
	return []rota.Candidate{
		{Person: "UANA", OnShift: true, Open: 3, Capacity: 5, LastOffered: ago(50), Skills: []string{"Refunds"}, Languages: []string{"en", "pt_PT"}},
		{Person: "UBEN", OnShift: true, Open: 2, Capacity: 5, LastOffered: ago(40), Languages: []string{"en"}},
		{Person: "UCEM", OnShift: true, Open: 2, LastOffered: ago(45), Skills: []string{"refunds", "billing"}, Languages: []string{"EN", "de"}},
		{Person: "UDAN", OnShift: true, Open: 2, Capacity: 3, LastOffered: ago(20)},
		{Person: "UEVA", OnShift: true, Open: 1, Capacity: 2, LastOffered: ago(10), Languages: []string{"en"}},
	}
}

func TestOffer(t *testing.T) {
	off := func(c *rota.Candidate) { c.OnShift = false }
	for name, tc := range map[string]struct {
		need   rota.Need
		change map[int]func(*rota.Candidate)
		want   string // person, reason, and why each other is left out
	}{
		"by turn": {want: "UANA longest_ago [UBEN:not_their_turn UCEM:not_their_turn UDAN:not_their_turn UEVA:not_their_turn]"},
		"by load": {
			need: rota.Need{Method: rota.LeastLoaded},
			want: "UEVA fewest_open [UANA:not_their_turn UBEN:not_their_turn UCEM:not_their_turn UDAN:not_their_turn]",
		},
		"by load, then by turn": {
			need:   rota.Need{Method: rota.LeastLoaded},
			change: map[int]func(*rota.Candidate){4: func(c *rota.Candidate) { c.Open = 2; c.Capacity = 0 }},
			want:   "UCEM fewest_by_turn [UANA:not_their_turn UBEN:not_their_turn UDAN:not_their_turn UEVA:not_their_turn]",
		},
		"who was never offered one comes first": {
			change: map[int]func(*rota.Candidate){3: func(c *rota.Candidate) { c.LastOffered = time.Time{} }},
			want:   "UDAN longest_ago [UANA:not_their_turn UBEN:not_their_turn UCEM:not_their_turn UEVA:not_their_turn]",
		},
		"equal by turn, by id": {
			change: map[int]func(*rota.Candidate){1: func(c *rota.Candidate) { c.LastOffered = ago(50) }},
			want:   "UANA longest_ago [UBEN:not_their_turn UCEM:not_their_turn UDAN:not_their_turn UEVA:not_their_turn]",
		},
		"each reason to be left out": {
			change: map[int]func(*rota.Candidate){
				0: off, 1: func(c *rota.Candidate) { c.DayOff = true }, 2: func(c *rota.Candidate) { c.Away = true }, 3: func(c *rota.Candidate) { c.Open = 3 },
			},
			want: "UEVA only_one [UANA:off_shift UBEN:day_off UCEM:away UDAN:full 3/3]",
		},
		"who may not claim is left out, and nobody else is on": {
			change: map[int]func(*rota.Candidate){0: func(c *rota.Candidate) { c.Barred = true }, 1: off, 2: off, 3: off, 4: off},
			want:   " nobody_on_shift [UANA:barred UBEN:off_shift UCEM:off_shift UDAN:off_shift UEVA:off_shift]",
		},
		"all of the skills, whatever their case": {
			need: rota.Need{Skills: []string{"REFUNDS", "billing"}},
			want: "UCEM only_one [UANA:lacks_skill billing UBEN:lacks_skill REFUNDS UDAN:lacks_skill REFUNDS UEVA:lacks_skill REFUNDS]",
		},
		"a language by its first part": {
			need: rota.Need{Language: "PT-br"},
			want: "UANA only_one [UBEN:lacks_language PT-br UCEM:lacks_language PT-br UDAN:lacks_language PT-br UEVA:lacks_language PT-br]",
		},
		"the next one": {
			need: rota.Need{Asked: []rota.PersonID{"UANA", "UCEM"}},
			want: "UBEN longest_ago [UANA:asked_before UCEM:asked_before UDAN:not_their_turn UEVA:not_their_turn]",
		},
		"who does not want to be disturbed comes last": {
			need:   rota.Need{Method: rota.LeastLoaded, Asked: []rota.PersonID{"UBEN"}},
			change: map[int]func(*rota.Candidate){4: func(c *rota.Candidate) { c.DoNotDisturb = true }, 2: off, 3: off},
			want:   "UANA only_one [UBEN:asked_before UCEM:off_shift UDAN:off_shift UEVA:do_not_disturb]",
		},
		"and is asked where nobody else is left": {
			need:   rota.Need{Asked: []rota.PersonID{"UBEN", "UANA"}},
			change: map[int]func(*rota.Candidate){4: func(c *rota.Candidate) { c.DoNotDisturb = true }, 3: func(c *rota.Candidate) { c.DoNotDisturb = true }, 2: off},
			want:   "UDAN longest_ago last resort [UANA:asked_before UBEN:asked_before UCEM:off_shift UEVA:not_their_turn]",
		},
		"but assigned nothing": {
			need:   rota.Need{Asked: []rota.PersonID{"UBEN", "UANA"}, Assign: true},
			change: map[int]func(*rota.Candidate){4: func(c *rota.Candidate) { c.DoNotDisturb = true }, 3: off, 2: off},
			want:   " nobody_left [UANA:asked_before UBEN:asked_before UCEM:off_shift UDAN:off_shift UEVA:do_not_disturb]",
		},
		"no room at all": {
			change: map[int]func(*rota.Candidate){0: func(c *rota.Candidate) { c.Open, c.Capacity = 0, -1 }, 1: off, 2: off, 3: off, 4: off},
			want:   " nobody_free [UANA:full 0/-1 UBEN:off_shift UCEM:off_shift UDAN:off_shift UEVA:off_shift]",
		},
		"no limit": {
			change: map[int]func(*rota.Candidate){2: func(c *rota.Candidate) { c.Open = 1000 }, 0: off, 1: off, 3: off, 4: off},
			want:   "UCEM only_one [UANA:off_shift UBEN:off_shift UDAN:off_shift UEVA:off_shift]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			people := five()
			for i, change := range tc.change {
				change(&people[i])
			}
			for range people { // in any order
				people = append(people[1:], people[0])
				if diff := cmp.Diff(tc.want, short(rota.Offer(noon, &tc.need, people))); diff != "" {
					t.Fatalf("choice (-want +got):\n%s", diff)
				}
			}
		})
	}
}

func short(c rota.Choice) string {
	var out []string
	for _, o := range c.LeftOut {
		one := string(o.Person) + ":" + string(o.Why)
		if o.Lacks != "" {
			one += " " + o.Lacks
		}
		if o.Why == rota.Full {
			one += fmt.Sprintf(" %d/%d", o.Open, o.Capacity)
		}
		out = append(out, one)
	}
	how := string(c.Reason)
	if c.LastResort {
		how += " last resort"
	}
	return fmt.Sprintf("%s %s %v", c.Person, how, out)
}

func TestNobodyIsAnAnswer(t *testing.T) {
	can := rota.Candidate{Person: "U1", OnShift: true}
	for want, tc := range map[rota.Reason]struct {
		need   rota.Need
		change func(*rota.Candidate)
	}{
		rota.NobodyOnShift: {change: func(c *rota.Candidate) { c.DayOff = true }},
		rota.NobodyThere:   {change: func(c *rota.Candidate) { c.Away = true }},
		rota.NobodyAble:    {need: rota.Need{Language: "de"}},
		rota.NobodyAwake:   {need: rota.Need{Assign: true}, change: func(c *rota.Candidate) { c.DoNotDisturb = true }},
		rota.NobodyFree:    {change: func(c *rota.Candidate) { c.Open, c.Capacity = 1, 1 }},
		rota.NobodyLeft:    {need: rota.Need{Asked: []rota.PersonID{"U1"}}},
	} {
		c := can
		if tc.change != nil {
			tc.change(&c)
		}
		got := rota.Offer(noon, &tc.need, []rota.Candidate{{Person: "U0"}, c, {Person: "U2"}})
		if got.Reason != want || got.Person != "" || !got.Offered.IsZero() || len(got.LeftOut) != 3 {
			t.Errorf("got %+v; want %s", got, want)
		}
	}
	if got := rota.Offer(noon, &rota.Need{}, nil); got.Reason != rota.NobodyOnShift {
		t.Errorf("among nobody: %+v", got)
	}
}

func TestEveryReasonHasItsWords(t *testing.T) {
	const none = "for a reason that is not known"
	for _, r := range []rota.Reason{
		rota.OnlyOne, rota.LongestAgo, rota.FewestOpen, rota.FewestByTurn, rota.NobodyOnShift, rota.NobodyThere, rota.NobodyAble,
		rota.NobodyAwake, rota.NobodyFree, rota.NobodyLeft,
	} {
		if r.String() == none {
			t.Errorf("%s has none", string(r))
		}
	}
	for _, why := range []rota.Unfit{
		rota.OffShift, rota.Barred, rota.DayOff, rota.Away, rota.LacksSkill, rota.LacksTongue, rota.DoNotDisturb, rota.Full, rota.AskedBefore, rota.NotTheirTurn,
	} {
		if out := (rota.LeftOut{Why: why}); out.String() == none {
			t.Errorf("%s has none", why)
		}
	}
	full := rota.LeftOut{Why: rota.Full, Open: 5, Capacity: 5}
	if full.String() != "has 5 of 5" || rota.Reason("x").String() != none {
		t.Errorf("full in words: %s", &full)
	}
}

// Offers of one moment, and by a clock that is set back, keep turns all the same.
func TestTurnsAreKeptWhateverTheClock(t *testing.T) {
	for name, clock := range map[string]func(i int) time.Time{
		"one moment": func(int) time.Time { return noon },
		"set back":   func(i int) time.Time { return noon.Add(-time.Duration(i) * time.Hour) },
		"both ways":  func(i int) time.Time { return noon.AddDate(10*(i%2), 0, 0) },
	} {
		people := []rota.Candidate{{Person: "U1", OnShift: true}, {Person: "U2", OnShift: true}, {Person: "U3", OnShift: true}}
		for i := range 12 {
			c := rota.Offer(clock(i), &rota.Need{}, people)
			if want := people[i%3].Person; c.Person != want {
				t.Fatalf("%s: offer %d goes to %s; want %s", name, i, c.Person, want)
			}
			people[i%3].LastOffered = c.Offered
		}
	}
}

// crowd draws people and what is needed.
func crowd(r *rand.Rand) ([]rota.Candidate, rota.Need) {
	words := []string{"a", "B", "c"}
	some := func() (list []string) {
		for _, w := range words {
			if r.IntN(3) > 0 {
				list = append(list, w)
			}
		}
		return list
	}
	n := rota.Need{Method: rota.Methods[r.IntN(2)], Assign: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		n.Skills = []string{words[r.IntN(3)]}
	}
	if r.IntN(3) == 0 {
		n.Language = words[r.IntN(3)]
	}
	people := make([]rota.Candidate, r.IntN(9))
	for i, id := range r.Perm(len(people)) {
		p := rota.Candidate{
			Person: rota.PersonID(fmt.Sprintf("U%d", id)), OnShift: r.IntN(4) > 0, DayOff: r.IntN(10) == 0, Away: r.IntN(6) == 0, DoNotDisturb: r.IntN(4) == 0,
			Open: r.IntN(5), Capacity: r.IntN(6) - 1, Skills: some(), Languages: some(), LastOffered: ago(r.IntN(10)),
		}
		if r.IntN(5) == 0 {
			n.Asked = append(n.Asked, p.Person)
		}
		people[i] = p
	}
	return people, n
}

// could says whether somebody could take what is needed, by the rules as they are written down.
func could(p *rota.Candidate, n *rota.Need) bool {
	ok := p.OnShift && !p.DayOff && !p.Away && (p.Capacity == 0 || p.Open+1 <= p.Capacity) && !slices.Contains(n.Asked, p.Person)
	for _, s := range n.Skills {
		ok = ok && slices.Contains(p.Skills, s)
	}
	return ok && (n.Language == "" || slices.Contains(p.Languages, n.Language)) && (!n.Assign || !p.DoNotDisturb)
}

// before says whether somebody comes before another of those who could.
func before(a, b *rota.Candidate, n *rota.Need) bool {
	switch {
	case a.DoNotDisturb != b.DoNotDisturb:
		return b.DoNotDisturb
	case n.Method == rota.LeastLoaded && a.Open != b.Open:
		return a.Open < b.Open
	case !a.LastOffered.Equal(b.LastOffered):
		return a.LastOffered.Before(b.LastOffered)
	}
	return a.Person < b.Person
}

func TestNobodyIsOfferedWhatTheyMayNotHave(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	seen := map[rota.Reason]int{}
	resort := 0
	for i := range *draws {
		people, n := crowd(r)
		c := rota.Offer(noon, &n, people)
		seen[c.Reason]++
		if c.LastResort {
			resort++
		}
		var best *rota.Candidate
		for i := range people {
			if p := &people[i]; could(p, &n) && (best == nil || before(p, best, &n)) {
				best = p
			}
		}
		switch {
		case best == nil && c.Person != "", best != nil && c.Person != best.Person, best != nil && c.LastResort != best.DoNotDisturb:
			t.Fatalf("draw %d: %+v of %+v for %+v; want %+v", i, c, people, n, best)
		case c.Person != "" && len(c.LeftOut) != len(people)-1, c.Person == "" && len(c.LeftOut) != len(people):
			t.Fatalf("draw %d: not everybody else is left out: %+v of %+v", i, c, people)
		}
		for j, o := range c.LeftOut {
			k := slices.IndexFunc(people, func(p rota.Candidate) bool { return p.Person == o.Person })
			fit := o.Why == rota.NotTheirTurn || o.Why == rota.DoNotDisturb && !n.Assign
			if k < 0 || could(&people[k], &n) != fit || o.Person == c.Person || j > 0 && c.LeftOut[j-1].Person >= o.Person {
				t.Fatalf("draw %d: %s is left out: %+v of %+v for %+v", i, o.Person, o, people, n)
			}
		}
	}
	if *draws >= 20_000 && (len(seen) != 10 || resort == 0) {
		t.Errorf("reasons that came up: %v, last resort %d times", seen, resort)
	}
	t.Logf("%d draws: %v, last resort %d times", *draws, seen, resort)
}

// Equal people, of whom each is on all the time: however many hand-offs come, no two differ by more than one.
func TestEqualPeopleGetEqualShares(t *testing.T) {
	for _, method := range rota.Methods {
		r := rand.New(rand.NewPCG(2, 2))
		for range max(1, *draws/1000) {
			people := make([]rota.Candidate, 2+r.IntN(9))
			for i := range people {
				people[i] = rota.Candidate{Person: rota.PersonID(fmt.Sprintf("U%02d", i)), OnShift: true}
			}
			now := noon
			for range 100 {
				now = now.Add(time.Duration(r.IntN(3)) * time.Second)
				r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
				c := rota.Offer(now, &rota.Need{Method: method}, people)
				least, most := 1_000, 0
				for i := range people {
					if p := &people[i]; p.Person == c.Person {
						p.Open, p.LastOffered = p.Open+1, c.Offered
					}
					least, most = min(least, people[i].Open), max(most, people[i].Open)
				}
				if most-least > 1 {
					t.Fatalf("%s among %d: from %d to %d", method, len(people), least, most)
				}
			}
		}
	}
}

// As tickets are resolved and people go home, the least loaded has never more than another who could have had it.
func TestLeastLoadedEvensOut(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	people := make([]rota.Candidate, 8)
	for i := range people {
		people[i] = rota.Candidate{Person: rota.PersonID(fmt.Sprint("U", i)), OnShift: true, Open: r.IntN(20)}
	}
	for range 2_000 {
		i := r.IntN(len(people))
		people[i].Open = max(0, people[i].Open-r.IntN(2))
		c := rota.Offer(noon, &rota.Need{Method: rota.LeastLoaded}, people)
		least := slices.MinFunc(people, func(a, b rota.Candidate) int { return a.Open - b.Open }).Open
		k := slices.IndexFunc(people, func(p rota.Candidate) bool { return p.Person == c.Person })
		if people[k].Open != least {
			t.Fatalf("%s has %d; another has %d", c.Person, people[k].Open, least)
		}
		people[k].Open, people[k].LastOffered = people[k].Open+1, c.Offered
	}
	spread := func(a, b rota.Candidate) int { return a.Open - b.Open }
	if most, least := slices.MaxFunc(people, spread).Open, slices.MinFunc(people, spread).Open; most-least > 2 {
		t.Errorf("after a while they have from %d to %d", least, most)
	}
}

// BenchmarkOffer measures an offer among five people.
func BenchmarkOffer(b *testing.B) {
	people := five()
	b.ReportAllocs()
	for b.Loop() {
		if c := rota.Offer(noon, &rota.Need{}, people); c.Person == "" {
			b.Fatal("no answer")
		}
	}
}
