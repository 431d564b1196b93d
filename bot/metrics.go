package bot

import "github.com/prometheus/client_golang/prometheus"

type metrics struct {
	calls     *prometheus.CounterVec
	envelopes *prometheus.CounterVec
	acks      prometheus.Histogram
	sockets   prometheus.Gauge
	restarts  prometheus.Counter
}

func newMetrics() *metrics {
	return &metrics{
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_slack_calls_total", Help: "Calls to Slack's Web API, by method and outcome.",
		}, []string{"method", "outcome"}),
		envelopes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_slack_envelopes_total", Help: "Envelopes from Slack, by kind and what became of them.",
		}, []string{"kind", "outcome"}),
		acks: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "warmline_slack_ack_seconds", Help: "Time from an envelope's receipt to its acknowledgement.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3},
		}),
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "warmline_slack_sockets", Help: "Socket Mode connections that are up.",
		}),
		restarts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "warmline_slack_socket_restarts_total", Help: "Socket Mode connections that could not be made or were lost.",
		}),
	}
}

func (m *metrics) register(r prometheus.Registerer) error {
	if r == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{m.calls, m.envelopes, m.acks, m.sockets, m.restarts} {
		if err := r.Register(c); err != nil {
			return err
		}
	}
	return nil
}
