package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
)

func TestAPromiseIsKeptFromTheFirstTicketAndEarnedByApprovals(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("promise", "ana").ExpectPrivate("Nothing is promised: the thresholds alone decide")
		s.escalate("promise 2%", "ana").ExpectPrivate("Only leads can do that: people in @support-leads")
		s.escalate("promise balanced", "lea").ExpectPrivate("Done, policy 2: promise off → 2 %")

		first := s.customer("Ina").asksHowToPair() // which was answered at once before
		card := s.card("support", first).ExpectButton("Approve & send")
		s.escalate("why "+first.id, "ana").ExpectPrivate("the evidence does not keep the promise at this confidence")
		s.escalate("why "+first.id, "ana").ExpectPrivate("0 of 149 clean approvals until auto")
		sure := s.ticket(first).Decision.Confidence
		card.Click("Approve & send").As("ana")
		first.Expects("Hold the round button")
		s.escalate("promise", "ana").ExpectPrivate("1 of 149 clean approvals until auto")

		s.judged("pairing", 147, sure, escalate.VerdictRight)
		second := s.customer("Per").asksHowToPair()
		s.card("support", second).Click("Approve & send").As("ben")
		second.Expects("Hold the round button")

		third := s.customer("Kim").asksHowToPair()
		third.Expects("written by our AI assistant")
		s.escalate("topics", "ana").ExpectPrivate("promise 2 %: 2 % is kept from")
		s.escalate("topics", "ana").ExpectPrivate("0 of 149 were wrong")
		s.escalate("promise pairing off", "lea").ExpectPrivate("pairing: promise 2 % → off")
		if bounds := slices.Concat(s.decidesAgain(first), s.decidesAgain(second), s.decidesAgain(third)); !slices.Equal(bounds,
			[]escalate.Bound{escalate.BoundPromise, escalate.BoundPromise, escalate.BoundThreshold}) {
			t.Errorf("the decisions were bound by %v", bounds)
		}
	})
}

func TestWhatLetsTheMachineDoMoreWaitsForALeadsClick(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("promise 1%", "lea").ExpectPrivate("Done, policy 2")
		shown := s.escalate("promise 5%", "lea").ExpectPrivate("This lets the machine do more: promise 1 % → 5 %").
			ExpectText("0 of 59 clean approvals until auto")
		if got := s.policy(); got.Version != 2 || got.Budget != 0.01 {
			t.Errorf("before the click the policy is version %d with a budget of %v", got.Version, got.Budget)
		}
		// Nobody else sees the button. Who got hold of what it carries is an agent all the same.
		_, err := s.app.service.Press(s.t.Context(), desk.Press{
			ID: "stolen", At: time.Now(), Actor: s.person("ana"), Action: desk.ActApply, Token: s.token(shown), On: desk.Place{Channel: s.support()},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.privately("support", "ana", "Only leads can do that")
		if got := s.policy().Version; got != 2 {
			t.Errorf("an agent's click made version %d", got)
		}
		shown.Click("Apply").As("lea")
		s.privately("support", "lea", "Done, policy 3: promise 1 % → 5 %")
		shown.Click("Apply").As("lea") // the button is still on the screen
		s.privately("support", "lea", "the policy has moved on to version 3 since this was shown for version 2")
		if got := s.policy(); got.Version != 3 || got.Budget != 0.05 {
			t.Errorf("after it the policy is version %d with a budget of %v", got.Version, got.Budget)
		}
		if got := s.audited(desk.ActApply, "ana"); !slices.Equal(got, []string{"refused"}) {
			t.Errorf("the audit log says of ana's click %q", got)
		}
		if got := s.audited(desk.ActApply, "lea"); !slices.Equal(got, []string{"done", "no effect"}) {
			t.Errorf("the audit log says of lea's clicks %q", got)
		}
	})
}

func TestAClickThatComesTooLateChangesNothing(t *testing.T) {
	tell(t, func(s *story) {
		stale := s.escalate("threshold auto 0.9", "lea").ExpectPrivate("answers from 95 % → 90 %")
		s.escalate("threshold draft 0.7", "lea").ExpectPrivate("Done, policy 2: drafts from 60 % → 70 %")
		stale.Click("Apply").As("lea")
		s.privately("support", "lea", "Nothing was changed: the policy has moved on to version 2 since this was shown for version 1")
		old := s.escalate("threshold auto 0.9", "lea").ExpectPrivate("only if the policy still is version 2")
		s.later(61 * time.Minute)
		old.Click("Apply").As("lea")
		s.privately("support", "lea", "this was shown more than an hour ago")
		if p := s.policy(); p.Version != 2 || p.Thresholds.Auto != 0.95 {
			t.Errorf("policy %d answers from %v", p.Version, p.Thresholds.Auto)
		}
		s.control("click", map[string]any{
			"channel": "support", "ts": old.TS(), "action_id": "apply_policy", "value": strings.Repeat("x", 22), "user": "lea", "force": true,
		})
		s.privately("support", "lea", "That button belongs to no question of mine")
	})
}

