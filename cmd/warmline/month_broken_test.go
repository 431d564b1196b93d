package main

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

// breakings are ways in which work gets lost; with each of them the judge has to find a ticket as long as nothing looks after it.
var breakings = map[string]struct {
	word  string
	after time.Duration // it has come in
	lose  string
	want  string
}{
	"the assessment":       {"person", 0, `kind = 'assess'`, "no job runs"},
	"the deadlines' timer": {"person", 2 * time.Minute, `kind = 'sla'`, "no timer runs"}, // when the targets of a new policy are taken over
	"the automatic reply":  {"sure", 0, `kind = 'send-reply'`, "no job sends it"},
}

// The judge of TestNoTicketIsForgotten sees what it is there for, and what it sees is what the net catches.
func TestALostJobIsSeenByTheJudgeAndHealedByTheNet(t *testing.T) {
	t.Parallel()
	for name, b := range breakings {
		for _, net := range []bool{false, true} {
			title := name + " without the net"
			if net {
				title = name + " with it"
			}
			t.Run(title, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "month.db")
				synctest.Test(t, func(t *testing.T) {
					m := newMonth(t, path, 0, func(*escalate.Policy) {})
					defer m.end()
					if !net {
						m.without("look-after")
					}
					m.desk.change = func(string) {} // it is the test that tells of it
					m.desk.writes("1", escalate.RoleCustomer, b.word+" question")
					m.receive("1", "hook:1")
					time.Sleep(b.after)
					m.loseFirst(b.lose)
					time.Sleep(6 * time.Minute)
					m.judge.suspect(m)
					for range 16 {
						time.Sleep(time.Minute)
						m.judge.watch(m)
					}
					m.judge.confirm(m)
					got := strings.Join(m.judge.findings, "\n")
					if net && got != "" || !net && !strings.Contains(got, b.want) {
						t.Errorf("the judge says %q", got)
					}
					m.judge.findings = nil
					if m.judge.nothingTwice(m); len(m.judge.findings) > 0 {
						t.Error(m.judge.findings)
					}
				})
			})
		}
	}
}

// without stops what recurs under a name.
func (m *month) without(cron string) {
	m.t.Helper()
	synctest.Wait() // the runner has begun
	err := m.store.Update(m.t.Context(), func(tx desk.Tx) error {
		_, err := tx.(queue.Tx).Exec(m.t.Context(), `DELETE FROM cron WHERE name = $1`, cron)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// loseFirst drops the first job of a kind that waits, as soon as one does. One that would run at once is dropped in the commit in which
// it is found, if need be while it runs.
func (m *month) loseFirst(which string) {
	m.t.Helper()
	for range 300 {
		var n int64
		err := m.store.Update(m.t.Context(), func(tx desk.Tx) (err error) {
			n, err = tx.(queue.Tx).Exec(m.t.Context(), `DELETE FROM job WHERE state <> 'dead' AND `+which)
			return err
		})
		if err != nil {
			m.t.Fatal(err)
		}
		if n > 0 {
			return
		}
		time.Sleep(time.Second)
	}
	m.t.Fatalf("no job with %s", which)
}
