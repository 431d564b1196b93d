package main

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/builtin"
)

// Customers change what they wrote: the thread tells of it once, and nothing goes out that answers the older words.

// Edits has the customer change their newest message.
func (t *ticket) Edits(text string) {
	t.s.t.Helper()
	said := t.only(func(m *builtin.Message) bool { return m.Role == escalate.RoleCustomer })
	if _, err := t.s.desk.Edit(t.id, builtin.Edit{Message: said[len(said)-1].ID, Text: text}); err != nil {
		t.s.t.Fatal(err)
	}
}

func TestAnEditIsToldOfInTheThreadOnce(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*story){
		"as it is": func(*story) {},
		"although the answer to the post was lost": func(s *story) {
			s.control("fault", map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		},
		"after a restart": func(s *story) { s.shut() },
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksForAPerson()
				card := s.card("support", ticket)
				s.claim(card, "ana")
				card.Thread().Expect("I would like to talk to a real person")
				s.later(time.Minute)
				trouble(s)
				ticket.Edits("I would like to talk to a real person about order LB-20411.")
				if s.app == nil {
					s.later(time.Minute)
					s.open()
				}
				post, _ := card.Thread().Expect("edited what they wrote").ExpectText("LB-20411").Message()
				if !s.mentions(post, "ana") {
					t.Errorf("the post does not mention the owner: %s", post)
				}
				s.later(2 * time.Minute)
				s.once(card, "edited what they wrote", "LB-20411")
				ticket.Edits("I would like to talk to a real person about order LB-20412.")
				card.Thread().Expect("LB-20412")
				s.later(time.Minute)
				s.once(card, "LB-20411", "LB-20412")
			})
		})
	}
}

func TestWhatWasEditedBeforeTheCardCameIsShownAsItIs(t *testing.T) {
	tell(t, func(s *story) {
		s.control("fault", map[string]any{"method": "chat.postMessage", "status": 503})
		ticket := s.customer("Ina").asksForAPerson()
		s.later(time.Minute)
		ticket.Edits("I would like to talk to a real person about order LB-20411.")
		s.later(time.Minute)
		s.control("fault", map[string]any{"clear": true})
		s.later(2 * time.Minute)
		card := s.card("support", ticket)
		card.Thread().Expect("LB-20411")
		s.later(2 * time.Minute)
		s.once(card, "I would like to talk to a real person")
	})
}

func TestAnAnswerToWhatWasEditedIsHeldAndSaysWhy(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Edit").As("ben")
		s.User("ben").ExpectModal("Edit the reply").Fill("Reply to the customer", "Three days, Ina. Ben").Submit()
		card.ExpectButton("Undo")
		s.deskFault(map[string]any{"op": "webhook", "kind": "drop", "times": 1})
		ticket.Edits("How long does delivery to the Azores take?")
		s.privately("support", "ben", "held back because the customer edited what they wrote")
		s.privately("support", "ben", "Three days, Ina. Ben")
		s.later(time.Minute)
		ticket.Sent(0)
		card.Thread().Expect("Azores")
		card.Click("Edit").As("ben") // now they have it before them
		s.User("ben").ExpectModal("Edit the reply").ExpectText("the customer edited what they wrote").Submit()
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

func TestAWindowOpenedBeforeAnEditIsFencedByIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		modal := s.User("ana").ExpectModal("Reply")
		ticket.Edits("Never mind, I would like to cancel instead.")
		card.Thread().Expect("cancel instead")
		modal.Fill("What do you want to say?", "Here I am, Ina.").Submit()
		s.privately("support", "ana", "the customer edited what they wrote")
		s.later(time.Minute)
		ticket.Sent(1) // the acknowledgement alone
	})
}

func TestAnEditedQuestionIsAssessedAgain(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectButton("Approve & send")
		ticket.Edits("I was charged twice. Please refund me at once, or my lawyer will write to you.")
		s.later(time.Minute)
		if d := s.ticket(ticket).Decision; !d.Has(escalate.HighRisk) {
			t.Errorf("the decision after the edit goes %s for %+v", d.Way, d.Reasons)
		}
		card.ExpectNoButton("Approve & send")
		ticket.Sent(1)
	})
}
