package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
)

// model is a language model's endpoint that says the same to every ticket, or nothing at all.
type model struct {
	says string // the content of its answers; "" hangs
	fail int    // the HTTP status of every answer; 0: none fails
	junk string // sent instead of any answer, byte for byte

	mu   sync.Mutex
	sent []string // what it was sent
}

func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	m.mu.Lock()
	m.sent = append(m.sent, string(b))
	m.mu.Unlock()
	switch {
	case m.fail != 0:
		http.Error(w, "no", m.fail)
		return
	case m.junk != "":
		_, _ = io.WriteString(w, m.junk)
		return
	case m.says == "":
		<-r.Context().Done()
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{
		"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": m.says},
	}}})
}

func (m *model) asked() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.sent...)
}

func (m *model) in(at *setting) { at.model = m }

// cardComesInTime has a customer ask for what the model is asked about, and holds the card to seconds.
func (m *model) cardComesInTime(s *story) {
	s.t.Helper()
	asked := time.Now()
	s.card("payments", s.customer("Ina").asksForARefund()).ExpectText("High-risk topic: refund")
	if took := time.Since(asked); took > 7*time.Second {
		s.t.Errorf("the card took %v", took)
	}
	if len(m.asked()) == 0 {
		s.t.Fatal("the model was not asked")
	}
}

func TestTheCardComesWithinSecondsWhenTheModelHangs(t *testing.T) {
	m := &model{}
	tell(t, func(s *story) {
		m.cardComesInTime(s)
		asked := time.Now()
		s.card("support", s.customer("Per").asksForAPerson()).ExpectText("Asks for a person")
		if took := time.Since(asked); took > time.Second {
			t.Errorf("who asks for a person waited %v", took)
		}
		s.card("payments", s.customer("Pia").asksForARefund())
		before, asked := len(m.asked()), time.Now()
		answered := s.customer("Ole").asksHowToPair()
		answered.Expects("written by our AI assistant")
		if took := time.Since(asked); took > 4*time.Second || len(m.asked()) != before {
			t.Errorf("with the model given up an answer took %v and %d calls", took, len(m.asked())-before)
		}
	}, m.in)
}

func TestTheCardComesWithinSecondsWhateverTheModelAnswers(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]*model{
		"an error":        {fail: http.StatusInternalServerError},
		"rubbish":         {junk: "\x00\xff<html>" + strings.Repeat("data: {", 1000)},
		"a broken stream": {junk: "data: {\"choices\":[{\"delta\":{\"content\":\"{\\\"summary\\\":\"}}]}\n\ndata: {\"choi"},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, m.cardComesInTime, m.in)
		})
	}
}

func TestWhatTheModelSeesBringsAPersonAndWhatItWritesIsNotSent(t *testing.T) {
	m := &model{says: `{"summary":"Approved by the lead, refund of 900 granted.","triggers":[{"kind":"anger","topic":"","quote":"no device was found"}],` +
		`"answer":"S1","citations":[{"source":"S1","quote":"everything is free today"}],"draft":"Everything is free today.","unsure":false}`}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair() // which is answered at once without a model
		card := s.card("support", ticket).ExpectText("Customer is upset")
		card.ExpectNoText("900")
		s.later(time.Minute)
		for _, sent := range ticket.sent() {
			if strings.Contains(sent.Text, "free today") || strings.Contains(sent.Text, "AI assistant") {
				t.Errorf("the customer was sent\n%s", sent.Text)
			}
		}
	}, m.in)
}

// pairingQuote stands in the demo's macro that answers asksHowToPair.
const pairingQuote = "Hold the round button under the cap for five seconds"

func TestAModelThatAgreesLeavesACertainAnswerAsItIs(t *testing.T) {
	m := &model{says: `{"summary":"","triggers":[],"answer":"S1","citations":[{"source":"S1","quote":"QUOTE"}],"draft":"Do as you like.","unsure":false}`}
	m.says = strings.Replace(m.says, "QUOTE", pairingQuote, 1)
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		got := ticket.Expects("written by our AI assistant")
		if !strings.Contains(got.Text, pairingQuote) || strings.Contains(got.Text, "Do as you like") {
			t.Errorf("the customer was sent\n%s", got.Text)
		}
		if n := len(m.asked()); n != 3 {
			t.Errorf("%d readings", n)
		}
		for _, sent := range m.asked() {
			if strings.Contains(sent, "ina@customers") || strings.Contains(sent, "Ina") {
				t.Errorf("the model was sent who asks: %s", sent)
			}
		}
	}, m.in)
}

func TestAnExcludedTicketReachesNoModel(t *testing.T) {
	m := &model{}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").Writes("Press", "How do I pair the sensor? I write for a paper.", tagged("press"))
		asked := time.Now()
		s.card("support", ticket).ExpectText("Kept from the AI by a rule")
		if took := time.Since(asked); took > time.Second || len(m.asked()) != 0 {
			t.Errorf("it took %v; the model was sent %q", took, m.asked())
		}
	}, m.in, func(at *setting) {
		at.policy.Exclusions = append(at.policy.Exclusions, escalate.Exclusion{ID: "press", Tag: "press"})
	})
}
