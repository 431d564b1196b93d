package local_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"testing/synctest"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

// judgedAs makes n outcomes at a confidence of which a share was right.
func judgedAs(n int, p, right float64) []escalate.Outcome {
	out := make([]escalate.Outcome, n)
	for i := range out {
		out[i] = escalate.Outcome{Confidence: p, Right: float64(i) < right*float64(n)}
	}
	return out
}

const pairing = "c: My new sensor does not pair with the hub, the light stays red."

func TestConfidenceMovesToHowPeopleJudge(t *testing.T) {
	b := newBrain(t, knowledge(t))
	before := assess(t, b, ticket(pairing))
	if raw, ok := local.Uncorrected(&before); !ok || raw != before.Confidence {
		t.Fatalf("uncorrected %v, %v; confidence %v", raw, ok, before.Confidence)
	}
	past := b.Outcomes("")
	if !b.Recalibrate(judgedAs(2000, before.Confidence, 0.5)) {
		t.Fatal("2,000 judgements correct nothing")
	}
	after := assess(t, b, ticket(pairing))
	if after.Confidence < 0.4 || after.Confidence > 0.6 {
		t.Errorf("half were right, and confidence goes from %v to %v", before.Confidence, after.Confidence)
	}
	if raw, ok := local.Uncorrected(&after); !ok || raw != before.Confidence {
		t.Errorf("uncorrected %v, %v; it was %v", raw, ok, before.Confidence)
	}
	if f := after.Factors[len(after.Factors)-1]; f.Name != "judgements" || f.Pull > -0.1 {
		t.Errorf("nothing says why: %+v", f)
	}
	lower := 0
	for i, o := range b.Outcomes("") {
		if o.Right != past[i].Right || o.Confidence > past[i].Confidence && past[i].Confidence > 0.6 {
			t.Fatalf("what came of the past went from %+v to %+v", past[i], o)
		}
		if o.Confidence < past[i].Confidence {
			lower++
		}
	}
	if lower == 0 {
		t.Error("the past is foretold as before")
	}
	b.Recalibrate(judgedAs(99, before.Confidence, 0.5))
	if a := assess(t, b, ticket(pairing)); a.Confidence != before.Confidence {
		t.Errorf("confidence %v with 99 judgements, it was %v without", a.Confidence, before.Confidence)
	}
}

func TestOnlyTheNewestJudgementsCount(t *testing.T) {
	b := newBrain(t, knowledge(t))
	p := assess(t, b, ticket(pairing)).Confidence
	b.Recalibrate(judgedAs(2000, p, 0.5))
	want := assess(t, b, ticket(pairing)).Confidence
	b.Recalibrate(append(judgedAs(2000, p, 0.5), judgedAs(3000, p, 0)...))
	if got := assess(t, b, ticket(pairing)).Confidence; got != want {
		t.Errorf("confidence %v with old judgements, %v without", got, want)
	}
}

func TestACorrectionKeepsTheOrderOfAnswersAndTheCap(t *testing.T) {
	k := knowledge(t)
	plain, kind := newBrain(t, k), newBrain(t, k)
	kind.Recalibrate(judgedAs(2000, 0.3, 1)) // people like whatever they see
	for i := range k.Past {
		was, is := assess(t, plain, k.Past[i].Ticket()), assess(t, kind, k.Past[i].Ticket())
		if is.Confidence < min(was.Confidence, 0.9) || is.Confidence >= 1 {
			t.Fatalf("confidence went from %v to %v", was.Confidence, is.Confidence)
		}
	}
	k.Past = k.Past[:20]
	small := newBrain(t, k)
	if small.Recalibrate(judgedAs(2000, 0.3, 1)) {
		t.Error("a brain without heads was corrected")
	}
	if a := assess(t, small, ticket(pairing)); a.Confidence > 0.6 {
		t.Errorf("confidence %v with twenty tickets", a.Confidence)
	}
}

