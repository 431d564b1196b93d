package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

var (
	sold  = []string{"lamp", "sensor", "hub", "cable", "remote"}
	rooms = []string{"kitchen", "hall", "garden", "office", "attic"}
)

// The garden shop's own risk is what breaks: its makers take it back. No list of words would know.
var (
	risky = []string{
		"The %s in my %s cracked, can you swap it", "It cracked, the %s for the %s", "Will the maker take the cracked %s from the %s",
	}
	plain = []string{
		"How do I pair the %s in the %s", "Which battery fits the %s in the %s", "Does the %s in the %s need the internet",
		"Can I paint the %s for the %s", "Where do I screw the %s to in the %s",
	}
)

// labelled makes a past ticket of each template with each thing in each room, labelled alike.
func labelled(tb testing.TB, name string, templates []string, label string) []brain.Past {
	tb.Helper()
	var out []brain.Past
	for i, text := range templates {
		for _, thing := range sold {
			for _, room := range rooms {
				tk := ticket("c: " + fmt.Sprintf(text, thing, room))
				p := brain.PastOf(tk, "")
				p.ID, p.Lang = fmt.Sprintf("%s-%d-%s-%s", name, i, thing, room), "en"
				if label != "" {
					p.Gold.Triggers = map[string]json.RawMessage{}
					if err := json.Unmarshal([]byte(label), &p.Gold.Triggers); err != nil {
						tb.Fatal(err)
					}
				}
				out = append(out, p)
			}
		}
	}
	return out
}

func shop(tb testing.TB, label, other string) brain.Knowledge {
	tb.Helper()
	return brain.Knowledge{Past: slices.Concat(labelled(tb, "risky", risky, label), labelled(tb, "plain", plain, other))}
}

func TestAHeadHearsWhatATeamCallsARisk(t *testing.T) {
	const ask = "Hello, yesterday the switch cracked. What now?"
	if n := strength(assess(t, newBrain(t, brain.Knowledge{}), ticket("c: "+ask)), escalate.HighRisk); n != 0 {
		t.Fatalf("the lexicon hears %v, so that a head proves nothing", n)
	}
	b := newBrain(t, shop(t, `{"high_risk": ["warranty"]}`, `{"high_risk": []}`))
	a := assess(t, b, ticket("c: "+ask))
	tr := signal(a, escalate.HighRisk)
	if tr == nil || tr.Strength < escalate.FireStrength || tr.Topic != "warranty" {
		t.Fatalf("trigger %+v", tr)
	}
	if len(tr.Evidence) == 0 || len(tr.Evidence) > 3 || quoted(ask, tr.Evidence[0]) != "cracked" {
		t.Errorf("evidence %+v", tr.Evidence)
	}
	for _, calm := range []string{"How do I pair the switch?", "Which battery fits?", "Good morning"} {
		if n := strength(assess(t, b, ticket("c: "+calm)), escalate.HighRisk); n >= escalate.FireStrength {
			t.Errorf("%q: strength %v", calm, n)
		}
	}
	if n := strength(assess(t, b, ticket("c: "+ask, "a: We swap it.", "c: How do I pair it?")), escalate.HighRisk); n >= escalate.FireStrength {
		t.Errorf("what a human has answered still fires with %v", n)
	}
}

func quoted(text string, s escalate.Span) string { return text[s.Start:s.End] }

func TestARiskWithoutATopicIsAnotherRisk(t *testing.T) {
	b := newBrain(t, shop(t, `{"high_risk": true}`, `{"high_risk": false}`))
	tr := signal(assess(t, b, ticket("c: yesterday the switch cracked")), escalate.HighRisk)
	if tr == nil || tr.Strength < escalate.FireStrength || tr.Topic != "other" || len(tr.Evidence) == 0 {
		t.Errorf("trigger %+v", tr)
	}
}

func TestEitherTheLexiconOrTheHeadSuffices(t *testing.T) {
	k := brain.Knowledge{Past: slices.Concat(
		labelled(t, "call", []string{"Wake the keeper about my %s in the %s", "Let the keeper look at the %s for the %s"}, `{"human_request": true}`),
		labelled(t, "plain", plain, `{"human_request": false}`),
	)}
	b := newBrain(t, k)
	for _, ask := range []string{"wake the keeper please", "I want to speak to a real person"} {
		tr := signal(assess(t, b, ticket("c: "+ask)), escalate.HumanRequest)
		if tr.Strength < escalate.FireStrength || len(tr.Evidence) == 0 {
			t.Errorf("%q: %+v", ask, tr)
		}
	}
	if n := strength(assess(t, b, ticket("c: which battery fits")), escalate.HumanRequest); n >= escalate.FireStrength {
		t.Errorf("nobody was asked for: %v", n)
	}
}

