package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"warmline/escalate"
)

// ReportOptions says what a report is about. The zero value is a report on the policy and the budget of the run.
type ReportOptions struct {
	Budget float64          // 0..1; the run's when zero
	WhatIf *escalate.Policy // a change to show the effect of; nil shows that of the recommendation
	Team   string           // named in the title
	At     time.Time        // named in the report; zero names no date, so that the same run gives the same bytes
}

// Report is a simulation as people read it. Its JSON is stable: fields keep their names, meaning and order; new ones may come.
// Shares and rates are from 0 to 1. Texts of tickets are as customers and agents wrote them, cut to a few lines.
type Report struct {
	Team   string    `json:"team,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Seed   string    `json:"seed"`
	Budget float64   `json:"budget"`
	Split  Split     `json:"split"`
	Share  Share     `json:"unknown"`

	Recommended Recommendation  `json:"recommended"`      // for the budget
	Budgets     []BudgetLine    `json:"budgets"`          // what other budgets would give
	Shares      []ShareLine     `json:"if_unknown"`       // what becomes of the promise when more questions are new
	Now         Ways            `json:"now"`              // with the policy as it is
	Then        Ways            `json:"recommended_ways"` // with the recommended thresholds
	Thresholds  []ThresholdLine `json:"thresholds"`
	Curve       []CurvePoint    `json:"curve"` // risk against coverage, from strict to loose
	Reliability []Bin           `json:"reliability"`
	Topics      []TopicLine     `json:"topics"`
	Triggers    []TriggerLine   `json:"triggers"`
	Wrong       []Case          `json:"wrong"`   // the most confident first
	Samples     []Case          `json:"samples"` // drawn by the seed
	Gaps        []Gap           `json:"gaps"`
	Change      Change          `json:"change"`
}

// BudgetLine is what one budget would give, at the promised share of unknown questions.
type BudgetLine struct {
	Budget float64 `json:"budget"`
	OK     bool    `json:"ok"`
	From   float64 `json:"from"` // the threshold for all topics
	Auto   float64 `json:"auto"` // with the topics' own thresholds
	Wrong  Rate    `json:"wrong"`
}

// ShareLine is what becomes of the recommendation when so many questions are unknown.
type ShareLine struct {
	Unknown float64 `json:"unknown"`
	Wrong   Rate    `json:"wrong"` // with the recommended thresholds
	OK      bool    `json:"ok"`    // whether a threshold for all would keep the budget there
	From    float64 `json:"from"`  // which
	Auto    float64 `json:"auto"`  // and how much it would answer
}

// Ways counts tickets by where they would go, each ticket once.
type Ways struct {
	Tickets  int `json:"tickets"`
	Auto     int `json:"auto"`
	Draft    int `json:"draft"`
	Escalate int `json:"escalate"`
	Nothing  int `json:"nothing"` // thanks, mail by machines, left in the helpdesk's queue
	Judged   int `json:"auto_judged"`
	Wrong    int `json:"auto_wrong"` // of the judged
}

// ThresholdLine is what one threshold for all topics would do, at the expected share of unknown questions.
type ThresholdLine struct {
	From     float64 `json:"from"`
	Auto     float64 `json:"auto"`
	Draft    float64 `json:"draft"` // from the policy's draft threshold up
	Escalate float64 `json:"escalate"`
	Wrong    Rate    `json:"wrong"` // of what is answered
}

// TopicLine is one topic: tickets by where they would go with the recommended thresholds.
type TopicLine struct {
	Topic  string  `json:"topic"`
	Ways   Ways    `json:"ways"`
	Advice string  `json:"advice"`
	Why    string  `json:"why"`
	From   float64 `json:"from"` // the threshold that holds for it; 1 when nothing is sent
	Wrong  Rate    `json:"wrong"`
}

// TriggerLine is one trigger: on how many tickets it fired, and what that cost.
type TriggerLine struct {
	Kind  escalate.TriggerKind `json:"kind"`
	Words string               `json:"words"`
	Fired int                  `json:"fired"`
	First int                  `json:"first"`      // where it named the decision
	Kept  int                  `json:"kept_right"` // right answers above the threshold that it kept from customers
}

// Report computes everything that is shown of a run. It asks no brain and takes well under a second for 20,000 rows.
func (r *Result) Report(o ReportOptions) (*Report, error) {
	o.Budget = cmp.Or(o.Budget, r.budget)
	v := r.view(r.policy)
	rec := r.recommend(v, o.Budget)
	applied, err := rec.Apply(r.policy)
	if err != nil {
		return nil, fmt.Errorf("apply recommendation: %w", err)
	}
	rep := &Report{
		Team: o.Team, At: o.At, Seed: r.seed, Budget: o.Budget, Split: r.Split, Share: r.Share, Recommended: rec,
		Curve: r.curve(v), Reliability: r.reliability(v), Thresholds: r.thresholds(v), Shares: r.shares(v, &rec),
	}
	for _, b := range budgets(o.Budget) {
		line := rec
		if b != o.Budget {
			line = r.recommend(v, b)
		}
		rep.Budgets = append(rep.Budgets, BudgetLine{
			Budget: b, OK: line.Auto > 0, From: line.All.From, Auto: line.Auto, Wrong: line.Total,
		})
	}
	now, then := r.decide(r.policy), r.decide(applied)
	rep.Now, rep.Then = r.ways(now, nil), r.ways(then, nil)
	rep.Topics = r.topicLines(v, &rec, then)
	rep.Triggers = r.triggerLines(&rec, then)
	rep.Wrong, rep.Samples, rep.Gaps = r.wrong(then), r.samples(then), r.gaps(then)
	rep.Change = r.change("the recommended thresholds", now, then)
	if o.WhatIf != nil {
		rep.Change = r.change("the other policy", now, r.decide(o.WhatIf))
	}
	return rep, nil
}

func budgets(own float64) []float64 {
	all := []float64{0.01, 0.02, 0.05, 0.1, own}
	slices.Sort(all)
	return slices.Compact(all)
}

// decide lets a policy decide every row.
func (r *Result) decide(p *escalate.Policy) []escalate.Decision {
	out := make([]escalate.Decision, len(r.Rows))
	w := r.worlds(p)
	for i := range r.Rows {
		out[i] = r.Rows[i].Decide(p, w.of(r.Rows[i].Topic))
	}
	return out
}

// ways counts the shown tickets that keep lets through.
func (r *Result) ways(ds []escalate.Decision, keep func(*Row) bool) Ways {
	var w Ways
	for i := range r.Rows {
		row := &r.Rows[i]
		if !row.Shown || keep != nil && !keep(row) {
			continue
		}
		w.Tickets++
		switch d := &ds[i]; {
		case d.Leave != "":
			w.Nothing++
		case d.Way == escalate.WayDraft:
			w.Draft++
		case d.Way == escalate.WayEscalate:
			w.Escalate++
		default:
			w.Auto++
			if row.Judged {
				w.Judged++
			}
			if row.Judged && !row.Right {
				w.Wrong++
			}
		}
	}
	return w
}

// shares says what the recommended thresholds would do with other shares of unknown questions.
func (r *Result) shares(v *view, rec *Recommendation) []ShareLine {
	all := []float64{r.Share.Expected, r.Share.Promised, min(0.9, 2*r.Share.Promised), 0.5}
	slices.Sort(all)
	var lines []ShareLine
	e := v.with(rec)
	for _, share := range slices.Compact(all) {
		line := ShareLine{Unknown: share, Wrong: Rate{High: 1}}
		if e.right+e.wrong+e.slipped > 0 {
			line.Wrong = e.rateAt(share)
		}
		p := v.keep(v.rows, share, share, rec.All.Budget)
		line.OK, line.From, line.Auto = p.OK, p.From, p.Auto
		lines = append(lines, line)
	}
	return lines
}

// thresholds says what each of a few round thresholds would do.
func (r *Result) thresholds(v *view) []ThresholdLine {
	share := r.Share.Expected
	least := v.evidenceOf(v.rows, r.policy.Thresholds.Draft)
	most := least.auto(share)
	var lines []ThresholdLine
	for _, from := range []float64{0.99, 0.98, 0.97, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6} {
		e := v.evidenceOf(v.rows, from)
		auto := e.auto(share)
		lines = append(lines, ThresholdLine{
			From: from, Auto: auto, Draft: max(0, most-auto), Escalate: 1 - max(most, auto), Wrong: e.rateAt(share),
		})
	}
	return lines
}

// topicLines shows the shown tickets by topic, most first; those without a topic come as "".
func (r *Result) topicLines(v *view, rec *Recommendation, then []escalate.Decision) []TopicLine {
	count := map[string]int{}
	for i := range r.Rows {
		if r.Rows[i].Shown {
			count[r.Rows[i].Topic]++
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b)) })
	lines := make([]TopicLine, 0, len(names))
	for _, name := range names {
		line := TopicLine{Topic: name, Advice: AdviceAll, Ways: r.ways(then, func(row *Row) bool { return row.Topic == name })}
		if i := slices.IndexFunc(rec.Topics, func(t TopicAdvice) bool { return t.Topic == name }); i >= 0 {
			line.Advice, line.Why = rec.Topics[i].Advice, rec.Topics[i].Why
		} else if !rec.All.OK {
			line.Advice, line.Why = AdviceDraft, "too little evidence"
		}
		from, ok := rec.from(name)
		line.From = from
		if e := v.evidenceOf(v.of(name), from); ok {
			line.Wrong = e.rateAt(r.Share.Promised)
		}
		lines = append(lines, line)
	}
	return lines
}

func (r *Result) triggerLines(rec *Recommendation, then []escalate.Decision) []TriggerLine {
	lines := make([]TriggerLine, 0, len(escalate.Triggers))
	for _, kind := range escalate.Triggers {
		line := TriggerLine{Kind: kind, Words: kind.Words()}
		for i := range r.Rows {
			row, d := &r.Rows[i], &then[i]
			if !row.Shown || !d.Has(kind) {
				continue
			}
			line.Fired++
			if d.Primary().Kind == kind {
				line.First++
			}
			if from, ok := rec.from(row.Topic); ok && row.Right && row.Confidence >= from {
				line.Kept++
			}
		}
		if line.Fired > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}