func TestACorrectionIsKeptWithTheModelAndOutlivesARefit(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	b.Recalibrate(judgedAs(400, 0.9, 0.5))
	loaded, err := local.New(local.Options{Knowledge: k, Seed: "1", Model: readModel(t, marshal(t, b.Model()))})
	if err != nil {
		t.Fatal(err)
	}
	wantSame(t, b, loaded, k.Past)
	if err := loaded.Refit(context.Background()); err != nil {
		t.Fatal(err)
	}
	wantSame(t, b, loaded, k.Past)
	if !bytes.Equal(marshal(t, b.Model()), marshal(t, loaded.Model())) {
		t.Error("a refit on the same knowledge is another model")
	}
}

func TestWhatIsLearnedDuringARefitIsKnownAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBrain(t, knowledge(t))
		done := make(chan error, 1)
		go func() { done <- b.Refit(context.Background()) }()
		const ask = "Does the hub speak Zigbee?"
		solved := ticket("c: "+ask, "a: Hi Ina,\n\nyes, the hub speaks Zigbee.")
		solved.ID = "new"
		if err := b.Learn(context.Background(), solved, "zigbee"); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if a := assess(t, b, ticket("c: "+ask)); a.Answer == nil || a.Answer.ID != "zigbee" {
			t.Errorf("answer %+v", a.Answer)
		}
	})
}

func TestARefitThatIsGivenUpChangesNothing(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	kept := marshal(t, b.Model())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := b.Refit(ctx); err == nil {
		t.Fatal("it went on")
	}
	if !bytes.Equal(kept, marshal(t, b.Model())) {
		t.Error("the model is another one")
	}
}

// TestEvalJudged measures the calibration error after 500 judgements. They come from the rows for development, and as many of them
// ask what nothing on file answers as in the test: people judge the stream that they live in. Drawn as the rows for development
// are, of which far fewer ask that, they cannot know of the rest; that figure is only logged.
func TestEvalJudged(t *testing.T) {
	dir := evalDir(t)
	for _, set := range []string{"clinc150", "banking77", "banking77_oos", "hwu64"} {
		t.Run(set, func(t *testing.T) {
			macros, err := brain.ReadMacros(unzip(t, filepath.Join(dir, "macros."+set+".jsonl.gz")))
			if err != nil {
				t.Fatal(err)
			}
			b, err := local.New(local.Options{Knowledge: brain.Knowledge{Macros: macros, Past: readSet(t, dir, set+".history")}, Seed: "1"})
			if err != nil {
				t.Fatal(err)
			}
			judged, test := readSet(t, dir, set+".dev"), readSet(t, dir, set+".test")
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(judged), func(i, j int) { judged[i], judged[j] = judged[j], judged[i] })
			const labels = 500
			strange := labels * unanswerable(test) / len(test)
			before := errorOn(t, b, test)
			b.Recalibrate(judgements(t, b, judged, labels*unanswerable(judged)/len(judged), labels))
			asDrawn := errorOn(t, b, test)
			b.Recalibrate(judgements(t, b, judged, strange, labels))
			after := errorOn(t, b, test)
			t.Logf("%-14s ECE %.4f, after %d judgements %.4f (%.4f with the out-of-scope share of development)", set, before, labels, after, asDrawn)
			if after > 0.03 {
				t.Errorf("calibration error %.4f after %d judgements, want at most 0.03", after, labels)
			}
		})
	}
}

func unanswerable(rows []brain.Past) (n int) {
	for i := range rows {
		if rows[i].Unanswerable() {
			n++
		}
	}
	return n
}

func errorOn(t *testing.T, b *local.Brain, rows []brain.Past) float64 {
	t.Helper()
	scores, _, _ := answerAll(t, b, rows)
	return calibrationError(scores)
}

// judgements judges the first n rows, of which so many shall have no answer on file.
func judgements(t *testing.T, b *local.Brain, rows []brain.Past, strange, n int) []escalate.Outcome {
	t.Helper()
	left := map[bool]int{true: strange, false: n - strange}
	var out []escalate.Outcome
	for i := range rows {
		none := rows[i].Unanswerable()
		if left[none] == 0 {
			continue
		}
		a := assess(t, b, rows[i].Ticket())
		p, ok := local.Uncorrected(&a)
		if !ok {
			continue
		}
		left[none]--
		out = append(out, escalate.Outcome{Confidence: p, Right: a.Answer != nil && !none && a.Answer.ID == rows[i].Gold.AnswerID})
	}
	if len(out) != n {
		t.Fatalf("%d judgements of %d", len(out), n)
	}
	return out
}
