package local_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

const (
	lostParcel = "c: Where is my parcel? Order 49311"
	deadSensor = "c: The battery of my sensor does not charge any more"
)

// used is the one source that an answer's words come from.
func used(tb testing.TB, a escalate.Assessment) escalate.Source {
	tb.Helper()
	at := a.RestsOn()
	if len(at) != 1 {
		tb.Fatalf("the answer %+v rests on %v of %+v", a.Answer, at, a.Sources)
	}
	return a.Sources[at[0]]
}

func now(b *local.Brain, s escalate.Source) escalate.Source {
	return b.SourcesNow([]escalate.Source{s})[0]
}

func TestAnAnswerRestsOnTheTextThatItIsTakenFrom(t *testing.T) {
	b := newBrain(t, knowledge(t))
	for _, tc := range []struct{ asks, kind, id string }{
		{lostParcel, "macro", "track"},
		{"c: Wo bleibt meine Bestellung? Mein Paket ist noch nicht angekommen", "ticket", ""}, // the macro is in English alone
		{deadSensor, "ticket", ""},
	} {
		a := assess(t, b, ticket(tc.asks))
		s := used(t, a)
		if s.Kind != tc.kind || tc.id != "" && s.ID != tc.id || s.Version == "" || s.Lang != a.Lang {
			t.Errorf("%q in %s: rests on %+v", tc.asks, a.Lang, s)
		}
		if slices.ContainsFunc(a.Similar, func(o escalate.Source) bool { return o.Used }) {
			t.Errorf("%q: rests on what is only similar", tc.asks)
		}
		if got := now(b, s); got.Version != s.Version || got.Passage != s.Passage {
			t.Errorf("%q: it reads as %+v now, was %+v", tc.asks, got, s)
		}
	}
}

func TestARewrittenMacroIsAnotherVersionAndShowsWhatItSaysNow(t *testing.T) {
	was := used(t, assess(t, newBrain(t, knowledge(t)), ticket(lostParcel)))
	for name, tc := range map[string]struct {
		change  func(*brain.Macro)
		changed bool
	}{
		"its words":              {func(m *brain.Macro) { m.Body += " It takes nine days." }, true},
		"its title":              {func(m *brain.Macro) { m.Title = "Another title" }, false},
		"how its lines are laid": {func(m *brain.Macro) { m.Body = strings.ReplaceAll(m.Body, "\n", "\r\n") + "\n" }, false},
	} {
		k := knowledge(t)
		for i := range k.Macros {
			if k.Macros[i].ID == "track" {
				tc.change(&k.Macros[i])
			}
		}
		got := now(newBrain(t, k), was)
		if (got.Version != was.Version) != tc.changed || got.Version == "" {
			t.Errorf("%s: version %s, was %s", name, got.Version, was.Version)
		}
		if tc.changed && !strings.Contains(got.Passage, "It takes nine days.") {
			t.Errorf("%s: shows %q", name, got.Passage)
		}
	}
}

func TestAMacroThatIsGoneHasNoVersion(t *testing.T) {
	k := knowledge(t)
	was := used(t, assess(t, newBrain(t, k), ticket(lostParcel)))
	k.Macros = slices.DeleteFunc(k.Macros, func(m brain.Macro) bool { return m.ID == "track" })
	if got := now(newBrain(t, k), was); got.Version != "" || got.Passage != "" || got.Title != was.Title {
		t.Errorf("it reads as %+v", got)
	}
}

func TestAMacroOfTwoLanguagesIsComparedInItsOwn(t *testing.T) {
	k := knowledge(t)
	english := slices.IndexFunc(k.Macros, func(m brain.Macro) bool { return m.ID == "track" })
	k.Macros[english].Lang = "en"
	german := k.Macros[english]
	german.Lang, german.Body = "de", "Guten Tag {{customer_name}}, Ihr Paket ist unterwegs und kommt in zwei Tagen."
	k.Macros = append(k.Macros, german)
	was := used(t, assess(t, newBrain(t, k), ticket("c: Wo bleibt meine Bestellung? Mein Paket ist noch nicht angekommen")))
	if was.Lang != "de" || was.Kind != "macro" {
		t.Fatalf("rests on %+v", was)
	}
	k.Macros[english].Body += " Thank you."
	if got := now(newBrain(t, k), was); got.Version != was.Version {
		t.Errorf("the English text changed, and the German one counts as changed: %+v", got)
	}
	k.Macros[len(k.Macros)-1].Body += " Danke."
	if got := now(newBrain(t, k), was); got.Version == was.Version || !strings.HasSuffix(got.Passage, "Danke.") {
		t.Errorf("the German text changed, and reads as %+v", got)
	}
}

// What else is learned beside a past reply may make other words of it placeholders. Nobody said anything anew by that.
func TestExamplesThatAreAddedLeaveALearnedAnswersSourceAsItWas(t *testing.T) {
	b := newBrain(t, knowledge(t))
	before := assess(t, b, ticket(deadSensor))
	was := used(t, before)
	for i := range 12 {
		tk := ticket(deadSensor, fmt.Sprintf("a: Hi, please charge it for %d hours and write to us again on day %d.", i+3, i))
		tk.ID = escalate.TicketID(fmt.Sprintf("new-%d", i))
		tk.Content.Customer = escalate.Customer{Name: fmt.Sprintf("Customer %c", 'A'+i), Email: fmt.Sprintf("c%d@kunde.example", i)}
		if err := b.Learn(context.Background(), tk, before.Answer.ID); err != nil {
			t.Fatal(err)
		}
	}
	if got := now(b, was); got.Version != was.Version {
		t.Errorf("after twelve lessons: %+v, was %+v", got, was)
	}
	if err := b.Refit(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := now(b, was); got.Version != was.Version {
		t.Errorf("after a refit: %+v, was %+v", got, was)
	}
}

func TestAPastTicketThatIsLearnedAgainWithAnotherReplyHasChanged(t *testing.T) {
	b := newBrain(t, knowledge(t))
	a := assess(t, b, ticket(deadSensor))
	was := used(t, a)
	again := func(reply string) escalate.Source {
		tk := ticket(deadSensor, "a: "+reply)
		tk.ID = escalate.TicketID(was.ID)
		if err := b.Learn(context.Background(), tk, a.Answer.ID); err != nil {
			t.Fatal(err)
		}
		return now(b, was)
	}
	if got := again("We take it back. Please send it to us."); got.Version == was.Version || got.Version == "" || !strings.Contains(got.Passage, "send it to us") && !strings.Contains(got.Passage, "take it back") {
		t.Errorf("it reads as %+v, was %+v", got, was)
	}
	was.ID = "of no ticket"
	if got := now(b, was); got.Version != "" {
		t.Errorf("an unknown ticket has version %q", got.Version)
	}
}
