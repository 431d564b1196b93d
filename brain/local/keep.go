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
)

func (m *mind) write(w *learn.Writer) {
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
	m := &mind{heads: readHeads(r), weights: r.Floats(models)}
	if len(m.weights) != models {
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
	if r.Err() != nil {
		return nil
	}
	m.foretell()
	return m
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
	return h
}
