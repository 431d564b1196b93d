package hubspot_test

import (
	"net/http"
	"strings"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot/hubspottest"
)

func stageOf(w *world, id string) string {
	t, _ := w.Book.Ticket(id)
	return t.Status
}

func TestStatusIsAStageOfTheTicketsOwnPipeline(t *testing.T) {
	w := newWorld(t, map[string]string{"stages": "11=on_hold, 13=closed"})
	w.Pipelines = append(w.Pipelines, hubspottest.Pipeline{ID: "9", Label: "Returns", Stages: []hubspottest.Stage{
		{ID: "10", Label: "Arrived"}, {ID: "11", Label: "At the workshop"}, {ID: "12", Label: "Refunded", Closed: true}, {ID: "13", Label: "Scrapped", Closed: true},
	}})
	id := w.Book.Open(helpdesktest.Ticket{Status: "10"}).ID
	for _, step := range []struct {
		status escalate.Status
		stage  string
	}{
		{escalate.StatusOnHold, "11"}, {escalate.StatusSolved, "12"}, {escalate.StatusClosed, "13"}, {escalate.StatusOpen, "10"},
	} {
		w.write(id, desk.Write{Kind: desk.WriteStatus, Status: step.status})
		equal(t, "stage", stageOf(w, id), step.stage)
		equal(t, "status", w.read(id).Status, step.status)
	}
	if r := w.refused(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusPending}); !strings.Contains(r.Why, "Returns") || !strings.Contains(r.Why, "stages") {
		t.Errorf("a stage that is not there: %+v", r)
	}
	equal(t, "stage", stageOf(w, id), "10")
	def := w.ticket()
	w.write(def, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusClosed})
	equal(t, "stage", stageOf(w, def), "4") // it has but one end
	w.write(def, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOpen})
	equal(t, "stage", stageOf(w, def), "3") // waiting on us
}

// A ticket that somebody moved to another open stage stays there.
func TestAStatusThatATicketHasMovesItNowhere(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOpen})
	equal(t, "stage", stageOf(w, id), "1")
	equal(t, "patches", w.called("PATCH"), 0)
}

func TestThreadsAreClosedWithTheTicket(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	thread := func() any { t, _ := w.Book.Ticket(id); return t.Extra["status 7"+id] }
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	equal(t, "thread", thread(), any("CLOSED"))
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusOpen})
	equal(t, "thread", thread(), any("OPEN"))
	// The ticket was moved and the thread's call failed: a repeat closes it.
	fail := true
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if fail && r.Method == http.MethodPatch && strings.Contains(r.URL.Path, "/threads/") {
			rw.WriteHeader(http.StatusBadGateway)
			return true
		}
		return false
	}
	wr := desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved}
	if _, err := w.c.Write(t.Context(), id, wr); err == nil {
		t.Fatal("the thread was not closed, and nobody says so")
	}
	fail = false
	w.write(id, wr)
	equal(t, "thread", thread(), any("CLOSED"))
}

func TestAssigningIsForTicketAndThread(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.write(id, desk.Write{Kind: desk.WriteAssign, Agent: "80102"})
	held, _ := w.Book.Ticket(id)
	equal(t, "owner", held.Assignee, "80102")
	equal(t, "thread", held.Extra["assigned 7"+id], any("A-980102"))
	w.write(id, desk.Write{Kind: desk.WriteAssign})
	equal(t, "owner", w.read(id).Assignee, "")
	w.refused(id, desk.Write{Kind: desk.WriteAssign, Agent: "404"})
}

func TestUrgentIsHighWhereThereIsNoUrgent(t *testing.T) {
	w := newWorld(t, nil)
	w.NoUrgent = true
	id := w.ticket()
	w.write(id, desk.Write{Kind: desk.WritePriority, Priority: escalate.PriorityUrgent})
	equal(t, "priority", w.read(id).Content.Priority, escalate.PriorityHigh)
	w.refused(id, desk.Write{Kind: desk.WritePriority, Priority: "whatever"})
}

func TestTagsOfOthersAreKept(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	put := func(value string) {
		w.Book.Change(id, func(t *helpdesktest.Ticket) bool {
			t.Extra = map[string]any{hubspottest.TagsProperty: value}
			return true
		})
	}
	put("vip; late")
	w.write(id, desk.Write{Kind: desk.WriteTags, Tags: []string{"refund; now", "vip", " "}})
	equal(t, "tags", strings.Join(w.read(id).Content.Tags, "|"), "vip|late|refund, now")
	// Somebody else writes right behind us, from what they read before: ours is put again, theirs stays.
	lost := 1
	w.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/crm/v3/objects/tickets/") && w.called("PATCH") == 2 && lost > 0 {
			lost--
			put("vip;theirs")
		}
		return false
	}
	w.write(id, desk.Write{Kind: desk.WriteTags, Tags: []string{"ours"}})
	equal(t, "tags", strings.Join(w.read(id).Content.Tags, "|"), "vip|theirs|ours")
}

func TestWithoutAPropertyANoteSaysTheTags(t *testing.T) {
	w := newWorld(t, map[string]string{"tags": ""})
	id := w.ticket()
	for range 2 {
		w.write(id, desk.Write{Kind: desk.WriteTags, Key: "job-tags", Tags: []string{"refund", "vip"}})
	}
	all := w.read(id).Content.Messages
	equal(t, "messages", len(all), 2)
	equal(t, "text", all[1].Text, "Tags: refund, vip")
	equal(t, "public", all[1].Public, false)
	for _, a := range w.c.Abilities() {
		if a.Row == "tags" && a.Has {
			t.Error("it says that it has tags")
		}
	}
}

func TestSettingsAreChecked(t *testing.T) {
	w := newWorld(t, nil)
	for name, bad := range map[string][]string{
		"token": {"", "a b"}, "sender": {"", "Ana"}, "app": {"x"}, "tags": {"My tags"}, "category": {"Topic!"},
		"stages": {"2", "2=gone", "=open", "2=open,2=pending", "2=open,,"}, "url": {"ftp://x", "x"}, "per_ten_seconds": {"0", "many"},
	} {
		for _, value := range bad {
			a := w.Account("shop", "https://api.hubapi.com")
			a.Settings[name] = value
			if _, err := connectQuietly(a); err == nil {
				t.Errorf("%s %q passes", name, value)
			}
		}
	}
}
