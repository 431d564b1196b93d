package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/files"
	"warmline/brain/local"
	"warmline/brain/semantic"
	"warmline/escalate"
	"warmline/simulate/measure"
)

// evalSets is where the public measuring sets lie; they are no part of the project. It says what is skipped when they are
// not there.
func evalSets(tb testing.TB) string {
	tb.Helper()
	dir := filepath.Join(cmp.Or(os.Getenv("WARMLINE_EVAL"), filepath.Join("..", "..", "..", "shared", "eval")), "dev")
	why := ""
	if testing.Short() {
		why = "measuring takes minutes; run without -short"
	} else if _, err := os.Stat(dir); err != nil {
		why = "no public measuring sets; set WARMLINE_EVAL to their folder"
	}
	if why != "" {
		if _, ok := tb.(*testing.B); ok {
			fmt.Println("SKIPPED:", why) // what a benchmark skips is not printed otherwise
		}
		tb.Skip("SKIPPED: " + why)
	}
	return dir
}

// evalPack is the semantic pack, which is no part of the project.
func evalPack(b *testing.B) local.Encoder {
	b.Helper()
	path := cmp.Or(os.Getenv("WARMLINE_PACK"), filepath.Join("..", "..", defaultPack))
	p, err := semantic.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		fmt.Println("SKIPPED: no semantic pack; make semantic builds it")
		b.Skip("SKIPPED: no semantic pack")
	}
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func readRows(tb testing.TB, path string) []brain.Past {
	tb.Helper()
	var out []brain.Past
	if err := (files.Options{}).Tickets(path, func(_ int, p brain.Past) error { out = append(out, p); return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

func readMacroFile(tb testing.TB, path string) []brain.Macro {
	tb.Helper()
	var out []brain.Macro
	if err := (files.Options{}).Macros(path, func(_ int, m brain.Macro) error { out = append(out, m); return nil }); err != nil {
		tb.Fatal(err)
	}
	return out
}

// evalSet is a team: what it knows, and questions with what is known of their outcome.
type evalSet struct {
	name  string
	knows brain.Knowledge
	test  []brain.Past
	pack  local.Encoder // nil without one
}

func (s *evalSet) brain(tb testing.TB) *local.Brain {
	tb.Helper()
	b, err := local.New(local.Options{Knowledge: s.knows, Seed: "1", Team: s.name, Encoder: s.pack})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// garden is our own team: what people ask about sensors and valves, in words of their own.
func garden(tb testing.TB) evalSet {
	tb.Helper()
	dir := filepath.Join("..", "..", "brain", "local", "testdata", "garden")
	return evalSet{name: "garden", knows: brain.Knowledge{
		Macros: readMacroFile(tb, filepath.Join(dir, "macros.jsonl")), Past: readRows(tb, filepath.Join(dir, "history.jsonl")),
	}, test: readRows(tb, filepath.Join(dir, "test.jsonl"))}
}

func publicSet(tb testing.TB, dir, name string) evalSet {
	tb.Helper()
	return evalSet{name: name, knows: brain.Knowledge{
		Macros: readMacroFile(tb, filepath.Join(dir, "macros."+name+".jsonl.gz")), Past: readRows(tb, filepath.Join(dir, name+".history.jsonl.gz")),
	}, test: readRows(tb, filepath.Join(dir, name+".test.jsonl.gz"))}
}

// forget takes some answers out of what a team knows: questions about them are out of scope from then on. It is the bad case
// of life: the customer asks in words that the team knows, about something it has no answer to.
func (s *evalSet) forget(n int, seed uint64) evalSet {
	var all []string
	for i := range s.knows.Past {
		all = append(all, s.knows.Past[i].Gold.AnswerID)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	rand.New(rand.NewPCG(seed, seed)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] }) //nolint:gosec // the same answers in every run
	gone := all[:n]
	out := evalSet{name: fmt.Sprintf("%s-%d", s.name, n)}
	for _, p := range s.knows.Past {
		if !slices.Contains(gone, p.Gold.AnswerID) {
			out.knows.Past = append(out.knows.Past, p)
		}
	}
	for _, m := range s.knows.Macros {
		if !slices.Contains(gone, m.ID) {
			out.knows.Macros = append(out.knows.Macros, m)
		}
	}
	for _, p := range s.test {
		if slices.Contains(gone, p.Gold.AnswerID) {
			p.Gold = brain.Gold{InScope: brain.Bool(false), Triggers: p.Gold.Triggers}
		}
		out.test = append(out.test, p)
	}
	return out
}

// answered is what a brain made of a set.
type answered struct {
	items []measure.Item
	ways  []escalate.Way
	took  sample
	built time.Duration
}

// answer asks a brain, as decide does, every question whose scope is known.
func (s *evalSet) answer(tb testing.TB) answered {
	tb.Helper()
	began := time.Now()
	b := s.brain(tb)
	out := answered{built: time.Since(began)}
	p := autoPolicy()
	for i := range s.test {
		row := &s.test[i]
		if row.Gold.InScope == nil {
			continue
		}
		t, now := asRead(row)
		start := time.Now()
		a, err := b.Assess(tb.Context(), now, t)
		out.took = append(out.took, time.Since(start))
		if err != nil {
			tb.Fatal(err)
		}
		it := measure.Item{P: measure.Unanswered, InScope: *row.Gold.InScope}
		if a.Answer != nil {
			it.P, it.Right = a.Confidence, it.InScope && a.Answer.ID == row.Gold.AnswerID
		}
		out.items = append(out.items, it)
		out.ways = append(out.ways, escalate.Decide(now, p, t, a, escalate.World{}).Way)
	}
	slices.Sort(out.took)
	return out
}

// auto is the share that the default policy answers once every topic is promoted, and the share of it that is wrong.
func (a *answered) auto() (share, wrong float64) {
	n, bad := 0, 0
	for i, w := range a.ways {
		if w == escalate.WayAuto {
			n++
			if !a.items[i].Right {
				bad++
			}
		}
	}
	return float64(n) / float64(len(a.ways)), float64(bad) / float64(max(1, n))
}

// signals asks a brain for one trigger on every row that is labelled with it.
func (s *evalSet) signals(tb testing.TB, kind escalate.TriggerKind) []measure.Signal {
	tb.Helper()
	b := s.brain(tb)
	var out []measure.Signal
	for i := range s.test {
		wanted, labelled := label(tb, &s.test[i], kind)
		if !labelled {
			continue
		}
		t, now := asRead(&s.test[i])
		a, err := b.Assess(tb.Context(), now, t)
		if err != nil {
			tb.Fatal(err)
		}
		said := measure.Signal{Wanted: wanted}
		for _, g := range a.Signals {
			if g.Kind == kind {
				said.Strength = max(said.Strength, g.Strength)
			}
		}
		out = append(out, said)
	}
	return out
}

// label is what people said of a trigger: true or false, or a list of topics.
func label(tb testing.TB, p *brain.Past, kind escalate.TriggerKind) (wanted, labelled bool) {
	tb.Helper()
	raw, ok := p.Gold.Triggers[string(kind)]
	if !ok || string(raw) == "null" {
		return false, false
	}
	var topics []string
	if json.Unmarshal(raw, &topics) == nil {
		return len(topics) > 0, true
	}
	if err := json.Unmarshal(raw, &wanted); err != nil {
		tb.Fatalf("%s of %s is labelled %s", kind, p.ID, raw)
	}
	return wanted, true
}
