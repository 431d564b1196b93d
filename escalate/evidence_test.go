package escalate_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"warmline/escalate"
)

// judged makes judgements of automatic answers, one an hour, the newest at t0. A letter each: r right, w wrong, c a
// complaint, a an approved draft, e an edited draft, v a verdict that was taken back.
func judged(letters string, confidence float64) []escalate.Judgement {
	var js []escalate.Judgement
	for i, l := range letters {
		j := escalate.Judgement{
			Verdict: escalate.VerdictWrong, Kind: escalate.JudgedReview, Way: escalate.WayAuto, Confidence: confidence,
			At: t0.Add(-time.Duration(len(letters)-1-i) * time.Hour),
		}
		switch l {
		case 'r':
			j.Verdict = escalate.VerdictRight
		case 'c':
			j.Kind = escalate.JudgedComplaint
		case 'a':
			j.Kind, j.Way, j.Verdict = escalate.JudgedDraft, escalate.WayDraft, escalate.VerdictRight
		case 'e':
			j.Kind, j.Way = escalate.JudgedDraft, escalate.WayDraft
		case 'v':
			j.Verdict = escalate.VerdictVoid
		}
		js = append(js, j)
	}
	return js
}

func many(letter rune, n int) string {
	out := make([]rune, n)
	for i := range out {
		out[i] = letter
	}
	return string(out)
}

func TestJudgementsOfTicketsThatTheMachineWouldNotHaveAnsweredAreNoEvidence(t *testing.T) {
	js := judged("rwv", 0.9)
	handed := judged("w", 0.9)
	handed[0].Way = escalate.WayEscalate
	got := escalate.OutcomesOf(append(js, handed...))
	if len(got) != 2 || !got[0].Right || got[1].Right {
		t.Errorf("outcomes %+v", got)
	}
}

func TestPastTicketsStandInUntilPeopleHaveSaidEnough(t *testing.T) {
	past := clean(400, 0.9)
	for name, c := range map[string]struct {
		live []escalate.Outcome
		by   escalate.Evidence
		ok   bool
		seen int
	}{
		"nobody has said anything": {nil, escalate.EvidenceBacktest, true, 400},
		"a few have":               {clean(10, 0.9), escalate.EvidenceBoth, true, 410},
		"one of few was wrong":     {append(clean(9, 0.9), escalate.Outcome{Confidence: 0.95}), escalate.EvidenceBoth, true, 410},
		"two of few were wrong": {
			append(clean(8, 0.9), escalate.Outcome{Confidence: 0.95}, escalate.Outcome{Confidence: 0.95}), escalate.EvidenceBoth, false, 410,
		},
		"enough have, and it is good": {clean(400, 0.8), escalate.EvidenceLive, true, 400},
		"enough have, and the unsure ones are bad": {
			append(clean(400, 0.8), make([]escalate.Outcome, 20)...), escalate.EvidenceLive, true, 420,
		},
		"enough have, and the sure ones are bad": {
			append(clean(400, 0.8), wrong(20, 0.9)...), escalate.EvidenceLive, false, 420,
		},
	} {
		b := escalate.Back(c.live, past, 0.02, 0)
		if b.By != c.by || b.OK != c.ok || b.Seen != c.seen {
			t.Errorf("%s: %+v", name, b)
		}
		if !b.OK && (b.From != 1 || b.Need != 149) {
			t.Errorf("%s: without evidence it still promises %+v", name, b)
		}
	}
}

func wrong(n int, confidence float64) []escalate.Outcome {
	out := clean(n, confidence)
	for i := range out {
		out[i].Right = false
	}
	return out
}

func TestWhatIsMissingIsCounted(t *testing.T) {
	b := escalate.Back(clean(61, 0.9), nil, 0.02, 0)
	if b.OK || b.Clean != 61 || b.Need != 149 || b.Slips != 0 || b.By != escalate.EvidenceLive {
		t.Errorf("promise %+v", b)
	}
	b = escalate.Back(append(clean(61, 0.9), escalate.Outcome{Confidence: 0.95}), nil, 0.02, 0)
	if b.OK || b.Clean != 0 || b.Slips != 1 || b.Seen != 62 {
		t.Errorf("with the surest one wrong: %+v", b)
	}
}

