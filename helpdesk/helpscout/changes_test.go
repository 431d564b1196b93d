package helpscout_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/helpscout"
	"warmline/helpdesk/helpscout/helpscouttest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// standing is an account whose clock stands until Pass moves it, so that a second is as long as a test wants.

func standing(t *testing.T) (*helpscouttest.Fake, *helpscout.Connector) {
	t.Helper()
	fake := helpscouttest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	return fake, serve(t, fake)
}

// follow reads the feed from a cursor to where it ends for now.

func follow(t *testing.T, c *helpscout.Connector, cursor string) (all []desk.Notice, end string) {
	t.Helper()
	for range 1000 {
		some, next, err := c.Changes(t.Context(), cursor)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, some...)
		if next == cursor {
			return all, cursor
		}
		cursor = next
	}
	t.Fatal("the feed has no end")
	return nil, ""
}

// beginning is the cursor of now, with which nothing is told.

func beginning(t *testing.T, c *helpscout.Connector) string {
	t.Helper()
	some, cursor, err := c.Changes(t.Context(), "")
	if err != nil || len(some) > 0 || cursor == "" {
		t.Fatalf("now: %d notices, %q, %v", len(some), cursor, err)
	}
	return cursor
}

func tickets(notices []desk.Notice) (ids []string) {
	for _, n := range notices {
		if !slices.Contains(ids, n.Ref.ID) {
			ids = append(ids, n.Ref.ID)
		}
	}
	return ids
}

func says(fake *helpscouttest.Fake, id, text string) {
	fake.Says(id, helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true, Body: text}, "")
}

func TestASecondChangeWithinTheSecondIsNotLost(t *testing.T) {
	for name, exclusive := range map[string]bool{"from": false, "after": true} {
		t.Run("modifiedSince means "+name, func(t *testing.T) {
			fake, c := standing(t)
			fake.Exclusive = exclusive
			id := fake.Open(ina, "")
			fake.Pass(10 * time.Second)
			cursor := beginning(t, c)
			fake.Pass(10 * time.Second)
			says(fake, id, "One.")
			some, next := follow(t, c, cursor)
			if len(some) != 0 {
				t.Fatalf("told of a second that is not over: %v", some)
			}
			fake.Pass(400 * time.Millisecond)
			says(fake, id, "Two.")
			fake.Pass(3 * time.Second)
			some, _ = follow(t, c, next)
			if got := tickets(some); !slices.Equal(got, []string{id}) {
				t.Fatalf("told of %v, want one conversation", some)
			}
			if got := len(read(t, c, id).Content.Messages); got != 3 {
				t.Errorf("what was told of reads with %d messages, want 3", got)
			}
		})
	}
}

// TestAChangeThatNoTimeShowsIsTold changes a conversation as a workflow does, which leaves the times that are shown as they were.

func TestAChangeThatNoTimeShowsIsTold(t *testing.T) {
	fake, c := standing(t)
	id := fake.Open(ina, "")
	fake.Pass(time.Hour)
	cursor := beginning(t, c)
	seen := make(map[string]bool)
	fake.Silent = true
	for _, status := range []string{"pending", "closed", "active"} {
		fake.Pass(10 * time.Second)
		write(t, c, id, desk.Write{Kind: desk.WriteStatus, Status: map[string]escalate.Status{
			"pending": escalate.StatusPending, "closed": escalate.StatusSolved, "active": escalate.StatusOpen,
		}[status]})
		fake.Pass(10 * time.Second)
		var some []desk.Notice
		some, cursor = follow(t, c, cursor)
		fresh := 0
		for _, n := range some {
			if !seen[n.Delivery] {
				fresh++
			}
			seen[n.Delivery] = true
		}
		if fresh != 1 {
			t.Errorf("%s: told of %v, want one new notice", status, some)
		}
	}
}

// TestAConversationThatMovesWhileTheListIsReadHidesNoOther changes and adds conversations between the pages of the list.

func TestAConversationThatMovesWhileTheListIsReadHidesNoOther(t *testing.T) {
	fake, c := standing(t)
	old := fake.Open(ina, "") // joins the list at its beginning
	fake.Pass(time.Hour)
	cursor := beginning(t, c)
	var want []string
	for range 120 {
		fake.Pass(time.Second)
		want = append(want, fake.Open(ina, ""))
	}
	fake.Pass(5 * time.Second)
	reads := 0
	fake.Before = func(r *http.Request) {
		if r.URL.Path != "/v2/conversations" {
			return
		}
		switch reads++; reads {
		case 2:
			says(fake, old, "Me again.")
			says(fake, want[3], "Still dark.")
		case 3:
			fake.Open(ina, "")
		}
	}
	some, _ := follow(t, c, cursor)
	got := tickets(some)
	for _, id := range want {
		if !slices.Contains(got, id) && id != want[3] {
			t.Errorf("conversation %s was never told", id)
		}
	}
	if reads < 5 {
		t.Errorf("the list was read in %d pages, want several", reads)
	}
}

