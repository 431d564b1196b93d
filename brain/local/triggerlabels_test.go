package local

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
)

func TestLabelsThatCannotBeReadWereNotSaid(t *testing.T) {
	long := string(slices.Repeat([]byte("x"), maxLabelName+1))
	for _, c := range []struct {
		triggers string
		want     *judged
	}{
		{`{}`, nil},
		{`{"vip": true}`, nil},
		{`{"human_request": null, "anger": "yes", "high_risk": null}`, nil},
		{`{"high_risk": {"refund": true}}`, nil},
		{`{"human_request": true, "anger": false}`, &judged{human: yes, anger: no}},
		{`{"high_risk": []}`, &judged{risk: no}},
		{`{"high_risk": false}`, &judged{risk: no}},
		{`{"high_risk": true}`, &judged{risk: yes}},
		{`{"high_risk": ["refund", "refund", "", "` + long + `", "own"]}`, &judged{risk: yes, topics: []string{"refund", "own"}}},
	} {
		var g brain.Gold
		if err := json.Unmarshal([]byte(`{"triggers": `+c.triggers+`}`), &g); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, judgedOf(&g), cmp.AllowUnexported(judged{})); diff != "" {
			t.Errorf("%.60s: %s", c.triggers, diff)
		}
	}
}

func TestATopicThatNobodyNamedIsNotDenied(t *testing.T) {
	for _, c := range []struct {
		of   judged
		want truth
	}{
		{judged{risk: yes, topics: []string{"refund"}}, yes},
		{judged{risk: yes, topics: []string{"legal"}}, no},
		{judged{risk: yes}, unsaid},
		{judged{risk: no}, no},
		{judged{}, unsaid},
	} {
		if got := c.of.of(escalate.HighRisk, "refund"); got != c.want {
			t.Errorf("%+v: %v, want %v", c.of, got, c.want)
		}
	}
}

func TestTheNewestTicketsAreLearnedFromThoseWithTheTriggerFirst(t *testing.T) {
	var docs []*doc
	var labelled []int
	for i := range 3 * maxLabelled {
		d := &doc{judged: &judged{anger: no}}
		if i%30 == 0 {
			d.judged.anger = yes
		}
		docs, labelled = append(docs, d), append(labelled, i)
	}
	c := triggerCourse{kind: escalate.Anger}
	if !c.pick(docs, labelled) || len(c.docs) != maxLabelled || !slices.IsSorted(c.docs) {
		t.Fatalf("%d tickets", len(c.docs))
	}
	with := 0
	for _, w := range c.want {
		if w {
			with++
		}
	}
	if with != 2000 || c.docs[0] != 0 || c.docs[len(c.docs)-1] != len(docs)-1 {
		t.Errorf("%d with the trigger, from %d to %d", with, c.docs[0], c.docs[len(c.docs)-1])
	}
	if w := c.weight; w[1] != 1 || math.Abs(w[0]*18_000-58_000) > 1e-6 {
		t.Errorf("weights %v; 18,000 stand for 58,000", w)
	}
	few := triggerCourse{kind: escalate.HumanRequest}
	if few.pick(docs, labelled) {
		t.Error("nobody said who asked for a person, and it was learned")
	}
}

func TestAddressesAreHiddenFromTheHeads(t *testing.T) {
	const text = "mail ina.b@kunde.example or see https://shop.example/x?a=i@b.example, order 1234567 of 24"
	var s spoken
	s.add("1", text, tokenize(text))
	want := []string{"mail", "qmailq", "or", "see", "qlinkq", "order", "qnumberq", "of", "24"}
	if diff := cmp.Diff(want, s.words); diff != "" {
		t.Fatal(diff)
	}
	for i, span := range s.spans {
		if got := text[span.Start:span.End]; s.words[i][0] != 'q' && got != s.words[i] {
			t.Errorf("word %q stands at %q", s.words[i], got)
		}
	}
	if got := text[s.spans[1].Start:s.spans[1].End]; got != "ina.b@kunde.example" {
		t.Errorf("the address is %q", got)
	}
}

func TestTheWholeIsTheGateOfTheTopics(t *testing.T) {
	say := func(topic string, strength float64) escalate.Trigger {
		return escalate.Trigger{Kind: escalate.HighRisk, Topic: topic, Strength: strength}
	}
	for _, c := range []struct {
		name  string
		heard impressions
		found []escalate.Trigger
		want  []escalate.Trigger
	}{
		{"nothing", impressions{}, nil, nil},
		{"a topic with the whole", impressions{gated: true, risk: impression{strength: 0.9}, risks: []impression{{topic: "own", strength: 0.8}}}, nil, []escalate.Trigger{say("own", 0.8)}},
		{"a topic without the whole", impressions{gated: true, risks: []impression{{topic: "own", strength: 0.8}}}, nil, nil},
		{"a topic where the whole was not labelled", impressions{risks: []impression{{topic: "own", strength: 0.8}}}, nil, []escalate.Trigger{say("own", 0.8)}},
		{"a topic where the lexicon is sure of another", impressions{gated: true, risks: []impression{{topic: "own", strength: 0.8}}}, []escalate.Trigger{say("refund", 0.7)}, []escalate.Trigger{say("refund", 0.7), say("own", 0.7)}},
		{"the stronger of both", impressions{gated: true, risk: impression{strength: 0.99}, risks: []impression{{topic: "refund", strength: 0.8}, {topic: "legal", strength: 0.6}}}, []escalate.Trigger{say("refund", 0.7), say("legal", 0.9)}, []escalate.Trigger{say("refund", 0.8), say("legal", 0.9)}},
		{"what people called other", impressions{gated: true, risk: impression{strength: 0.6}, risks: []impression{{topic: "other", strength: 0.2}}}, nil, []escalate.Trigger{say("other", 0.6)}},
		{"the whole without a topic", impressions{gated: true, risk: impression{strength: 0.6}, risks: []impression{{topic: "own", strength: 0.2}}}, nil, []escalate.Trigger{say("own", 0.2), say("other", 0.6)}},
	} {
		if diff := cmp.Diff(c.want, c.heard.joinRisks(c.found)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestRisksThatWereHeardStandWithThoseThatWereFound(t *testing.T) {
	h := impressions{human: impression{strength: 0.9}, risks: []impression{{topic: "own", strength: 0.8}}}
	kinds := func(trs []escalate.Trigger) (out []string) {
		for _, tr := range trs {
			out = append(out, fmt.Sprint(tr.Kind, tr.Topic, tr.Strength))
		}
		return out
	}
	for _, risks := range [][]escalate.Trigger{nil, {{Kind: escalate.HighRisk, Topic: "legal", Strength: 0.9}}} {
		in := slices.Concat([]escalate.Trigger{{Kind: escalate.Safety}, {Kind: escalate.HumanRequest}, {Kind: escalate.Suspicious}}, risks,
			[]escalate.Trigger{{Kind: escalate.Anger}, {Kind: escalate.Participant}})
		want := []string{"safety0", "human_request0.9", "suspicious0"}
		for range risks {
			want = append(want, "high_risklegal0.9")
		}
		want = append(want, "high_riskown0.8", "anger0", "participant0")
		if diff := cmp.Diff(want, kinds(h.join(in))); diff != "" {
			t.Error(diff)
		}
	}
}
