package local_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

func TestAKnownQuestionIsAnsweredWithSourcesAndWords(t *testing.T) {
	b := newBrain(t, knowledge(t))
	tk := ticket("c: Hello,\n\nmy new sensor does not pair with the hub, the light stays red.\n\nThanks\nIna")
	a := assess(t, b, tk)
	if a.Answer == nil || a.Answer.ID != "pair" || a.Topic != "pairing" || a.Confidence < 0.6 {
		t.Fatalf("answer %+v, topic %q, confidence %v", a.Answer, a.Topic, a.Confidence)
	}
	if !strings.HasPrefix(a.Answer.Text, "Hello Ina,") || len(a.Answer.Unfilled) != 0 {
		t.Errorf("draft %q, unfilled %v", a.Answer.Text, a.Answer.Unfilled)
	}
	if s := a.Sources[0]; s.ID != "pair" || s.Kind != "macro" || s.Version == "" || !strings.Contains(s.Passage, "button") || s.Score <= 0 || s.Score > 1 {
		t.Errorf("source %+v", s)
	}
	if len(a.Similar) == 0 || a.Similar[0].Kind != "ticket" {
		t.Errorf("similar %+v", a.Similar)
	}
	if f := a.Factors[0]; f.Name != "agreement" || !strings.Contains(f.Words, "most similar past tickets had this answer") {
		t.Errorf("factor %+v", f)
	}
	if a.Newest != "1" || a.Model != local.Version || a.Lang != "en" {
		t.Errorf("newest %q, model %q, lang %q", a.Newest, a.Model, a.Lang)
	}
}

func TestAStrangeQuestionIsNotTrusted(t *testing.T) {
	b := newBrain(t, knowledge(t))
	known := assess(t, b, ticket("c: Where do I find the invoice for my order?")).Confidence
	for _, text := range []string{"Does the greenhouse firmware support Modbus?", "Do you sponsor football clubs?", "xyzzy plugh"} {
		if a := assess(t, b, ticket("c: "+text)); a.Confidence > 0.5 || a.Confidence >= known {
			t.Errorf("%q: confidence %v (a known question has %v)", text, a.Confidence, known)
		}
	}
	a := assess(t, b, ticket("c: How do I pair the sensor with Modbus?"))
	if !slices.ContainsFunc(a.Factors, func(f escalate.Factor) bool { return strings.Contains(f.Words, "“Modbus”") }) {
		t.Errorf("no factor names the strange word: %+v", a.Factors)
	}
}

func TestConfidenceIsCalibratedOnThePast(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	sum, n := 0.0, 0.0
	for i := range k.Past {
		a := assess(t, b, k.Past[i].Ticket())
		if a.Confidence < 0 || a.Confidence >= 1 {
			t.Fatalf("confidence %v is no probability", a.Confidence)
		}
		if !k.Past[i].Unanswerable() && a.Answer != nil && a.Answer.ID == "pair" {
			sum, n = sum+a.Confidence, n+1
		}
	}
	if sum/n < 0.5 {
		t.Errorf("questions that it has seen reach only %v", sum/n)
	}
}

func TestWithLittleHistoryConfidenceStaysBelowTheCap(t *testing.T) {
	k := knowledge(t)
	k.Past = k.Past[:20]
	b := newBrain(t, k)
	for i := range k.Past {
		if a := assess(t, b, k.Past[i].Ticket()); a.Confidence > 0.6 {
			t.Errorf("confidence %v with twenty tickets", a.Confidence)
		}
	}
	if a := assess(t, newBrain(t, brain.Knowledge{}), ticket("c: Where is it?")); a.Answer != nil || a.Confidence != 0 {
		t.Errorf("a brain that knows nothing answers %+v", a.Answer)
	}
}

func TestAnAnswerThatNoTicketHadIsNeverSure(t *testing.T) {
	a := assess(t, newBrain(t, knowledge(t)), ticket("c: How long does a full battery last, and can I charge it with any USB-C cable?"))
	if a.Answer != nil && a.Answer.ID == "a-battery" && a.Confidence > 0.6 {
		t.Errorf("confidence %v rests on an article alone", a.Confidence)
	}
}

