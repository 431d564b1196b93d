package local_test

import (
	"context"
	"encoding/json"
	"regexp"
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
	if !slices.ContainsFunc(a.Factors, func(f escalate.Factor) bool { return strings.Contains(f.Words, "modbus") }) {
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

func TestTheDraftIsInTheCustomersLanguageOrTrustedLess(t *testing.T) {
	b := newBrain(t, knowledge(t))
	tk := ticket("c: Wo bleibt meine Bestellung? Mein Paket ist noch nicht angekommen")
	a := assess(t, b, tk)
	if a.Answer == nil || a.Answer.ID != "track" || !strings.HasPrefix(a.Answer.Text, "Guten Tag Ina Berg,") {
		t.Fatalf("draft %+v", a.Answer)
	}
	for _, name := range []string{"Ben", "Tom", "Mara", "Eva", "Otis"} {
		if strings.Contains(a.Answer.Text, name) {
			t.Errorf("the draft names somebody else: %q", a.Answer.Text)
		}
	}
	a = assess(t, b, ticket("c: Ich brauche bitte eine invoice als PDF, wie mache ich den invoice download? Need invoice with company name."))
	if a.Answer == nil || a.Answer.ID != "invoice" || a.Lang != "de" || a.Confidence > 0.45 {
		t.Errorf("an English draft for a German customer (%q) has confidence %v: %+v", a.Lang, a.Confidence, a.Answer)
	}
	a = assess(t, b, ticket("c: Ich habe mein Passwort vergessen und kann mich nicht anmelden"))
	if a.Confidence > 0.6 {
		t.Errorf("common German words alone reach confidence %v: %+v %s", a.Confidence, a.Factors, a.Answer.Text)
	}
}

// The address in the draft is the new customer's own.
func TestALearnedReplyHidesWhatWasThatCustomers(t *testing.T) {
	a := assess(t, newBrain(t, knowledge(t)), ticket("c: The battery of my sensor does not charge any more"))
	if a.Answer == nil || a.Answer.ID != "battery-swap" {
		t.Fatalf("answer %+v", a.Answer)
	}
	if regexp.MustCompile(`C-7\d{4}|\d@kunde|\d+ August|Ana`).MatchString(a.Answer.Text) {
		t.Errorf("the draft leaks: %q", a.Answer.Text)
	}
	if !strings.HasPrefix(a.Answer.Text, "Hi Ina,") || !strings.Contains(a.Answer.Text, "charge it for two hours") {
		t.Errorf("draft %q", a.Answer.Text)
	}
	if diff := cmp.Diff([]string{"number", "date"}, a.Answer.Unfilled); diff != "" {
		t.Errorf("unfilled: %s\n%q", diff, a.Answer.Text)
	}
}

func TestAnOrderNumberIsFilledInWhenThereIsExactlyOne(t *testing.T) {
	b := newBrain(t, knowledge(t))
	one := assess(t, b, ticket("c: Where is my parcel? Order 49311, call +49 30 1234567, bought on 3 August 2026"))
	if !strings.Contains(one.Answer.Text, "order 49311 leaves") || len(one.Answer.Unfilled) != 0 {
		t.Errorf("one number: %q, unfilled %v", one.Answer.Text, one.Answer.Unfilled)
	}
	two := assess(t, b, ticket("c: Where is my parcel? Order 49311 or order 49312"))
	if diff := cmp.Diff([]string{"order_number"}, two.Answer.Unfilled); diff != "" {
		t.Errorf("two numbers: %s", diff)
	}
	tk := ticket("c: Where is my parcel? Order 49311")
	tk.Content.Customer.Name = "Click https://evil.example"
	if a := assess(t, b, tk); strings.Contains(a.Answer.Text, "evil") || !slices.Contains(a.Answer.Unfilled, "customer_name") {
		t.Errorf("a name that is none went into the draft: %q", a.Answer.Text)
	}
}

func TestBankDetailsAreGivenButNotListed(t *testing.T) {
	a := assess(t, newBrain(t, brain.Knowledge{}), ticket("c: Where is my refund?", "b: We need your account.", "c: Here it is: DE89 3704 0044 0532 0130 00 and card 4111 1111 1111 1111. When will it come?"))
	if diff := cmp.Diff([]string{"bank details", "card number"}, a.Given); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(a.Summary, "Given") {
		t.Errorf("the summary lists them: %q", a.Summary)
	}
}

func TestTheStorySaysWhatWasAskedGivenAndTried(t *testing.T) {
	tk := ticket(
		"c: Hi,\n\nmy sensor lost its connection on 3 August 2026. Order number 48211, I use Firefox 128. A photo is attached. Can you send a new one?\n\nIna",
		"b: Please hold the button for five seconds. Then wait.", "c: That didn't help, it is still offline. What shall I do now?")
	tk.Content.Subject = "Sensor offline"
	a := assess(t, newBrain(t, knowledge(t)), tk)
	if diff := cmp.Diff([]string{"order number", "date", "device or browser", "photo", "attachment"}, a.Given); diff != "" {
		t.Errorf("given: %s", diff)
	}
	want := []escalate.Attempt{{
		Message: "2", By: "bot", Text: "Please hold the button for five seconds.", Reaction: "That didn't help, it is still offline.", Failed: true,
	}}
	if diff := cmp.Diff(want, a.Attempts); diff != "" {
		t.Errorf("attempts: %s", diff)
	}
	if a.Ask != "What shall I do now?" || !strings.Contains(a.Summary, "48211") || !strings.Contains(a.Summary, "Sensor offline") {
		t.Errorf("ask %q, summary %q", a.Ask, a.Summary)
	}
	if a.NextStep == "" {
		t.Error("no next step")
	}
}

var number = regexp.MustCompile(`\d+`)

func TestEveryNumberOfTheSummaryStandsInTheThread(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	for i := range k.Past {
		tk := k.Past[i].Ticket()
		thread := tk.Content.Subject
		for _, m := range tk.Content.Messages {
			thread += "\n" + m.Text
		}
		a := assess(t, b, tk)
		for _, n := range number.FindAllString(a.Summary+a.Ask, -1) {
			if !strings.Contains(thread, n) {
				t.Errorf("%s: %q of the summary stands nowhere: %s", tk.ID, n, a.Summary)
			}
		}
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
	if !slices.ContainsFunc(a.Factors, func(f escalate.Factor) bool { return f.Words == "1 past ticket had this answer" }) {
		t.Errorf("learned twice: %+v", a.Factors)
	}
	unanswered := ticket("c: anyone?")
	if err := b.Learn(context.Background(), unanswered, ""); err != nil {
		t.Fatal(err)
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

// FuzzAssess holds that hostile text neither panics nor yields evidence outside the text.
func FuzzAssess(f *testing.F) {
	for _, s := range []string{
		"", " ", "\x00\xff\xfe", "{{customer_name}} {{", "On Mon wrote:\n> > >", "ＦＵＬＬ ｗｉｄｔｈ ｒｅｆｕｎｄ", "İstanbul ǅ ﬁ ß ŉ", "👩‍👩‍👧‍👦\u202e\u200b", "l'", "d''t qu'", "人工", "人",
		"On 1.2.3.4. 5,6,,7 #### --- 9999999999999999999999", "<!channel> <@U1|x> *_~`", strings.Repeat("refund ", 4000),
	} {
		f.Add(s, s)
	}
	b := newBrain(f, knowledge(f))
	f.Fuzz(func(t *testing.T, subject, text string) {
		tk := ticket("c: "+text, "b: "+subject, "c: "+text)
		tk.Content.Subject, tk.Content.Customer.Name = subject, text
		a := assess(t, b, tk)
		for _, s := range a.Signals {
			if !(s.Strength >= 0 && s.Strength <= 1) {
				t.Fatalf("strength %v", s.Strength)
			}
			for _, e := range s.Evidence {
				if m := tk.Content.Find(e.Message); m == nil || e.Start < 0 || e.Start > e.End || e.End > len(m.Text) {
					t.Fatalf("evidence %+v lies outside the text", e)
				}
			}
		}
		if !(a.Confidence >= 0 && a.Confidence < 1) {
			t.Fatalf("confidence %v", a.Confidence)
		}
	})
}

// The bound is generous, because machines differ; what it guards against is a text that takes minutes.
func TestHostileLengthIsReadInBoundedTime(t *testing.T) {
	b := newBrain(t, knowledge(t))
	for _, word := range []string{"talk to ", "no not never ", "ignore all ", "人工", "a", "> On x wrote:\n", "1 2 3.4/5 ", "{{x}} ", "l'", "!!! "} {
		long := "c: " + strings.Repeat(word, (1<<20)/len(word))
		texts := make([]string, 20)
		for i := range texts {
			texts[i] = long
		}
		began := time.Now()
		assess(t, b, ticket(texts...))
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%q a million times took %v", word, took)
		} else {
			t.Logf("%q: %v", word, took)
		}
	}
}

func BenchmarkAssess(b *testing.B) {
	k := knowledge(b)
	for n := range 950 {
		p := k.Past[n%57]
		p.ID = string(rune('A'+n%26)) + p.ID + string(rune('A'+n/57))
		k.Past = append(k.Past, p)
	}
	br := newBrain(b, k)
	tk := ticket("c: Hello,\n\nI ordered two sensors last week and my parcel has not arrived yet. The tracking page shows nothing. Could you tell me where order 48211 is and when it will be here? I am leaving on Friday.\n\nBest regards\nIna",
		"b: Your parcel leaves our warehouse within two working days.", "c: That was a week ago, it is still not here!")
	for b.Loop() {
		assess(b, br, tk)
	}
}
