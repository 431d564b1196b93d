package queue_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate/desk"
	"warmline/store/queue"
)

func TestMetricsTellRunsAndBacklog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "test.db")
	synctest.Test(t, func(t *testing.T) {
		db := open(t, path)
		defer db.Close() // the test has its answer by then
		reg := prometheus.NewRegistry()
		defer start(t, queue.Options{Store: db, Registerer: reg, Kinds: map[string]queue.Kind{"work": {
			Handle: func(context.Context, desk.Leased) error { return nil },
		}}})()
		enqueue(t, db, desk.Job{Kind: "work"}, desk.Job{Kind: "work", At: time.Now().Add(time.Hour)}, desk.Job{Kind: "strange"})
		time.Sleep(time.Minute)
		families, err := reg.Gather()
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]float64)
		for _, f := range families {
			for _, m := range f.GetMetric() {
				labels := []string{f.GetName()}
				for _, l := range m.GetLabel() {
					labels = append(labels, l.GetValue())
				}
				if value := m.GetCounter().GetValue() + m.GetGauge().GetValue(); value > 0 {
					got[strings.Join(labels, " ")] = value
				}
			}
		}
		want := map[string]float64{
			"warmline_jobs_total work done":    1,
			"warmline_jobs work timer":         1,
			"warmline_jobs other due":          1,
			"warmline_jobs_oldest_due_seconds": 60,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("metrics (-want +got):\n%s", diff)
		}
	})
}
