package main

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestAHandOffTellsTheCustomerAndTheTeam(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForARefund()
		card := s.card("payments", ticket).ExpectText("High-risk topic: refund").ExpectText("Already given: order number")
		ticket.Expects("It is with Mossbrook support now: a person will read it")
		ticket.Note("Warmline handed this to a person in #payments")
		ticket.Tagged("reason-high_risk")
		ticket.Status(escalate.StatusOpen)
		card.Thread().Expect("My return for order MB-48006 arrived on the 9th")
		s.later(time.Minute)
		ticket.Sent(1)
		s.oneCard("payments", ticket)
		s.Channel("support").ExpectNone(ticket.Number())
	})
}

func TestWhoAsksForAPersonGetsOneAtOnceAlsoWhenTheAIIsPaused(t *testing.T) {
	tell(t, func(s *story) {
		s.Command("/escalate", "pause").In("support").As("ana").ExpectPrivate("Paused: everything")
		asked := time.Now()
		ticket := s.customer("Ina").asksForAPerson()
		s.card("support", ticket).ExpectText("Asks for a person")
		if took := time.Since(asked); took > time.Second {
			t.Errorf("the card took %v", took)
		}
	})
}

func TestOfTwoWhoClaimOneOwnsTheTicketAndTheOtherIsTold(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		s.forge(card, "support", desk.ActClaim, "ben")
		card.ExpectText("Claimed by").ExpectNoButton("Claim")
		ticket.Assignee("ana")
		s.privately("support", "ben", ticket.Number()+" is taken: Ana Ferreira claimed it at ")
		s.Channel("support").ExpectNone("is taken")
	})
}

func TestAReleasedTicketIsFreeForOthers(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Assignee("ana")
		s.passesOn(card, "ana", map[string]any{"to": "channel"})
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
		s.claim(card, "ben")
		ticket.Assignee("ben")
	})
}

func TestAReplyGoesOutInItsWritersName(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, Ana here.").Submit()
		if m := ticket.Expects("Hi Ina, Ana here."); m.Author != "Ana Ferreira" || m.Role != escalate.RoleAgent {
			t.Errorf("the reply is by %s %q", m.Role, m.Author)
		}
		ticket.Status(escalate.StatusPending)
		card.ExpectText("Claimed by").ExpectText("Sent").ExpectButton("Resolve")
		card.Thread().Expect("Hi Ina, Ana here.")
	})
}

func TestAReplyThatSolvesEndsTheHandOff(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "All done, Ina.").
			Fill("Where does it go?", "Reply and solve").Submit()
		ticket.Expects("All done, Ina.")
		ticket.Status(escalate.StatusSolved)
		card.ExpectText("Resolved by").ExpectNoButton("Reply")
	})
}

func TestAnInternalNoteStaysInside(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		ticket.Expects("a person will read it")
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "She called twice today.").
			Fill("Where does it go?", "Internal note").Submit()
		ticket.Note("Ana Ferreira (from Slack):\nShe called twice today.")
		s.later(time.Minute)
		ticket.Sent(1)
		ticket.Status(escalate.StatusOpen)
	})
}

func TestAResolvedTicketIsSolvedInTheHelpdesk(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Resolve").As("ana")
		card.ExpectText("Resolved by").ExpectNoButton("Resolve").ExpectButton("Details")
		ticket.Status(escalate.StatusSolved)
	})
}

func TestOnlyTheOwnerOrALeadActsOnAClaimedTicket(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		card.Click("Resolve").As("ben")
		s.privately("support", "ben", "Only they or a lead can do that")
		card.Click("Resolve").As("lea")
		ticket.Status(escalate.StatusSolved)
	})
}

func TestWhoAnswersInTheHelpdeskTakesTheTicketOver(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectButton("Approve & send")
		ticket.Colleague("Ben Okoro", "Three days, Ina. Ben")
		card.ExpectText("Taken over in the helpdesk by Ben Okoro").ExpectNoText("2 to 4 working days").
			ExpectNoButton("Approve & send").ExpectNoButton("Claim")
		s.forge(card, "support", desk.ActApprove, "ana")
		s.privately("support", "ana", "There is no draft to approve any more")
		s.later(time.Minute)
		ticket.Sent(1)
	})
}

func TestACardSaysWhenItsTicketIsClosedInTheHelpdesk(t *testing.T) {
	t.Parallel()
	for _, status := range []escalate.Status{escalate.StatusSolved, escalate.StatusClosed} {
		t.Run(string(status), func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksAboutDelivery()
				card := s.card("support", ticket).ExpectButton("Approve & send")
				ticket.Set(status)
				card.ExpectText("Resolved in the helpdesk").ExpectNoButton("Approve & send").ExpectNoButton("Claim")
				s.later(time.Minute)
				ticket.Sent(0)
			})
		})
	}
}

func TestANewMessageOfTheCustomerMentionsTheOwner(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.claim(card, "ana")
		ticket.Customer("One more thing: the light is orange.")
		post, _ := card.Thread().Expect("One more thing: the light is orange.").Message()
		if !s.mentions(post, "ana") {
			t.Errorf("the post does not mention Ana: %s", post)
		}
		s.oneCard("support", ticket)
	})
}

func TestTheOwnerIsMentionedAlsoWhenOtherPostsWereWaiting(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Thread().Expect("I would like to talk to a real person")
		s.claim(card, "ana")
		s.control("fault", map[string]any{"method": "chat.postMessage", "status": 503})
		ticket.Colleague("Ben Okoro", "Hello Ina, Ana will look at it. Ben")
		s.later(5 * time.Second)
		ticket.Customer("The light is orange.")
		s.later(5 * time.Second)
		s.control("fault", map[string]any{"clear": true})
		s.later(time.Minute)
		post, _ := card.Thread().Expect("The light is orange.").Message()
		if !s.mentions(post, "ana") {
			t.Errorf("the post does not mention Ana: %s", post)
		}
	})
}

func TestACardThatWasDeletedComesBackWithTheNextChange(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.webAPI("chat.delete", map[string]any{"channel": s.support(), "ts": card.TS()})
		card.ExpectGone()
		ticket.Customer("Hello? Is anybody there?")
		again := s.card("support", ticket)
		again.Thread().Expect("Hello? Is anybody there?")
		s.claim(again, "ana")
		ticket.Assignee("ana")
		s.oneCard("support", ticket)
	})
}