// What a team's people call anger replaces what the lexicon makes of a weak word; a clear case stands.
func TestATeamsOwnEarForAngerWeighsTheWords(t *testing.T) {
	k := brain.Knowledge{Past: slices.Concat(
		labelled(t, "calm", []string{"I am disappointed by the colour of the %s in the %s", "Disappointed that the %s for the %s is grey"}, `{"anger": false}`),
		labelled(t, "plain", plain, `{"anger": false}`),
		labelled(t, "angry", []string{"Well done, the %s in the %s again", "Bravo, the %s for the %s again"}, `{"anger": true}`),
	)}
	bare, b := newBrain(t, brain.Knowledge{}), newBrain(t, k)
	for _, c := range []struct {
		text         string
		before, fire bool
		word         string
	}{
		{"I am disappointed by the colour of the switch", true, false, "calm"},
		{"Bravo, the switch again", false, true, "upset"},
		{"You fucking idiots, this is a disgrace and a scam!!", true, true, "angry"},
		{"Which battery fits the switch?", false, false, "calm"},
	} {
		old, now := assess(t, bare, ticket("c: "+c.text)), assess(t, b, ticket("c: "+c.text))
		if got := strength(old, escalate.Anger) >= escalate.FireStrength; got != c.before {
			t.Errorf("%q: the lexicon fires %v, so that this proves nothing", c.text, got)
		}
		tr := signal(now, escalate.Anger)
		if got := tr.Strength >= escalate.FireStrength; got != c.fire || now.Mood.Word != c.word || c.fire && len(tr.Evidence) == 0 {
			t.Errorf("%q: %+v, mood %+v, want fire %v and %q", c.text, tr, now.Mood, c.fire, c.word)
		}
	}
}

// Whoever asks for the third time without an answer is upset, which no head has seen.
func TestTheCourseOfAThreadAddsToWhatTheHeadHears(t *testing.T) {
	b := newBrain(t, brain.Knowledge{Past: slices.Concat(
		labelled(t, "angry", []string{"Bravo, the %s in the %s again", "Well done with the %s for the %s"}, `{"anger": true}`),
		labelled(t, "plain", plain, `{"anger": false}`),
	)})
	once := assess(t, b, ticket("c: Does the lamp in the attic need the internet?"))
	again := assess(t, b, ticket("c: Does the lamp in the attic need the internet?", "c: Does the lamp in the attic need the internet?",
		"c: hello? any update?", "c: still waiting, does the lamp need the internet?"))
	if one, four := strength(once, escalate.Anger), strength(again, escalate.Anger); four <= one || one >= escalate.FireStrength {
		t.Errorf("strength %v for one question, %v for the fourth message", one, four)
	}
}

func TestTooFewLabelsOrNoneChangeNothing(t *testing.T) {
	k := knowledge(t)
	bare := newBrain(t, k)
	few := shop(t, `{"high_risk": ["warranty"]}`, `{"high_risk": []}`).Past
	for name, keep := range map[string]func(i int) bool{
		"24 with the trigger":    func(i int) bool { return i < 24 || i >= 75 },
		"49 without the trigger": func(i int) bool { return i < 75+49 },
	} {
		var with, without []brain.Past
		for i := range few {
			if !keep(i) {
				continue
			}
			with = append(with, few[i])
			p := few[i]
			p.Gold = brain.Gold{}
			without = append(without, p)
		}
		a, b := newBrain(t, brain.Knowledge{Past: with}), newBrain(t, brain.Knowledge{Past: without})
		for i := range few {
			if diff := cmp.Diff(assess(t, b, few[i].Ticket()), assess(t, a, few[i].Ticket())); diff != "" {
				t.Fatalf("%s: %s", name, diff)
			}
		}
	}
	k.Past = append(slices.Clone(k.Past), labelled(t, "odd", risky, `{"human_request": "yes", "anger": 1, "high_risk": null, "vip": true}`)...)
	if a, b := assess(t, bare, ticket("c: It cracked")), assess(t, newBrain(t, k), ticket("c: It cracked")); strength(a, escalate.HighRisk) != strength(b, escalate.HighRisk) {
		t.Error("labels that say nothing were learned")
	}
}

