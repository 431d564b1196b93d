package main

import (
	"slices"
	"testing"
	"time"

	"warmline/cmd/warmline/demo"
	"warmline/escalate/desk"
	"warmline/internal/localslack"
)

// The account of the helpdesk that Olga has there, under an address that Slack does not know.
const (
	olgasAgent   = "petrenko"
	olgasAddress = "o.petrenko@helpdesk.example"
)

// joined has Olga be an agent, whom the helpdesk knows under another address.
func joined(at *setting) {
	at.company.Groups[0].Members = append(at.company.Groups[0].Members, "olga")
	at.company.People = append(at.company.People, demo.Person{Name: olgasAgent, RealName: "O. Petrenko", Email: olgasAddress, Role: "agent"})
	at.slack = func(c *localslack.Config) {
		c.Users = slices.DeleteFunc(c.Users, func(u localslack.User) bool { return u.Name == olgasAgent })
	}
}

// asksToLink has Olga claim a ticket and say in the modal which account is hers.
func (s *story) asksToLink(address string) (t *ticket) {
	s.t.Helper()
	t = s.customer("Ina").asksForAPerson()
	s.claim(s.card("support", t), "olga")
	nudge := s.Channel("support").As("olga").ExpectPrivate("I know no helpdesk account of yours")
	t.Assignee("")
	nudge.Click("Link my account").As("olga")
	s.User("olga").ExpectModal("Link your account").Fill("E-mail address of your helpdesk account", address).Submit()
	s.User("olga").ExpectNoModal()
	return t
}

func TestAClaimWithoutAnAccountHoldsAndReachesTheHelpdeskOnceALeadConfirmedIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.asksToLink(olgasAddress)
		s.privately("support", "olga", "a lead has to confirm that it is yours. I asked in #support")
		ask := s.Channel("support").ExpectCard("is the helpdesk account " + olgasAddress + " Olga Petrenko's?").
			ExpectText("in Slack their address is olga@mossbrook.example")
		s.later(time.Minute)
		ticket.Assignee("")

		ask.Click("Yes, it is theirs").As("olga")
		s.privately("support", "olga", "Only leads can do that")
		ask.Click("Yes, it is theirs").As("ana")
		s.privately("support", "ana", "Only leads can do that")
		ask.Click("Yes, it is theirs").As("lea")
		ask.ExpectText("is Olga Petrenko's, says Lea Sommer").ExpectNoButton("Yes, it is theirs")
		s.privately("support", "olga", "Lea Sommer confirmed your helpdesk account")
		ticket.Assignee(olgasAgent)
		s.escalate("link", "olga").ExpectPrivate("petrenko; a lead confirmed it")
		if got := s.audited(desk.ActPair, "lea"); !slices.Equal(got, []string{"done"}) {
			t.Errorf("the audit log says %q", got)
		}

		s.later(2 * time.Hour) // she is read again, and Slack's address still is another
		next := s.customer("Per").asksForAPerson()
		s.claim(s.card("support", next), "olga")
		next.Assignee(olgasAgent)
	}, joined)
}

func TestALeadWhoRefusesLinksNothing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.asksToLink(olgasAddress)
		ask := s.Channel("support").ExpectCard("Olga Petrenko's?")
		ask.Click("No").As("mira")
		ask.ExpectText("is not Olga Petrenko's, says Mira Janssen")
		s.privately("support", "olga", "Mira Janssen says that the helpdesk account "+olgasAddress+" is not yours")
		s.later(time.Minute)
		ticket.Assignee("")
	}, joined)
}

func TestNobodyGetsAnAccountThatIsAnothers(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.asksToLink("ANA@mossbrook.example")
		s.privately("support", "olga", "That account is Ana Ferreira's. Nothing was changed.")
		s.escalate("link nobody@mossbrook.example", "olga").ExpectPrivate("I ask the helpdesk for nobody@mossbrook.example")
		s.privately("support", "olga", "The helpdesk has no agent with the address nobody@mossbrook.example")
		s.later(time.Minute)
		ticket.Assignee("")
		s.escalate("link", "ana").ExpectPrivate("the helpdesk has the address that Slack has, ana@mossbrook.example")
	}, joined)
}

