package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/internal/pgtest"
)

func TestATopicClimbsTheLadderWithEvidenceAndALeadsClick(t *testing.T) {
	tell(t, func(s *story) {
		first := s.customer("Ina").asksAboutDelivery()
		s.card("support", first).Click("Approve & send").As("ana")
		first.Expects("2 to 4 working days")
		sure := s.ticket(first).Decision.Confidence

		s.escalate("ladder delivery up", "ana").ExpectPrivate("Only leads can do that")
		s.escalate("ladder delivery up", "lea").ExpectPrivate("lacks this: a promise, such as /escalate promise balanced")
		s.escalate("promise 2%", "lea").ExpectPrivate("Done, policy 2")
		s.escalate("ladder delivery up", "lea").ExpectPrivate("lacks this: 1 of 149 clean approvals until auto, counting answers that are 95 % sure")
		s.confirms("threshold delivery auto 0.9", "delivery: answers from 95 % → 90 %", "Done, policy 3")
		s.escalate("ladder delivery up", "lea").ExpectPrivate("lacks this: 1 of 149 clean approvals until auto, counting answers that are 90 % sure")
		s.judged("delivery", 148, sure, escalate.VerdictRight)
		s.escalate("ladder", "ana").ExpectPrivate("missing for sample: nothing; /escalate ladder delivery up")
		s.confirms("ladder delivery up", "delivery: stage draft → sample", "Done, policy 4")
		s.confirms("ladder delivery up", "delivery: stage sample → auto", "Done, policy 5")

		second := s.customer("Per").asksAboutDelivery()
		second.Expects("written by our AI assistant")
		s.decidesAgain(first)
		s.decidesAgain(second)
		s.escalate("ladder delivery down", "lea").ExpectPrivate("Done, policy 6: delivery: stage auto → sample")
	})
}

func TestEvidenceIsLookedAtAgainWhenTheClickComes(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		s.card("support", ticket)
		s.escalate("promise 2%", "lea").ExpectPrivate("Done, policy 2")
		s.judged("delivery", 149, 0.96, escalate.VerdictRight)
		shown := s.escalate("ladder delivery up", "lea").ExpectPrivate("stage draft → sample")
		s.judged("delivery", 2, 0.97, escalate.VerdictWrong)
		shown.Click("Apply").As("lea")
		s.privately("support", "lea", "what people said since then does not carry it: 0 of 149 clean approvals until auto; 2 of 151 were wrong")
		if got := s.rung("delivery"); got != escalate.StageDraft {
			t.Errorf("delivery stands at %s", got)
		}
	})
}

func TestTwoWrongReviewsTakeARungAwayAndLeadsAreTold(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("promise 2%", "lea").ExpectPrivate("Done, policy 2")
		s.judged("pairing", 200, 0.97, escalate.VerdictRight)
		first := s.customer("Ina").asksHowToPair()
		first.Expects("written by our AI assistant")
		second := s.customer("Per").asksHowToPair()
		second.Expects("written by our AI assistant")
		s.Channel("support").ExpectNone(first.Number()) // nobody is called away at once

		card := s.review(first).ExpectText("confidence").ExpectText("Hold the round button")
		card.Click("Wrong").As("olga")
		s.privately("support", "olga", "Only agents can do that")
		token := s.token(card)
		card.Click("Wrong").As("ana")
		card.ExpectText("the automatic answer was wrong, says Ana Ferreira").ExpectNoButton("Right")
		s.control("click", forged(card, "support", desk.ActRight, "ben", token)) // whose screen is late
		s.privately("support", "ben", "Ana Ferreira said so before you: wrong")
		if got := s.rung("pairing"); got != escalate.StageAuto {
			t.Errorf("one slip took the rung: %s", got)
		}
		s.Channel("support").ExpectCard(second.Number()).Click("Wrong").As("ben")
		s.Channel("support").ExpectCard("the topic pairing went from auto to sample").ExpectText("2 of 2 judged answers were wrong").
			ExpectText("promised are at most 2 %")
		if got := s.rung("pairing"); got != escalate.StageSample {
			t.Errorf("pairing stands at %s", got)
		}
		if got := s.changedBy(1); !strings.HasPrefix(got[0], "warmline: pairing down from auto to sample: 2 of 2") {
			t.Errorf("the newest version is %q", got)
		}
		s.wantAudit("warmline", "demote", "policy 3")
		s.escalate("history", "ana").ExpectPrivate("pairing down from auto to sample")
		s.later(time.Hour)
		if got := s.rung("pairing"); got != escalate.StageSample {
			t.Errorf("the same two slips took another rung: %s", got)
		}
		s.escalate("ladder pairing up", "lea").ExpectPrivate("Not yet: for auto the topic pairing lacks this")
	})
}

