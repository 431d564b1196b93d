package local_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

func newBrain(tb testing.TB, k brain.Knowledge) *local.Brain {
	tb.Helper()
	b, err := local.New(local.Options{Knowledge: k, Seed: "1", Team: "test"})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

func assess(tb testing.TB, b *local.Brain, tk *escalate.Ticket) escalate.Assessment {
	tb.Helper()
	a, err := b.Assess(context.Background(), time.Time{}, tk)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// ticket is a conversation; texts begin with their role's letter: "c: ", "a: ", "b: ", "p: ".
func ticket(texts ...string) *escalate.Ticket {
	roles := map[byte]escalate.Role{
		'c': escalate.RoleCustomer, 'a': escalate.RoleAgent, 'b': escalate.RoleBot, 'p': escalate.RoleParticipant,
	}
	t := &escalate.Ticket{ID: "t", Content: escalate.Content{Customer: escalate.Customer{Name: "Ina Berg", Email: "ina@kunde.example"}}}
	for i, s := range texts {
		t.Content.Messages = append(t.Content.Messages, escalate.Message{
			ID: escalate.MessageID(rune('1' + i)), Role: roles[s[0]], Text: s[3:], Public: true,
		})
	}
	return t
}

func signal(a escalate.Assessment, k escalate.TriggerKind) *escalate.Trigger {
	var best *escalate.Trigger
	for i := range a.Signals {
		if s := &a.Signals[i]; s.Kind == k && (best == nil || s.Strength > best.Strength) {
			best = s
		}
	}
	return best
}

func strength(a escalate.Assessment, k escalate.TriggerKind) float64 {
	if s := signal(a, k); s != nil {
		return s.Strength
	}
	return 0
}

func knowledge(tb testing.TB) brain.Knowledge {
	tb.Helper()
	var k brain.Knowledge
	var err [3]error
	k.Macros, err[0] = brain.ReadMacros(open(tb, "macros"))
	k.Articles, err[1] = brain.ReadArticles(open(tb, "articles"))
	k.Past, err[2] = brain.ReadTickets(open(tb, "history"))
	for _, e := range err {
		if e != nil {
			tb.Fatal(e)
		}
	}
	return k
}

func open(tb testing.TB, name string) *os.File {
	tb.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".jsonl"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { f.Close() })
	return f
}
