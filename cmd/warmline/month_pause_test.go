package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// sent returns what the customer of a ticket was sent by the bot.
func (m *month) sent(ref string) (texts []string) {
	m.desk.mu.Lock()
	defer m.desk.mu.Unlock()
	for _, msg := range m.desk.tickets[ref].content.Messages {
		if msg.Public && msg.Role == escalate.RoleBot {
			texts = append(texts, msg.Text)
		}
	}
	return texts
}

// card returns the newest card of a ticket.
func (m *month) card(ref string) desk.Card {
	m.t.Helper()
	for _, c := range slices.Backward(m.slack.shown()) {
		if c.Number == ref {
			return c
		}
	}
	m.t.Fatalf("#%s has no card", ref)
	return desk.Card{}
}

func (m *month) escalates(who escalate.PersonID, text string) {
	m.t.Helper()
	m.press(who, "", desk.ActCommand, map[string]string{"text": text})
	m.later(time.Minute) // who may is read afresh
}

// A pause stops whatever the bot has not sent: an answer that waits for the end of a burst, an acknowledgement, an update, and what may
// have got lost on its way. People's own words go on. Any agent may pause, and only a lead ends it.
func TestAPauseStopsWhatTheBotHasNotSent(t *testing.T) {
	t.Parallel()
	for _, scope := range []string{"", " pairing"} {
		quietMonth(t, func(p *escalate.Policy) {
			p.Pace.EmailBurst, p.Pace.BurstMax, p.KeepWarm.After = 5*time.Minute, 5*time.Minute, 30*time.Minute
		}, func(t *testing.T, m *month) {
			first := m.asks("person") // a topic has to be known before it can be paused
			m.later(time.Minute)
			if n := len(m.sent(first)); n != 1 {
				t.Fatalf("%d acknowledgements before the pause", n)
			}
			burst := m.asks("sure")
			m.later(time.Minute)
			m.escalates("U0ANA", "pause"+scope)
			asked := m.asks("person")
			m.later(10 * time.Minute)
			for _, ref := range []string{burst, asked} {
				if sent := m.sent(ref); len(sent) != 0 {
					t.Errorf("pause%s: the customer of #%s was sent %q", scope, ref, sent)
				}
			}
			if draft := m.card(burst).Draft; draft == nil || draft.State != escalate.ReplyProposed {
				t.Errorf("pause%s: the answer is no draft: %+v", scope, draft)
			}
			m.later(time.Hour)
			if n := len(m.sent(first)); n != 1 {
				t.Errorf("pause%s: %d messages to who waits, want the one of before", scope, n)
			}
			m.press("U0ANA", m.card(burst).Token, desk.ActApprove, nil)
			m.later(2 * time.Minute)
			if sent := m.sent(burst); len(sent) != 1 {
				t.Errorf("pause%s: what a person approved came %d times", scope, len(sent))
			}
			m.escalates("U0ANA", "resume"+scope)
			still := m.asks("sure")
			m.later(10 * time.Minute)
			if sent := m.sent(still); len(sent) != 0 {
				t.Errorf("pause%s: an agent ended it: %q", scope, sent)
			}
			m.escalates("U0LEA", "resume"+scope)
			again := m.asks("sure")
			m.later(10 * time.Minute)
			if sent := m.sent(again); len(sent) != 1 || !strings.Contains(sent[0], "AI assistant") {
				t.Errorf("resume%s: the customer was sent %q", scope, sent)
			}
		})
	}
}

// An answer whose arrival is not known is looked for while a pause holds, and not sent again: people decide.
func TestAPauseEndsTheRepeatsOfALostAnswer(t *testing.T) {
	t.Parallel()
	quietMonth(t, func(*escalate.Policy) {}, func(t *testing.T, m *month) {
		m.asks("person")
		m.later(time.Minute)
		m.desk.lose = true
		ref := m.asks("sure")
		m.later(40 * time.Second)
		m.escalates("U0ANA", "pause")
		m.desk.lose = false
		m.later(5 * time.Minute)
		if sent := m.sent(ref); len(sent) != 0 {
			t.Errorf("the customer was sent %q", sent)
		}
		if last := m.card(ref).Last; last == nil || last.State != escalate.ReplyAsk {
			t.Errorf("people are asked %+v", last)
		}
	})
}
