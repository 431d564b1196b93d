package llm

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// judge works the readings into the built-in brain's assessment: what they show moves the confidence, what they saw may add
// a human, and what they wrote is used where it holds.
func (b *Brain) judge(a *escalate.Assessment, p *page, readings []*reading, asked int) {
	c := count{asked: asked, good: len(readings)}
	for _, r := range readings {
		c.add(r, p, a)
	}
	prior := a.Confidence
	draft := p.draft(a, readings)
	x := c.features(draft != nil && a.Answer != nil)
	w := b.weights.Load()
	a.Confidence = w.confidence(prior, &x)
	a.Factors = append(slices.Clone(a.Factors), c.factors(w, &x)...)
	a.Measured = x.measured(prior, a.Measured)
	if draft != nil {
		p.use(a, draft)
	}
	a.Signals = p.signals(a.Signals, readings)
	if s := p.summary(readings); s != "" {
		a.Summary = s
	}
	a.Model += "+" + Version + ":" + b.opts.Model
}

// add counts one reading.
func (c *count) add(r *reading, p *page, a *escalate.Assessment) {
	named := p.named(r)
	switch {
	case named == nil:
		c.none++
	case a.Answer != nil && named.source.ID == a.Answer.ID:
		c.same++
	default:
		c.other++
	}
	if *r.Unsure {
		c.unsure++
	}
	for _, cite := range r.Citations {
		c.quoted++
		if p.holds(cite) {
			c.found++
		}
	}
	if named != nil && len(r.Citations) == 0 {
		c.quoted++ // it says where an answer is and shows nothing
	}
}

// find returns the passage with a label, or nil.
func (p *page) find(label string) *passage {
	for i := range p.Passages {
		if p.Passages[i].Label == label {
			return &p.Passages[i]
		}
	}
	return nil
}

// minQuote is the shortest quotation that shows anything, in bytes.
const minQuote = 8

// holds reports whether a quotation stands in the passage that it names, but for blanks.
func (p *page) holds(c citation) bool {
	s := p.find(c.Source)
	quote := squeeze(c.Quote)
	return s != nil && len(quote) >= minQuote && strings.Contains(squeeze(s.Text), quote)
}

// squeeze makes every run of blanks one blank.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// use puts a draft that held in the answer's place. It rests on what it cites, so that is what people see and what fences it.
func (p *page) use(a *escalate.Assessment, d *draft) {
	answer := escalate.Answer{ID: d.named.source.ID, Text: d.text}
	if a.Answer != nil {
		answer.Facts = a.Answer.Facts // they may stand in its words too, and so fence it
	}
	a.Answer = &answer
	a.Sources = slices.Clone(a.Sources)
	if !slices.ContainsFunc(d.cited, func(c cited) bool { return c.passage.source.Version == "" }) {
		for _, i := range a.RestsOn() {
			a.Sources[i].Used = false
		}
	}
	for _, cite := range d.cited {
		s := cite.passage.source
		if s.Version == "" {
			continue // the prepared answer itself; what it comes from is there already
		}
		s.Passage, s.Used = p.vault.Restore(cite.quote), true
		i := slices.IndexFunc(a.Sources, func(o escalate.Source) bool { return o.Kind == s.Kind && o.ID == s.ID })
		if i < 0 {
			a.Sources = append(a.Sources, s)
		} else {
			a.Sources[i].Passage, a.Sources[i].Used = s.Passage, true
		}
	}
}
