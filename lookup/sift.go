package lookup

import (
	"encoding/json"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
)

// Why a fact was dropped. The set is closed: it labels a metric.
const (
	droppedBad      = "bad"       // not of its type, or of none
	droppedNotAsked = "not_asked" // nobody asked for it
	droppedTwice    = "twice"     // said more than once: which one holds, nobody knows
)

// sift returns the facts that were asked for and are what they say, and counts the others.
func (c *Client) sift(said []json.RawMessage, want []string) []escalate.Fact {
	var good []escalate.Fact
	times := map[string]int{}
	for _, raw := range said {
		var f escalate.Fact
		why := ""
		if err := json.Unmarshal(raw, &f); err != nil || f.Check() != nil {
			why = droppedBad
		} else if !slices.Contains(want, f.Name) {
			why = droppedNotAsked
		}
		if times[f.Name]++; why != "" {
			c.metrics.dropped.WithLabelValues(why).Inc()
			continue
		}
		good = append(good, f)
	}
	return slices.DeleteFunc(good, func(f escalate.Fact) bool {
		if times[f.Name] > 1 {
			c.metrics.dropped.WithLabelValues(droppedTwice).Inc()
		}
		return times[f.Name] > 1
	})
}

type metrics struct {
	calls   *prometheus.CounterVec
	dropped *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_lookup_calls_total", Help: "Questions to the look-up, by how they ended.",
		}, []string{"outcome"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_lookup_dropped_total", Help: "Facts of the look-up that were not used, by reason.",
		}, []string{"reason"}),
	}
	for _, o := range outcomes {
		m.calls.WithLabelValues(string(o)) // there from the start, at zero
	}
	for _, why := range []string{droppedBad, droppedNotAsked, droppedTwice} {
		m.dropped.WithLabelValues(why)
	}
	return m
}

func (m *metrics) register(r prometheus.Registerer) error {
	if r == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{m.calls, m.dropped} {
		if err := r.Register(c); err != nil {
			return err
		}
	}
	return nil
}
