package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// similar are the solved tickets that a ticket was found to be like.
func (s *story) similar(t *ticket) (ids []string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		found, err := tx.FindTicket(s.t.Context(), t.id)
		if err != nil {
			return err
		}
		a, err := tx.Assessment(s.t.Context(), found.ID, found.Decision.Assessment)
		if err != nil {
			return err
		}
		for _, source := range slices.Concat(a.Similar, a.Sources) {
			ids = append(ids, source.ID)
		}
		return nil
	})
	return ids
}

// finds reports whether a brain finds a solved ticket when it is asked the same again.
func finds(t *testing.T, b *local.Brain, solved *escalate.Ticket) bool {
	t.Helper()
	again := &escalate.Ticket{ID: "again", Content: solved.Content}
	again.Content.Messages = again.Content.Messages[:1]
	a, err := b.Assess(t.Context(), time.Time{}, again)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(slices.Concat(a.Similar, a.Sources), func(s escalate.Source) bool { return s.ID == string(solved.ID) })
}

// feed is what was solved and how, oldest first, as "ticket answer".
func (s *story) feed() (all []string) {
	s.t.Helper()
	s.view(func(tx desk.Tx) error {
		rows, err := tx.Solved(s.t.Context(), time.Time{}, "", 100)
		for _, r := range rows {
			t, err := tx.Ticket(s.t.Context(), r.Ticket)
			if err != nil {
				return err
			}
			all = append(all, strings.TrimSpace(t.Ref.ID+" "+r.Answer))
		}
		return err
	})
	return all
}

func (s *story) solvedByAna() *ticket {
	s.t.Helper()
	solved := s.customer("Ina").asksAboutDelivery()
	s.card("support", solved).Click("Approve & solve").As("ana")
	solved.Expects("2 to 4 working days")
	solved.Status(escalate.StatusSolved)
	return solved
}

func TestASolvedTicketIsFoundByTheNextOneAtOnce(t *testing.T) {
	tell(t, func(s *story) {
		solved := s.solvedByAna()
		next := s.customer("Per").asksAboutDelivery()
		s.card("support", next)
		if got := s.similar(next); !slices.Contains(got, string(s.ticket(solved).ID)) {
			s.t.Errorf("the next ticket is like %q", got)
		}
		if got := s.feed(); len(got) != 1 || !strings.HasPrefix(got[0], solved.id+" ") {
			s.t.Errorf("the feed says %q", got)
		}
	})
}

func TestWhatAPersonSaysInTheirOwnWordsIsLearned(t *testing.T) {
	tell(t, func(s *story) {
		asks := func(name string) *ticket {
			return s.customer(name).Writes("Beekeeping", "Does the hub report the humidity inside a beehive to a Zigbee bridge?")
		}
		solved := asks("Ina")
		s.card("support", solved)
		solved.Colleague("Ben Okoro", "Hi Ina,\n\nno, a beehive is too far for the radio; a Zigbee bridge hears nothing of it.")
		solved.Set(escalate.StatusSolved)
		s.later(time.Minute)
		if got := s.feed(); !slices.Equal(got, []string{solved.id}) {
			s.t.Fatalf("the feed says %q", got)
		}
		next := asks("Per")
		s.card("support", next)
		if got := s.similar(next); !slices.Contains(got, string(s.ticket(solved).ID)) {
			s.t.Errorf("the next ticket is like %q", got)
		}
	})
}

func TestAMacroThatAPersonSentIsThatMacro(t *testing.T) {
	tell(t, func(s *story) {
		i := slices.IndexFunc(s.config.Knowledge.Macros, func(m brain.Macro) bool { return strings.Contains(m.Body, pairingQuote) })
		macro := s.config.Knowledge.Macros[i]
		solved := s.customer("Ina").asksForAPerson()
		s.card("support", solved)
		solved.Colleague("Ben Okoro", strings.ReplaceAll(macro.Body, "{{customer_name}}", "Ina"))
		solved.Set(escalate.StatusSolved)
		s.later(time.Minute)
		if got := s.feed(); !slices.Equal(got, []string{solved.id + " " + macro.ID}) {
			s.t.Errorf("the feed says %q, want %s", got, macro.ID)
		}
	})
}

func TestSilenceAndWhatIsKeptFromTheAITeachNothing(t *testing.T) {
	tell(t, func(s *story) {
		automatic := s.customer("Ina").asksHowToPair()
		automatic.Expects("written by our AI assistant")
		automatic.Set(escalate.StatusSolved)
		kept := s.customer("Per").Writes("Press", "How do I pair the sensor? I write for a paper.", tagged("press"))
		s.card("support", kept)
		kept.Colleague("Ben Okoro", "Off the record: hold the button.")
		kept.Set(escalate.StatusSolved)
		unanswered := s.customer("Kim").asksForAPerson()
		s.card("support", unanswered).Click("Resolve").As("ana")
		unanswered.Status(escalate.StatusSolved)
		s.later(time.Minute)
		if got := s.feed(); len(got) != 0 {
			s.t.Errorf("the feed says %q", got)
		}
	}, func(at *setting) {
		at.policy.Exclusions = append(at.policy.Exclusions, escalate.Exclusion{ID: "press", Tag: "press"})
	})
}

func TestADeathBetweenSolvingAndLearningLosesNoLesson(t *testing.T) {
	p := &pupil{}
	tell(t, func(s *story) {
		p.deaf.Store(true)
		solved := s.ticket(s.solvedByAna())
		s.later(time.Minute)
		if finds(s.t, s.app.brain, solved) {
			s.t.Fatal("it was learned while nobody listened")
		}
		s.shut()
		p.deaf.Store(false)
		a, err := newApp(s.t.Context(), s.config) // built, not run: no job helps it
		if err != nil {
			s.t.Fatal(err)
		}
		if !finds(s.t, a.brain, solved) {
			s.t.Error("after the start it is not known")
		}
		if err := a.Close(); err != nil {
			s.t.Error(err)
		}
		s.open()
		if !finds(s.t, s.app.brain, solved) {
			s.t.Error("it is not known any more")
		}
	}, p.in)
}
