package simulate

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"warmline/escalate"
)

// invented draws the rows of a simulation from a world whose rates are known: confidence c is right with its own chance, and
// each left-out answer is accepted with a chance of its own, as in life.
func invented(r *rand.Rand, known, answers, each int) []Row {
	var rows []Row
	row := func(group string, isKnown, right bool, confidence float64) {
		rows = append(rows, Row{
			ID: fmt.Sprintf("t%d", len(rows)), Known: isKnown, Judged: true, Right: right, Left: !isKnown, Confidence: confidence, Answer: "a",
			group: group, seen: escalate.Assessment{Answer: &escalate.Answer{ID: "a"}, Confidence: confidence},
		})
	}
	for range known {
		c := r.Float64()
		row("", true, r.Float64() < rightAt(c), c)
	}
	for a := range answers {
		pull := 0.0 // whether this answer's questions look like others'
		if r.Float64() < pulled {
			pull = 1
		}
		for range each {
			row(fmt.Sprintf("a%d", a), false, false, unknownAt(r.Float64(), pull))
		}
	}
	return rows
}

// pulled is how many of the left-out answers look like others: all of their questions do, as in life.
const pulled = 0.1

func rightAt(c float64) float64 { return 1 - 0.15*(1-c) }

// unknownAt is the confidence of an unknown question, never high unless its answer looks like others.
func unknownAt(u, pull float64) float64 { return u * max(pull, 0.3) }

// trueRate is the wrong-answer rate of that world from a threshold above 0.3 on.
func trueRate(from, share float64) float64 {
	const steps = 2000
	answered, wrong := 0.0, 0.0
	for i := range steps {
		if c := (float64(i) + 0.5) / steps; c >= from {
			answered += (1 - share) / steps
			wrong += (1 - share) / steps * (1 - rightAt(c))
		}
	}
	slipped := share * pulled * (1 - from)
	return (wrong + slipped) / (answered + slipped)
}

// What is promised on a draw of a world must hold in that world, for any share of new questions that it is promised for.
func TestPromisesHoldInTheWorldTheyWereMadeIn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	const worlds = 100
	for _, share := range []float64{0.1, 0.2, 0.3} {
		broken, made := 0, 0
		for range worlds {
			res := &Result{Rows: invented(r, 2000, 50, 40)}
			v := res.view(promoted())
			p := v.keep(v.rows, share, share, 0.05)
			if !p.OK || p.From <= 0.3 {
				continue
			}
			made++
			if trueRate(p.From, share) > 0.05 {
				broken++
			}
			if p.Rate.High > 0.05 || p.Tried == 0 || p.Auto <= 0 {
				t.Fatalf("promise %+v", p)
			}
		}
		// A promise may fail in 5 of 100 worlds, with room for the luck of the draw. Where questions were counted one by one, and
		// not by left-out answer, 9 failed at a share of 0.3.
		if broken > 7 || share == 0.1 && made < worlds/4 {
			t.Errorf("share %v: %d of %d promises were broken", share, broken, made)
		}
	}
}

func TestAPromiseThatCannotBeMadeSaysWhatIsMissing(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	few := &Result{Rows: invented(r, 60, 10, 6)}
	v := few.view(promoted())
	if p := v.keep(v.rows, 0.2, 0.2, 0.05); p.OK || p.From != 1 || p.Rate.High != 1 || p.Missing == 0 {
		t.Errorf("of 120 rows: %+v", p)
	}
	wrong := &Result{Rows: invented(r, 1000, 20, 20)}
	for i := range wrong.Rows {
		wrong.Rows[i].Right = i%2 == 0 && wrong.Rows[i].Known
	}
	v = wrong.view(promoted())
	if p := v.keep(v.rows, 0.2, 0.2, 0.02); p.OK || p.Missing != -1 {
		t.Errorf("half of the answers are wrong: %+v", p)
	}
	none := (&Result{}).view(promoted())
	if p := none.keep(none.rows, 0.3, 0.3, 0.1); p.OK || p.From != 1 {
		t.Errorf("of nothing: %+v", p)
	}
}

// Without unknown questions on record nothing can be said about them, and nothing is.
func TestNoPromiseWithoutHavingSeenUnknownQuestions(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	res := &Result{Rows: invented(r, 3000, 0, 0)}
	for i := range res.Rows {
		res.Rows[i].Right = true
	}
	v := res.view(promoted())
	if p := v.keep(v.rows, 0.1, 0.1, 0.1); p.OK {
		t.Errorf("promise %+v", p)
	}
	if p := v.keep(v.rows, 0, 0, 0.1); !p.OK {
		t.Errorf("of 3,000 right answers and no question new: %+v", p)
	}
}

func TestATopicThatBreaksTheBudgetIsHeldAtDraft(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	res := &Result{Rows: invented(r, 6000, 60, 20), Share: Share{Expected: 0.1, Promised: 0.1}, policy: promoted(), budget: 0.1}
	for i := range res.Rows {
		row := &res.Rows[i]
		switch {
		case i%10 == 0:
			row.Topic, row.Right = "bad", row.Right && i%20 == 0
		case i%250 == 1:
			row.Topic = "rare"
		default:
			row.Topic = "good"
		}
		row.seen.Topic = row.Topic
	}
	rec := res.Recommend(0.1)
	advice := map[string]string{}
	for _, a := range rec.Topics {
		advice[a.Topic] = a.Advice
	}
	if advice["bad"] != AdviceDraft || advice["good"] != AdviceOwn || advice["rare"] != AdviceAll {
		t.Errorf("advice %v", rec.Topics)
	}
	if rec.Total.High > 0.1 || rec.Auto <= 0 {
		t.Errorf("all together %+v, %v answered", rec.Total, rec.Auto)
	}
	next, err := rec.Apply(escalate.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if th, stage := next.For("good"); stage != escalate.StageAuto || th.Auto >= 0.95 || th.Draft > th.Auto {
		t.Errorf("good: %+v at %s", th, stage)
	}
	if _, stage := next.For("bad"); stage != escalate.StageDraft {
		t.Errorf("bad stands at %s", stage)
	}
	if th, stage := next.For("rare"); stage != escalate.StageAuto || th.Auto != rec.All.From {
		t.Errorf("rare: %+v at %s, all from %v", th, stage, rec.All.From)
	}
}
