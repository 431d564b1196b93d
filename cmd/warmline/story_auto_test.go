package main

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/builtin"
)

// Questions that customers of the demo's company ask. How sure its knowledge makes the brain of each decides the way.
func (c *customer) asksHowToPair() *ticket {
	return c.Writes("Can't pair my new Sprig sensor", "Hello,\n\nI bought a second Sprig and I can't pair it with the Hub. "+
		"The light blinks blue, then it goes off and the app says that no device was found. How do I pair the sensor?")
}

func (c *customer) asksAboutDelivery() *ticket {
	return c.Writes("Delivery time to Cork",
		"Hello, how many days does the delivery to Cork take at the moment, and when do I get the tracking link?")
}

func (c *customer) asksForAPerson() *ticket {
	return c.Writes("Hub offline again", "Hello, I would like to talk to a real person please, not to a robot. My Hub is offline again.")
}

func (c *customer) asksForARefund() *ticket {
	return c.Writes("Where is my refund?", "My return for order MB-48006 arrived on the 9th. Where is my refund?")
}

func TestACertainAnswerGoesOutWithTheNoticeThatItIsAI(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		answer := ticket.Expects("written by our AI assistant")
		if answer.Role != escalate.RoleBot || !strings.Contains(answer.Text, "talk to a person") {
			t.Errorf("the answer is by %s and reads\n%s", answer.Role, answer.Text)
		}
		ticket.Status(escalate.StatusPending)
		ticket.Sent(1)
		s.Channel("support").ExpectNone(ticket.Number())
	})
}

func TestABareThanksGetsNoAnswerAndNoCard(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Status(escalate.StatusPending)
		ticket.Customer("Thanks!")
		s.later(time.Minute)
		ticket.Sent(1)
		ticket.Status(escalate.StatusPending)
		s.Channel("support").ExpectNone(ticket.Number())
	})
}

func TestAnAutoResponderGetsNoAnswer(t *testing.T) {
	tell(t, func(s *story) {
		machine := func(n *builtin.NewTicket) { n.Auto = true }
		ticket := s.customer("Ina").Writes("Out of office: Re: your order", "I am away until Monday. How do I pair the sensor?", machine)
		s.later(time.Minute)
		ticket.Sent(0)
		s.Channel("support").ExpectNone(ticket.Number())
	})
}

func TestAReopenedTicketThatTheAIAnsweredGoesToAPerson(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Status(escalate.StatusPending)
		ticket.Customer("That did not help at all, the light still goes off. What else can I do?")
		s.card("support", ticket).ExpectText("The AI tried").ExpectButton("Claim")
		ticket.Expects("a person will read it")
	})
}