func TestMistypedPromisesAreExplained(t *testing.T) {
	tell(t, func(s *story) {
		for typed, answer := range map[string]string{
			"promise 2":             "2 is not between 0 and 1",
			"promise lots":          "\"lots\" is not a number",
			"promise 0%":            "the least is 0.1 %",
			"promise 100%":          "say off to end a promise",
			"promise moonlight 2%":  "I know no topic \"moonlight\"",
			"ladder moonlight":      "I know no topic \"moonlight\"",
			"ladder up":             "Name the topic",
			"ladder pairing up":     "stands on the highest rung already",
			"history x":             "Say which version",
			"history 9":             "There is no version 9. The newest is 1",
			"history 1 back":        "Nothing was changed: the policy says so already",
			"threshold auto 95%":    "Nothing was changed: the policy says so already",
			"wrong 99":              "I know no ticket 99",
			"history 1 forth":       "Say which version",
			"promise":               "For the first day: cautious is 1 %, balanced is 2 %, fast is 5 %",
			"ladder":                "rung auto: answers from 95 %",
			"ladder pairing":        "The ladder",
			"topics":                "0 in 30 days",
			"history":               "the first version",
			"history 1":             "Version 1 of the policy",
			"status":                "promise none (policy",
			"exclude remove x9":     "There is no exclusion x9",
			"threshold pairing":     "say auto or draft, and a number",
			"ladder pairing upward": "I know no topic \"pairing upward\"",
		} {
			s.escalate(typed, "lea").ExpectPrivate(answer)
		}
	})
}

// backtest is what past tickets would have shown.
type backtest map[string][]escalate.Outcome

func (b backtest) Outcomes(topic string) []escalate.Outcome { return b[topic] }

func TestPastTicketsBackAPromiseUntilPeopleHaveSpoken(t *testing.T) {
	tell(t, func(s *story) {
		s.shut()
		past := make([]escalate.Outcome, 400)
		for i := range past {
			past[i] = escalate.Outcome{Confidence: 0.96, Right: true}
		}
		s.config.Backtest = backtest{"pairing": past}
		s.open()
		s.escalate("promise 2%", "lea").ExpectPrivate("Done, policy 2")
		answered := s.customer("Ina").asksHowToPair()
		answered.Expects("written by our AI assistant")
		s.escalate("ladder pairing", "ana").ExpectPrivate("0 of 400 were wrong, so at most 0.7 % (by the back-test)")
		s.judged("pairing", 2, 0.99, escalate.VerdictWrong)
		drafted := s.customer("Per").asksHowToPair()
		s.card("support", drafted).ExpectButton("Approve & send")
		s.decidesAgain(answered)
		s.decidesAgain(drafted)
	})
}

func TestGoingBackToAnOldVersionIsANewOne(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("threshold auto 0.99", "lea").ExpectPrivate("Done, policy 2")
		s.escalate("exclude add tag press", "lea").ExpectPrivate("Done, policy 3")
		s.escalate("history", "ana").ExpectPrivate("threshold auto 0.99 (answers from 95 % → 99 %)")
		s.escalate("history 2", "ana").ExpectPrivate("tickets with tag “press” are kept from the AI (x1)")
		s.escalate("history 1 back", "ana").ExpectPrivate("Only leads can do that")
		s.confirms("history 1 back", "answers from 99 % → 95 %", "Done, policy 4")
		p := s.policy()
		if p.Version != 4 || p.Thresholds.Auto != 0.95 || len(p.Exclusions) != 0 {
			t.Errorf("back at version 1 the policy is %+v", p)
		}
		s.escalate("history 3 back", "lea").ExpectPrivate("Done, policy 5") // stricter: at once
		if got := s.changedBy(2); !slices.Equal(got, []string{
			string(s.person("lea")) + ": back to version 3", string(s.person("lea")) + ": back to version 1",
		}) {
			t.Errorf("the newest versions are %q", got)
		}
	})
}
