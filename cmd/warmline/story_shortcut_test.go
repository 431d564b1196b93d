package main

import "testing"

func TestAMessageInSlackBecomesATicketForAPerson(t *testing.T) {
	tell(t, func(s *story) {
		said := s.Channel("support").Say("ben", "Kim from Lumen called: how do I pair the sensor with the Hub? <https://lumen.example|Lumen> &amp; sons")
		said.Shortcut("ben", "escalate_message")
		modal := s.User("ben").ExpectModal("Escalate to support")
		modal.Fill("subject", "Pairing a sensor").Fill("email", "kim").SubmitExpectingError("Write the customer's e-mail address")
		modal.Fill("email", "kim@lumen.example").Fill("name", "Kim Berg").Submit()
		s.privately("support", "ben", "#1001 is open, and comes to people as a card")
		ticket := &ticket{s: s, id: "1001"}
		card := s.Channel("support").ExpectCard("#1001 · Pairing a sensor").ExpectText("a colleague wants one to see to it").ExpectText("Kim Berg")
		card.Thread().Expect("how do I pair the sensor with the Hub? Lumen & sons")
		ticket.Sent(1)
		ticket.Expects("a person will read it")
		said.Shortcut("olga", "escalate_message")
		s.privately("support", "olga", "Only agents can do that")
		s.decidesAgain(ticket)
	})
}
