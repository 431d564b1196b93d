package main

import (
	"fmt"
	"testing"
)

func TestALeadReadsWhoDidWhatAndWhoWasRefused(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		card.Click("Claim").As("olga")
		s.privately("support", "olga", "Only agents can do that")
		s.claim(card, "ana")
		s.escalate("threshold auto 0.97", "lea").ExpectPrivate("Done, policy 2")
		s.escalate("threshold auto 0.99", "ana").ExpectPrivate("Only leads can do that")

		s.escalate("audit", "ana").ExpectPrivate("Only leads can do that")
		s.escalate("audit", "lea").ExpectPrivate("Newest first, in your local time.").
			ExpectText("Ana Ferreira · claim · " + ticket.Number() + " · done · claimed").
			ExpectText("Olga Petrenko · claim · " + ticket.Number() + " · refused").
			ExpectText("Ana Ferreira · command · command threshold · refused").
			ExpectText("1 Jan 2000 01:") // the story begins at midnight of UTC; Lea is in Berlin
		s.escalate("audit ticket "+ticket.id, "lea").ExpectPrivate("Olga Petrenko · claim").ExpectNoText("policy 2")
		s.escalate("audit @olga", "lea").ExpectPrivate("Olga Petrenko · claim").ExpectNoText("Ana Ferreira")
		s.escalate("audit policy", "lea").ExpectPrivate("Lea Sommer · command · policy 2 · done · threshold auto 0.97").ExpectNoText("claim")
		s.escalate("audit", "lea").ExpectPrivate("Lea Sommer · command · audit · done · read: policy") // who read it is kept, too
	})
}

func TestTheAuditLogIsReadPageByPage(t *testing.T) {
	tell(t, func(s *story) {
		for n := range 45 {
			s.escalate(fmt.Sprintf("threshold auto 0.%d", 951+n), "lea").ExpectPrivate(fmt.Sprintf("Done, policy %d", 2+n))
		}
		newest := s.escalate("audit policy", "lea").ExpectPrivate("Newest first")
		newest.ExpectText("auto 0.995").ExpectText("auto 0.976").ExpectNoText("auto 0.975").Click("Older").As("lea")
		older := s.Channel("support").As("lea").ExpectPrivate("Older, in your local time")
		older.ExpectText("auto 0.975").ExpectText("auto 0.956").ExpectNoText("auto 0.955").Click("Older").As("lea")
		oldest := s.Channel("support").As("lea").ExpectPrivate("policy 2 · done")
		oldest.ExpectText("auto 0.955").ExpectText("auto 0.951").ExpectNoButton("Older")
	})
}

func TestWhatIsAskedOfTheAuditLogIsUnderstood(t *testing.T) {
	tell(t, func(s *story) {
		s.escalate("audit polcy", "lea").ExpectPrivate("Did you mean /escalate audit policy?")
		s.escalate("audit @bne", "lea").ExpectPrivate("Did you mean /escalate audit @ben?")
		s.escalate("audit ticket 99", "lea").ExpectPrivate("I know no ticket 99")
		s.escalate("audit policy", "lea").ExpectPrivate("The audit log has nothing of that.")
	})
}
