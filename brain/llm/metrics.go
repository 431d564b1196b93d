package llm

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Why a ticket was not sent. The set is closed: it labels a metric.
const (
	skipNotAllowed = "not_allowed"
	skipBreaker    = "breaker"
	skipNothing    = "nothing_to_read"
	skipUrgent     = "urgent" // the customer asks for a person, which no model could change
	shortTicket    = "ticket_budget"
	shortDay       = "day_budget"
)

var skips = []string{skipNotAllowed, skipBreaker, skipNothing, skipUrgent, shortTicket, shortDay}

type metrics struct {
	calls   *prometheus.CounterVec
	tokens  *prometheus.CounterVec
	skipped *prometheus.CounterVec
	took    prometheus.Histogram
	breaker prometheus.GaugeFunc
}

func newMetrics(b *breaker) *metrics {
	m := &metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_llm_calls_total", Help: "Calls to the language model, by how they ended.",
		}, []string{"outcome"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_llm_tokens_total", Help: "Tokens sent to and written by the language model.",
		}, []string{"direction"}),
		skipped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_llm_skipped_total", Help: "Tickets that were not sent to the language model, by reason.",
		}, []string{"reason"}),
		took: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "warmline_llm_seconds", Help: "How long tickets waited for the language model.",
			Buckets: []float64{0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 20},
		}),
		breaker: prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "warmline_llm_breaker_state", Help: "Whether calls are made: 0 yes, 1 one to try, 2 none.",
		}, func() float64 { return float64(b.current()) }),
	}
	for _, k := range outcomes {
		m.calls.WithLabelValues(string(k)) // there from the start, at zero
	}
	for _, s := range skips {
		m.skipped.WithLabelValues(s)
	}
	return m
}

func (m *metrics) register(r prometheus.Registerer) error {
	if r == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{m.calls, m.tokens, m.skipped, m.took, m.breaker} {
		if err := r.Register(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *metrics) spent(c cost) {
	m.tokens.WithLabelValues("in").Add(float64(c.in))
	m.tokens.WithLabelValues("out").Add(float64(c.out))
}
