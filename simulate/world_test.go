package simulate_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/brain"
	"warmline/escalate"
	"warmline/simulate"
)

var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// world makes an invented team's past: every answer has words of its own, and shares some with its neighbour.
type world struct {
	answers, rows int
	dated         bool
	seed          uint64
}

func (w world) past() []brain.Past {
	r := rand.New(rand.NewPCG(w.seed, 7))
	filler := strings.Fields("hello please could you tell me about the thing today because i really need it soon thanks")
	var out []brain.Past
	for i := range w.rows {
		a := r.IntN(w.answers)
		var words []string
		for range 3 + r.IntN(4) {
			of := a
			if r.IntN(60) == 0 {
				of = (a + 1) % w.answers
			}
			words = append(words, word(of, r.IntN(9)))
		}
		for range 3 {
			words = append(words, filler[r.IntN(len(filler))])
		}
		r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		p := solved(fmt.Sprintf("t%05d", i), strings.Join(words, " "), fmt.Sprintf("answer-%02d", a))
		p.Content.Category = fmt.Sprintf("topic-%d", a%3)
		if w.dated {
			p.Created = began.Add(time.Duration(i) * time.Hour)
		}
		out = append(out, p)
	}
	return out
}

// word makes the nth word of an answer, of letters alone: numbers are all alike to a comparison.
func word(answer, n int) string {
	const letters = "bcdfghklmnprstvz"
	return string([]byte{letters[answer%16], 'a', letters[answer/16%16], 'o', letters[n%16], 'e'})
}

func solved(id, question, answer string) brain.Past {
	return brain.Past{
		ID: id, Gold: brain.Gold{AnswerID: answer},
		Content: escalate.Content{
			Channel: "email", Customer: escalate.Customer{Name: "Kim", Email: "kim@postbox.example"},
			Messages: []escalate.Message{
				{ID: "0", Role: escalate.RoleCustomer, Text: question, Public: true},
				{ID: "1", Role: escalate.RoleAgent, Text: "the person's words for " + answer, Public: true},
			},
		},
	}
}

// counter is a brain that counts which words went with which answer.
type counter struct {
	words map[string]map[string]int
	k     brain.Knowledge
	watch func(k *brain.Knowledge, t *escalate.Ticket)
}

func (c *counter) learn() {
	c.words = map[string]map[string]int{}
	for i := range c.k.Past {
		p := &c.k.Past[i]
		if p.Gold.AnswerID == "" {
			continue
		}
		for w := range strings.FieldsSeq(p.Content.Messages[0].Text) {
			if c.words[w] == nil {
				c.words[w] = map[string]int{}
			}
			c.words[w][p.Gold.AnswerID]++
		}
	}
}

func (c *counter) Assess(_ context.Context, _ time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	if c.watch != nil {
		c.watch(&c.k, t)
	}
	votes := map[string]float64{}
	n := 0.0
	for w := range strings.FieldsSeq(t.Content.Messages[0].Text) {
		all, most := 0, 0
		for _, k := range c.words[w] {
			all, most = all+k, max(most, k)
		}
		if 3*most < all {
			continue // said whatever is asked
		}
		n++
		for a, k := range c.words[w] {
			votes[a] += float64(k) / float64(all)
		}
	}
	names := make([]string, 0, len(votes))
	for a := range votes {
		names = append(names, a)
	}
	slices.Sort(names)
	best := ""
	for _, a := range names {
		if best == "" || votes[a] > votes[best] {
			best = a
		}
	}
	a := escalate.Assessment{Topic: t.Content.Category, Confidence: votes[best] / (n + 0.1) * min(1, n/5), Lang: "en"}
	if best != "" {
		a.Answer = &escalate.Answer{ID: best, Text: "the text of " + best}
		a.Sources = []escalate.Source{{ID: best, Kind: "macro", Title: "About " + best, Passage: "a passage of " + best}}
	}
	return a, nil
}

func buildCounter(watch func(k *brain.Knowledge, t *escalate.Ticket)) func(context.Context, brain.Knowledge) (simulate.Brain, error) {
	return func(_ context.Context, k brain.Knowledge) (simulate.Brain, error) {
		c := &counter{k: k, watch: watch}
		c.learn()
		return c, nil
	}
}

func run(t *testing.T, o simulate.Options) *simulate.Result {
	t.Helper()
	if o.Build == nil {
		o.Build = buildCounter(nil)
	}
	r, err := simulate.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// watcher collects what brains saw that they must not see.
type watcher struct {
	mu     sync.Mutex
	faults []string
	calls  int
}

func (w *watcher) check(bad bool, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if bad {
		w.faults = append(w.faults, fmt.Sprintf(format, args...))
	}
}

func (w *watcher) report(t *testing.T) {
	t.Helper()
	if w.calls == 0 {
		t.Error("no brain was asked")
	}
	for _, f := range w.faults[:min(len(w.faults), 5)] {
		t.Error(f)
	}
}
