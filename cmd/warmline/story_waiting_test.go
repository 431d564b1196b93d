package main

import (
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/internal/localslack/slackstory"
)

// patient has customers hear after half an hour that they are not forgotten, then ever more rarely; a claim holds for long.
func patient(at *setting) {
	at.policy.SLA.FirstResponse = 0
	at.policy.KeepWarm.Cap = 9
	at.policy.KeepWarm.Schedule = []time.Duration{30 * time.Minute, time.Hour, 90 * time.Minute, 2 * time.Hour}
	at.policy.Lease = escalate.Lease{}
}

// undrafted leaves all answers to people.
func undrafted(at *setting) {
	patient(at)
	at.policy.Exclusions = append(at.policy.Exclusions, escalate.Exclusion{ID: "x9", Words: "robot", Then: escalate.ExcludeCard})
}

// informs fills in the modal by which an owner says what a customer waits for.
//
//nolint:unparam // it reads as what it is
func (s *story) informs(card *slackstory.Card, user string, fields map[string]any) {
	s.t.Helper()
	card.Click("Keep informed …").As(user)
	modal := s.User(user).ExpectModal("Keep informed")
	for field, value := range fields {
		modal.Fill(field, value)
	}
	modal.Submit()
}

// inMinutes is an instant as a picker gives it.
func inMinutes(n int) int64 { return time.Now().Add(time.Duration(n) * time.Minute).Unix() }

// waiting is a ticket that Ana has, with its card.
func (s *story) waiting(name string) (*ticket, *slackstory.Card) {
	s.t.Helper()
	ticket := s.customer(name).asksForAPerson()
	ticket.Expects("a person will read it")
	card := s.card("support", ticket)
	s.claim(card, "ana")
	return ticket, card
}

func TestACustomerHearsWhatWeWaitForAndUntilWhen(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		card.Click("Keep informed …").As("ana")
		modal := s.User("ana").ExpectModal("Keep informed").Fill("by", inMinutes(240))
		modal.SubmitExpectingError("Say what we wait for")
		modal.Fill("wait", "payment").Fill("by", inMinutes(-1)).SubmitExpectingError("That is in the past")
		modal.Fill("by", inMinutes(24*60*91)).SubmitExpectingError("That is too far off")
		modal.Fill("by", inMinutes(240)).Fill("text", "Their ticket is 88-17.").Submit()
		card.ExpectText("Customer hears from us: waiting for the payment provider, by").ExpectText("set by")
		ticket.Note("Their ticket is 88-17.")
		ticket.Sent(1) // saying it sends nothing
		s.later(31 * time.Minute)
		first := ticket.Expects("we have been waiting for our payment provider since")
		if !strings.Contains(first.Text, "You will hear from us by 2") || strings.Contains(first.Text, "88-17") {
			t.Errorf("the customer reads %q", first.Text)
		}
		ticket.Sent(2)
		s.later(time.Hour) // the next comes after twice the time, in other words
		second := ticket.Expects("we still wait for our payment provider, since")
		if second.Text == first.Text {
			t.Errorf("twice the same: %q", second.Text)
		}
		ticket.Sent(3)
	}, undrafted)
}

func TestAStatedTimeIsRemindedOfAndItsMissIsTold(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(120)})
		card.ExpectText("Customer hears from us")
		s.later(31 * time.Minute)
		ticket.Expects("You will hear from us by")
		s.later(28 * time.Minute)
		if n := threadPosts(card, "A stated time"); n != 0 {
			t.Fatalf("told %d times before the time", n)
		}
		s.later(time.Minute)
		s.tells(card.Thread().Expect("A stated time is near").ExpectText("You told the customer to hear from us by"), "ana")
		s.shut() // the timer is on disk
		s.open()
		s.later(time.Hour + time.Minute)
		late := ticket.Expects("We said that you would hear from us by")
		if !strings.Contains(late.Text, "waiting for our payment provider") {
			t.Errorf("the customer reads %q", late.Text)
		}
		post := card.Thread().Expect("A stated time has passed")
		s.tells(post, "ana")
		s.tells(post, "lea")
		card.ExpectText("That time has passed.")
		ticket.Sent(4) // the acknowledgement, two updates, and this
		s.later(time.Hour)
		if near, passed := threadPosts(card, "A stated time is near"), threadPosts(card, "A stated time has passed"); near != 1 || passed != 1 {
			t.Errorf("reminded %d times, told of the miss %d times, want once each", near, passed)
		}
		ticket.Sent(4)
		s.decidesAgain(ticket)
	}, undrafted)
}

