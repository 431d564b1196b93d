package hubspot_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/hubspot/hubspottest"
)

// When the answers say that nothing is left, nothing is sent before there is; and a refused call is one that was not applied.
func TestTheAccountsLimitsAreKept(t *testing.T) {
	for daily, rest := range map[bool]time.Duration{false: 10 * time.Second, true: 5 * time.Minute} {
		w := newWorld(t, nil)
		id := w.ticket()
		w.PerTenSeconds, w.Daily = 3, daily
		var refused *desk.Refused
		for range 4 {
			_, err := w.c.Read(t.Context(), id)
			if errors.As(err, &refused) {
				break
			}
		}
		if refused == nil || refused.RetryAfter <= 0 {
			t.Fatalf("daily %t: got %+v, want a refusal that says when to come back", daily, refused)
		}
		before := len(w.Calls())
		if _, err := w.c.Write(t.Context(), id, reply("Hello.")); err == nil {
			t.Error("a call was made that nothing was left for")
		}
		equal(t, "calls", len(w.Calls()), before)
		w.clock.add(rest - 5*time.Second) // nobody waits longer than two seconds
		if _, err := w.c.Read(t.Context(), id); err == nil {
			t.Errorf("daily %t: a call was made before %s were over", daily, rest)
		}
		equal(t, "calls", len(w.Calls()), before)
		w.clock.add(6 * time.Second)
		w.PerTenSeconds = 0
		w.read(id)
	}
}

// A search that waits for its turn holds up nothing else.
func TestSearchesHaveAPaceOfTheirOwn(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	w.before = func(rw http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/search") {
			rw.Header().Set("Retry-After", "30")
			rw.WriteHeader(http.StatusTooManyRequests)
			return true
		}
		return false
	}
	if _, _, err := w.c.Changes(t.Context(), "1"); err == nil {
		t.Fatal("a refused search passes")
	}
	w.read(id)
	// A ticket that is not there, while nobody can say whether it was merged, is not gone.
	if _, err := w.c.Read(t.Context(), "21000000404"); err == nil || errors.Is(err, desk.ErrNotFound) {
		t.Errorf("got %v, want an error that leaves it open", err)
	}
}

func TestCheckSaysHowToMend(t *testing.T) {
	for what, tc := range map[string]struct {
		change func(w *world)
		set    map[string]string
		says   string
	}{
		"the token":     {change: func(w *world) { w.Forbidden = []string{"/account-info"} }, says: "access token"},
		"tickets":       {change: func(w *world) { w.Forbidden = []string{"/crm/v3/objects/tickets"} }, says: "crm.objects.contacts.read"},
		"conversations": {change: func(w *world) { w.Forbidden = []string{"/conversations"} }, says: "conversations.write"},
		"the sender":    {set: map[string]string{"sender": "nobody@shop.example"}, says: "nobody@shop.example"},
		"pipelines": {change: func(w *world) {
			w.Pipelines[0].Stages = append(w.Pipelines[0].Stages[:1:1], w.Pipelines[0].Stages[3])
		}, says: "no stage that means pending"},
		"tags": {set: map[string]string{"tags": "no_such"}, says: "single-line text"},
	} {
		t.Run(what, func(t *testing.T) {
			w := newWorld(t, tc.set)
			if tc.change != nil {
				tc.change(w)
			}
			found, err := w.c.Check(t.Context())
			if err != nil || len(found) != 6 {
				t.Fatalf("%d findings, %v", len(found), err)
			}
			for _, f := range found {
				equal(t, f.What+" is well", f.OK, f.What != what)
				if f.What == what && !strings.Contains(f.Says, tc.says) {
					t.Errorf("it says %q, want %q in it", f.Says, tc.says)
				}
			}
		})
	}
	w := newWorld(t, nil)
	w.before = func(rw http.ResponseWriter, _ *http.Request) bool { rw.WriteHeader(http.StatusBadGateway); return true }
	if _, err := w.c.Check(t.Context()); err == nil {
		t.Error("an account that does not answer passes")
	}
}

// A token that may not ask which account it is for reads tickets all the same, without an address.
func TestAnAccountThatTellsNothingOfItselfIsRead(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	equal(t, "address", w.read(id).Content.URL, "https://app-eu1.hubspot.com/contacts/62515/record/0-5/"+id)
	w = newWorld(t, nil)
	w.Forbidden = []string{"/account-info"}
	equal(t, "address", w.read(w.ticket()).Content.URL, "")
}

func TestTheTokenShowsNowhere(t *testing.T) {
	o := hubspot.Options{Name: "shop", Token: hubspottest.Token, Sender: "a@b"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if strings.Contains(fmt.Sprintf(verb, o), hubspottest.Token) {
			t.Errorf("%s shows it", verb)
		}
	}
}

func TestLimitsAreWhatWasSet(t *testing.T) {
	fake := hubspottest.New(&helpdesktest.Book{})
	a := fake.Account("shop", "https://api.hubapi.com")
	equal(t, "settle", connect(t, a).Limits().Settle, 90*time.Second)
	a.Settle = 2 * time.Minute
	equal(t, "settle", connect(t, a).Limits().Settle, 2*time.Minute)
	for _, s := range hubspot.Vendor.Settings {
		if s.Help == "" || s.Secret != (s.Name == "token") {
			t.Errorf("setting %+v", s)
		}
	}
	if text := hubspot.Vendor.Paste(address); !strings.Contains(text, address) {
		t.Errorf("what is to be entered lacks the address:\n%s", text)
	}
}

// An SLA that was met, or whose ticket is closed, binds nobody.
func TestDeadlinesThatAreMetBindNobody(t *testing.T) {
	w := newWorld(t, nil)
	id := w.ticket()
	due := w.Fixture(w.c).Due(t, id)
	equal(t, "first response", w.read(id).Deadlines.FirstResponse, due.FirstResponse)
	w.Book.Change(id, func(t *helpdesktest.Ticket) bool {
		t.Extra = map[string]any{"first_agent_reply_date": "1795435200123"}
		return true
	})
	equal(t, "first response", w.read(id).Deadlines, desk.Deadlines{NextResponse: due.NextResponse, Resolution: due.Resolution})
	w.write(id, desk.Write{Kind: desk.WriteStatus, Status: escalate.StatusSolved})
	equal(t, "all", w.read(id).Deadlines, desk.Deadlines{})
}

var _ helpdesk.ArticleReader = (*hubspot.Connector)(nil)
