package llm_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain/llm"
)

// judged draws labels from known weights: what people say follows them exactly, but for chance.
func judged(n int, truth llm.Weights, seed uint64) []llm.Label {
	r := rand.New(rand.NewPCG(seed, 1))
	out := make([]llm.Label, n)
	for i := range out {
		l := llm.Label{Prior: 0.3 + 0.65*r.Float64()}
		z := math.Log(l.Prior / (1 - l.Prior))
		agree := float64(r.IntN(4)) / 3
		l.Features[0], l.Features[1] = agree, 1-agree
		for f := 3; f < len(l.Features); f++ {
			l.Features[f] = float64(r.IntN(4)) / 3
		}
		for f, x := range l.Features {
			z += truth[f] * x
		}
		l.Right = r.Float64() < 1/(1+math.Exp(-z))
		out[i] = l
	}
	return out
}

func loss(labels []llm.Label, w llm.Weights) float64 {
	sum := 0.0
	for _, l := range labels {
		z := math.Log(l.Prior / (1 - l.Prior))
		for f, x := range l.Features {
			z += w[f] * x
		}
		if !l.Right {
			z = -z
		}
		sum += math.Log1p(math.Exp(-z))
	}
	return sum / float64(len(labels))
}

func TestWeightsAreFoundAgainInWhatPeopleJudged(t *testing.T) {
	truth := llm.Weights{0.6, -1, -2.5, 0, -3, -0.2, -1.5}
	got, err := llm.Fit(judged(8000, truth, 1))
	if err != nil {
		t.Fatal(err)
	}
	for i := range truth {
		if i != 2 && math.Abs(got[i]-truth[i]) > 0.35 { // 2 never occurs in these labels
			t.Errorf("weight %d is %.2f, want %.2f", i, got[i], truth[i])
		}
	}
	if got[2] != llm.DefaultWeights[2] {
		t.Errorf("a feature that no label has moved to %v", got[2])
	}
	fresh := judged(4000, truth, 2)
	if before, after := loss(fresh, llm.DefaultWeights), loss(fresh, got); after >= before {
		t.Errorf("on labels that it has not seen the loss went from %.4f to %.4f", before, after)
	}
	again, err := llm.Fit(judged(8000, truth, 1))
	if err != nil || again != got {
		t.Errorf("the same labels gave %v and %v", got, again)
	}
}

func TestBelowFiftyLabelsNothingIsFitted(t *testing.T) {
	in(t, builtInSays(), func(w *world) {
		if err := w.Fit(judged(49, llm.DefaultWeights, 1)); !errors.Is(err, llm.ErrTooFew) || w.Weights() != llm.DefaultWeights {
			t.Errorf("%v, weights %v", err, w.Weights())
		}
		if err := w.Fit(judged(50, llm.DefaultWeights, 1)); err != nil || w.Weights() == llm.DefaultWeights {
			t.Errorf("%v, weights %v", err, w.Weights())
		}
	})
}

func TestFittingSurvivesLabelsThatAllAgree(t *testing.T) {
	labels := judged(200, llm.DefaultWeights, 3)
	for _, right := range []bool{true, false} {
		for i := range labels {
			labels[i].Right, labels[i].Prior = right, 0.999
		}
		w, err := llm.Fit(labels)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range w {
			if math.IsNaN(v) || math.Abs(v) > 50 {
				t.Errorf("all %v gave %v", right, w)
			}
		}
	}
}

func TestALabelIsMadeOfWhatTheAssessmentKept(t *testing.T) {
	in(t, sure(), func(w *world) {
		w.then(saysText(with(func(o *out) { o.Unsure = true })), says(good()))
		a := w.assess(ticket())
		l, ok := llm.LabelOf(&a, true)
		want := llm.Label{Prior: 0.97, Right: true, Features: llm.Features{1, 0, 0, 0, 0, 1.0 / 3, 0}}
		if diff := cmp.Diff(want, l); diff != "" || !ok {
			t.Error(diff)
		}
		plain := sure()
		if _, ok := llm.LabelOf(&plain, true); ok {
			t.Error("an answer that no model read is a label")
		}
	})
}

// However good the record: what a ticket's author may have told the model to say lifts the confidence by one unit at most.
func TestFittedWeightsLiftTheConfidenceALittleAtMost(t *testing.T) {
	a := sure()
	a.Confidence = 0.6
	in(t, a, func(w *world) {
		got := w.assess(ticket()).Confidence
		if most := 1 / (1 + math.Exp(-(math.Log(0.6/0.4) + 1))); math.Abs(got-most) > 1e-5 {
			t.Errorf("confidence %v, want %v", got, most)
		}
	}, func(o *llm.Options) { o.Weights = &llm.Weights{0: 40} })
	in(t, builtInSays(), func(w *world) {
		if got := w.assess(ticket()); got.Confidence > 0.5 || got.Answer.Text == prepared {
			t.Errorf("the model's own words have confidence %v: %+v", got.Confidence, got.Answer)
		}
	}, func(o *llm.Options) { o.Weights = &llm.Weights{0: 40} })
}

// Whatever the readings say, with the weights that ship the confidence is at most the built-in brain's.
func TestDefaultWeightsNeverRaiseTheConfidence(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		a := sure()
		a.Confidence = math.Round(r.Float64()*1e6) / 1e6
		in(t, a, func(w *world) {
			var script []reply
			for range 3 {
				script = append(script, saysText(with(func(o *out) {
					o.Answer = []string{"S1", "S2", "T1", "none", "S99"}[r.IntN(5)]
					o.Unsure = r.IntN(2) == 0
					if r.IntN(3) == 0 {
						o.Citations = nil
					}
				})))
			}
			w.then(script...)
			if got := w.assess(ticket()); got.Confidence > a.Confidence {
				t.Errorf("%v became %v: %+v", a.Confidence, got.Confidence, got.Factors)
			}
		})
	}
}