// A team that labels by lot teaches nothing.
func TestLabelsThatDoNotShowInTheWordsTeachNothing(t *testing.T) {
	k := shop(t, `{"human_request": false}`, `{"human_request": false}`)
	lot := rand.New(rand.NewPCG(1, 2))
	for i := range k.Past {
		if lot.IntN(3) == 0 {
			k.Past[i].Gold.Triggers["human_request"] = json.RawMessage("true")
		}
	}
	b, fired := newBrain(t, k), 0
	for i := range k.Past {
		if strength(assess(t, b, k.Past[i].Ticket()), escalate.HumanRequest) >= escalate.FireStrength {
			fired++
		}
	}
	if 20*fired > len(k.Past) {
		t.Errorf("%d of %d tickets ask for a person", fired, len(k.Past))
	}
}

func TestTheSameLabelsGiveTheSameBytes(t *testing.T) {
	k := shop(t, `{"high_risk": ["warranty", "refund"], "anger": true}`, `{"high_risk": [], "anger": false, "human_request": false}`)
	one, two := newBrain(t, k), newBrain(t, k)
	for i := range k.Past {
		a, _ := json.Marshal(assess(t, one, k.Past[i].Ticket()))
		b, _ := json.Marshal(assess(t, two, k.Past[i].Ticket()))
		if diff := cmp.Diff(string(a), string(b)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestLabelsAloneTeachNoAnswers(t *testing.T) {
	b := newBrain(t, shop(t, `{"high_risk": ["warranty"]}`, `{"high_risk": []}`))
	if o := b.Outcomes(""); o != nil {
		t.Errorf("%d outcomes without an answer", len(o))
	}
	if a := assess(t, b, ticket("c: It cracked")); a.Answer != nil || a.Confidence != 0 {
		t.Errorf("answer %+v", a.Answer)
	}
}

func TestLearningFromLabelsEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k := shop(t, `{"high_risk": ["warranty"]}`, `{"high_risk": []}`)
	if _, err := local.NewContext(ctx, local.Options{Knowledge: k, Team: "acme"}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "acme") {
		t.Errorf("error %v", err)
	}
}

func TestARefitKeepsWhatPeopleLabelled(t *testing.T) {
	b := newBrain(t, shop(t, `{"high_risk": ["warranty"]}`, `{"high_risk": []}`))
	before := assess(t, b, ticket("c: the switch cracked"))
	if err := b.Refit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, assess(t, b, ticket("c: the switch cracked"))); diff != "" {
		t.Error(diff)
	}
}

// Evidence must be quotable whatever the message holds: it lies inside a message of the customer's, between characters.
func TestEvidenceOfAHeadLiesInTheMessage(t *testing.T) {
	b := newBrain(t, shop(t, `{"high_risk": ["warranty"], "anger": true, "human_request": true}`, `{"high_risk": [], "anger": false, "human_request": false}`))
	fired := 0
	for _, text := range []string{
		"cracked", "Hi Ina, it cracked!", "ina@kunde.example cracked www.shop.example/cracked?x=a@b.example", "Élan für 灯 cracked 人工",
		"> cracked\nit cracked\n\nBest regards\nIna", strings.Repeat("cracked swap maker ", 400), "cracked \xff\xfe\x00 cracked",
		"L'hub cracked; can't you swap it?", "CRACKED 12345678 #A-99/cracked",
	} {
		tk := ticket("c: My lamp", "c: "+text)
		tk.Content.Subject = "It cracked"
		a := assess(t, b, tk)
		for _, tr := range a.Signals {
			if tr.Kind == escalate.HighRisk && tr.Strength >= escalate.FireStrength {
				fired++
			}
			for _, s := range tr.Evidence {
				i := slices.IndexFunc(tk.Content.Messages, func(m escalate.Message) bool { return m.ID == s.Message })
				if i < 0 || s.Start < 0 || s.Start >= s.End || s.End > len(tk.Content.Messages[i].Text) {
					t.Errorf("%.40q: %s quotes %+v", text, tr.Kind, s)
				}
			}
		}
	}
	if fired < 8 {
		t.Errorf("only %d of the messages fire", fired)
	}
}
