package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/helpdesk"
)

// shopFacts knows one order status of everybody, or does not answer.
type shopFacts struct {
	mu      sync.Mutex
	status  string
	changes bool // with every question
	down    bool
	asked   []string
}

func (s *shopFacts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	s.asked = append(s.asked, string(body))
	if s.down {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	if s.changes {
		s.status += "!"
	}
	said, _ := json.Marshal(map[string]any{"facts": []escalate.Fact{{Name: "order_status", Type: escalate.FactText, Value: s.status}}})
	if err := helpdesk.SignWebhook(w.Header(), lookupKey, r.Header.Get("webhook-id"), time.Now(), said); err != nil {
		return
	}
	_, _ = w.Write(said)
}

// set changes what the shop says from now on.
func (s *shopFacts) set(change func(*shopFacts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

func (s *shopFacts) questions() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// in has the macros that answer asksHowToPair and asksAboutDelivery say how the order stands.
func (s *shopFacts) in(at *setting) {
	at.lookup = s
	for i := range at.company.Knowledge.Macros {
		if m := &at.company.Knowledge.Macros[i]; m.ID == "pair-sensor" || m.ID == "delivery-time" {
			m.Body += "\n\nYour order: {{order_status}}."
		}
	}
}

func TestAnAnswerThatNeedsAFactGoesOutWithIt(t *testing.T) {
	shop := &shopFacts{status: "packed in Cork"}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		got := ticket.Expects("Your order: packed in Cork.")
		if !strings.Contains(got.Text, "written by our AI assistant") {
			t.Errorf("it was sent as\n%s", got.Text)
		}
		ticket.Status(escalate.StatusPending)
		ticket.Sent(1)
		if asked := shop.questions(); len(asked) != 2 || asked[0] != `{"email":"ina@customers.example","ticket":"`+ticket.id+`","want":["order_status"],"mentioned":[]}` || asked[1] != asked[0] {
			t.Errorf("the look-up was asked %q", asked)
		}
		d := s.ticket(ticket).Decision
		if l := d.World.Lookup; l == nil || l.Fault != "" || !slices.Equal(l.Used, []string{"order_status"}) || l.Hash == "" {
			t.Errorf("kept with the decision: %+v", l)
		}
		if kept, err := json.Marshal(d); err != nil || strings.Contains(string(kept), "packed") {
			t.Errorf("the decision holds the value: %s, %v", kept, err)
		}
		s.escalate("why "+ticket.id, "ana").ExpectPrivate("asked for order_status; the answer rests on order_status")
	}, shop.in)
}

func TestWithTheLookUpDownADraftNamesTheGap(t *testing.T) {
	shop := &shopFacts{down: true}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		card := s.card("support", ticket).ExpectText("nobody has filled in {{order_status}}").ExpectNoButton("Approve & send")
		s.escalate("why "+ticket.id, "ana").ExpectPrivate("asked for order_status: the look-up gave no answer that counts")
		ticket.Expects("a person will read it")
		s.later(time.Minute)
		ticket.Sent(1)
		if n := len(shop.questions()); n != 2 {
			t.Errorf("the look-up was asked %d times", n)
		}
		card.Click("Edit").As("ben")
		s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", "Like this, Ina. Ben").Submit()
		ticket.Expects("Like this, Ina. Ben")
	}, shop.in)
}

// slow leaves time between the decision and the sending.
func slow(at *setting) {
	at.policy.Pace.EmailBurst, at.policy.Pace.BurstMax = 15*time.Second, time.Minute
}

func TestAFactThatChangedBeforeTheSendingIsNeverSentOld(t *testing.T) {
	shop := &shopFacts{status: "packed"}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		s.eventually("a decision", func() bool { return len(shop.questions()) > 0 }, func() string { return "" })
		s.later(10 * time.Second)
		ticket.Sent(0)
		shop.set(func(s *shopFacts) { s.status = "shipped" })
		ticket.Expects("Your order: shipped.")
		s.later(time.Minute)
		ticket.Sent(1)
		if got := s.replies(ticket); !slices.Equal(got, []string{"answer withdrawn", "answer sent"}) {
			t.Errorf("replies %v", got)
		}
	}, shop.in, slow)
}

