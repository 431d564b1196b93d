package helpscout_test

import (
	"net/http"
	"slices"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout/helpscouttest"
)

func TestTagsOfOthersAreKept(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "refund"}; return true })
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"Refund", "Reason: long", "a,b"}})
	got := read(t, c, id).Content.Tags
	if want := []string{"vip", "refund", "reason: long", "a b"}; !slices.Equal(got, want) {
		t.Errorf("tags: got %q, want %q", got, want)
	}
	puts := 0
	fake.Before = func(r *http.Request) {
		if r.Method == http.MethodPut {
			puts++
		}
	}
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"vip"}})
	if puts != 0 {
		t.Errorf("tags that were there were written %d times", puts)
	}
}

func meanwhile(fake *helpscouttest.Fake, id string, n int) *int {
	puts := 0
	fake.Before = func(r *http.Request) {
		if r.Method == http.MethodPut {
			puts++
		}
		if r.Method == http.MethodGet && puts > 0 && puts <= n {
			fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"theirs"}; return true })
		}
	}
	return &puts
}

func TestTagsThatSomebodyTakesAwayArePutAgain(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	puts := meanwhile(fake, id, 1)
	write(t, c, id, desk.Write{Kind: desk.WriteTags, Tags: []string{"ours"}})
	if got := read(t, c, id).Content.Tags; !slices.Equal(got, []string{"theirs", "ours"}) || *puts != 2 {
		t.Errorf("tags %q after %d writes, want both after 2", got, *puts)
	}
	fake, c = account(t, nil)
	id = fake.Open(ina, "")
	puts = meanwhile(fake, id, 100)
	_, err := c.Write(t.Context(), id, desk.Write{Kind: desk.WriteTags, Tags: []string{"ours"}})
	if err == nil || *puts > 3 {
		t.Errorf("after %d writes that were undone: %v, want an error after 3", *puts, err)
	}
}

func TestAPriorityIsATag(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Book.Change(id, func(t *helpdesktest.Ticket) bool { t.Tags = []string{"vip", "priority-low"}; return true })
	write(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityUrgent})
	s := read(t, c, id)
	if want := []string{"vip", "priority-urgent"}; !slices.Equal(s.Content.Tags, want) || s.Content.Priority != escalate.PriorityUrgent {
		t.Errorf("tags %q, priority %q; want %q", s.Content.Tags, s.Content.Priority, want)
	}
	write(t, c, id, desk.Write{Kind: desk.WritePriority})
	if s = read(t, c, id); !slices.Equal(s.Content.Tags, []string{"vip"}) || s.Content.Priority != escalate.PriorityNone {
		t.Errorf("taken away: tags %q, priority %q", s.Content.Tags, s.Content.Priority)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WritePriority, Priority: "pressing"}); r.RetryAfter != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestATeamIsNobody(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	fake.Team(id)
	if s := read(t, c, id); s.Assignee != "" {
		t.Errorf("assigned to a team, it reads as %q's", s.Assignee)
	}
}

func TestNobodyTakesTheAssigneeAway(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	write(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "256"})
	write(t, c, id, desk.Write{Kind: desk.WriteAssign})
	if s := read(t, c, id); s.Assignee != "" {
		t.Errorf("it reads as %q's", s.Assignee)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WriteAssign, Agent: "ana"}); r.RetryAfter != 0 {
		t.Errorf("somebody who is no user: %+v", r)
	}
}

func TestOnHoldBecomesPending(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "")
	write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOnHold})
	if got := statusOf(fake, id); got != "pending" {
		t.Errorf("it is %s", got)
	}
	if r := refused(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusGone}); r.RetryAfter != 0 {
		t.Errorf("gone: %+v", r)
	}
}
