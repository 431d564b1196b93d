package main

import (
	"strings"
	"testing"

	"warmline/escalate/desk"
	"warmline/escalate/mask"
)

func TestCardNumbersAreShownToWhoAsksAndTheLogKeepsIt(t *testing.T) {
	tell(t, func(s *story) {
		const number = "4111 1111 1111 1111"
		ticket := s.customer("Ina").Writes("Hub offline again", "I would like to talk to a real person please, not to a robot. My card is "+number+".")
		card := s.card("support", ticket)
		if all := strings.Join(card.Thread().Texts(), "\n"); strings.Contains(all, number) || !strings.Contains(all, "[card …1111]") {
			t.Errorf("the thread shows:\n%s", all)
		}
		s.escalate("reveal "+ticket.id, "olga")
		s.privately("support", "olga", "Only agents can do that")
		s.escalate("reveal "+ticket.id, "ana")
		s.privately("support", "ana", number)
		s.wantAudit(string(s.person("ana")), string(desk.ActCommand), string(s.ticket(ticket).ID))
		for _, m := range s.Channel("support").Messages() {
			if m.Shows(number) && !m.Ephemeral {
				t.Errorf("everybody sees the number: %+v", m)
			}
		}
	})
}

func TestADraftWithSecretsIsSentFromAPreviewOnly(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Edit").As("ana")
		const iban = "DE89 3704 0044 0532 0130 00"
		s.User("ana").ExpectModal("Edit the reply").Fill("Reply to the customer", "Please pay to "+iban+".").Submit()
		card.Click("Undo").As("ana")
		card.ExpectText("[account …3000]").ExpectNoButton("Approve & send")
		s.forge(card, "support", desk.ActApprove, "ana")
		s.privately("support", "ana", "Press Preview & send to read it whole first")
		card.Click("Preview & send").As("ana")
		s.User("ana").ExpectModal("Preview").ExpectText(iban).Submit()
		if m := ticket.Expects(iban); !mask.Holds(m.Text, mask.IBANs) {
			t.Errorf("the customer reads %q", m.Text)
		}
		s.Channel("support").ExpectNone(iban)
	})
}
