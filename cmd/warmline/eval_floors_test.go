package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/group"
	"warmline/simulate/measure"
)

// floor is a figure that has to be reached.
type floor struct {
	set, what string
	got, want float64
	atMost    bool // else at least
}

func (f *floor) missed() bool {
	if f.atMost {
		return f.got > f.want
	}
	return f.got < f.want
}

// hold prints the floors that are missed, each with its gap, and fails for them.
func hold(tb testing.TB, floors []floor) {
	tb.Helper()
	for _, f := range floors {
		if f.missed() {
			side := "at least"
			if f.atMost {
				side = "at most"
			}
			tb.Errorf("%-16s %-22s %.4f, must be %s %.4f: off by %.4f", f.set, f.what, f.got, side, f.want, max(f.got-f.want, f.want-f.got))
		}
	}
}

const answersHead = "answers           tickets   oos   acc    AURC   cov@1  cov@2  cov@5 cov@10  cor@1  cor@2  cor@5 cor@10  oos@2  oos@5    ECE  Brier   auto  wrong     p50     p99  built\n"

// row is a set's line of the table: coverage and correct automation at 1, 2, 5 and 10 % wrong, what was answered of the
// out-of-scope questions at 2 and 5 %, calibration, what the default policy does, and how long it takes.
func (a *answered) row(name string) string {
	outside := 0
	for _, it := range a.items {
		if !it.InScope {
			outside++
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-16s %8d %5d  %.3f  %.4f", name, len(a.items), outside, measure.Accuracy(a.items), measure.AURC(a.items))
	risks := []float64{0.01, 0.02, 0.05, 0.10}
	for _, r := range risks {
		fmt.Fprintf(&b, "  %.3f", measure.AtRisk(a.items, r).Coverage)
	}
	for _, r := range risks {
		fmt.Fprintf(&b, "  %.3f", measure.AtRisk(a.items, r).CorrectAuto)
	}
	share, wrong := a.auto()
	fmt.Fprintf(&b, "  %.3f  %.3f  %.3f  %.3f  %.3f  %.3f  %5.2fms  %5.2fms  %4.1fs\n",
		measure.AtRisk(a.items, 0.02).OutOfScope, measure.AtRisk(a.items, 0.05).OutOfScope, measure.ECE(a.items), measure.Brier(a.items),
		share, wrong, ms(a.took.quantile(0.5)), ms(a.took.quantile(0.99)), a.built.Seconds())
	return b.String()
}

// TestOurOwnQuestionsAreAnswered keeps the suite meaningful where the public sets are not at hand. The floors lie a little
// below what was reached: each of the 28 answers was asked for in twelve ways, and the test asks in others; a fifth of it is
// about things that nobody has answered.
func TestOurOwnQuestionsAreAnswered(t *testing.T) {
	set := garden(t)
	if len(set.knows.Past) < 300 || len(set.knows.Macros) < 25 {
		t.Fatalf("%d solved tickets over %d answers", len(set.knows.Past), len(set.knows.Macros))
	}
	a := set.answer(t)
	t.Log("\n" + answersHead + a.row(set.name))
	_, wrong := a.auto()
	at := measure.AtRisk(a.items, 0.10)
	hold(t, []floor{
		{set.name, "accuracy", measure.Accuracy(a.items), 0.55, false},
		{set.name, "AURC", measure.AURC(a.items), 0.30, true},
		{set.name, "correct auto at 10 %", at.CorrectAuto, 0.17, false},
		{set.name, "out of scope at 10 %", at.OutOfScope, 0.05, true},
		{set.name, "ECE", measure.ECE(a.items), 0.10, true},
		{set.name, "wrong of what is sent", wrong, 0.05, true},
	})
}

// A team's export says nowhere which answer a ticket got. Told from the replies, the answers are the same.
func TestAHistoryWithoutLabelsDecidesAsOneWithThem(t *testing.T) {
	labelled := garden(t)
	bare := garden(t)
	for i := range bare.knows.Past {
		bare.knows.Past[i].Gold = brain.Gold{}
	}
	bare.knows = group.Answers(bare.knows)
	if diff := cmp.Diff(labelled.answer(t).items, bare.answer(t).items); diff != "" {
		t.Error(diff)
	}
}

func TestAFloorIsMissedOnItsOwnSideOnly(t *testing.T) {
	for f, want := range map[floor]bool{
		{got: 0.9, want: 0.8}: false, {got: 0.7, want: 0.8}: true,
		{got: 0.9, want: 0.8, atMost: true}: true, {got: 0.8, want: 0.8, atMost: true}: false,
	} {
		if f.missed() != want {
			t.Errorf("%+v missed: %v", f, !want)
		}
	}
}

func TestWhatIsForgottenIsOutOfScope(t *testing.T) {
	set := garden(t)
	less := set.forget(7, 7)
	known := map[string]bool{}
	for i := range less.knows.Past {
		known[less.knows.Past[i].Gold.AnswerID] = true
	}
	for _, m := range less.knows.Macros {
		known[m.ID] = true
	}
	if len(known) != 21 || len(less.test) != len(set.test) {
		t.Fatalf("%d answers are left, %d questions", len(known), len(less.test))
	}
	for i, p := range less.test {
		if id := set.test[i].Gold.AnswerID; p.Unanswerable() == known[id] || known[id] && p.Gold.AnswerID != id {
			t.Errorf("question %s for %q: %+v", p.ID, id, p.Gold)
		}
	}
	again := set.forget(7, 7)
	for i := range again.knows.Past {
		if again.knows.Past[i].ID != less.knows.Past[i].ID {
			t.Fatal("the same seed forgets something else")
		}
	}
}
