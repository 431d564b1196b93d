package main

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
)

// Hand-offs that go to somebody else: another channel, another person, or back to everybody.

func TestAThreatAfterADraftReachesThoseWhoAreThereForIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		drafted := s.card("support", ticket).ExpectButton("Approve & send")
		ticket.Customer("I can't go on any more, I want to kill myself.")
		card := s.card("escalations", ticket).ExpectText("Someone may be in danger").ExpectButton("Claim").ExpectNoButton("Approve & send")
		card.Thread().Expect("I can't go on any more")
		drafted.ExpectText("Moved to #escalations").ExpectNoButton("Approve & send").ExpectNoButton("Claim")
		ticket.Note("Warmline handed this to a person in #escalations")
		ticket.Tagged("reason-safety")
		s.forge(drafted, "support", desk.ActApprove, "ana")
		s.privately("support", "ana", "there is a newer one")
		s.later(time.Minute)
		ticket.Sent(0)
		s.oneCard("support", ticket)
		s.oneCard("escalations", ticket)
		s.claim(card, "mira")
		ticket.Assignee("mira")
	})
}

func TestWhoWantsAPersonAfterADraftGetsOneInPlace(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectButton("Approve & send")
		ticket.Customer("I want a real person, please.")
		card.ExpectText("Asks for a person").ExpectButton("Claim")
		ticket.Expects("a person will read it")
		ticket.Tagged("reason-human_request")
		s.later(11 * time.Minute)
		ticket.Expects("Nobody has forgotten it")
		ticket.Sent(2)
		s.oneCard("support", ticket)
	}, soon)
}

func TestATicketThatWasTakenOverIsOpenAgainWhenItsCustomerWaits(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Colleague("Chloe Marchand", "Have you tried to restart it?")
		card.ExpectText("Taken over in the helpdesk by Chloe Marchand").ExpectNoButton("Claim")
		s.later(16 * time.Minute)
		if n := threadPosts(card, "Deadline"); n != 0 {
			s.t.Fatalf("warned %d times of a ticket that was answered", n)
		}
		ticket.Customer("Yes, I have. It is still offline.")
		card.ExpectText("Nobody has claimed it yet").ExpectButton("Claim")
		s.later(15*time.Minute + time.Second)
		card.Thread().Expect("The next answer is due in 5 min. Nobody has claimed it.")
		s.claim(card, "ana")
		ticket.Assignee("ana")
		s.oneCard("support", ticket)
	}, soon)
}

func TestWhomTheHelpdeskGivesATicketHasIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Assignee("ana")
		ben := "ben"
		if _, err := s.desk.Patch(ticket.id, builtin.Patch{Assignee: &ben}); err != nil {
			s.t.Fatal(err)
		}
		card.ExpectText("Taken over in the helpdesk").ExpectNoButton("Approve & send").ExpectNoText("Claimed by")
		s.forge(card, "support", desk.ActApprove, "ana")
		s.privately("support", "ana", "someone else was assigned in the helpdesk")
		s.later(time.Minute)
		ticket.Sent(0)
		ticket.Assignee("ben")
	})
}

func TestATicketThatComesBackAfterTheAISolvedItEscalates(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Status(escalate.StatusPending)
		ticket.Set(escalate.StatusSolved)
		s.later(2 * time.Minute)
		ticket.Customer("How do I pair the sensor with the Hub? The light blinks blue and the app says no device was found.")
		s.card("support", ticket).ExpectText("came back after our answer").ExpectButton("Claim").ExpectNoButton("Approve & send")
		ticket.Expects("a person will read it")
		s.later(time.Minute)
		ticket.Sent(2) // the first answer and the acknowledgement
	})
}

func TestOfEachBurstTheEndIsWaitedFor(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		s.card("support", ticket).Click("Approve & send").As("ana")
		ticket.Expects("2 to 4 working days")
		ticket.Status(escalate.StatusPending)
		s.later(2 * time.Minute)
		began := time.Now()
		for range 4 { // never quiet for the two seconds that end a burst
			ticket.Customer("How many days does the delivery to Cork take?")
			s.later(1500 * time.Millisecond)
			s.oneCard("support", ticket) // the one of before
		}
		s.eventually("a second card", func() bool { return s.cards("support", ticket) == 2 }, ticket.dump)
		if took := time.Since(began); took < 6500*time.Millisecond {
			t.Errorf("the card came %v after the first message, and the customer was not done", took)
		}
	})
}

func TestABurstThatDoesNotEndIsCutShort(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		began := time.Now()
		for s.cards("support", ticket) == 0 && time.Since(began) < time.Minute {
			s.later(1500 * time.Millisecond)
			ticket.Customer("How many days does the delivery to Cork take?")
		}
		if took := time.Since(began); took < 9*time.Second || took > 12*time.Second {
			t.Errorf("the card came after %v, want ten seconds", took)
		}
	}, func(at *setting) { at.policy.Pace.BurstMax = 10 * time.Second })
}
