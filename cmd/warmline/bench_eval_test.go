package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/simulate/measure"
)

// BenchmarkEval measures the brain on the public sets, the same binary and settings for all: make bench BENCH=Eval. It prints
// a table per task and fails for every floor that is missed. WARMLINE_EVAL names the folder of the sets, WARMLINE_PACK the
// semantic pack; WARMLINE_PLOTS one for pictures of the risk–coverage curves and of the calibration.
func BenchmarkEval(b *testing.B) {
	dir := evalSets(b)
	b.Run("answers", func(b *testing.B) { evalOnce(b, func() { evalAnswers(b, dir) }) })
	b.Run("semantic", func(b *testing.B) { pack := evalPack(b); evalOnce(b, func() { evalSemantic(b, dir, pack) }) })
	b.Run("triggers", func(b *testing.B) { evalOnce(b, func() { evalTriggers(b, dir) }) })
	b.Run("languages", func(b *testing.B) { evalOnce(b, func() { evalLanguages(b, dir) }) })
}

// evalOnce runs a measurement that says nothing new when it is repeated.
func evalOnce(b *testing.B, measure func()) {
	b.Helper()
	for n := 0; b.Loop(); n++ {
		if n == 0 {
			measure()
		}
	}
	b.ReportMetric(0, "ns/op") // not shown: how long the measuring takes says nothing
}

func evalAnswers(b *testing.B, dir string) {
	b.Helper()
	var floors []floor
	table := answersHead
	run := func(set evalSet, want ...func(a *answered) floor) {
		a := set.answer(b)
		table += a.row(set.name)
		for _, w := range want {
			f := w(&a)
			f.set = set.name
			floors = append(floors, f)
		}
		if to := os.Getenv("WARMLINE_PLOTS"); to != "" {
			plot(b, to, set.name, a.items)
		}
	}
	banking := publicSet(b, dir, "banking77")
	run(publicSet(b, dir, "clinc150"), eceFloor(0.055), accuracyFloor(0.925), aurcFloor(0.043), coverFloor(0.02, 0.61))
	run(banking, eceFloor(0.08), accuracyFloor(0.915), coverFloor(0.02, 0.84))
	run(banking.forget(19, 7), eceFloor(0.08), coverFloor(0.02, 0.41), coverFloor(0.05, 0.58))
	run(publicSet(b, dir, "banking77_oos"), eceFloor(0.08), aurcFloor(0.25), func(a *answered) floor {
		return floor{what: "correct auto at 5 %", got: measure.AtRisk(a.items, 0.05).CorrectAuto, want: 0.10}
	})
	for _, name := range []string{"hwu64", "dstc11_banking", "dstc11_insurance"} {
		run(publicSet(b, dir, name), eceFloor(0.08))
	}
	run(garden(b)) // its floors are held by TestOurOwnQuestionsAreAnswered
	fmt.Println("\n" + table)
	hold(b, floors)
}

// evalSemantic asks a brain that has the semantic pack as well.
func evalSemantic(b *testing.B, dir string, pack local.Encoder) {
	b.Helper()
	var floors []floor
	var table strings.Builder
	table.WriteString(answersHead)
	for _, c := range []struct {
		name string
		want []func(*answered) floor
	}{
		{"clinc150", []func(*answered) floor{accuracyFloor(0.945), aurcFloor(0.035), coverFloor(0.02, 0.70)}},
		{"banking77", []func(*answered) floor{accuracyFloor(0.93), coverFloor(0.02, 0.87)}},
		{"banking77_oos", nil},
		{"hwu64", nil},
	} {
		set := publicSet(b, dir, c.name)
		set.pack = pack
		a := set.answer(b)
		table.WriteString(a.row(c.name))
		for _, want := range c.want {
			f := want(&a)
			f.set = c.name + " semantic"
			floors = append(floors, f)
		}
	}
	fmt.Println("\n" + table.String())
	hold(b, floors)
}

func accuracyFloor(want float64) func(*answered) floor {
	return func(a *answered) floor { return floor{what: "accuracy", got: measure.Accuracy(a.items), want: want} }
}

func aurcFloor(want float64) func(*answered) floor {
	return func(a *answered) floor {
		return floor{what: "AURC", got: measure.AURC(a.items), want: want, atMost: true}
	}
}

