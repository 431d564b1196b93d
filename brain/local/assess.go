package local

import (
	"fmt"
	"math"

	"warmline/escalate"
)

// What is left of the confidence when a right answer cannot be sent as it stands. Shares, not bounds, so that of two such
// answers the better one still ranks first.
const (
	keptForeign  = 0.45 // it is in another language
	keptUnfilled = 0.6  // something in it must still be filled in
	keptPartial  = 0.7  // the customer asks for more than one thing, and it answers one
)

// nothingPull stands for "no answer at all", which has no odds: far below any pull that a model gives.
const nothingPull = -9

// maxPassage is how much of a source is shown, in characters.
const maxPassage = 300

// maxSources bounds the sources and the similar tickets of an assessment.
const maxSources = 3

func (s *state) assess(tk *escalate.Ticket) escalate.Assessment {
	t := readThread(tk)
	asked := t.question()
	g := identify(t.content.Subject + "\n" + asked)
	f := readFacts(t, s.serials)
	m := t.feel()
	impressions := s.mind.hear(t, &m)
	st := t.tell(s, &f, g.lang)
	signals := impressions.join(t.signals(s, g, m))
	a := escalate.Assessment{
		Newest: t.newest(), Lang: g.lang, Mood: m.settle(signals), Signals: signals, Topic: t.content.Category,
		Summary: st.summary, Ask: st.ask, Given: f.given, Orders: f.orders[:min(len(f.orders), escalate.MaxFacts)], Attempts: st.attempts,
		Automatic: t.automatic(), Thanks: t.thanks(), Model: Version,
	}
	s.answer(&a, t, asked, g, &f)
	return a
}

// answer fills in the best answer, how sure it is, and what it rests on.
func (s *state) answer(a *escalate.Assessment, t *thread, asked string, g guess, f *facts) {
	lang := s.home
	if g.p >= sureLang && s.langs[g.lang] {
		lang = g.lang
	}
	q := s.ask(t.content.Subject, asked, lang)
	r := s.read(q)
	if r.vote.answer == "" {
		a.Factors = []escalate.Factor{{Name: "knowledge", Words: "nothing on file is like this", Pull: nothingPull}}
		a.NextStep = nothingFits(a)
		return
	}
	if len(t.lines) == 0 && t.content.Subject == "" {
		return
	}
	want := g.lang
	if g.p < sureLang {
		want = lang
	}
	v := &r.vote
	from, in := s.variantAt(v, want), ""
	a.Answer = &escalate.Answer{ID: v.answer}
	if from >= 0 {
		d := s.ix.docs[from]
		s.draft(a.Answer, d, t, f)
		in = d.lang
	}
	v.strange = s.ix.strangeWord(t.content.Subject+"\n"+asked, lang, t.content.Customer.Name)
	a.Factors = r.factors(s)
	s.confide(a, t, &r, lang, want, in)
	s.cite(a, v, q.terms, from)
	if a.Topic == "" {
		a.Topic = s.topic(v)
	}
	a.NextStep = s.nextStep(a, v, t, want)
}

// confide sets the confidence: the probability that the answer is right, less what keeps the text from being sent as it stands.
func (s *state) confide(a *escalate.Assessment, t *thread, r *reading, lang, want, in string) {
	p, most := r.p, 1.0
	if n := s.spoken[lang]; n < minLangRows && p > coldCap {
		words := fmt.Sprintf("only %s in this language (%s)", tickets(n, "past ticket"), lang)
		a.Factors = append(a.Factors, escalate.Factor{Name: "history", Words: words, Pull: round(logit(coldCap) - logit(p))})
		p, most = coldCap, coldCap
	}
	lower := func(share float64, name, words string) {
		pull := logit(p*share) - logit(p)
		p *= share
		a.Factors = append(a.Factors, escalate.Factor{Name: name, Words: words, Pull: round(pull)})
	}
	if in != want {
		lower(keptForeign, "language", fmt.Sprintf("the answer is not in the customer's language (%s)", want))
	}
	if len(a.Answer.Unfilled) > 0 {
		lower(keptUnfilled, "gaps", "something in it must still be filled in")
	}
	if n := len(t.topics()); n > 1 {
		lower(keptPartial, "several questions", fmt.Sprintf("the customer asks about %d different things, and this answers one", n))
	}
	if r.x != nil {
		p = s.heed(a, p, most)
	}
	a.Confidence = math.Round(p*1e6) / 1e6
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// cite lists what the answer rests on, first the document that its words come from, and solved tickets like this one.
func (s *state) cite(a *escalate.Assessment, v *vote, q []termCount, from int) {
	self := s.ix.self(q)
	cited := map[int]bool{}
	add := func(to *[]escalate.Source, i int, score float64) {
		if len(*to) < maxSources && !cited[i] {
			cited[i] = true
			*to = append(*to, s.ix.docs[i].source(q, math.Round(min(1, score/self)*1000)/1000, s.ix))
		}
	}
	scores := map[int]float64{}
	for _, f := range v.found {
		scores[f.doc] = f.score
	}
	if from >= 0 {
		add(&a.Sources, from, scores[from])
		a.Sources[0].Used = true
	}
	for _, i := range s.prepared[v.answer] {
		add(&a.Sources, i, scores[i])
	}
	for _, f := range v.found {
		if s.ix.docs[f.doc].kind != "ticket" {
			add(&a.Sources, f.doc, f.score)
		}
	}
	for _, f := range v.found {
		if s.ix.docs[f.doc].kind == "ticket" && s.ix.docs[f.doc].answer == v.answer && len(a.Sources) == 0 {
			add(&a.Sources, f.doc, f.score)
		}
	}
	for _, f := range v.found {
		if s.ix.docs[f.doc].kind == "ticket" {
			add(&a.Similar, f.doc, f.score)
		}
	}
}

// source shows a document with the sentence that says most of what was asked.
func (d *doc) source(q []termCount, score float64, ix *index) escalate.Source {
	title := d.title
	if title == "" {
		title = shorten(d.asked, 80)
	}
	best, most := "", -1.0
	for _, sentence := range sentences(clip(d.body, 6000)) {
		has := map[string]bool{}
		for _, term := range stemsOf(sentence, d.lang) {
			has[term] = true
		}
		sum := 0.0
		for _, t := range q {
			if has[t.term] {
				sum += ix.weight(t.term)
			}
		}
		if sum > most {
			best, most = sentence, sum
		}
	}
	return escalate.Source{
		ID: d.id, Kind: d.kind, Title: title, URL: d.url, Passage: shorten(best, maxPassage), Score: score, Version: d.textVersion(), Lang: d.lang,
	}
}

// topic is the macro's own, else that of the nearest ticket with this answer.
func (s *state) topic(v *vote) string {
	for _, i := range s.prepared[v.answer] {
		if t := s.ix.docs[i].topic; t != "" {
			return t
		}
	}
	for _, f := range v.found {
		if d := s.ix.docs[f.doc]; d.answer == v.answer && d.topic != "" {
			return d.topic
		}
	}
	return ""
}
