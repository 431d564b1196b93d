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

// rehearsals are written as "+" for a ticket with the trigger and "-" for one without, highest log-odds first; capitals P and M
// are such that the lexicon finds. The log-odds fall by 1 from 0.
func rehearsals(signs string) []rehearsal {
	var out []rehearsal
	for i, r := range signs {
		out = append(out, rehearsal{
			logit: -float64(i), want: r == '+' || r == 'P', found: r == 'P' || r == 'M', weight: 1,
		})
	}
	return out
}

func TestThePointIsTheHighestThatFindsEnough(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name  string
		aim   aim
		past  string
		point float64
	}{
		{"all must be found", aim{1, 0.5}, "++-+------", -3.5},
		{"three of four are enough, where the fourth costs more than it brings", aim{0.7, 0.9}, "+++------+", -2.5},
		{"more is found where it helps", aim{0.3, 0.5}, "++++------", -3.5},
		{"what the lexicon finds needs no head", aim{1, 0.5}, "+-----P---", -0.5},
		{"the lexicon does it alone", aim{1, 0.5}, "PPP-------", inf},
		{"alarms go before recall", aim{1, 0.2}, "+----+----", -0.5},
		{"the best F1", aim{0, 1}, "++-+-----+", -3.5},
		{"no better than chance", aim{1, 1}, "-+-+-+-+-+", inf},
		{"nothing to find", aim{1, 0.5}, "------", inf},
	} {
		if got := c.aim.point(rehearsals(c.past)); got != c.point {
			t.Errorf("%s: %v, want %v", c.name, got, c.point)
		}
	}
}

func TestATicketThatStandsForManyCountsAsMany(t *testing.T) {
	past := rehearsals("+-+-------")
	if got := (aim{1, 0.3}).point(past); got != -2.5 {
		t.Errorf("point %v where each counts once", got)
	}
	past = rehearsals("+-+-------")
	past[1].weight = 9
	if got := (aim{1, 0.3}).point(past); got != -0.5 {
		t.Errorf("point %v where the first false alarm stands for nine", got)
	}
}

func TestTicketsOfOneScoreAreNotParted(t *testing.T) {
	past := rehearsals("++--------")
	past[1].logit, past[2].logit = -1, -1
	if got := (aim{1, 0.5}).point(past); got != -2 {
		t.Errorf("point %v, want it below both", got)
	}
}

func TestLabelsThatCannotBeReadWereNotSaid(t *testing.T) {
	long := string(slices.Repeat([]byte("x"), maxLabelName+1))
	for _, c := range []struct {
		triggers string
		want     *verdicts
	}{
		{`{}`, nil},
		{`{"vip": true}`, nil},
		{`{"human_request": null, "anger": "yes", "high_risk": null}`, nil},
		{`{"high_risk": {"refund": true}}`, nil},
		{`{"human_request": true, "anger": false}`, &verdicts{human: yes, anger: no}},
		{`{"high_risk": []}`, &verdicts{risk: no}},
		{`{"high_risk": false}`, &verdicts{risk: no}},
		{`{"high_risk": true}`, &verdicts{risk: yes}},
		{`{"high_risk": ["refund", "refund", "", "` + long + `", "own"]}`, &verdicts{risk: yes, topics: []string{"refund", "own"}}},
	} {
		var g brain.Gold
		if err := json.Unmarshal([]byte(`{"triggers": `+c.triggers+`}`), &g); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, verdictsOf(&g), cmp.AllowUnexported(verdicts{})); diff != "" {
			t.Errorf("%.60s: %s", c.triggers, diff)
		}
	}
}

func TestATopicThatNobodyNamedIsNotDenied(t *testing.T) {
	for _, c := range []struct {
		of   verdicts
		want truth
	}{
		{verdicts{risk: yes, topics: []string{"refund"}}, yes},
		{verdicts{risk: yes, topics: []string{"legal"}}, no},
		{verdicts{risk: yes}, unsaid},
		{verdicts{risk: no}, no},
		{verdicts{}, unsaid},
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
		d := &doc{verdicts: &verdicts{anger: no}}
		if i%30 == 0 {
			d.verdicts.anger = yes
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
