package main

import (
	"slices"
	"testing"
	"time"

	"warmline/escalate/desk"
	"warmline/internal/localslack/slackstory"
)

func (s *story) escalate(text, user string) *slackstory.Ran {
	s.t.Helper()
	return s.Command("/escalate", text).In("support").As(user)
}

func TestWhoIsNoAgentIsRefusedInPrivateAndTheRefusalIsKept(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.Click("Approve & send").As("olga")
		s.privately("support", "olga", "Only agents can do that: people in @support-agents. Nothing was changed.")
		s.later(time.Minute)
		ticket.Sent(0)
		card.ExpectButton("Claim")
		if got := s.audited(desk.ActApprove, "olga"); !slices.Equal(got, []string{"refused"}) {
			t.Errorf("the audit log says %q", got)
		}
	})
}

func TestWhoIsInNoGroupCannotClaim(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Click("Claim").As("olga")
		s.privately("support", "olga", "Only agents can do that")
		s.escalate("claim "+ticket.id, "olga").ExpectPrivate("Only agents can do that")
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
	})
}

func TestWhoLeftTheGroupASecondAgoCannotApprove(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.ExpectButton("Approve & send")
		s.control("group", map[string]any{"handle": "support-agents", "remove": []string{"ana"}, "silent": true})
		s.later(time.Second)
		card.Click("Approve & send").As("ana")
		s.privately("support", "ana", "Only agents can do that")
		s.later(time.Minute)
		ticket.Sent(0)
		card.Click("Approve & send").As("ben")
		s.later(11 * time.Second)
		ticket.Sent(1)
	})
}

func TestWhoJoinsTheGroupMayClaimAtOnce(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.control("group", map[string]any{"handle": "support-agents", "add": []string{"olga"}})
		s.later(time.Second)
		card.Click("Claim").As("olga")
		card.ExpectText("Claimed by")
		if got := s.audited(desk.ActClaim, "olga"); !slices.Equal(got, []string{"done"}) {
			t.Errorf("the audit log says %q", got)
		}
	})
}

func TestALeadMovesTheThresholdAndAnAgentOnlyReadsIt(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("threshold", "ana").ExpectPrivate("answers from 95 %, drafts from 60 %")
		s.escalate("threshold auto 0.5", "ana").ExpectPrivate("Only leads can do that: people in @support-leads")
		s.escalate("threshold auto 120%", "lea").ExpectPrivate("120% is not between 0 and 1")
		s.escalate("threshold auto 0.4", "lea").ExpectPrivate("Nothing was changed")
		s.escalate("threshold pairing auto 100% draft 1", "lea").ExpectPrivate("Done, policy 2: pairing: answers from 95 % → 100 %; pairing: drafts from 60 % → 100 %")
		ticket := s.customer("Ina").asksHowToPair()
		s.card("support", ticket).ExpectText("Not sure enough")
		s.escalate("why "+ticket.id, "ana").ExpectPrivate("answers from 100 %, drafts from 100 % (policy 2, topic pairing)")
	})
}

func TestAnExcludedTicketGetsACardWithoutADraft(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("exclude", "ana").ExpectPrivate("Nothing is excluded")
		s.escalate("exclude add tag press", "lea").ExpectPrivate("Done, policy 2: tickets with tag “press” are kept from the AI (x1)")
		s.escalate("exclude list", "ana").ExpectPrivate("tag “press”")
		ticket := s.customer("Ina").Writes("Sprig for our magazine", "How do I pair the sensor with the Hub?", tagged("press"))
		s.card("support", ticket).ExpectText("Kept from the AI by a rule").ExpectNoText("The draft").ExpectButton("Claim").
			ExpectNoButton("Approve & send").ExpectNoButton("Edit")
		ticket.Expects("a person will read it")
		s.escalate("exclude remove x7", "lea").ExpectPrivate("There is no exclusion x7")
		s.escalate("exclude remove x1", "lea").ExpectPrivate("tickets with tag “press” are no longer kept from the AI (x1)").Click("Apply").As("lea")
		s.privately("support", "lea", "Done, policy 3: tickets with tag “press” are no longer kept")
		again := s.customer("Per").Writes("Sprig for our paper", "How do I pair the sensor with the Hub? It blinks blue.", tagged("press"))
		again.Expects("written by our AI assistant")
	})
}

func TestAnyAgentPausesAndOnlyALeadResumes(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("pause", "ana").ExpectPrivate("A lead ends it with /escalate resume")
		paused := s.customer("Ina").asksHowToPair()
		s.card("support", paused).ExpectButton("Approve & send")
		s.escalate("resume", "ana").ExpectPrivate("Only leads can do that")
		s.escalate("status", "ben").ExpectPrivate("everything by Ana Ferreira")
		s.escalate("resume", "lea").ExpectPrivate("Resumed: everything")
		paused.Sent(0)
		s.customer("Per").asksHowToPair().Expects("written by our AI assistant")
	})
}

func TestAPauseStopsAnAnswerThatIsOnItsWay(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		s.later(time.Second) // decided, and waiting for the end of the customer's burst
		s.escalate("pause", "ana").ExpectPrivate("Paused: everything")
		s.card("support", ticket).ExpectText("the AI was paused")
		s.later(time.Minute)
		ticket.Sent(0)
	})
}

