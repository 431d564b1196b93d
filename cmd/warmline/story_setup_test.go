package main

import "testing"

func TestTheFirstStartTellsLeadsWhatIsLeftToDoOnce(t *testing.T) {
	tell(t, func(s *story) {
		for range 2 { // the second start tells nobody
			if err := s.app.service.FirstStart(s.t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		tab := s.User("lea").Direct("warmline")
		list := tab.ExpectCard("Setting up Warmline").ExpectText("Channels done: I am in #escalations").
			ExpectText("Roles done: there are people in @support-agents").ExpectText("Promise to do: say how many")
		if n := len(tab.Messages()); n != 1 {
			t.Errorf("lea got %d messages", n)
		}
		s.escalate("promise 2%", "lea").ExpectPrivate("Done, policy 2")
		list.Click("Check again").As("lea")
		tab.ExpectCard("Promise done: at most 2 %")
		s.escalate("setup", "ana").ExpectPrivate("Only leads can do that")
		s.escalate("setup", "lea")
		s.privately("support", "lea", "Go live done: answered by themselves")
	})
}
