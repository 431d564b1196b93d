package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/calendar"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack/slackstory"
)

// fresh leaves all answers to people and keeps customers warm as a fresh install does, but for a cap that months do not reach.
func fresh(at *setting) {
	undrafted(at)
	at.policy.KeepWarm = escalate.DefaultPolicy().KeepWarm
	at.policy.KeepWarm.Cap = 9
}

// different fails when two messages to a customer read the same.
func (t *ticket) different() {
	t.s.t.Helper()
	seen := map[string]bool{}
	for _, m := range t.sent() {
		if seen[m.Text] {
			t.s.t.Errorf("the customer of %s reads twice: %q", t.Number(), m.Text)
		}
		seen[m.Text] = true
	}
}

func TestUpdatesComeAfterHoursAndThenTheNextDay(t *testing.T) {
	tell(t, func(s *story) {
		ticket, _ := s.waiting("Ina")
		began := time.Now()
		for i, hours := range []int{4, 28} {
			due := began.Add(time.Duration(hours) * time.Hour)
			s.later(time.Until(due.Add(-5 * time.Minute)))
			ticket.Sent(i + 1) // the acknowledgement, and the updates before
			s.later(time.Until(due.Add(5 * time.Minute)))
			ticket.Sent(i + 2)
		}
		ticket.Customer("Is there any news?")
		s.later(3 * time.Hour)
		ticket.Sent(3)
		s.later(2 * time.Hour) // it began anew
		ticket.Sent(4)
		ticket.different()
	}, fresh)
}

// munichers live in Munich: they are written to on working days and Saturdays, and never from 20:00 to 8:00.
func munichers(at *setting) {
	office(at)
	at.policy.SLA.Calendar = ""
	h := at.policy.Calendars["munich"]
	for _, shifts := range []*[]calendar.Shift{&h.Week.Mon, &h.Week.Tue, &h.Week.Wed, &h.Week.Thu, &h.Week.Fri, &h.Week.Sat} {
		*shifts = []calendar.Shift{{From: 7 * 60, To: 22 * 60}}
	}
	at.policy.Calendars["munich"] = h
	fresh(at)
	at.policy.KeepWarm.Calendar, at.policy.KeepWarm.Quiet = "munich", calendar.Shift{From: 20 * 60, To: 8 * 60}
}

// evenings are the hours of munichers on every day of the week, and on holidays.
func evenings(at *setting) {
	munichers(at)
	h := at.policy.Calendars["munich"]
	h.Holidays, h.Week.Sun = "", h.Week.Sat
	at.policy.Calendars["munich"] = h
}

// Saturday, 1 January, is a public holiday.
func TestNoUpdateComesInQuietHoursOrOnAHoliday(t *testing.T) {
	tell(t, func(s *story) {
		ticket, _ := s.waiting("Ina")
		s.until(3, 7, 59) // over the holiday, Sunday, and the night
		ticket.Sent(1)
		s.until(3, 8, 1)
		ticket.Sent(2)
	}, munichers)
}

// An update that was approved in time, and could not be sent then, waits for the morning as well.
func TestAnUpdateThatIsLateWaitsForTheMorning(t *testing.T) {
	tell(t, func(s *story) {
		s.until(1, 14, 0)
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(7 * 60)})
		s.until(1, 18, 1)
		ticket.Expects("You will hear from us by")
		s.until(1, 21, 1)
		card.Thread().Expect("They are told that it takes longer when quiet time ends.")
		s.until(2, 7, 59)
		ticket.Sent(2)
		s.until(2, 8, 1)
		ticket.Expects("It takes longer than we thought")
		ticket.Sent(3)
	}, evenings)
}

func (t *ticket) tag(tags ...string) {
	t.s.t.Helper()
	if _, err := t.s.desk.Patch(t.id, builtin.Patch{AddTags: tags}); err != nil {
		t.s.t.Fatal(err)
	}
}

func TestNoUpdateComesAfterAStop(t *testing.T) {
	tell(t, func(s *story) {
		tagged, _ := s.waiting("Ina")
		pending, _ := s.waiting("Per")
		tagged.tag(escalate.TagNoUpdates)
		pending.Set(escalate.StatusPending)
		s.later(30 * time.Hour)
		tagged.Sent(1)
		pending.Sent(1)
		pending.Set(escalate.StatusOpen)
		s.later(4*time.Hour + time.Minute) // it is looked at again
		pending.Sent(2)
		tagged.Sent(1)
	}, fresh)
}

func TestAPauseOfTheTopicStopsItsUpdates(t *testing.T) {
	tell(t, func(s *story) {
		ticket, _ := s.waiting("Ina")
		topic := s.ticket(ticket).Decision.Topic
		if topic == "" {
			t.Fatal("the ticket has no topic")
		}
		s.escalate("pause "+topic, "ben")
		s.later(10 * time.Hour)
		ticket.Sent(1)
		s.escalate("resume "+topic, "lea").ExpectPrivate("Resumed")
		s.later(4*time.Hour + time.Minute)
		ticket.Sent(2)
	}, fresh)
}

