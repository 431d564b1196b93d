package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/internal/pgtest"
)

var ticketNumber = regexp.MustCompile(`#\d{5}`)

// breaches lets many tickets breach within one minute, in an hour from now, while Slack is away for some time, and returns what it
// heard within twenty more minutes.
func breaches(t *testing.T, dsn string, many int, away time.Duration) []heard {
	t.Helper()
	w := newTargetsWorld(t, dsn, func(p *escalate.Policy) {
		p.SLA = escalate.SLA{FirstResponse: time.Hour, Alerts: escalate.AlertsAt(calendar.Breach)}
	})
	began := make([]time.Time, many)
	for n := range began {
		began[n] = time.Now().Add(time.Duration(n) * time.Minute / time.Duration(many))
	}
	w.fill(t, func(n int) string { return []string{"support", "payments"}[n%2] }, began)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.runner.Run(ctx) }()
	time.Sleep(59 * time.Minute)
	if all := w.slack.all(); len(all) != 0 {
		t.Errorf("told of %d before anything was due: %v", len(all), all[0])
	}
	w.slack.mu.Lock()
	w.slack.away = time.Now().Add(away)
	w.slack.mu.Unlock()
	time.Sleep(21 * time.Minute)
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
	told := map[string]int{}
	for _, h := range w.slack.all() {
		for _, number := range ticketNumber.FindAllString(h.text, -1) {
			told[number]++
		}
	}
	for n := range many {
		if number := fmt.Sprintf("#%05d", n); told[number] != 1 {
			t.Errorf("%s is told of %d times, want once", number, told[number])
		}
	}
	return w.slack.all()
}

// A thousand breaches in one minute are, for each of two channels, a message every ten seconds at the most, and each is told of once.
func TestAThousandBreachesInAMinuteAreToldInOrderAndNoneIsLost(t *testing.T) {
	t.Parallel()
	for engine, open := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { t.Helper(); return filepath.Join(t.TempDir(), "targets.db") },
		"postgres": func(t *testing.T) string { t.Helper(); return pgtest.Database(t) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			dsn := open(t)
			synctest.Test(t, func(t *testing.T) {
				last := map[string]time.Time{}
				all := breaches(t, dsn, 1000, 0)
				for _, h := range all {
					if gap := h.at.Sub(last[h.channel]); gap < 9*time.Second {
						t.Errorf("#%s hears twice within %v", h.channel, gap)
					}
					last[h.channel] = h.at
				}
				t.Logf("1,000 breaches in two channels are %d messages", len(all))
			})
		})
	}
}

// What breaches while Slack is away is told when it is back, together.
func TestAnOutageOfSlackMakesNoStormOfAlerts(t *testing.T) {
	t.Parallel()
	dsn := filepath.Join(t.TempDir(), "targets.db")
	synctest.Test(t, func(t *testing.T) {
		if all := breaches(t, dsn, 40, 10*time.Minute); len(all) > 6 {
			t.Errorf("%d messages for 40 breaches in two channels: %+v", len(all), all)
		}
	})
}