func TestAnAnswerToOneOfTwoQuestionsIsTrustedLess(t *testing.T) {
	b := newBrain(t, knowledge(t))
	one := assess(t, b, ticket("c: Where do I find the invoice for my order?"))
	two := assess(t, b, ticket("c: Where do I find the invoice for my order? Another question: how do I pair the new sensor with the hub?"))
	said := func(f escalate.Factor) bool {
		return f.Name == "several questions" && strings.Contains(f.Words, "2 different things")
	}
	if slices.ContainsFunc(one.Factors, said) || !slices.ContainsFunc(two.Factors, said) || two.Confidence > 0.75 {
		t.Errorf("one question: %v %+v; two: %v %+v", one.Confidence, one.Factors, two.Confidence, two.Factors)
	}
}

func TestTheSameKnowledgeGivesTheSameBytes(t *testing.T) {
	k := knowledge(t)
	one, two := newBrain(t, k), newBrain(t, k)
	for i := range k.Past {
		a, _ := json.Marshal(assess(t, one, k.Past[i].Ticket()))
		b, _ := json.Marshal(assess(t, two, k.Past[i].Ticket()))
		if diff := cmp.Diff(string(a), string(b)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestWhatIsLearnedIsFoundAtOnce(t *testing.T) {
	b := newBrain(t, knowledge(t))
	const ask = "Does the hub speak Zigbee?"
	solved := ticket("c: "+ask, "a: Hi Ina,\n\nyes, the hub speaks Zigbee.")
	solved.ID = "new"
	for range 2 { // twice is the same as once
		if err := b.Learn(context.Background(), solved, "zigbee"); err != nil {
			t.Fatal(err)
		}
	}
	a := assess(t, b, ticket("c: "+ask))
	if a.Answer == nil || a.Answer.ID != "zigbee" || len(a.Similar)+len(a.Sources) == 0 {
		t.Fatalf("answer %+v", a.Answer)
	}
	if !slices.ContainsFunc(a.Factors, func(f escalate.Factor) bool { return f.Words == "only 1 past ticket had this answer" }) {
		t.Errorf("learned twice: %+v", a.Factors)
	}
	unanswered := ticket("c: anyone?")
	if err := b.Learn(context.Background(), unanswered, ""); err != nil {
		t.Fatal(err)
	}
}

func TestManyLessonsComeToTheSameAsOneAfterAnother(t *testing.T) {
	k := knowledge(t)
	var lessons []brain.Past
	for i := range 150 {
		p := k.Past[i%len(k.Past)]
		if p.ID = fmt.Sprint("new", i%120); i >= 120 { // some come again, with another answer
			p.Gold = brain.Gold{AnswerID: "again"}
		}
		lessons = append(lessons, p)
	}
	lessons = append(lessons, brain.Past{ID: "unanswered", Content: ticket("c: anyone?").Content})
	one, many := newBrain(t, k), newBrain(t, k)
	for i := range lessons {
		if err := one.LearnAll(context.Background(), lessons[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := many.LearnAll(context.Background(), lessons); err != nil {
		t.Fatal(err)
	}
	for _, b := range []*local.Brain{one, many} { // an index that grew weighs words as it did when it was built
		if !b.Stale() {
			t.Error("it has learned, and its model is not stale")
		}
		if err := b.Refit(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	wantSame(t, one, many, lessons)
	if one.Model().Hash != many.Model().Hash || one.Model().Rows != len(k.Past)+120 {
		t.Errorf("trained on %d and %d rows", one.Model().Rows, many.Model().Rows)
	}
}

func TestReadingAndLearningAtOnce(t *testing.T) {
	b := newBrain(t, knowledge(t))
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := range 20 {
				tk := ticket("c: Where is my parcel?", "a: On its way.")
				tk.ID = escalate.TicketID(rune('a'+n)) + escalate.TicketID(rune('a'+i))
				if err := b.Learn(context.Background(), tk, "track"); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range 100 {
				if a, err := b.Assess(context.Background(), time.Time{}, ticket("c: Where is my parcel?")); err != nil || a.Answer.ID != "track" {
					t.Errorf("answer %+v, %v", a.Answer, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestAnEndedContextAndMissingTicketsAreErrors(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := b.Assess(ctx, time.Time{}, ticket("c: x")); err == nil {
		t.Error("assessed after the end")
	}
	if _, err := b.Assess(context.Background(), time.Time{}, nil); err == nil {
		t.Error("assessed nothing")
	}
	if err := b.Learn(ctx, ticket("c: x"), "a"); err == nil {
		t.Error("learned after the end")
	}
	k := knowledge(t)
	k.Macros = append(k.Macros, k.Macros[0])
	if _, err := local.New(local.Options{Knowledge: k, Team: "acme"}); err == nil || !strings.Contains(err.Error(), `"pair"`) {
		t.Errorf("two macros with one id: %v", err)
	}
}