func TestAMistypedCommandIsAnsweredWithWhatWasMeant(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("qeueu", "ana").ExpectPrivate("Did you mean /escalate queue?")
		s.escalate("frobnicate", "ana").ExpectPrivate("/escalate help lists what I know")
		s.escalate("help", "olga").ExpectPrivate("claim what is offered to you, or the most urgent ticket that nobody has")
		s.escalate("help", "olga").ExpectPrivate("/escalate help all lists the others")
		s.escalate("help all", "olga").ExpectPrivate("versions of the policy; go back to one")
		s.escalate("why", "ana").ExpectPrivate("Name one ticket: /escalate why 17")
		s.escalate("why 99", "ana").ExpectPrivate("I know no ticket 99")
		s.escalate("exclude add mood bad", "lea").ExpectPrivate("I cannot exclude by \"mood\"")
		s.escalate("threshold auto much", "lea").ExpectPrivate("\"much\" is not a number")
		s.escalate("thershold pairng auto 0.97", "lea").ExpectPrivate("Did you mean /escalate threshold pairing auto 0.97?")
		s.escalate("threshold pairng auto 0.97", "lea").ExpectPrivate("I know no topic \"pairng\", so nothing was changed.").
			ExpectText("Did you mean /escalate threshold pairing auto 0.97?").ExpectText("/escalate threshold delivery auto 0.9 draft 0.5")
		s.escalate("threshold pairing atuo 0.97", "lea").ExpectPrivate("Did you mean /escalate threshold pairing auto 0.97?")
		s.escalate("exclude addd tag press", "lea").ExpectPrivate("Did you mean /escalate exclude add tag press?")
		s.escalate("exclude add tga press", "lea").ExpectPrivate("I cannot exclude by \"tga\"").ExpectText("Did you mean /escalate exclude add tag press?")
		s.escalate("promise balnced", "lea").ExpectPrivate("Did you mean /escalate promise balanced?")
		s.escalate("ladder pairing donw", "lea").ExpectPrivate("Did you mean /escalate ladder pairing down?")
		s.escalate("simulate budgte 1%", "lea").ExpectPrivate("Did you mean /escalate simulate budget 1%?")
	})
}

func TestAQuestionMarkExplainsACommandToAnybody(t *testing.T) {
	tell(t, func(s *story) {
		for _, typed := range []string{"exclude ?", "exclude add ?", "help exclude"} {
			s.escalate(typed, "olga").ExpectPrivate("/escalate exclude [add tag|topic|customer|words X | remove ID] keep tickets from the AI").
				ExpectText("/escalate exclude add words gift card")
		}
		s.escalate("exclude", "ana").ExpectPrivate("Nothing is excluded").ExpectText("/escalate exclude add tag press")
		s.escalate("exlude ?", "olga").ExpectPrivate("Did you mean /escalate exclude ?")
		s.escalate("help frobnicate", "olga").ExpectPrivate("I do not know \"frobnicate\"")
	})
}

func TestTheQueueIsWorkedOffByCommands(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("queue", "ana").ExpectPrivate("Nothing waits for a person")
		s.escalate("next", "ana").ExpectPrivate("Nothing waits for a person. Well done.")
		first := s.customer("Ina").asksForAPerson()
		s.card("support", first)
		s.later(time.Minute)
		second := s.customer("Per").asksForARefund()
		s.card("payments", second)
		s.escalate("queue", "ana").ExpectPrivate("unclaimed in #payments")
		s.escalate("mine", "ana").ExpectPrivate("You have no tickets")
		s.escalate("next", "ana").ExpectPrivate(first.Number() + " is yours: its card is in #support")
		s.escalate("mine", "ana").ExpectPrivate("Hub offline again")
		s.escalate("claim "+first.id, "ben").ExpectPrivate("Ana Ferreira claimed it at")
		s.escalate("claim "+second.id, "ben").ExpectPrivate(second.Number() + " is yours: its card is in #payments")
		s.escalate("why "+first.id, "ana").ExpectPrivate("Asks for a person")
		s.escalate("status", "ana").ExpectPrivate("unclaimed 0, claimed 2")
		first.Assignee("ana")
		second.Assignee("ben")
	})
}

func TestStatusSaysHowThingsStandAndNothingTypedWhatThereIsToType(t *testing.T) {
	tell(t, func(s *story) {
		s.later(time.Minute)
		s.escalate("pause pairing", "ana").ExpectPrivate("Paused: topic pairing")
		s.escalate("status", "ana").ExpectPrivate("unclaimed 0, claimed 0").ExpectText("Work up to date").
			ExpectText("Slack 2 of 2 connections are up").ExpectText("Helpdesk main, read").ExpectText("its webhooks are taken").
			ExpectText("Paused topic pairing by Ana Ferreira").ExpectNoText("/escalate next")
		s.escalate("", "ana").ExpectPrivate("unclaimed 0, claimed 0").ExpectText("Paused topic pairing by Ana Ferreira").
			ExpectText("/escalate next").ExpectText("/escalate pause [topic]").ExpectNoText("connections").ExpectNoText("/escalate threshold")
	})
}

func TestAppHomeShowsWhatIsMineAndNothingToOthers(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		s.claim(s.card("support", ticket), "ana")
		ticket.Assignee("ana")
		s.User("ana").OpenHome().ExpectText("My tickets").ExpectText("Hub offline again")
		s.User("olga").OpenHome().ExpectText("Nothing for you here yet")
	})
}
