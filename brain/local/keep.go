package local

import (
	"maps"
	"slices"

	"warmline/brain/local/learn"
	"warmline/escalate"
)

// Bounds of what is read of a model.
const (
	maxLabel   = 1 << 12 // bytes in the name of an answer or a topic
	maxAnswers = 1 << 16
	maxThemes  = 1 << 16

	// Of the regression behind anger: the words' score, the mood's features and the lexicon's strength.
	angerFeatures = moodWidth + 2
)

func (m *mind) write(w *learn.Writer) {
	w.Bool(m.triggers != nil)
	if m.triggers != nil {
		m.triggers.write(w)
	}
	w.Bool(m.heads != nil)
	if m.heads != nil {
		m.writeAnswers(w)
	}
}

func (m *mind) writeAnswers(w *learn.Writer) {
	m.heads.write(w)
	w.Floats(m.weights)
	m.trust.Write(w)
	w.Uint(len(m.records))
	for _, a := range slices.Sorted(maps.Keys(m.records)) {
		w.Text(a)
		w.Float(m.records[a])
	}
	w.Float(m.cap)
	w.Float(m.judged.Slope)
	w.Float(m.judged.Shift)
	w.Uint(len(m.replay))
	for _, topic := range slices.Sorted(maps.Keys(m.replay)) {
		w.Text(topic)
		w.Uint(len(m.replay[topic]))
		for _, o := range m.replay[topic] {
			w.Float(o.Confidence)
			w.Bool(o.Right)
		}
	}
}

// readMind reads what write kept. It returns nil after a fault, which the reader keeps.
func readMind(r *learn.Reader) *mind {
	m := &mind{}
	if r.Bool() {
		m.triggers = readTriggerHeads(r)
	}
	if r.Bool() {
		m.readAnswers(r)
	}
	if r.Err() != nil {
		return nil
	}
	m.foretell()
	return m
}

func (m *mind) readAnswers(r *learn.Reader) {
	m.heads, m.weights = readHeads(r), r.Floats(maxModels)
	if len(m.weights) != m.heads.models() {
		r.Fail("it weighs other models")
	}
	m.trust = learn.ReadLogistic(r, nFacets)
	m.records = map[string]float64{}
	for range r.Count(maxAnswers, 9) {
		m.records[r.Text(maxLabel)] = r.Float()
	}
	m.cap = r.Float()
	m.judged = learn.Platt{Slope: r.Float(), Shift: r.Float()}
	if m.cap < 0 || m.cap > 1 || m.judged.Slope < 0 {
		r.Fail("its confidence is no probability")
	}
	m.replay = map[string][]escalate.Outcome{}
	for range r.Count(maxThemes, 2) {
		topic := r.Text(maxLabel)
		all := make([]escalate.Outcome, r.Count(maxRows, 9))
		for i := range all {
			all[i] = escalate.Outcome{Confidence: r.Float(), Right: r.Bool()}
			if p := all[i].Confidence; p < 0 || p > 1 {
				r.Fail("its confidence is no probability")
			}
		}
		m.replay[topic] = all
	}
}

func (h *heads) write(w *learn.Writer) {
	w.Uint(len(h.answers))
	for _, a := range h.answers {
		w.Text(a)
	}
	h.space.Write(w)
	h.svm.Write(w)
	w.Bool(h.soft != nil)
	if h.soft != nil {
		h.soft.Write(w)
	}
	if h.space.Dense() > 0 {
		h.sphere.Write(w)
		h.mean.Write(w)
		h.protos.write(w)
	}
}

func readHeads(r *learn.Reader) *heads {
	h := &heads{class: map[string]int{}}
	n := r.Count(maxAnswers, 1)
	for range n {
		h.classOf(r.Text(maxLabel))
	}
	if len(h.answers) != n || n < 2 {
		r.Fail("its answers have no names of their own")
	}
	h.space = learn.ReadSpace(r)
	h.svm = learn.ReadLinear(r, h.space, n)
	if r.Bool() {
		h.soft = learn.ReadLinear(r, h.space, n)
	}
	if h.space.Dense() > 0 {
		h.sphere = learn.ReadSpace(r)
		h.mean = learn.ReadLinear(r, h.sphere, n)
		h.protos = readPrototypes(r, n, h.space.Dense())
	}
	return h
}

func (p *prototypes) write(w *learn.Writer) {
	for k := range len(p.start) - 1 {
		w.Uint(p.start[k+1] - p.start[k])
	}
	for _, x := range p.point {
		w.Byte(byte(x))
	}
}

func readPrototypes(r *learn.Reader, classes, dim int) *prototypes {
	p := &prototypes{dim: dim, start: make([]int, 1, classes+1)}
	for k := range classes {
		p.start = append(p.start, p.start[k]+r.Uint(maxRows))
	}
	for _, b := range r.Bytes(p.start[classes] * dim) {
		p.point = append(p.point, int8(b))
	}
	return p
}

func (h *triggerHeads) write(w *learn.Writer) {
	h.space.Write(w)
	w.Bool(h.gated)
	for _, head := range []*triggerHead{h.human, h.anger, h.risk} {
		w.Bool(head != nil)
		if head != nil {
			head.write(w)
		}
	}
	w.Uint(len(h.risks))
	for _, head := range h.risks {
		head.write(w)
	}
}

func (h *triggerHead) write(w *learn.Writer) {
	w.Text(h.topic)
	h.words.Write(w)
	h.sure.Write(w)
	w.Float(h.point)
}

func readTriggerHeads(r *learn.Reader) *triggerHeads {
	h := &triggerHeads{space: learn.ReadSpace(r), gated: r.Bool()}
	for _, to := range []struct {
		head     **triggerHead
		features int
	}{{&h.human, 1}, {&h.anger, angerFeatures}, {&h.risk, 1}} {
		if r.Bool() {
			*to.head = readTriggerHead(r, h.space, to.features)
		}
	}
	for range r.Count(maxTopicHead, 1) {
		h.risks = append(h.risks, readTriggerHead(r, h.space, 1))
	}
	return h
}

func readTriggerHead(r *learn.Reader, s *learn.Space, features int) *triggerHead {
	return &triggerHead{topic: r.Text(maxLabel), words: learn.ReadLinear(r, s, 1), sure: learn.ReadLogistic(r, features), point: r.Float()}
}
