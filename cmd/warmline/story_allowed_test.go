package main

import (
	"slices"
	"testing"
	"time"

	"warmline/escalate/desk"
)

// Who may do what when Slack does not say, and what a pause is about.

func TestAPauseMeansWhatWasTyped(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ typed, paused string }{
		{"pause", "Paused: everything"},
		{"pause everything", "Paused: everything"},
		{"pause all", "Paused: everything"},
		{"pause pairing", "Paused: topic pairing"},
		{"pause PAIRING", "Paused: topic pairing"},
	} {
		t.Run(tc.typed, func(t *testing.T) {
			tell(t, func(s *story) {
				s.escalate(tc.typed, "ana").ExpectPrivate(tc.paused)
				ticket := s.customer("Ina").asksHowToPair()
				s.card("support", ticket).ExpectButton("Approve & send")
				s.later(time.Minute)
				ticket.Sent(0)
			})
		})
	}
}

func TestAMistypedTopicPausesNothingAndNamesThoseThereAre(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("pause pairng", "ana").ExpectPrivate(`I know no topic "pairng", so nothing was changed. Topics: `).ExpectText("pairing")
		s.customer("Ina").asksHowToPair().Expects("written by our AI assistant")
	})
}

// mute has Slack not say who is in which group, until its faults are cleared.
func (s *story) mute() {
	s.t.Helper()
	s.control("fault", map[string]any{"method": "usergroups.list", "status": 503})
	s.control("fault", map[string]any{"method": "usergroups.users.list", "status": 503})
}

func TestAClaimByWhoWasRemovedWaitsUntilSlackSaysWhoMay(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		s.mute()
		s.control("group", map[string]any{"handle": "support-agents", "remove": []string{"ana"}, "silent": true})
		s.later(3 * time.Minute)
		card.Click("Claim").As("ana")
		s.later(time.Minute)
		card.ExpectText("Nobody has claimed it yet")
		s.control("fault", map[string]any{"clear": true})
		s.later(time.Minute)
		s.privately("support", "ana", "Only agents can do that")
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
		if got := s.audited(desk.ActClaim, "ana"); !slices.Equal(got, []string{"refused"}) {
			t.Errorf("the audit log says %q", got)
		}
	})
}

func TestAnApprovalThatWaitedTooLongForSlackIsRefused(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksAboutDelivery()
		card := s.card("support", ticket)
		card.ExpectButton("Approve & send")
		s.mute()
		card.Click("Approve & send").As("ana")
		s.later(6 * time.Minute)
		s.control("fault", map[string]any{"clear": true})
		s.later(2 * time.Minute)
		s.privately("support", "ana", "Slack took too long to say who may do that. Nothing was changed; please press again.")
		ticket.Sent(0)
		card.Click("Approve & send").As("ana")
		ticket.Expects("2 to 4 working days")
	})
}

func TestWhoBelongsToAnotherWorkspaceMayNothing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		_, err := s.app.service.Press(s.t.Context(), desk.Press{
			ID: "guest", At: time.Now(), Actor: s.person("ana"), Team: "T0PARTNER", Action: desk.ActClaim, Token: s.token(card),
			On: desk.Place{Channel: s.support(), TS: card.TS()},
		})
		if err != nil {
			s.t.Fatal(err)
		}
		s.privately("support", "ana", "Only people of this workspace can do that")
		s.later(time.Minute)
		card.ExpectText("Nobody has claimed it yet")
		ticket.Assignee("")
	})
}
