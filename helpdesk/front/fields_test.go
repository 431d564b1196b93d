package front_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

func (w *world) setStatus(id string, s escalate.Status) {
	w.t.Helper()
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: s})
}

// With ticketing, each status is one of the account's own.
func TestStatusesWithTicketing(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for status, wanted := range map[escalate.Status]string{
		escalate.StatusPending: "sts_3", escalate.StatusOnHold: "sts_2", escalate.StatusSolved: "sts_4", escalate.StatusOpen: "sts_1",
	} {
		w.setStatus(id, status)
		equal(t, "status", w.read(id).Status, status)
		held, _ := w.book.Ticket(id)
		equal(t, "status of Front's", held.Extra["status_id"], any(wanted))
	}
	w.setStatus(id, escalate.StatusClosed)
	equal(t, "closed reads as", w.read(id).Status, escalate.StatusSolved)
	equal(t, "tags", len(w.read(id).Content.Tags), 0)
	equal(t, "lists of statuses read", w.called("GET /company/statuses"), 1)
}

// Without it there is no "waiting": a tag stands for it until the customer writes again.
func TestWaitingIsATagWithoutTicketing(t *testing.T) {
	w := newWorld(t)
	w.Ticketing = false
	id := w.ticket()
	w.clock.add(time.Second)
	w.setStatus(id, escalate.StatusPending)
	s := w.read(id)
	equal(t, "status", s.Status, escalate.StatusPending)
	equal(t, "tags", strings.Join(s.Content.Tags, " "), "waiting-for-customer")

	w.clock.add(time.Second)
	w.Says(id, "Here is the photo.", nil)
	equal(t, "status after the customer wrote", w.read(id).Status, escalate.StatusOpen)
	w.clock.add(time.Second)
	w.write(id, reply("Thank you."))
	equal(t, "status after we wrote", w.read(id).Status, escalate.StatusPending)

	w.setStatus(id, escalate.StatusOnHold)
	s = w.read(id)
	equal(t, "status", s.Status, escalate.StatusOnHold)
	equal(t, "tags", strings.Join(s.Content.Tags, " "), "on-hold")
	w.setStatus(id, escalate.StatusSolved)
	s = w.read(id)
	equal(t, "status", s.Status, escalate.StatusSolved)
	equal(t, "tags", len(s.Content.Tags), 0)
	w.setStatus(id, escalate.StatusOpen)
	equal(t, "status", w.read(id).Status, escalate.StatusOpen)
}

func TestAnAccountWithoutAFittingStatusSaysSo(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/company/statuses" {
			return false
		}
		_, _ = rw.Write([]byte(`{"_results":[{"id":"sts_1","name":"Open","category":"open"},{"id":"sts_9","name":null,"category":null}]}`))
		return true
	}
	_, err := w.c.Write(t.Context(), id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	if refused := refusal(t, err); !strings.Contains(refused.Why, "resolved") {
		t.Errorf("got %v, want which category is missing", err)
	}
}

func TestATrashedConversationIsGone(t *testing.T) {
	w := newWorld(t)
	for _, status := range []string{"deleted", "spam"} {
		id := w.ticket()
		w.book.Change(id, func(t *helpdesktest.Ticket) bool {
			t.Status = status
			return true
		})
		equal(t, status, w.read(id).Status, escalate.StatusGone)
	}
}

// Front has no priority, so a tag says it, for all to see; another one takes its place.
func TestAPriorityIsATag(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	w.write(id, desk.Write{Kind: desk.WriteTags, Tags: []string{"vip"}})
	for _, p := range []escalate.Priority{escalate.PriorityUrgent, escalate.PriorityLow, escalate.PriorityLow} {
		w.write(id, desk.Write{Kind: desk.WritePriority, Priority: p})
		s := w.read(id)
		equal(t, "priority", s.Content.Priority, p)
		equal(t, "tags", strings.Join(s.Content.Tags, " "), "vip priority-"+string(p))
	}
	w.write(id, desk.Write{Kind: desk.WritePriority})
	equal(t, "tags without one", strings.Join(w.read(id).Content.Tags, " "), "vip")
	_, err := w.c.Write(t.Context(), id, desk.Write{Kind: desk.WritePriority, Priority: "p1"})
	refusal(t, err)
}

