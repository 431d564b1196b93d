package desk

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

// policyStore is a store that holds a policy and nothing else.
type policyStore struct {
	policy *escalate.Policy
	err    error
}

func (s *policyStore) Update(context.Context, func(Tx) error) error {
	return errors.New("not for writing")
}

func (s *policyStore) View(_ context.Context, fn func(Tx) error) error { return fn(policyTx{store: s}) }

type policyTx struct {
	Tx

	store *policyStore
}

func (t policyTx) Policy(context.Context) (*escalate.Policy, error) {
	return t.store.policy, t.store.err
}

// gappy is a brain whose answer has two gaps, which it fills with what it is told.
type gappy struct {
	escalate.Assessment

	times int
}

func (b *gappy) Assess(_ context.Context, _ time.Time, t *escalate.Ticket) (escalate.Assessment, error) {
	b.times++
	a := b.Assessment
	answer := *a.Answer
	a.Answer, a.Confidence = &answer, 0.6
	for _, f := range t.Facts {
		answer.Text += " " + f.Words("en")
		answer.Facts = append(answer.Facts, f.Name)
		answer.Unfilled = slices.DeleteFunc(slices.Clone(answer.Unfilled), func(u string) bool { return u == f.Name })
	}
	if len(answer.Unfilled) == 0 {
		a.Confidence = 0.95
	}
	return a, nil
}

// scripted is a look-up that says what it is given, or fails.
type scripted struct {
	facts []escalate.Fact
	err   error
	asked []FactQuery
}

func (f *scripted) Facts(_ context.Context, q FactQuery) ([]escalate.Fact, error) {
	f.asked = append(f.asked, q)
	return f.facts, f.err
}

var shipped = []escalate.Fact{
	{Name: "order_status", Type: escalate.FactText, Value: "shipped"}, {Name: "delivery_date", Type: escalate.FactDate, Value: "2026-03-05"},
}

// informed returns a brain with gaps, its look-up, and a ticket to read.
func informed() (*Informed, *gappy, *scripted, *escalate.Ticket) {
	brain := &gappy{Assessment: escalate.Assessment{
		Lang: "en", Orders: []string{"4711"}, Answer: &escalate.Answer{ID: "track", Text: "It is", Unfilled: []string{"order_status", "delivery_date"}},
		Sources: []escalate.Source{{ID: "track", Kind: "macro"}},
	}}
	facts := &scripted{facts: shipped}
	t := &escalate.Ticket{ID: "t1", Ref: escalate.Ref{Desk: "main", ID: "17"}, Content: escalate.Content{
		Customer: escalate.Customer{Name: "Ina", Email: "ina@shop.example"},
		Messages: []escalate.Message{{ID: "m1", Role: escalate.RoleCustomer, Public: true, Text: "Where is order 4711?", At: noon}},
	}}
	return &Informed{
		Brain: brain, Facts: facts, Store: &policyStore{policy: escalate.DefaultPolicy()}, Logger: slog.New(slog.DiscardHandler),
		NewToken: func() string { return "salt" },
	}, brain, facts, t
}