// Answers that the threshold holds back anyway neither back a promise nor stand against it.
func TestOnlyAnswersThatWouldBeSentAreEvidence(t *testing.T) {
	drafts := append(clean(160, 0.97), wrong(500, 0.7)...)
	if b := escalate.Back(drafts, nil, 0.02, 0); b.OK {
		t.Errorf("with all of them: %+v", b)
	}
	if b := escalate.Back(drafts, wrong(500, 0.94), 0.02, 0.95); !b.OK || b.Seen != 160 || b.From != 0.97 || b.Floor != 0.95 {
		t.Errorf("from 95 %% on: %+v", b)
	}
	if b := escalate.Back(clean(1000, 0.9), clean(1000, 0.9), 0.02, 0.95); b.OK || b.Seen != 0 || b.Clean != 0 {
		t.Errorf("with nothing above the threshold: %+v", b)
	}
}

func TestATopicGoesDownWhenItLeavesItsBudget(t *testing.T) {
	for name, c := range map[string]struct {
		js     []escalate.Judgement
		budget float64
		down   bool
	}{
		"nothing judged":                         {nil, 0.02, false},
		"the first one wrong is no trend":        {judged("w", 0.97), 0.02, false},
		"the first two wrong":                    {judged("ww", 0.97), 0.02, true},
		"two wrong among few":                    {judged("w"+many('r', 16)+"w", 0.97), 0.02, true},
		"two wrong among many":                   {judged("w"+many('r', 60)+"w", 0.97), 0.02, false},
		"a run of wrong ones after a good time":  {judged(many('r', 190)+many('w', 9), 0.97), 0.02, true},
		"wrong drafts that would have been sent": {judged("ee", 0.97), 0.02, true},
		"wrong drafts that nobody would send":    {judged("eeeeeeee", 0.8), 0.02, false},
		"automatic ones from before a threshold": {judged("ww", 0.8), 0.02, true},
		"taken back":                             {judged("vvvv", 0.97), 0.02, false},
		"two complaints in a day":                {judged("c"+many('r', 20)+"c", 0.97), 0.5, true},
		"two complaints in two days":             {judged("c"+many('r', 30)+"c", 0.97), 0.5, false},
		"two complaints without a promise":       {judged("cc", 0.97), 0, true},
		"wrong ones without a promise":           {judged("wwww", 0.97), 0, false},
	} {
		got := escalate.Demote(c.js, escalate.Watched{Sure: 0.95, Budget: c.budget}, t0)
		if (got != nil) != c.down {
			t.Errorf("%s: %+v, want down %v", name, got, c.down)
		}
	}
	old := judged("wwww", 0.97)
	if got := escalate.Demote(old, escalate.Watched{Sure: 0.95, Budget: 0.02}, t0.Add(escalate.DemoteWithin+time.Hour*4)); got != nil {
		t.Errorf("what is older than the window took a rung: %+v", got)
	}
	if got := escalate.Demote(append(old, after(judged(many('r', 200), 0.97), time.Hour*300)...), escalate.Watched{Sure: 0.95, Budget: 0.02}, t0.Add(300*time.Hour)); got != nil {
		t.Errorf("what lies behind 200 newer judgements took a rung: %+v", got)
	}
}

// On a topic that answers a thousand a day two complaints are what a promise of 2 % allows, many times over.
func TestComplaintsAreHeldAgainstHowMuchWasAnswered(t *testing.T) {
	for _, c := range []struct {
		complaints, answered int
		budget               float64
		down                 bool
	}{
		{2, 0, 0.02, true},
		{2, 99, 0.02, true},
		{2, 100, 0.02, false},
		{3, 100, 0.02, true},
		{3, 100, 0.05, false},
		{20, 1000, 0, false},
		{21, 1000, 0, true},
		{1, 0, 0.0001, false},
	} {
		js := append(judged(many('c', c.complaints), 0.97), judged(many('r', 180), 0.97)...)
		for i := range js {
			js[i].At = t0
		}
		got := escalate.Demote(js, escalate.Watched{Sure: 0.95, Budget: c.budget, Answered: c.answered}, t0)
		if down := got != nil && got.Complaints > 0; down != c.down {
			t.Errorf("%d complaints of %d answers, budget %v: %+v", c.complaints, c.answered, c.budget, got)
		}
	}
}

