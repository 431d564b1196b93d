package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/store/queue"
)

// noTimers is a policy under which nothing but the net looks after an open hand-off.
func noTimers(p *escalate.Policy) {
	p.SLA, p.KeepWarm.Off, p.Lease, p.Fold.From = escalate.SLA{}, true, escalate.Lease{}, 0
}

// heardOf returns what channels were told that names something.
func (m *month) heardOf(what string) (found []heard) {
	m.slack.mu.Lock()
	defer m.slack.mu.Unlock()
	for _, h := range m.slack.notices {
		if strings.Contains(h.text, what) {
			found = append(found, h)
		}
	}
	return found
}

func (m *month) exec(statement string, args ...any) {
	m.t.Helper()
	err := m.store.Update(m.t.Context(), func(tx desk.Tx) error {
		_, err := tx.(queue.Tx).Exec(m.t.Context(), statement, args...)
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// status is what /escalate status says.
func (m *month) status() string {
	m.t.Helper()
	ack, err := m.service.Press(m.t.Context(), desk.Press{
		ID: newToken(), At: time.Now(), Actor: "U0ANA", Team: "T1", Action: desk.ActCommand, Fields: map[string]string{"text": "status"},
	})
	if err != nil || ack.Answer == nil {
		m.t.Fatalf("status: %v, %v", ack, err)
	}
	return wordsOf(*ack.Answer)
}

func TestWhatNobodyHasIsToldWithinAQuarterOfAnHourAndAgainHoursLater(t *testing.T) {
	t.Parallel()
	quietMonth(t, noTimers, func(t *testing.T, m *month) {
		ref := m.asks("unknown")
		began := time.Now()
		m.later(9 * time.Minute)
		if got := m.heardOf("#" + ref + " "); len(got) != 0 {
			t.Errorf("told too early: %v", got)
		}
		m.later(6 * time.Minute)
		got := m.heardOf("#" + ref + " ")
		if len(got) != 1 || got[0].at.Sub(began) > 15*time.Minute || got[0].channel != "support" {
			t.Fatalf("told %v", got)
		}
		for _, want := range []string{"1 ticket is nobody's, and no deadline of it is left", "unknown question · for 10 min", "<@U0LEA>"} {
			if !strings.Contains(got[0].text, want) {
				t.Errorf("%q is not in\n%s", want, got[0].text)
			}
		}
		if got := m.status(); !strings.Contains(got, "is nobody's") || !strings.Contains(got, "#"+ref) {
			t.Errorf("status says\n%s", got)
		}
		want := strings.NewReader("# HELP warmline_loose Tickets, and work that fails, that nobody looks after, by why.\n# TYPE warmline_loose gauge\n" +
			looseFigures(map[desk.Why]int{"unclaimed": 1}))
		if err := testutil.CollectAndCompare(looseGauge{m.store}, want); err != nil {
			t.Error(err)
		}
		m.later(5 * time.Hour)
		if got := m.heardOf("#" + ref + " "); len(got) != 2 || got[1].at.Sub(got[0].at) < 4*time.Hour {
			t.Errorf("told %v", got)
		}
		m.press("U0ANA", m.card(ref).Token, desk.ActClaim, nil)
		m.later(5 * time.Minute)
		if got := m.status(); strings.Contains(got, "nobody's") {
			t.Errorf("with an owner, status says\n%s", got)
		}
	})
}

// A ticket that cannot even be read is told to people, and stops nothing.
func TestATicketThatCannotBeLookedAtDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	quietMonth(t, noTimers, func(t *testing.T, m *month) {
		broken, fine := m.asks("unknown"), m.asks("unknown")
		m.later(time.Minute)
		m.exec(`UPDATE ticket SET state = '{' WHERE ref = $1`, broken)
		m.later(15 * time.Minute)
		if got := m.heardOf("#" + fine + " "); len(got) != 1 {
			t.Errorf("of the other one people were told %v", got)
		}
		if got := m.heardOf("1 ticket cannot be looked after"); len(got) == 0 {
			t.Errorf("people were told %v", m.slack.notices)
		}
		m.exec(`UPDATE ticket SET state = '{}', unsettled = FALSE WHERE ref = $1`, broken) // so that the judge can read it
	})
}

// When no channel takes a message, the leads hear of it directly.
func TestWhereNoChannelTakesAMessageTheLeadsAreToldDirectly(t *testing.T) {
	t.Parallel()
	quietMonth(t, noTimers, func(t *testing.T, m *month) {
		m.slack.shut = true
		ref := m.asks("unknown")
		m.later(16 * time.Minute)
		if d := m.slack.direct; len(d) != 1 || d[0].channel != "U0LEA" || !strings.Contains(d[0].text, "#"+ref) {
			t.Errorf("told directly: %v", d)
		}
	})
}

// A helpdesk that does not answer is told of once, with how much waits for it, and not ticket by ticket.
func TestAHelpdeskThatDoesNotAnswerIsToldOf(t *testing.T) {
	t.Parallel()
	quietMonth(t, func(*escalate.Policy) {}, func(t *testing.T, m *month) {
		m.later(time.Minute)
		m.desk.fails(away)
		for range 12 {
			m.asks("unknown")
		}
		m.later(17 * time.Minute)
		got := m.heardOf("12 things wait for a helpdesk that does not take them")
		if len(got) != 1 || !strings.Contains(got[0].text, "and 2 more") {
			t.Errorf("people were told %v", m.slack.notices)
		}
		m.desk.fails(0)
		m.later(5 * time.Minute)
		if got := m.status(); strings.Contains(got, "helpdesk that") {
			t.Errorf("with the helpdesk back, status says\n%s", got)
		}
		if n := len(m.slack.shown()); n == 0 {
			t.Error("no card came")
		}
	})
}

// The tickets of somebody who was deactivated in Slack are nobody's.
func TestTheTicketsOfSomebodyWhoLeftAreToldOf(t *testing.T) {
	t.Parallel()
	quietMonth(t, noTimers, func(t *testing.T, m *month) {
		ref := m.asks("unknown")
		m.later(time.Minute)
		m.press("U0BEN", m.card(ref).Token, desk.ActClaim, nil)
		m.later(20 * time.Minute)
		if got := m.heardOf("#" + ref + " "); len(got) != 0 {
			t.Fatalf("with an owner: %v", got)
		}
		err := m.store.Update(t.Context(), func(tx desk.Tx) error {
			return tx.SavePerson(t.Context(), &desk.Person{ID: "U0BEN", Team: "T1", Name: "ben", Gone: true, ReadAt: tx.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		m.later(15 * time.Minute)
		if got := m.heardOf("belongs to somebody who has left"); len(got) != 1 || !strings.Contains(got[0].text, "#"+ref) {
			t.Errorf("people were told %v", m.slack.notices)
		}
	})
}

func looseFigures(counts map[desk.Why]int) string {
	var text strings.Builder
	for _, why := range desk.Whys {
		fmt.Fprintf(&text, "warmline_loose{why=%q} %d\n", why, counts[why])
	}
	return text.String()
}