// A pause keeps what is automatic from the customer, and nothing from colleagues.
func TestAMissDuringAPauseIsToldToColleaguesAlone(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(50)})
		s.later(31 * time.Minute)
		ticket.Expects("You will hear from us by")
		s.escalate("pause", "ben")
		s.later(20 * time.Minute)
		s.tells(card.Thread().Expect("They are not told that it takes longer: a pause is on"), "lea")
		ticket.Sent(2)
	}, undrafted)
}

// Colleagues hear of a miss although the helpdesk is down, and the customer as soon as it is back.
func TestAMissIsToldWhileTheHelpdeskIsDown(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(50)})
		s.later(31 * time.Minute)
		ticket.Expects("You will hear from us by")
		s.deskFault(map[string]any{"op": "read", "kind": "500_before"})
		s.later(25 * time.Minute)
		s.tells(card.Thread().Expect("They are told now that it takes longer").ExpectText("somebody may have written there"), "lea")
		ticket.Sent(2)
		s.clearDeskFaults()
		s.later(30 * time.Minute)
		ticket.Expects("We said that you would hear from us by")
		if n := threadPosts(card, "A stated time has passed"); n != 1 {
			t.Errorf("told %d times of one miss", n)
		}
	}, undrafted)
}

func TestATimeThatNobodyToldIsNoPromise(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "decision", "by": inMinutes(70)})
		s.later(11 * time.Minute)
		s.tells(card.Thread().Expect("nothing has told them so"), "ana")
		s.later(time.Hour)
		post := card.Thread().Expect("A stated time has passed").ExpectText("Nothing has told them so")
		if m, _ := post.Message(); s.mentions(m, "lea") {
			t.Errorf("the leads are told of a time that nobody told: %s", m)
		}
		ticket.Sent(1)
	}, undrafted, func(at *setting) { at.policy.KeepWarm.Schedule = []time.Duration{2 * time.Hour} })
}

func TestAnAnswerInTimeEndsTheTimer(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "technical", "by": inMinutes(120)})
		s.later(31 * time.Minute)
		ticket.Expects("our technical team")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, it is repaired.").Submit()
		ticket.Expects("it is repaired")
		card.ExpectNoText("Customer hears from us")
		there, other := s.waiting("Per")
		s.informs(other, "ana", map[string]any{"wait": "technical", "by": inMinutes(120)})
		s.later(31 * time.Minute)
		there.Expects("our technical team")
		there.Colleague("Otto Maier", "Per, it is repaired.")
		s.later(2 * time.Hour)
		ticket.Sent(3)
		there.Sent(3)
		if n := threadPosts(card, "A stated time") + threadPosts(other, "A stated time"); n != 0 {
			t.Errorf("told %d times of a time that was kept", n)
		}
	}, undrafted)
}

// Pending with a reason to wait keeps it running: a person has written, and says what they wait for.
func TestAReasonGivenAfterAnAnswerKeepsUpdatesComing(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		card.Click("Reply").As("ana")
		s.User("ana").ExpectModal("Reply").Fill("What do you want to say?", "Hi Ina, I have asked the carrier.").Submit()
		ticket.Expects("I have asked the carrier")
		ticket.Status(escalate.StatusPending)
		s.later(time.Hour)
		ticket.Sent(2)
		s.informs(card, "ana", map[string]any{"wait": "delivery"})
		card.ExpectText("waiting for the carrier, set by")
		ticket.Expects("we have been waiting for the carrier since") // the next update was due
		s.later(61 * time.Minute)
		ticket.Expects("we still wait for the carrier")
		ticket.Status(escalate.StatusPending)
		card.Click("Resolve").As("ana")
		s.later(2 * time.Hour)
		ticket.Sent(4)
	}, undrafted)
}

func TestAMovedTimeCountsAloneAndTheCustomerHearsOfIt(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "partner", "by": inMinutes(45)})
		s.later(31 * time.Minute)
		ticket.Expects("You will hear from us by")
		s.informs(card, "ana", map[string]any{"by": inMinutes(120)})
		s.later(10 * time.Minute)
		ticket.Sent(2)
		s.later(5 * time.Minute) // the time that they know
		moved := ticket.Expects("It takes longer than we thought")
		if !strings.Contains(moved.Text, "You will hear from us by") {
			t.Errorf("the customer reads %q", moved.Text)
		}
		ticket.Sent(3)
		if n := threadPosts(card, "A stated time"); n != 0 {
			t.Errorf("told %d times of a time that was moved", n)
		}
		s.later(time.Hour)
		card.Thread().Expect("A stated time is near")
	}, undrafted)
}