// TestAConversationThatIsTakenAwayWhileTheListIsReadHidesNoOther deletes one of the first page, whereupon all others move up by one.

func TestAConversationThatIsTakenAwayWhileTheListIsReadHidesNoOther(t *testing.T) {
	fake, c := standing(t)
	cursor := beginning(t, c)
	var want []string
	for range 90 {
		fake.Pass(time.Second)
		want = append(want, fake.Open(ina, ""))
	}
	fake.Pass(5 * time.Second)
	reads := 0
	fake.Before = func(r *http.Request) {
		if r.URL.Path == "/v2/conversations" {
			if reads++; reads == 2 {
				fake.Delete(want[0])
			}
		}
	}
	some, _ := follow(t, c, cursor)
	got := tickets(some)
	for _, id := range want[1:] {
		if !slices.Contains(got, id) {
			t.Errorf("conversation %s was never told", id)
		}
	}
}

func TestWhatAListShowsLateIsFoundInItsOverlap(t *testing.T) {
	fake, c := standing(t)
	fake.Lag = 30 * time.Second
	cursor := beginning(t, c)
	fake.Pass(time.Second)
	id := fake.Open(ina, "")
	fake.Pass(10 * time.Second)
	if some, _ := follow(t, c, cursor); len(some) != 0 {
		t.Fatalf("told of %v, which the list cannot show yet", some)
	}
	fake.Pass(30 * time.Second)
	if some, _ := follow(t, c, cursor); !slices.Equal(tickets(some), []string{id}) { // as the poller does, from two minutes before
		t.Errorf("told of %v, want %s", some, id)
	}
}

func TestOnlyTheInboxesThatAreSetAreTold(t *testing.T) {
	fake := helpscouttest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	a := fake.Account("shop", httpServer(t, fake))
	a.Settings["inboxes"] = "85, 86"
	k, err := helpscout.Vendor.Connect(a)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := k.(*helpscout.Connector)
	cursor := beginning(t, c)
	fake.Pass(5 * time.Second)
	ours, theirs := fake.Open(ina, ""), fake.Open(ina, "")
	fake.Move(theirs, "99")
	fake.Pass(5 * time.Second)
	if some, _ := follow(t, c, cursor); !slices.Equal(tickets(some), []string{ours}) {
		t.Errorf("told of %v, want %s alone", some, ours)
	}
}

func TestAChatIsUrgentAndADraftIsNothing(t *testing.T) {
	fake, c := standing(t)
	cursor := beginning(t, c)
	fake.Pass(5 * time.Second)
	chat, mail, draft := fake.Open(ina, "chat"), fake.Open(ina, "email"), fake.Open(ina, "email")
	fake.State(draft, "draft")
	fake.Pass(5 * time.Second)
	some, _ := follow(t, c, cursor)
	urgent := map[string]bool{}
	for _, n := range some {
		urgent[n.Ref.ID] = n.Urgent
	}
	if !urgent[chat] || urgent[mail] || len(urgent) != 2 {
		t.Errorf("urgent: %v", urgent)
	}
	if s := read(t, c, chat); s.Content.Channel != "chat" || !s.Content.Messages[0].Public || s.Content.Messages[0].Role != escalate.RoleCustomer {
		t.Errorf("a chat reads as %+v", s.Content)
	}
}

// TestAChangeInTheVerySecondOfTheCursorIsTold matters where modifiedSince means after.

func TestAChangeInTheVerySecondOfTheCursorIsTold(t *testing.T) {
	fake, c := standing(t)
	fake.Exclusive = true
	id := fake.Open(ina, "")
	fake.Pass(10 * time.Second)
	cursor := beginning(t, c)
	fake.Pass(400 * time.Millisecond)
	says(fake, id, "One.")
	fake.Pass(5 * time.Second)
	if some, _ := follow(t, c, cursor); !slices.Equal(tickets(some), []string{id}) {
		t.Errorf("told of %v, want %s", some, id)
	}
}
