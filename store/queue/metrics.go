package queue

import (
	"context"
	"database/sql"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// otherKinds is the label of jobs that this runner does not know, so that the set of labels stays closed.
const otherKinds = "other"

// scrapeWait bounds how long a scrape waits for the database.
const scrapeWait = 2 * time.Second

// metrics are what a runner tells Prometheus.
type metrics struct {
	runs *prometheus.CounterVec   // by kind and outcome
	took *prometheus.HistogramVec // by kind
}

func newMetrics(r *Runner, reg prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		runs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "warmline_jobs_total", Help: "Attempts at jobs, by how they ended.",
		}, []string{"kind", "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "warmline_job_seconds", Help: "How long attempts took.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 9),
		}, []string{"kind"}),
	}
	for kind := range r.opts.Kinds {
		for _, outcome := range Outcomes {
			m.runs.WithLabelValues(kind, string(outcome)) // there from the start, at zero
		}
	}
	for _, c := range []prometheus.Collector{m.runs, m.took, &backlog{r}} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) ended(kind string, o Outcome, took time.Duration) {
	if m == nil {
		return
	}
	m.runs.WithLabelValues(kind, string(o)).Inc()
	m.took.WithLabelValues(kind).Observe(took.Seconds())
}

var (
	depthDesc = prometheus.NewDesc("warmline_jobs", "Jobs in the queue: due, timer, running, dead.", []string{"kind", "state"}, nil)
	ageDesc   = prometheus.NewDesc("warmline_jobs_oldest_due_seconds", "For how long the oldest due job has waited.", nil, nil)
)

// backlog counts the queue's rows when it is asked.
type backlog struct{ runner *Runner }

// Describe implements prometheus.Collector.
func (b *backlog) Describe(out chan<- *prometheus.Desc) {
	out <- depthDesc
	out <- ageDesc
}

type depth struct {
	kind, state string
	jobs        int
	oldest      int64
}

// Collect implements prometheus.Collector.
func (b *backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeWait)
	defer cancel()
	var rows []depth
	var now time.Time
	err := b.runner.view(ctx, func(tx Tx) (err error) {
		now = tx.Now()
		rows, err = all(ctx, tx, func(rows *sql.Rows) (d depth, err error) {
			return d, rows.Scan(&d.kind, &d.state, &d.jobs, &d.oldest)
		}, `SELECT kind, CASE WHEN state <> 'ready' THEN state WHEN run_at <= $1 THEN 'due' ELSE 'timer' END AS standing,
			COUNT(*), MIN(run_at) FROM job GROUP BY 1, 2`, now.UnixMicro())
		return err
	})
	if err != nil {
		out <- prometheus.NewInvalidMetric(depthDesc, err)
		return
	}
	var oldest time.Duration
	sums := make(map[[2]string]int)
	for _, d := range rows {
		if _, known := b.runner.opts.Kinds[d.kind]; !known {
			d.kind = otherKinds
		}
		sums[[2]string{d.kind, d.state}] += d.jobs
		if d.state == "due" {
			oldest = max(oldest, now.Sub(at(d.oldest)))
		}
	}
	for labels, jobs := range sums {
		out <- prometheus.MustNewConstMetric(depthDesc, prometheus.GaugeValue, float64(jobs), labels[0], labels[1])
	}
	out <- prometheus.MustNewConstMetric(ageDesc, prometheus.GaugeValue, oldest.Seconds())
}
