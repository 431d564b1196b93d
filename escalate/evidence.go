package escalate

import (
	"cmp"
	"slices"
	"time"
)

// Verdict is what a person's judgement makes of an answer. There is none for silence: it never counts as right.
type Verdict string

// The verdicts.
const (
	VerdictRight Verdict = "right"
	VerdictWrong Verdict = "wrong"
	VerdictVoid  Verdict = "void" // taken back: it counts for nothing
)

// JudgementKind says how a judgement came about.
type JudgementKind string

// The kinds of judgement.
const (
	JudgedDraft     JudgementKind = "draft"     // a draft was approved, edited or rejected
	JudgedReview    JudgementKind = "review"    // an automatic answer was looked at afterwards, because it was drawn
	JudgedComplaint JudgementKind = "complaint" // somebody said of an automatic answer: that was wrong
)

// Judgement is one person's verdict on one answer of the AI. It holds no customer text.
type Judgement struct {
	Ticket     TicketID
	Reply      ReplyID // there is one judgement of each reply: the newest stands
	Topic      string
	Kind       JudgementKind
	Verdict    Verdict
	Detail     string  // a constant word: "approved", "edited", "cosmetic", "rejected:tone"
	Way        Way     // which way the decision went that the answer belongs to
	Confidence float64 // of that decision, 0..1
	By         PersonID
	At         time.Time
}

// Counts reports whether a judgement tells something of answers that go out by themselves. Of a ticket that a trigger or an
// exclusion handed to people it does not: nothing like it would have been sent.
func (j *Judgement) Counts() bool {
	return (j.Verdict == VerdictRight || j.Verdict == VerdictWrong) && (j.Way == WayAuto || j.Way == WayDraft)
}

// OutcomesOf returns the outcomes of those judgements that count.
func OutcomesOf(js []Judgement) []Outcome {
	var out []Outcome
	for i := range js {
		if j := &js[i]; j.Counts() {
			out = append(out, Outcome{Confidence: j.Confidence, Right: j.Verdict == VerdictRight})
		}
	}
	return out
}

// Evidence names what a promise rests on.
type Evidence string

// The kinds of evidence.
const (
	EvidenceLive     Evidence = "live"     // what people said of answers and drafts
	EvidenceBacktest Evidence = "backtest" // past tickets, answered by a brain that had not seen them
	EvidenceBoth     Evidence = "both"     // the two together, as long as people have said too little
)

// Backed is a promise for one topic with what it rests on.
type Backed struct {
	Promise
	By    Evidence `json:"by"`
	Floor float64  `json:"floor"` // the policy's threshold: less sure answers are never sent, so they say nothing
	Seen  int      `json:"seen"`  // outcomes from the floor on
	Slips int      `json:"slips"` // of those, how many were wrong
	Clean int      `json:"clean"` // how many are surer than the surest wrong one
}

// Back says whether a budget (above 0, up to 1) is kept on one topic, and from which confidence on, among answers that are at
// least as sure as floor: the policy never sends others, so that a hundred bad drafts below it must not stop a good topic.
//
// What people said of the topic decides alone once it is so much that two wrong ones among it would not yet speak against it; until then past
// tickets stand in, and what people said is counted with them. Which of the two it is depends on how many judgements there
// are, never on how they turned out: to try one and then the other would be two chances to be wrong.
//
// Past tickets never overrule people: where what people said of answers as sure as these already leaves the budget, as
// Leaves tells it, nothing is promised.
func Back(live, backtest []Outcome, budget, floor float64) Backed {
	live, backtest = from(live, floor), from(backtest, floor)
	by, all := EvidenceLive, live
	if len(backtest) > 0 && len(live) < needed(2, budget) {
		by, all = EvidenceBoth, slices.Concat(live, backtest)
		if len(live) == 0 {
			by = EvidenceBacktest
		}
	}
	b := Backed{Promise: Keep(all, budget), By: by, Floor: floor, Seen: len(all)}
	surest := -1.0
	for _, o := range all {
		if !o.Right {
			surest = max(surest, o.Confidence)
		}
	}
	b.Slips = wrongOf(all)
	for _, o := range all {
		if o.Confidence > surest {
			b.Clean++
		}
	}
	sent := from(live, b.From)
	if b.OK && Leaves(wrongOf(sent), len(sent), budget) {
		b.Promise = Promise{Budget: budget, From: 1, Upper: 1, Need: b.Need}
	}
	return b
}

