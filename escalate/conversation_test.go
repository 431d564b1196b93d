package escalate_test

import (
	"testing"
	"time"

	"warmline/escalate"
)

// assigned is a reading that shows an assignee.
func assigned(agent escalate.AgentID) escalate.Event {
	return escalate.Read{Seen: escalate.Seen{Status: escalate.StatusOpen, Newest: "m1", Customer: "m1", Assignee: agent}}
}

// Who had the ticket before may still be on their way into the helpdesk when the next one claims it.
func TestAnAssignmentOfOursTakesNoClaimAway(t *testing.T) {
	raised := escalate.Raised{By: "U3", Handoff: "h2", Channel: "managers"}
	dan, gita := escalate.Claimed{By: "U1", Agent: "dan"}, escalate.Claimed{By: "U2", Agent: "gita"}
	for name, test := range map[string]struct {
		events []escalate.Event
		owner  escalate.PersonID
	}{
		"the earlier owner shows late":                {[]escalate.Event{dan, raised, gita, assigned("dan")}, "U2"},
		"and then the owner":                          {[]escalate.Event{dan, raised, gita, assigned("dan"), assigned("gita")}, "U2"},
		"the earlier owner was passed over":           {[]escalate.Event{dan, raised, gita, assigned("gita"), assigned("dan")}, ""},
		"a person gives it to the earlier one again":  {[]escalate.Event{dan, assigned("dan"), raised, gita, assigned("gita"), assigned("dan")}, ""},
		"a person gives it to somebody else":          {[]escalate.Event{dan, assigned("dan"), assigned("olga")}, ""},
		"somebody else had it when it was read first": {[]escalate.Event{dan, assigned("olga")}, ""},
	} {
		ticket := ticketWith(escalated("h1"))
		for i, e := range test.events {
			if _, err := ticket.Apply(t0.Add(time.Duration(i)*time.Minute), e); err != nil {
				t.Fatalf("%s: event %d: %v", name, i, err)
			}
		}
		if got := ticket.Handoff.Owner; got != test.owner {
			t.Errorf("%s: the owner is %q, want %q", name, got, test.owner)
		}
	}
}