func TestWhatCannotBeLookedUpAgainOrKeepsChangingGoesToAPerson(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*shopFacts)
		why    string
	}{
		"down":     {func(s *shopFacts) { s.down = true }, "the look-up gave no answer that counts"},
		"changing": {func(s *shopFacts) { s.changes = true }, "its answers did not hold until they could be sent"},
	} {
		t.Run(name, func(t *testing.T) {
			shop := &shopFacts{status: "packed"}
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksHowToPair()
				s.eventually("a decision", func() bool { return len(shop.questions()) > 0 }, func() string { return "" })
				s.later(10 * time.Second)
				shop.set(tc.change)
				s.card("support", ticket).ExpectText("nobody has filled in {{order_status}}")
				s.escalate("why "+ticket.id, "ana").ExpectPrivate(tc.why)
				s.later(time.Minute)
				for _, m := range ticket.sent() {
					if strings.Contains(m.Text, "Your order") {
						t.Errorf("the customer was sent\n%s", m.Text)
					}
				}
			}, shop.in, slow)
		})
	}
}

func TestAnApproverIsShownTheFactThatMoved(t *testing.T) {
	shop := &shopFacts{status: "packed"}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectText("Your order: packed.")
		card.Click("Details").As("ben")
		s.User("ben").ExpectModal("Details").ExpectText("What was looked up of the customer · lookup").ExpectText("order status: packed")
		card.Click("Approve & send").As("ben")
		card.ExpectButton("Undo")
		shop.set(func(s *shopFacts) { s.status = "lost at sea" })
		s.privately("support", "ben", "held back because what was looked up has changed")
		s.privately("support", "ben", "Now: order status: lost at sea")
		card.ExpectText("Your order: lost at sea.").ExpectNoText("Your order: packed.")
		ticket.Sent(0)
		card.Click("Approve & send").As("ben")
		ticket.Expects("Your order: lost at sea.")
	}, shop.in)
}

func TestWhatAPersonTypedIsHeldOnceForAFactThatMovedAndThenTheirs(t *testing.T) {
	shop := &shopFacts{status: "packed"}
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectText("Your order: packed.")
		card.Click("Edit").As("ben")
		shop.set(func(s *shopFacts) { s.status = "lost at sea" })
		s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", "It is packed, Ina. Ben").Submit()
		s.privately("support", "ben", "Now: order status: lost at sea")
		s.privately("support", "ben", "It is packed, Ina. Ben")
		ticket.Sent(0)
		card.ExpectText("It is packed, Ina. Ben").Click("Approve & send").As("ben")
		ticket.Expects("It is packed, Ina. Ben")
		ticket.Sent(1)
	}, shop.in)
}

// A model that came before the look-up would write around the gap, and be asked twice.
func TestAModelReadsAlongOnceTheFactsAreThere(t *testing.T) {
	shop := &shopFacts{status: "packed in Cork"}
	m := &model{says: `{"summary":"","triggers":[],"answer":"S1","citations":[{"source":"S1","quote":"QUOTE"}],"draft":"Do as you like.","unsure":false}`}
	m.says = strings.Replace(m.says, "QUOTE", pairingQuote, 1)
	tell(t, func(s *story) {
		got := s.customer("Ina").asksHowToPair().Expects("written by our AI assistant")
		if !strings.Contains(got.Text, "Your order: packed in Cork.") || strings.Contains(got.Text, "Do as you like") {
			t.Errorf("the customer was sent\n%s", got.Text)
		}
		if n, asked := len(m.asked()), len(shop.questions()); n != 3 || asked != 2 {
			t.Errorf("%d readings and %d questions", n, asked)
		}
		for _, sent := range m.asked() {
			if !strings.Contains(sent, "packed in Cork") || strings.Contains(sent, "ina@customers") {
				t.Errorf("the model was sent %s", sent)
			}
		}
	}, shop.in, m.in)
}

func TestTheLookUpHearsNothingOfWhoIsKeptFromIt(t *testing.T) {
	shop := &shopFacts{status: "packed"}
	tell(t, func(s *story) {
		s.card("support", s.customer("Ina").Writes("Press", "How do I pair the sensor? I write for a paper.", tagged("press")))
		s.card("support", s.customer("Per").asksForAPerson())
		if asked := shop.questions(); len(asked) > 0 {
			t.Errorf("the look-up was asked %q", asked)
		}
	}, shop.in, func(at *setting) {
		at.policy.Exclusions = append(at.policy.Exclusions, escalate.Exclusion{ID: "press", Tag: "press"})
	})
}