// from returns the outcomes that are at least as sure.
func from(outcomes []Outcome, confidence float64) []Outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), func(o Outcome) bool { return o.Confidence < confidence })
}

func wrongOf(outcomes []Outcome) (n int) {
	for _, o := range outcomes {
		if !o.Right {
			n++
		}
	}
	return n
}

// The window of Demote, and what makes complaints a pattern.
const (
	DemoteLast      = 200                 // judgements at the most
	DemoteWithin    = 90 * 24 * time.Hour // and none older
	complaintsMany  = 2
	complaintsClose = 24 * time.Hour
	unpromised      = 0.02 // the budget that complaints are held against where none is promised
)

// Leaves reports whether so many wrong answers say that a budget is left: the one-sided lower bound on the wrong-answer rate
// (Clopper and Pearson, at PromiseConfidence) lies above it. One slip is never a trend, however few answers there were.
func Leaves(wrong, n int, budget float64) bool {
	return wrong >= 2 && n >= wrong && LowerBound(wrong, n, PromiseConfidence) > budget
}

// Watched is what Demote has to know of a topic beside what people said of it.
type Watched struct {
	Sure     float64 // answers that are at least as sure are sent, 0..1
	Budget   float64 // 0: nothing is promised
	Answered int     // answers that were sent by themselves within the last 24 hours
}

// Demotion says why a topic has to go one rung down; nil of it means that it stays.
type Demotion struct {
	Complaints int     // how many complaints came within 24 hours; 0 when the rate is the reason
	Wrong, N   int     // wrong answers, among how many
	Lower      float64 // lower bound on their rate
	Budget     float64
}

// Demote says whether a topic that answers by itself has to go one rung down. js are judgements of the topic since it came
// to its rung; of those, the newest DemoteLast within DemoteWithin count, if their answer was sent by itself or was sure
// enough to be.
//
// A promise is made when the upper bound is inside the budget, and taken back when the lower bound is outside: between the
// two lies everything that chance explains, so that a topic on the edge does not go up and down. Measured, with ten reviews
// a week and a budget of 2 %: of topics at half the budget 4 in a hundred lose a rung in half a year, of topics at five times
// the budget all do; one that gets everything wrong does with the second judgement. Judgements from before the rung do not
// count: each step down needs evidence of its own, and old praise does not hide what is wrong today.
//
// Two complaints within a day end it before any rate could: people rarely take the trouble. Of a topic that answers hundreds a
// day it takes more of them than the budget allows, or success alone would cost it the rung.
func Demote(js []Judgement, w Watched, now time.Time) *Demotion {
	sent := slices.DeleteFunc(slices.Clone(js), func(j Judgement) bool {
		return !j.Counts() || j.Way != WayAuto && j.Confidence < w.Sure || now.Sub(j.At) > DemoteWithin
	})
	slices.SortStableFunc(sent, func(a, b Judgement) int { return cmp.Compare(At(b.At), At(a.At)) })
	sent = sent[:min(len(sent), DemoteLast)]
	d := Demotion{N: len(sent), Budget: w.Budget}
	for i := range sent {
		if sent[i].Verdict != VerdictWrong {
			continue
		}
		d.Wrong++
		if sent[i].Kind == JudgedComplaint && now.Sub(sent[i].At) <= complaintsClose {
			d.Complaints++
		}
	}
	d.Lower = LowerBound(d.Wrong, d.N, PromiseConfidence)
	allowed := cmp.Or(w.Budget, unpromised) * float64(w.Answered)
	switch {
	case d.Complaints >= complaintsMany && float64(d.Complaints) > allowed:
		return &d
	case w.Budget > 0 && Leaves(d.Wrong, d.N, w.Budget):
		d.Complaints = 0
		return &d
	}
	return nil
}
