package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
)

// secondDesk is the name of the other connected helpdesk.
const secondDesk = "second"

// secondAgents are Ana and Ben under other ids than in the first helpdesk. Ben's there is Ana's here.
var secondAgents = []builtin.Agent{
	{ID: "ben", Name: "Ana F.", Email: "ana@mossbrook.example"},
	{ID: "b-2", Name: "Ben O.", Email: "ben@mossbrook.example"},
	{ID: "olga-2", Name: "O. Petrenko", Email: olgasAddress},
}

// tellOfTwo runs a story with two helpdesks connected; second opens a ticket in the other one.
func tellOfTwo(t *testing.T, play func(s *story, second func(number string) *ticket), change ...func(*setting)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStory(t, change...)
		other, err := builtin.New(builtin.Options{Agents: secondAgents})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := other.Close(); err != nil {
				t.Errorf("close the other desk: %v", err)
			}
		})
		c := builtinDesk(deskBase, "", time.Second)
		c.Account.Name, c.Account.Client = secondDesk, s.client(s.serve(other.Handler()))
		s.config.Desks = append(s.config.Desks, c)
		s.run(other.Run)
		t.Cleanup(s.shut)
		s.open()
		play(s, func(number string) *ticket {
			t.Helper()
			customer := builtin.Customer{Name: "Vera", Email: "vera@customers.example"}
			_, err := other.Create(builtin.NewTicket{ID: number, Subject: "A person, please", Text: "Please let me talk to a person.", Customer: customer})
			if err != nil {
				t.Fatal(err)
			}
			return &ticket{s: s, id: number, in: other}
		})
	})
}

// accountsOf is who somebody is in each helpdesk.
func (s *story) accountsOf(name string) (all map[string]desk.Account) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		p, err := tx.PersonRow(s.t.Context(), s.person(name))
		if err == nil {
			all = p.Accounts
		}
		return err
	})
	return all
}

func TestAClaimAssignsWhoThePersonIsInTheTicketsOwnHelpdesk(t *testing.T) {
	tellOfTwo(t, func(s *story, second func(string) *ticket) {
		first, other := s.customer("Ina").asksForAPerson(), second("2001")
		s.claim(s.card("support", first), "ana")
		s.claim(s.card("support", other), "ana")
		first.Assignee("ana")
		other.Assignee("ben")
		s.escalate("link", "ana").ExpectPrivate("ana; the helpdesk has the address that Slack has, ana@mossbrook.example").
			ExpectText("Your account in second").ExpectText("ben; the helpdesk has the address")

		// The first helpdesk's ben is another person, who has an account of his own in the second.
		s.escalate("handover <@"+string(s.person("ben"))+"|ben>", "ana").ExpectPrivate("Ben Okoro now has")
		first.Assignee("ben")
		other.Assignee("b-2")
		if told := append(s.told("ana"), s.told("ben")...); strings.Contains(strings.Join(told, "\n"), "no helpdesk account") {
			t.Errorf("who has accounts is told that they have none: %q", told)
		}
	})
}

func TestWhoTakesTheirAccountsOffHasThemInNoHelpdesk(t *testing.T) {
	tellOfTwo(t, func(s *story, second func(string) *ticket) {
		s.escalate("link off", "ana").ExpectPrivate("Ana Ferreira is not linked to a helpdesk account any more")
		s.later(2 * time.Hour) // she is read again, and stays without
		first, other := s.customer("Ina").asksForAPerson(), second("2001")
		s.claim(s.card("support", first), "ana")
		s.claim(s.card("support", other), "ana")
		s.later(time.Minute)
		first.Assignee("")
		other.Assignee("")
		s.escalate("link", "ana").ExpectPrivate("you took it off")
		s.escalate("link off", "ana").ExpectPrivate("nothing was changed")
		s.escalate("audit @ana", "lea").ExpectPrivate("unlinked from agent ana in main, ben in second")

		s.escalate("link ana@mossbrook.example", "ana").ExpectPrivate("I ask the helpdesks for ana@mossbrook.example")
		s.privately("support", "ana", "You are linked to helpdesk account ana in main.")
		first.Assignee("ana")
		other.Assignee("ben")
	})
}

func TestALeadConfirmsAnAccountInEachHelpdeskOnItsOwn(t *testing.T) {
	tellOfTwo(t, func(s *story, second func(string) *ticket) {
		first, other := s.customer("Ina").asksForAPerson(), second("2001")
		s.claim(s.card("support", first), "olga")
		s.claim(s.card("support", other), "olga")
		s.escalate("link "+olgasAddress, "olga").ExpectPrivate("I ask the helpdesks")
		s.privately("support", "olga", "That account in main has another address than you have in Slack")
		s.privately("support", "olga", "That account in second has another address than you have in Slack")
		s.Channel("support").ExpectCard("is the helpdesk account " + olgasAddress + " in second Olga Petrenko's?").Click("Yes, it is theirs").As("lea")
		s.privately("support", "olga", "Lea Sommer confirmed your helpdesk account "+olgasAddress+" in second.")
		other.Assignee("olga-2")
		s.later(time.Minute)
		first.Assignee("")
		s.Channel("support").ExpectCard("is the helpdesk account " + olgasAddress + " in main Olga Petrenko's?").Click("No").As("lea")
		s.privately("support", "olga", "Lea Sommer says that the helpdesk account "+olgasAddress+" in main is not yours")
		s.later(2 * time.Hour) // she is read again
		if got := s.accountsOf("olga"); len(got) != 1 || got[secondDesk] != (desk.Account{Agent: "olga-2", Link: desk.LinkLead}) {
			t.Errorf("Olga has %v", got)
		}
	}, joined)
}

func TestAHelpdeskThatDoesNotAnswerKeepsNoAccountInAnotherBack(t *testing.T) {
	tellOfTwo(t, func(s *story, _ func(string) *ticket) {
		s.escalate("link off", "ana").ExpectPrivate("Ana Ferreira is not linked")
		s.deskFault(map[string]any{"op": "read", "kind": "500_before"})
		s.escalate("link ana@mossbrook.example", "ana").ExpectPrivate("I ask the helpdesks")
		s.later(10 * time.Minute)
		s.privately("support", "ana", "You are linked to helpdesk account ben in second.")
		s.privately("support", "ana", "The helpdesk main does not answer. Please try again later: /escalate link ana@mossbrook.example")
		if got := s.accountsOf("ana"); got[deskName] != (desk.Account{Link: desk.LinkOff}) || got[secondDesk].Agent != escalate.AgentID("ben") {
			t.Errorf("Ana has %v", got)
		}
	})
}