func TestTwoComplaintsInADayTakeARungAwayWithoutAnyPromise(t *testing.T) {
	tell(t, func(s *story) {
		first := s.customer("Ina").asksHowToPair()
		second := s.customer("Per").asksHowToPair()
		first.Expects("written by our AI assistant")
		second.Expects("written by our AI assistant")
		s.escalate("wrong "+first.id, "olga").ExpectPrivate("Only agents can do that")
		s.escalate("wrong "+first.id, "ana").ExpectPrivate("the answer in " + first.Number() + " counts as wrong")
		s.escalate("wrong "+first.id, "ben").ExpectPrivate("counts as wrong") // the same answer is one complaint
		s.later(time.Minute)
		if got := s.rung("pairing"); got != escalate.StageAuto {
			t.Errorf("one complaint took the rung: %s", got)
		}
		s.escalate("wrong "+second.id, "ana").ExpectPrivate("The same answer went to " + first.Number())
		s.Channel("support").ExpectCard("the topic pairing went from auto to sample").ExpectText("2 complaints about its answers within a day")
		if got := s.rung("pairing"); got != escalate.StageSample {
			t.Errorf("pairing stands at %s", got)
		}
		s.escalate("wrong "+s.drafted().id, "ana").ExpectPrivate("I sent no automatic answer")
	})
}

// On the other engine, in real time: what is promised, confirmed, judged and taken back.
func TestTheLadderIsTheSameOnPostgreSQL(t *testing.T) {
	dsn := pgtest.Database(t)
	live(t, func(s *story) {
		s.judged("pairing", 149, 0.96, escalate.VerdictRight)
		s.escalate("promise 2%", "lea").ExpectPrivate("2 % is kept from 96 %: 0 of 149 were wrong")
		s.confirms("promise fast", "promise 2 % → 5 %", "Done, policy 3")
		tickets := []*ticket{s.customer("Ina").asksHowToPair(), s.customer("Per").asksHowToPair()}
		for _, ticket := range tickets {
			ticket.Expects("written by our AI assistant")
		}
		for _, ticket := range tickets {
			s.escalate("wrong "+ticket.id, "ana").ExpectPrivate("counts as wrong")
		}
		s.Channel("support").ExpectCard("the topic pairing went from auto to sample").ExpectText("2 complaints about its answers within a day")
		s.escalate("topics", "ana").ExpectPrivate("answered 2, drafted 0, to people 0")
		s.escalate("history", "ana").ExpectPrivate("pairing down from auto to sample")
		s.confirms("history 3 back", "pairing: stage sample → auto", "Done, policy 6")
	}, func(at *setting) { at.dsn = dsn })
}

func TestAnAgentSaysOnTheCardThatTheAnswerWasWrong(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Status(escalate.StatusPending)
		ticket.Customer("That did not help at all, the light still goes off. What else can I do?")
		card := s.card("support", ticket).ExpectText("The AI tried")
		card.Click("That was wrong").As("ana")
		s.privately("support", "ana", "counts as wrong")
		if got := s.verdicts("pairing"); !slices.Equal(got, []string{"complaint wrong complaint"}) {
			t.Errorf("the judgements are %q", got)
		}
	})
}

func (s *story) drafted() *ticket {
	s.t.Helper()
	ticket := s.customer("Kim").asksAboutDelivery()
	s.card("support", ticket)
	return ticket
}