// A tag is looked up by its name on every page, made once, and made no second time after a lost answer.
func TestTagsAreMadeOnce(t *testing.T) {
	w := newWorld(t)
	other, id := w.ticket(), w.ticket()
	var many []string
	for i := range 120 {
		many = append(many, fmt.Sprintf("tag %d", i))
	}
	w.write(other, desk.Write{Kind: desk.WriteTags, Tags: many})
	made := w.called("POST /tags")
	w.write(id, desk.Write{Kind: desk.WriteTags, Tags: []string{many[119], "TAG 1", many[119], " "}})
	equal(t, "made again", w.called("POST /tags")-made, 0)
	equal(t, "tags", strings.Join(w.read(id).Content.Tags, " "), many[119]+" tag 1")

	long := strings.Repeat("ü", 70)
	for range 2 {
		w.write(id, desk.Write{Kind: desk.WriteTags, Tags: []string{long}})
	}
	if tags := w.read(id).Content.Tags; tags[2] != long[:2*64] {
		t.Errorf("a tag that is too long became %q", tags[2])
	}
	equal(t, "made of the long one", w.called("POST /tags")-made, 1)
	made++

	lost := false
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if lost || r.Method != http.MethodPost || r.URL.Path != "/tags" {
			return false
		}
		lost = true
		w.ServeHTTP(discard{}, r)
		rw.WriteHeader(http.StatusBadGateway)
		return true
	}
	refund := desk.Write{Kind: desk.WriteTags, Tags: []string{"refund"}}
	_, err := w.c.Write(t.Context(), id, refund)
	if refused := refusal(t, err); refused.RetryAfter == 0 {
		t.Errorf("got %v, want when to try again", err)
	}
	w.write(id, refund)
	equal(t, "made after all", w.called("POST /tags")-made, 1)
}

type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)             {}

func TestAssignByIDByAddressAndToNobody(t *testing.T) {
	w := newWorld(t)
	id := w.ticket()
	for _, step := range []struct{ agent, want escalate.AgentID }{
		{"tea_6r55a", "tea_6r55a"},
		{"ben@shop.example", "tea_6r55b"},
		{"alt:email:ana@shop.example", "tea_6r55a"},
		{"", ""},
	} {
		w.write(id, desk.Write{Kind: desk.WriteAssign, Agent: step.agent})
		equal(t, "assignee", w.read(id).Assignee, step.want)
	}
}

// Rules and API tokens are teammates of Front's, too, and a blocked teammate answers nobody.
func TestOnlyPeopleAreAgents(t *testing.T) {
	w := newWorld(t)
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/teammates" {
			return false
		}
		_, _ = rw.Write([]byte(`{"_results":[{"id":"tea_1","email":"a@x.example","type":"rule"},
			{"id":"tea_2","email":"a@x.example","type":"user","is_blocked":true},{"id":3,"email":"A@x.example"},{"id":"tea_4","email":null}]}`))
		return true
	}
	agent, err := w.c.AgentByEmail(t.Context(), "a@X.example")
	if err != nil || agent != "3" {
		t.Errorf("got %q, %v; want the only person", agent, err)
	}
	if _, err := w.c.AgentByEmail(t.Context(), ""); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("no address: got %v, want not found", err)
	}
}

// What prepares a write and fails says that nothing was sent, and a list that is not there is no ticket that is gone.
func TestAFailedPreparationSendsNothing(t *testing.T) {
	for _, list := range []string{"/teammates", "/tags", "/company/statuses"} {
		for _, status := range []int{http.StatusNotFound, http.StatusInternalServerError, http.StatusForbidden} {
			if list == "/company/statuses" && status == http.StatusNotFound {
				continue // ticketing is off
			}
			w := newWorld(t)
			id := w.ticket()
			w.before = func(rw http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == list {
					rw.WriteHeader(status)
				}
				return r.URL.Path == list
			}
			r := reply("Mine.")
			r.Author = "Ana Ruiz"
			wr := map[string]desk.Write{
				"/teammates": r, "/tags": {Kind: desk.WriteTags, Tags: []string{"refund"}},
				"/company/statuses": {Kind: desk.WriteStatus, Status: escalate.StatusPending},
			}[list]
			_, err := w.c.Write(t.Context(), id, wr)
			refusal(t, err)
			if errors.Is(err, desk.ErrNotFound) {
				t.Errorf("%s %d: %v says that the ticket is gone", list, status, err)
			}
			equal(t, "writes", w.called("POST")+w.called("PATCH"), 0)
		}
	}
}

func TestAnUnknownWriteIsRefused(t *testing.T) {
	w := newWorld(t)
	_, err := w.c.Write(t.Context(), w.ticket(), desk.Write{Kind: "delete"})
	refusal(t, err)
	if len(w.Calls()) > 0 {
		t.Errorf("it called %q", w.Calls())
	}
}
