package simulate

import (
	"fmt"

	"warmline/escalate"
)

// Share is the share of questions that nothing on file answers.
type Share struct {
	Expected float64 `json:"expected"` // 0..1
	Promised float64 `json:"promised"` // promises hold up to this share
	From     string  `json:"from"`     // "given", "labels", "new answers", "assumed"
	Why      string  `json:"why"`      // for people
	Known    int     `json:"known"`    // questions that were asked of a brain which had their answer
	Unknown  int     `json:"unknown"`  // questions that were asked of a brain which had it not
}

// Where the share comes from.
const (
	FromGiven   = "given"
	FromLabels  = "labels"
	FromNew     = "new answers"
	FromAssumed = "assumed"
)

const (
	assumedShare   = 0.3 // where nothing in the past tells
	assumedPromise = 0.4 // then a promise is made for more: nobody has measured it
	// Labels and new answers miss what nobody wrote down. So no less is expected, and promises are never made for less.
	leastShare   = 0.05
	leastPromise = 0.2
)

// estimate says how many questions to expect that nothing on file answers.
func estimate(items []item, s Split, given float64) Share {
	if given > 0 {
		return Share{Expected: given, Promised: given, From: FromGiven, Why: "as given"}
	}
	nothing, answered := 0, 0
	before := map[string]bool{}
	latest, fresh := 0, 0
	for i := range items {
		it := &items[i]
		switch {
		case it.past.Unanswerable():
			nothing++
		case it.family == "":
		default:
			answered++
			if it.step < s.Steps {
				before[it.family] = true
			} else if latest++; !before[it.family] {
				fresh++
			}
		}
	}
	labels := Share{From: FromLabels, Why: fmt.Sprintf("%s of %s labelled tickets had no answer on file", number(nothing), number(nothing+answered))}
	labels.measured(nothing, nothing+answered)
	news := Share{From: FromNew, Why: fmt.Sprintf("%s of the latest %s answered tickets got an answer that was never given before", number(fresh), number(latest))}
	news.measured(fresh, latest)
	switch byTime := s.By == ByTime && latest > 0; {
	case nothing > 0 && (!byTime || labels.Expected >= news.Expected):
		return labels
	case byTime:
		return news
	}
	return Share{
		Expected: assumedShare, Promised: assumedPromise, From: FromAssumed,
		Why: "nothing in the history tells, so " + short(assumedShare) + " are assumed",
	}
}

func (s *Share) measured(k, n int) {
	if n == 0 {
		return
	}
	s.Expected = max(leastShare, float64(k)/float64(n))
	s.Promised = max(leastPromise, escalate.UpperBound(k, n, escalate.PromiseConfidence))
}

// of counts what was asked.
func (s *Share) of(rows []Row) {
	for i := range rows {
		switch {
		case !rows[i].Judged:
		case rows[i].Known:
			s.Known++
		default:
			s.Unknown++
		}
	}
}
