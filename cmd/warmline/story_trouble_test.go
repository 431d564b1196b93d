package main

import (
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestCardsComeOnceWhenSlackIsBackAfterALongTime(t *testing.T) {
	tell(t, func(s *story) {
		s.control("fault", map[string]any{"method": "*", "status": 503})
		s.control("disconnect", map[string]any{"reason": "abrupt"})
		asked, drafted := s.customer("Ina").asksForAPerson(), s.customer("Per").asksAboutDelivery()
		sure := s.customer("Pia").asksHowToPair()
		asked.Expects("a person will read it") // customers do not wait for Slack
		sure.Expects("written by our AI assistant")
		s.later(20 * time.Minute)
		s.Channel("support").ExpectNone("#")
		s.control("fault", map[string]any{"clear": true})
		s.later(2 * time.Minute)
		s.oneCard("support", asked)
		s.oneCard("support", drafted)
		s.claim(s.card("support", asked), "ana")
		asked.Assignee("ana")
	})
}

func TestAPostWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	tell(t, func(s *story) {
		s.control("fault", map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		ticket := s.customer("Ina").asksForAPerson()
		s.card("support", ticket)
		s.later(2 * time.Minute)
		s.oneCard("support", ticket)
		s.claim(s.card("support", ticket), "ana")
		ticket.Assignee("ana")
	})
}

func TestAReplyReachesTheCustomerOnceWhateverTheHelpdeskAnswers(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]map[string]any{
		"an error although it was applied":       {"kind": "500_after"},
		"an error and not applied":               {"kind": "500_before"},
		"an answer that never came":              {"kind": "timeout_after"},
		"cut off":                                {"kind": "drop"},
		"applied late":                           {"kind": "late_apply", "delay_ms": 1500},
		"applied later than anybody waits":       {"kind": "late_apply", "delay_ms": 7000},
		"too many calls":                         {"kind": "429", "retry_after": 20},
		"three errors although each was applied": {"kind": "500_after", "times": 3},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksAboutDelivery()
				ticket.Note("drafted an answer")
				card := s.card("support", ticket)
				fault["op"] = "message"
				if fault["times"] == nil {
					fault["times"] = 1
				}
				s.deskFault(fault)
				card.Click("Approve & send").As("ana")
				s.later(2 * time.Minute)
				ticket.Sent(1)
				ticket.Expects("2 to 4 working days")
				ticket.Status(escalate.StatusPending)
				card.ExpectText("Resolved by")
			})
		})
	}
}

func TestATicketWhoseWebhookWasLostIsFoundByThePoll(t *testing.T) {
	tell(t, func(s *story) {
		s.deskFault(map[string]any{"op": "webhook", "kind": "drop"})
		ticket := s.customer("Ina").asksForAPerson()
		s.later(61 * time.Second)
		s.oneCard("support", ticket)
		ticket.Expects("a person will read it")
		ticket.Customer("Hello?")
		s.later(61 * time.Second)
		s.card("support", ticket).Thread().Expect("Hello?")
	})
}

func TestTheSamePressDeliveredAgainHasOneEffect(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectButton("Approve & send")
		pressed := s.forge(card, "support", desk.ActApprove, "ana")
		s.control("redeliver", map[string]any{"envelope_id": pressed["envelope_id"]})
		s.later(time.Minute)
		s.control("redeliver", map[string]any{"envelope_id": pressed["envelope_id"]})
		s.later(time.Minute)
		ticket.Sent(1)
		if got := s.audited(desk.ActApprove, "ana"); !slices.Equal(got, []string{"done"}) {
			t.Errorf("the audit log says %q", got)
		}
		s.Channel("support").As("ana").ExpectNone("no draft to approve")
	})
}

func TestARestartInTheMiddleGoesOnWhereItWas(t *testing.T) {
	tell(t, func(s *story) {
		approved, waiting := s.customer("Ina").asksAboutDelivery(), s.customer("Per").asksForAPerson()
		card, other := s.card("support", approved), s.card("support", waiting)
		card.Click("Approve & send").As("ana")
		card.ExpectButton("Undo")
		s.shut()
		missed := s.customer("Pia").asksForAPerson()
		waiting.Customer("Hello?")
		s.later(30 * time.Minute)
		approved.Sent(0)

		s.open()
		approved.Expects("2 to 4 working days")
		s.later(2 * time.Minute)
		approved.Sent(1)
		card.ExpectText("Resolved by")
		other.Thread().Expect("Hello?")
		s.claim(other, "ana")
		waiting.Assignee("ana")
		s.oneCard("support", missed)
		s.oneCard("support", waiting)
	})
}

func TestAPressIsKeptWhileSlackCannotSayWhoMayApprove(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket).ExpectButton("Approve & send")
		s.control("fault", map[string]any{"method": "usergroups.list", "status": 503})
		s.control("fault", map[string]any{"method": "usergroups.users.list", "status": 503})
		card.Click("Approve & send").As("ana")
		s.later(time.Minute)
		ticket.Sent(0)
		s.control("fault", map[string]any{"clear": true})
		s.later(2 * time.Minute)
		ticket.Sent(1)
	})
}