func TestAPreviewShowsAllThatIsSentAndSendsNothing(t *testing.T) {
	tell(t, func(s *story) {
		s.until(1, 9, 0)
		ticket, card := s.waiting("Ina")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(5 * 60)})
		card.ExpectText("waiting for the payment provider")
		n := strings.TrimPrefix(ticket.Number(), "#")
		s.escalate("keepwarm preview", "ben").ExpectPrivate("Name one ticket: /escalate keepwarm preview 17")
		shown := s.escalate("keepwarm preview "+n, "ben").ExpectPrivate("if nobody wrote or changed anything")
		shown.ExpectText("1 Jan 2000").ExpectText("2 Jan 2000").ExpectText("No more").ExpectText("the 4 that the policy allows")
		ticket.Sent(1)
		s.later(36 * time.Hour)
		sent := ticket.sent()[1:]
		if len(sent) != 5 { // and the miss
			t.Errorf("%d updates were sent, want 5", len(sent))
		}
		for _, m := range sent[:2] { // those after may name the minute in which they are sent
			shown.ExpectText(m.Text)
		}
		ticket.different()
		s.escalate("keepwarm preview "+n, "ben").ExpectPrivate("No more")
	}, evenings, func(at *setting) {
		at.policy.KeepWarm.Cap = 4
		at.policy.KeepWarm.Schedule = []time.Duration{2 * time.Hour, 4 * time.Hour}
	})
}

// untagged fails when the ticket still has a tag after a while.
func (t *ticket) untagged(tag string) {
	t.s.t.Helper()
	t.s.eventually("no tag "+tag, func() bool { return !slices.Contains(t.now().Tags, tag) }, t.dump)
}

// What is turned off here is seen in the helpdesk, and turned on again from there or from here.
func TestUpdatesThatAreTurnedOffAreTaggedInTheHelpdesk(t *testing.T) {
	tell(t, func(s *story) {
		ticket, _ := s.waiting("Ina")
		n := strings.TrimPrefix(ticket.Number(), "#")
		s.escalate("keepwarm "+n+" off", "ana").ExpectPrivate("updates are off")
		ticket.Tagged(escalate.TagNoUpdates)
		s.later(time.Hour)
		ticket.Sent(1)
		s.escalate("keepwarm "+n+" on", "ana").ExpectPrivate("no-updates is being taken from the ticket")
		ticket.untagged(escalate.TagNoUpdates)
		s.later(40 * time.Minute)
		ticket.Sent(2)
	}, undrafted)
}

func TestACustomerStopsUpdatesInTheirOwnWords(t *testing.T) {
	tell(t, func(s *story) {
		ticket, card := s.waiting("Ina")
		ticket.Customer("Please stop the updates.")
		card.ExpectText("Updates to the customer are off.")
		s.later(3 * time.Hour)
		ticket.Sent(1)
		n := strings.TrimPrefix(ticket.Number(), "#")
		s.escalate("keepwarm "+n, "ana").ExpectPrivate("the customer has asked for none")
		s.escalate("keepwarm "+n+" on", "ana").ExpectPrivate("the customer is kept informed")
		s.later(40 * time.Minute)
		ticket.Sent(2)
		s.decidesAgain(ticket)
	}, undrafted)
}

// heldOut holds out half of the tickets.
func heldOut(at *setting) {
	undrafted(at)
	at.policy.KeepWarm.HoldOut = 0.5
}

func TestWhoIsHeldOutHearsNothingButWhatWasPromised(t *testing.T) {
	tell(t, func(s *story) {
		var held, told *ticket
		var card *slackstory.Card
		for _, name := range []string{"Ina", "Per", "Pia", "Ole", "Uma", "Max", "Eva", "Jon"} {
			if held != nil && told != nil {
				break
			}
			ticket, its := s.waiting(name)
			if _, out := s.config.Policy.InTrial(s.ticket(ticket)); out {
				held, card = ticket, its
			} else {
				told = ticket
			}
		}
		if held == nil || told == nil {
			t.Fatal("eight tickets fall on one side")
		}
		n := strings.TrimPrefix(held.Number(), "#")
		s.escalate("keepwarm preview "+n, "ana").ExpectPrivate("it is held out, to see what updates do")
		s.escalate("why "+n, "ana").ExpectPrivate("it is held out, to see what updates do")
		s.later(40 * time.Minute)
		told.Sent(2)
		held.Sent(1)
		s.escalate("keepwarm effect", "ben").ExpectPrivate("It takes at least 30 on either side")
		s.informs(card, "ana", map[string]any{"wait": "payment", "by": inMinutes(10 * 60)})
		s.later(time.Minute)
		held.Expects("our payment provider") // it was overdue
	}, heldOut)
}

// Where they live, it is still night.
func TestUpdatesKeepToTheCustomersOwnNight(t *testing.T) {
	tell(t, func(s *story) {
		ask := "Hello, I would like to talk to a real person please, not to a robot. My Hub is offline again."
		ticket := s.customer("Ina").Writes("Hub", ask, func(n *builtin.NewTicket) { n.Customer.Zone = "America/New_York" })
		s.claim(s.card("support", ticket), "ana")
		s.until(1, 13, 59) // before eight in New York
		ticket.Sent(1)
		s.until(1, 14, 1)
		ticket.Sent(2)
	}, evenings)
}
