package helpdesktest

import (
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// opensOnce holds a helpdesk that takes new tickets to making one of each key, also after a lost answer.
func opensOnce(c *contract) {
	c.t.Helper()
	o, ok := c.Desk.(desk.Opener)
	if !ok {
		c.t.Skip("SKIPPED: this helpdesk takes no new tickets from us")
	}
	opening := desk.Opening{
		Key: "press-1", Subject: first.Subject, Text: first.Text, Tags: []string{escalate.TagEscalated},
		Customer: escalate.Customer{Name: first.Name, Email: first.Email},
	}
	id := opened(c.t, o, opening)
	if again := opened(c.t, o, opening); again != id {
		c.t.Errorf("the same key opened %s and then %s", id, again)
	}
	opening.Key = "press-2"
	if other := opened(c.t, o, opening); other == id {
		c.t.Error("another key opened no other ticket")
	}
	s := read(c.t, c.Fixture, id)
	if s.Content.Subject != first.Subject || s.Content.Customer.Email != first.Email || len(s.Content.Messages) != 1 ||
		s.Content.Messages[0].Role != escalate.RoleCustomer || s.Content.Messages[0].Marker != "" {
		c.t.Errorf("it reads as %+v", s.Content)
	}
	if len(s.Content.Tags) != 1 || s.Content.Tags[0] != escalate.TagEscalated {
		c.t.Errorf("its tags are %q", s.Content.Tags)
	}
}

func opened(t *testing.T, o desk.Opener, n desk.Opening) string {
	t.Helper()
	id, err := o.Open(t.Context(), n)
	if err != nil || id == "" {
		t.Fatalf("open: %q, %v", id, err)
	}
	return id
}