func TestWhatAnAnswerLacksIsAskedForAndCited(t *testing.T) {
	b, _, facts, tk := informed()
	a, err := b.Assess(t.Context(), noon, tk)
	if err != nil || a.Answer.Text != "It is shipped 5 March 2026" || a.Confidence != 0.95 {
		t.Fatalf("%+v with confidence %v, %v", a.Answer, a.Confidence, err)
	}
	want := []FactQuery{{Email: "ina@shop.example", Ticket: "17", Want: []string{"order_status", "delivery_date"}, Mentioned: []string{"4711"}}}
	if diff := cmp.Diff(want, facts.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	cited := escalate.Source{
		ID: "lookup", Kind: "lookup", Title: "What was looked up of the customer", Score: 1,
		Passage: "order status: shipped\ndelivery date: 2026-03-05", Version: "salt:" + escalate.HashFacts("salt", shipped),
	}
	if diff := cmp.Diff([]escalate.Source{{ID: "track", Kind: "macro"}, cited}, a.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	kept := &escalate.Lookup{Asked: want[0].Want, Used: want[0].Want, Hash: escalate.HashFacts("salt", shipped)}
	if diff := cmp.Diff(kept, a.Lookup); diff != "" {
		t.Errorf("kept with the decision (-want +got):\n%s", diff)
	}
	if tk.Facts != nil {
		t.Error("the ticket itself was given the facts")
	}
}

func TestALookUpThatFailsLeavesTheGapsAndSaysSo(t *testing.T) {
	for name, tc := range map[string]struct {
		facts []escalate.Fact
		err   error
		fault string
		left  []string
	}{
		"it fails":            {nil, errors.New("HTTP 503"), lookupFailed, []string{"order_status", "delivery_date"}},
		"it knows nobody":     {nil, nil, "", []string{"order_status", "delivery_date"}},
		"it knows one of two": {shipped[:1], nil, "", []string{"delivery_date"}},
	} {
		b, _, facts, tk := informed()
		facts.facts, facts.err = tc.facts, tc.err
		a, err := b.Assess(t.Context(), noon, tk)
		if err != nil || a.Lookup == nil || a.Lookup.Fault != tc.fault || a.Confidence != 0.6 {
			t.Errorf("%s: %+v with confidence %v, %v", name, a.Lookup, a.Confidence, err)
		}
		if diff := cmp.Diff(tc.left, a.Answer.Unfilled); diff != "" {
			t.Errorf("%s: unfilled (-want +got):\n%s", name, diff)
		}
	}
}

func TestNothingIsAskedWhereNothingMayOrNeedBe(t *testing.T) {
	fires := func(k escalate.TriggerKind) func(*Informed, *gappy, *escalate.Ticket) {
		return func(_ *Informed, g *gappy, _ *escalate.Ticket) {
			g.Signals = []escalate.Trigger{{Kind: k, Strength: escalate.FireStrength}}
		}
	}
	for name, change := range map[string]func(*Informed, *gappy, *escalate.Ticket){
		"somebody in danger": fires(escalate.Safety),
		"orders to the AI":   fires(escalate.Suspicious),
		"orders to the AI, where that trigger is off": func(b *Informed, g *gappy, tk *escalate.Ticket) {
			fires(escalate.Suspicious)(b, g, tk)
			b.Store.(*policyStore).policy.Triggers.Off = []escalate.TriggerKind{escalate.Suspicious}
		},
		"somebody else writes": fires(escalate.Participant),
		"a person is wanted":   fires(escalate.HumanRequest),
		"an exclusion": func(b *Informed, _ *gappy, tk *escalate.Ticket) {
			b.Store.(*policyStore).policy.Exclusions = []escalate.Exclusion{{ID: "x", Tag: "press"}}
			tk.Content.Tags = []string{"press"}
		},
		"no policy":          func(b *Informed, _ *gappy, _ *escalate.Ticket) { b.Store.(*policyStore).err = ErrNotFound },
		"no address":         func(_ *Informed, _ *gappy, tk *escalate.Ticket) { tk.Content.Customer.Email = "" },
		"a chat":             func(_ *Informed, _ *gappy, tk *escalate.Ticket) { tk.Content.Channel = "chat" },
		"a machine's mail":   func(_ *Informed, g *gappy, _ *escalate.Ticket) { g.Automatic = true },
		"a thank-you":        func(_ *Informed, g *gappy, _ *escalate.Ticket) { g.Thanks = true },
		"no gap":             func(_ *Informed, g *gappy, _ *escalate.Ticket) { g.Answer.Unfilled = nil },
		"a template's blank": func(_ *Informed, g *gappy, _ *escalate.Ticket) { g.Answer.Unfilled = []string{"date", "customer_name"} },
	} {
		b, brain, facts, tk := informed()
		change(b, brain, tk)
		a, err := b.Assess(t.Context(), noon, tk)
		if err != nil || a.Lookup != nil || len(facts.asked) > 0 || brain.times != 1 {
			t.Errorf("%s: asked %+v after %d readings, %v", name, facts.asked, brain.times, err)
		}
	}
}

func TestFactsThatKeepChangingGoToAPerson(t *testing.T) {
	b, _, facts, tk := informed()
	for _, why := range []string{movedFacts, "superseded", movedLookup} {
		tk.Replies = append(tk.Replies, escalate.Reply{ID: escalate.ReplyID(why), State: escalate.ReplyWithdrawn, Newest: "m1", Detail: why})
		a, err := b.Assess(t.Context(), noon, tk)
		steady := len(tk.Replies) < 3
		if err != nil || (a.Lookup.Fault == "") != steady || (len(a.Answer.Unfilled) == 0) != steady {
			t.Errorf("withdrawn %d times: %+v, unfilled %v, %v", len(tk.Replies), a.Lookup, a.Answer.Unfilled, err)
		}
	}
	if len(facts.asked) != 2 {
		t.Errorf("asked %d times", len(facts.asked))
	}
	tk.Content.Messages = append(tk.Content.Messages, escalate.Message{ID: "m2", Role: escalate.RoleCustomer, Public: true, At: noon})
	if a, err := b.Assess(t.Context(), noon, tk); err != nil || a.Lookup.Fault != "" {
		t.Errorf("of another message: %+v, %v", a.Lookup, err)
	}
}

func TestWhyTellsWhatWasLookedUp(t *testing.T) {
	for want, l := range map[string]escalate.Lookup{
		"asked for a, b: " + lookupFailed:                         {Asked: []string{"a", "b"}, Fault: lookupFailed},
		"asked for a: nothing is known that the answer could use": {Asked: []string{"a"}},
		"asked for a, b; the answer rests on b":                   {Asked: []string{"a", "b"}, Used: []string{"b"}},
	} {
		if got := lookupWords(&l); got != want {
			t.Errorf("%+v reads %q", l, got)
		}
	}
}