func TestAReviewSaysRightAndIsEvidence(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Expects("written by our AI assistant")
		ticket.Customer("Thanks!")
		card := s.review(ticket).ExpectText("The customer since Thanks!")
		card.Click("Right").As("ben")
		card.ExpectText("the automatic answer was right, says Ben Okoro")
		if got := s.verdicts("pairing"); !slices.Equal(got, []string{"review right review"}) {
			t.Errorf("the judgements are %q", got)
		}
		s.escalate("wrong "+ticket.id, "ana").ExpectPrivate("counts as wrong") // who knows better may say so
		if got := s.verdicts("pairing"); !slices.Equal(got, []string{"complaint wrong complaint"}) {
			t.Errorf("the judgements are %q", got)
		}
	})
}

func TestAReviewWhosePostWasLostIsNotPostedTwice(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Expects("written by our AI assistant")
		s.later(30 * time.Minute)
		s.control("fault", map[string]any{"method": "chat.postMessage", "status": 500, "after_apply": true, "times": 1})
		s.review(ticket)
		s.later(5 * time.Minute)
		s.oneCard("support", ticket)
		s.Channel("support").ExpectCard(ticket.Number()).Click("Right").As("ana")
		s.Channel("support").ExpectCard(ticket.Number()).ExpectText("was right, says Ana Ferreira")
	})
}

func TestAReviewWhoseChannelIsNotOursComesToTheDefaultOne(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		ticket.Expects("written by our AI assistant")
		s.review(ticket)
	}, func(at *setting) { at.policy.Routes.Topics = map[string]string{"pairing": "nowhere"} })
}

func TestWhatPeopleMakeOfADraftIsAJudgement(t *testing.T) {
	tell(t, func(s *story) {
		edit := func(name, by string, change func(string) string) {
			ticket := s.customer(name).asksAboutDelivery()
			card := s.card("support", ticket)
			draft := s.draftOf(ticket)
			card.Click("Edit").As(by)
			s.User(by).ExpectModal("Edit the reply").Fill("Reply to the customer", change(draft)).Submit()
			card.ExpectButton("Undo")
			s.later(time.Minute)
			ticket.Sent(1)
		}
		edit("Ina", "ana", func(draft string) string { return strings.Replace(draft, "Hello", "Hallo", 1) })
		edit("Per", "ben", func(draft string) string { return strings.Replace(draft, "2 to 4", "3 to 5", 1) })
		taken := s.customer("Kim").asksAboutDelivery()
		card := s.card("support", taken)
		card.Click("Approve & send").As("ana")
		card.ExpectButton("Undo")
		if got := s.verdicts("delivery")[0]; got != "draft right approved" {
			t.Errorf("the approval is judged %q", got)
		}
		card.Click("Undo").As("ana")
		card.ExpectButton("Approve & send")
		rejected := s.customer("Ute").asksAboutDelivery()
		s.card("support", rejected).Click("Reject draft").As("ben")
		s.User("ben").ExpectModal("Reject the draft").Fill("What is wrong with it?", "Tone").Submit()
		s.card("support", rejected).ExpectNoButton("Approve & send")
		want := []string{"draft wrong rejected:tone", "draft void undone", "draft wrong edited", "draft right cosmetic"}
		if got := s.verdicts("delivery"); !slices.Equal(got, want) {
			t.Errorf("the judgements are %q, want %q", got, want)
		}
	})
}

// draftOf is the draft that waits on a ticket's card.
func (s *story) draftOf(t *ticket) (text string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		found, err := tx.FindTicket(s.t.Context(), t.id)
		if err != nil {
			return err
		}
		text, err = tx.Text(s.t.Context(), found.ID, "reply:"+string(found.Draft().ID))
		return err
	})
	return text
}

func TestALowerRungStopsAnAnswerThatIsOnItsWay(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksHowToPair()
		s.later(time.Second) // decided, and waiting for the end of the customer's burst
		s.escalate("ladder pairing down", "lea").ExpectPrivate("stage auto → sample")
		s.escalate("ladder pairing down", "lea").ExpectPrivate("stage sample → draft")
		s.card("support", ticket).ExpectText("the policy no longer allows it")
		s.later(time.Minute)
		ticket.Sent(0)
		s.decidesAgain(ticket)
	})
}