// Who says what they wait for is not silent: the claim holds until the time that they said.
func TestAClaimHoldsWhileItsOwnerWaits(t *testing.T) {
	tell(t, func(s *story) {
		_, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "delivery", "by": inMinutes(180)})
		card.ExpectText("waiting for the carrier")
		s.later(3*time.Hour + 30*time.Minute)
		card.ExpectText("Claimed by")
		if n := threadPosts(card, "Still yours?"); n != 0 {
			t.Errorf("reminded %d times of a claim whose owner waits", n)
		}
		s.later(time.Hour)
		s.tells(card.Thread().Expect("Still yours?"), "ana")
	}, undrafted, func(at *setting) { at.policy.Lease = escalate.DefaultPolicy().Lease })
}

func TestUpdatesAreTurnedOffAndOn(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"updates": "off"})
		card.ExpectText("Updates to the customer are off.")
		s.later(2 * time.Hour)
		ticket.Sent(1)
		s.informs(card, "ana", map[string]any{"updates": "on"})
		card.ExpectNoText("Updates to the customer are off.")
		ticket.Expects("is working on your request")
		ticket.Sent(2)
	}, undrafted)
}

func TestASnoozeWithAReasonKeepsTheCustomerInformed(t *testing.T) {
	tell(t, func(s *story) {
		with, one := s.waiting("Ina")
		without, two := s.waiting("Per")
		one.Click("Snooze or wait …").As("ana")
		s.User("ana").ExpectModal("Snooze").Fill("at", inMinutes(400)).Fill("wait", "specialist").Submit()
		one.ExpectText("Snoozed until").ExpectText("waiting for a specialist")
		two.Click("Snooze or wait …").As("ana")
		s.User("ana").ExpectModal("Snooze").Fill("at", inMinutes(400)).Submit()
		two.ExpectText("Snoozed until")
		s.later(95 * time.Minute)
		with.Expects("a specialist in our company")
		with.Sent(3)
		without.Sent(1)
		two.Click("Wake").As("ana")
		two.Click("Snooze or wait …").As("ana")
		s.User("ana").ExpectModal("Snooze").Fill("For how long?", "Not at all").SubmitExpectingError("say what we wait for")
		s.User("ana").ExpectModal("Snooze").Fill("For how long?", "Not at all").Fill("wait", "decision").Fill("by", inMinutes(120)).Submit()
		two.ExpectText("waiting for a decision of ours, by").ExpectButton("Snooze or wait …")
		without.Expects("a decision in our company")
	}, patient)
}

func TestOnlyTheOwnerOrALeadSaysWhatIsWaitedFor(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		n := strings.TrimPrefix(ticket.Number(), "#")
		s.escalate("keepwarm "+n+" reason payment", "ana").ExpectPrivate("Claim it first")
		s.claim(card, "ana")
		s.escalate("keepwarm "+n+" reason payment", "ben").ExpectPrivate("Only they or a lead can do that")
		card.ExpectNoText("Customer hears from us")
		s.escalate("keepwarm "+n+" reason delivery by 10d", "lea").ExpectPrivate("the carrier, since")
		card.ExpectText("waiting for the carrier, by")
	}, undrafted)
}

func TestKeepwarmShowsWhatComesNextAndTakesTheSame(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		n := strings.TrimPrefix(ticket.Number(), "#")
		s.escalate("keepwarm "+n, "ben").ExpectPrivate("the customer is kept informed").ExpectText("is working on your request")
		s.escalate("keepwarm "+n+" raeson payment", "ana").ExpectPrivate("Did you mean /escalate keepwarm " + n + " reason payment?")
		s.escalate("keepwarm "+n+" reason moon", "ana").ExpectPrivate(`I know no reason "moon"`)
		s.escalate("keepwarm "+n+" by 4h", "ana").ExpectPrivate("Say what we wait for")
		s.escalate("keepwarm "+n+" payment by 2h", "ana").ExpectPrivate("we have been waiting for our payment provider since").ExpectText("You will hear from us by")
		shown := s.escalate("keepwarm "+n, "ben").ExpectPrivate("You will hear from us by")
		s.later(31 * time.Minute)
		update := ticket.Expects("our payment provider")
		shown.ExpectText(update.Text)
		s.escalate("keepwarm "+n+" off", "ana").ExpectPrivate("none: updates are off for this ticket")
		card.ExpectText("Updates to the customer are off.")
		s.escalate("keepwarm", "ana").ExpectPrivate("Name one ticket")
	}, undrafted)
}
