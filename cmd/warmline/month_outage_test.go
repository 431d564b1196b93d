package main

import (
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// quietMonth is a month in which nothing fails until the test says so.
func quietMonth(t *testing.T, change func(*escalate.Policy), story func(t *testing.T, m *month)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "month.db")
	synctest.Test(t, func(t *testing.T) {
		m := newMonth(t, path, 0, change)
		m.desk.change = func(ref string) { m.receive(ref, "hook:"+ref+":"+strconv.FormatInt(time.Now().UnixMicro(), 10)) }
		defer m.end()
		story(t, m)
		m.judge.nothingTwice(m)
		for _, f := range m.judge.findings {
			t.Error(f)
		}
	})
}

func (m *month) later(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func (m *month) asks(word string) (ref string) {
	m.opened++
	ref = strconv.Itoa(m.opened)
	m.desk.writes(ref, escalate.RoleCustomer, word+" question")
	return ref
}

// What Slack did not take for two hours comes in the order in which it was caused, none lost and none twice, soon after it is back; what
// people pressed right before counts, and shows.
func TestAfterAnOutageOfSlackAllCardsComeInOrder(t *testing.T) {
	t.Parallel()
	const missed = 130 // more than the sweep of lagging cards looks at
	quietMonth(t, func(p *escalate.Policy) { p.Fold.From = 0 }, func(t *testing.T, m *month) {
		for range 3 {
			m.asks("person")
			m.later(20 * time.Second)
		}
		before := m.slack.shown()
		m.slack.fails(away)
		for _, c := range before {
			m.press("U0ANA", c.Token, desk.ActClaim, nil)
		}
		for range missed {
			m.asks("unknown")
			m.later(2 * time.Hour / missed)
		}
		if n := len(m.slack.shown()); n != 3 {
			t.Fatalf("%d cards while Slack was away", n)
		}
		m.slack.fails(0)
		back := time.Now()
		for len(m.slack.shown()) < 3+missed && time.Since(back) < 10*time.Minute {
			m.later(time.Second)
		}
		t.Logf("all %d cards came within %s", missed, time.Since(back))
		last := 0
		for i, c := range m.slack.shown() {
			if want := strconv.Itoa(i + 1); c.Number != want {
				t.Errorf("card %d is of #%s, want #%s", i, c.Number, want)
			}
			stands, err := strconv.Atoi(m.slack.cards[c.Handoff.ID].at.TS)
			if err != nil || stands < last {
				t.Errorf("the card of #%s stands before the one of the ticket before it: %v", c.Number, err)
			}
			last = stands
		}
		m.later(2 * time.Minute)
		for _, c := range m.slack.shown()[:3] {
			if c.Owner != "U0ANA" {
				t.Errorf("the card of #%s says that %q has it", c.Number, c.Owner)
			}
		}
	})
}