func TestALeadDoesNotConfirmTheirOwnAccount(t *testing.T) {
	tell(t, func(s *story) {
		s.asksToLink(olgasAddress)
		s.privately("support", "olga", "As a lead you cannot confirm it yourself: another one has to. If there is no other, add somebody to the leads (@support-leads)")
		ask := s.Channel("support").ExpectCard("Olga Petrenko's?")
		ask.Click("Yes, it is theirs").As("olga")
		s.privately("support", "olga", "Somebody else has to confirm your account: another lead.")
		s.privately("support", "olga", "have the helpdesk give your account the address olga@mossbrook.example, and say /escalate link olga@mossbrook.example")
		ask.ExpectButton("Yes, it is theirs")
	}, joined, func(at *setting) { at.company.Groups[1].Members = append(at.company.Groups[1].Members, "olga") })
}

func TestOfTwoWhoAskForOneAccountOneGetsIt(t *testing.T) {
	tell(t, func(s *story) {
		s.asksToLink(olgasAddress)
		first := s.Channel("support").ExpectCard("Olga Petrenko's?")
		s.escalate("link off", "ben").ExpectPrivate("Ben Okoro is not linked to a helpdesk account any more")
		s.escalate("link "+olgasAddress, "ben").ExpectPrivate("I ask the helpdesk")
		second := s.Channel("support").ExpectCard("Ben Okoro's?")
		first.Click("Yes, it is theirs").As("lea")
		first.ExpectText("says Lea Sommer")
		second.Click("Yes, it is theirs").As("lea")
		s.privately("support", "lea", "That account is Olga Petrenko's. Nothing was changed.")
		s.escalate("link", "ben").ExpectPrivate("You took your helpdesk account off")
	}, joined)
}

func TestWhoTookTheirAccountOffGetsItBackByTheAddressThatSlackHas(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("link off", "ana").ExpectPrivate("Ana Ferreira is not linked")
		s.later(2 * time.Hour) // she is read again, and stays without
		ticket := s.customer("Ina").asksForAPerson()
		s.claim(s.card("support", ticket), "ana")
		s.later(time.Minute)
		ticket.Assignee("")
		if told := s.told("ana"); len(told) != 1 {
			t.Errorf("who took the account off is told of it again: %q", told)
		}
		s.escalate("link ana@mossbrook.example", "ana").ExpectPrivate("I ask the helpdesk")
		s.privately("support", "ana", "You are linked to helpdesk account ana")
		ticket.Assignee("ana")
	})
}

func TestWhoApprovesWithoutAnAccountSendsAllTheSameAndIsAskedOnceADay(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		s.card("support", ticket).Click("Approve & send").As("olga")
		s.privately("support", "olga", "I know no helpdesk account of yours")
		if answer := ticket.Expects("2 to 4 working days"); answer.Author != "Olga Petrenko" {
			t.Errorf("the answer is by %q", answer.Author)
		}
		next := s.customer("Per").asksForAPerson()
		s.claim(s.card("support", next), "olga")
		s.later(time.Minute)
		if told := s.told("olga"); len(told) != 1 {
			t.Errorf("she was told %q", told)
		}
		s.later(24 * time.Hour)
		last := s.customer("Uma").asksForAPerson()
		s.card("support", last)
		s.escalate("claim "+last.id, "olga").ExpectPrivate("is yours: its card is in #support").
			ExpectText("I know no helpdesk account of yours").ExpectButton("Link my account")
	}, joined)
}

func TestAnAccountFoundByItsAddressIsInTheAuditLog(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("audit @ben", "lea").ExpectPrivate("warmline · link · Ben Okoro · done · linked to agent ben, by e-mail address")
	})
}

func TestALeadTakesSomebodysAccountOff(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("link off @Ben Okoro", "ana").ExpectPrivate("Only leads can do that")
		s.escalate("link off Ben Okro", "lea").ExpectPrivate("Did you mean /escalate link off @Ben Okoro?")
		s.escalate("link off <@"+string(s.person("ben"))+"|ben>", "lea").ExpectPrivate("Ben Okoro is not linked to a helpdesk account any more")
		s.escalate("link", "ben").ExpectPrivate("You took your helpdesk account off")
	})
}

func TestTheHelpdeskThatDoesNotAnswerLinksNothingAndSaysSo(t *testing.T) {
	tell(t, func(s *story) {
		s.deskFault(map[string]any{"op": "read", "kind": "500_before"})
		s.escalate("link "+olgasAddress, "olga").ExpectPrivate("I ask the helpdesk")
		s.later(10 * time.Minute)
		s.privately("support", "olga", "The helpdesk does not answer, so nothing was changed")
	}, joined)
}