func after(js []escalate.Judgement, d time.Duration) []escalate.Judgement {
	for i := range js {
		js[i].At = js[i].At.Add(d)
	}
	return js
}

// rungLost plays so many judgements at a wrong-answer rate and returns after which one the topic goes down; 0 when it stays.
func rungLost(r *rand.Rand, rate, budget float64, judgements int) int {
	var js []escalate.Judgement
	for n := 1; n <= judgements; n++ {
		j := escalate.Judgement{Verdict: escalate.VerdictRight, Way: escalate.WayAuto, Confidence: 1, At: t0}
		if r.Float64() < rate {
			j.Verdict = escalate.VerdictWrong
		}
		js = append(js, j)
		js = js[max(0, len(js)-escalate.DemoteLast):]
		if j.Verdict == escalate.VerdictWrong && escalate.Demote(js, escalate.Watched{Sure: 1, Budget: budget}, t0) != nil {
			return n
		}
	}
	return 0
}

// What the rule promises in its comment, measured: it does not flap on a good topic, and does not sleep on a bad one.
func TestDemotionDoesNotFlapAndDoesReact(t *testing.T) {
	const topics = 300
	r := rand.New(rand.NewPCG(7, 1))
	for _, c := range []struct {
		rate        float64
		least, most int // how many of the topics go down within half a year of ten reviews a week
	}{
		{0.005, 0, topics / 30},
		{0.01, 0, topics / 8},
		{0.10, topics * 99 / 100, topics},
		{0.20, topics, topics},
	} {
		down := 0
		for range topics {
			if rungLost(r, c.rate, 0.02, 260) > 0 {
				down++
			}
		}
		t.Logf("rate %.1f %%: %d of %d go down", c.rate*100, down, topics)
		if down < c.least || down > c.most {
			t.Errorf("rate %v: %d of %d topics go down, want %d to %d", c.rate, down, topics, c.least, c.most)
		}
	}
}

func TestOnlyAnEditThatLeavesTheSenseIsCosmetic(t *testing.T) {
	draft := "Hello Ina,\n\nyour parcel takes 2 to 4 working days to Cork. You get the tracking link at info@lumen.example as soon as it leaves our warehouse."
	for name, c := range map[string]struct {
		sent string
		want bool
	}{
		"untouched":         {draft, true},
		"spaces and commas": {"hello Ina your parcel takes 2 to 4 working days to Cork.  You get the tracking link at info@lumen.example, as soon as it leaves our warehouse!", true},
		"a letter":          {"Hallo Ina,\n\nyour parcel takes 2 to 4 working days to Cork. You get the tracking link at info@lumen.example as soon as it leaves our warehouse.", true},
		"a digit":           {"Hello Ina,\n\nyour parcel takes 2 to 5 working days to Cork. You get the tracking link at info@lumen.example as soon as it leaves our warehouse.", false},
		"an address":        {"Hello Ina,\n\nyour parcel takes 2 to 4 working days to Cork. You get the tracking link at inf@lumen.example as soon as it leaves our warehouse.", false},
		"a negation":        {"Hello Ina,\n\nyour parcel takes 2 to 4 working days to Cork. You don't get the tracking link at info@lumen.example as soon as it leaves our warehouse.", false},
		"a sentence more":   {draft + " Please write to us again if it does arrive late, and we will look into it.", false},
		"other words":       {"Three days, Ina.", false},
		"nothing":           {"", false},
	} {
		if got := escalate.Cosmetic(draft, c.sent); got != c.want {
			t.Errorf("%s: cosmetic %v, want %v", name, got, c.want)
		}
	}
}

func FuzzCosmetic(f *testing.F) {
	f.Add("a draft", "a draught")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, a, b string) {
		if escalate.Cosmetic(a, b) != escalate.Cosmetic(b, a) {
			t.Error("the order of the texts matters")
		}
		if !escalate.Cosmetic(a, a) {
			t.Error("an untouched text is not itself")
		}
	})
}