func eceFloor(want float64) func(*answered) floor {
	return func(a *answered) floor {
		return floor{what: "ECE", got: measure.ECE(a.items), want: want, atMost: true}
	}
}

func coverFloor(risk, want float64) func(*answered) floor {
	return func(a *answered) floor {
		return floor{what: fmt.Sprintf("coverage at %.0f %%", 100*risk), got: measure.AtRisk(a.items, risk).Coverage, want: want}
	}
}

// evalTriggers runs sets that have a history with it, because it says which tickets had a trigger, and the others without.
func evalTriggers(b *testing.B, dir string) {
	b.Helper()
	var floors []floor
	var table strings.Builder
	table.WriteString("triggers          trigger        tickets wanted      P      R     F1     AP  false alarms per 1,000\n")
	bitext, banking := publicSet(b, dir, "bitext"), publicSet(b, dir, "banking77")
	nlupp := evalSet{name: "nlupp_banking", test: readRows(b, filepath.Join(dir, "nlupp_banking.all.jsonl.gz"))}
	emotions := evalSet{
		name:  "goemotions",
		knows: brain.Knowledge{Past: readRows(b, filepath.Join(dir, "goemotions.history.jsonl.gz"))},
		test:  readRows(b, filepath.Join(dir, "goemotions.test.jsonl.gz")),
	}
	tweets := evalSet{name: "tweeteval_emotion", test: readRows(b, filepath.Join(dir, "tweeteval_emotion.dev.jsonl.gz"))}
	for _, c := range []struct {
		set            evalSet
		kind           escalate.TriggerKind
		recall, f1, fa float64
	}{
		{nlupp, escalate.HumanRequest, 0.95, 0.90, 1},
		{bitext, escalate.HumanRequest, 0.95, 0.90, 1},
		{nlupp, escalate.HighRisk, 0.95, 0, 0.150},
		{bitext, escalate.HighRisk, 0.95, 0, 0.150},
		{banking, escalate.HighRisk, 0.95, 0, 0.150},
		{emotions, escalate.Anger, 0, 0.48, 1},
		{tweets, escalate.Anger, 0, 0.56, 1},
	} {
		said := c.set.signals(b, c.kind)
		n := measure.Count(said, escalate.FireStrength)
		fmt.Fprintf(&table, "%-17s %-14s %7d %6d  %.3f  %.3f  %.3f  %.3f  %6.1f\n", c.set.name, c.kind, len(said), n.Hits+n.Misses,
			n.Precision(), n.Recall(), n.F1(), measure.AveragePrecision(said), 1000*n.FalseAlarmRate())
		name := c.set.name + " " + string(c.kind)
		floors = append(floors,
			floor{name, "recall", n.Recall(), c.recall, false},
			floor{name, "F1", n.F1(), c.f1, false},
			floor{name, "false alarm rate", n.FalseAlarmRate(), c.fa, true})
	}
	fmt.Println("\n" + table.String())
	hold(b, floors)
}

// evalLanguages asks a brain that knows English only: which language it tells, and what becomes of the others.
func evalLanguages(b *testing.B, dir string) {
	b.Helper()
	own := garden(b)
	mind := own.brain(b)
	var table strings.Builder
	table.WriteString("languages        lang  tickets  told right  not answered by the AI\n")
	for _, name := range []string{"tobi_tickets.all", "uss_jddc.dev"} {
		type tally struct{ all, right, kept int }
		var langs []string
		count := map[string]*tally{}
		for _, row := range readRows(b, filepath.Join(dir, name+".jsonl.gz")) {
			t, now := asRead(&row)
			a, err := mind.Assess(b.Context(), now, t)
			if err != nil {
				b.Fatal(err)
			}
			c := count[row.Lang]
			if c == nil {
				c = &tally{}
				count[row.Lang] = c
				langs = append(langs, row.Lang)
			}
			c.all++
			if a.Lang == row.Lang {
				c.right++
			}
			if escalate.Decide(now, autoPolicy(), t, a, escalate.World{}).Way == escalate.WayEscalate {
				c.kept++
			}
		}
		set, _, _ := strings.Cut(name, ".")
		for _, l := range langs {
			c := count[l]
			fmt.Fprintf(&table, "%-16s %-4s %8d  %10.3f  %.3f\n", set, l, c.all, float64(c.right)/float64(c.all), float64(c.kept)/float64(c.all))
		}
	}
	fmt.Println("\n" + table.String())
}
