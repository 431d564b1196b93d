// Package generictest is two invented helpdesks with the mappings that connect them: one that has everything, and one that has next to
// nothing. Both refuse what they do not know, and take what is not said to be internal for public, as careless helpdesks do.
//
//	fake := generictest.New(&helpdesktest.Book{})
//	server := httptest.NewServer(fake)
//	c, err := generic.Vendor.Connect(fake.Account("shop", server.URL))
package generictest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// Rich and Poor are the mappings.
var (
	//go:embed rich.yaml
	Rich string
	//go:embed poor.yaml
	Poor string
)

// Secret is what both take for their API.
const Secret = "s3cr3t-of-the-desk"

// Me is the account whose secret it is.
var Me = helpdesktest.Agent{ID: "900", Name: "Warmline", Email: "warmline@shop.example"}

// Fake is an account over a book. Its options are set before it serves. It is safe for concurrent use.
type Fake struct {
	Book *helpdesktest.Book
	// Mapping is the one that connects it; default Rich.
	Mapping string
	// Before is called with every request that may be answered, before it is.
	Before func(*http.Request)

	poor  bool
	site  string
	ahead atomic.Int64 // how far its clock is ahead, in ns
	mux   *http.ServeMux
}

// New makes the helpdesk that has everything.
func New(book *helpdesktest.Book) *Fake {
	f := open(book, Rich)
	book.ID = func(n int64) string { return fmt.Sprintf("CS-%d", n) }
	f.rich()
	return f
}

// NewPoor makes the one that has next to nothing.
func NewPoor(book *helpdesktest.Book) *Fake {
	f := open(book, Poor)
	f.poor = true
	f.mux.HandleFunc("GET /api/ping", func(w http.ResponseWriter, _ *http.Request) { answer(w, object{"pong": 1}) })
	f.mux.HandleFunc("GET /api/ticket", f.poorTicket)
	f.mux.HandleFunc("POST /api/post", f.poorPost)
	f.mux.HandleFunc("POST /api/state", f.poorState)
	return f
}

func open(book *helpdesktest.Book, mapping string) *Fake {
	f := &Fake{Book: book, Mapping: mapping, mux: http.NewServeMux()}
	clock := book.Now
	if clock == nil {
		clock = time.Now
	}
	book.Now = func() time.Time { return clock().Add(time.Duration(f.ahead.Load())).UTC() }
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{{ID: "501", Name: "Ana Ruiz", Email: "ana@shop.example"}, {ID: "502", Name: "Bo Lind", Email: "bo@shop.example"}}
	}
	return f
}

// Pass lets time go by.
func (f *Fake) Pass(d time.Duration) { f.ahead.Add(int64(d)) }

// Account is how the fake is connected when it is served at a URL.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.site = url
	base := url + "/v1"
	if f.poor {
		base = url + "/api"
	}
	return helpdesk.Account{Name: name, Settings: map[string]string{"url": base, "mapping": f.Mapping, "secret": Secret}, Now: f.Book.Now}
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.Book.Now().Format(http.TimeFormat))
	given, want := r.Header.Get("X-Api-Key"), Secret
	if f.poor {
		given, want = r.Header.Get("Authorization"), "Bearer "+Secret
	}
	if given != want {
		refuse(w, http.StatusUnauthorized, "unknown key")
		return
	}
	if f.Before != nil {
		f.Before(r)
	}
	f.mux.ServeHTTP(w, r)
}

type object = map[string]any

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // whoever asked has gone
}

func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(object{"error": object{"message": why}}) // whoever asked has gone
}

// take decodes a body; members that nobody knows are refused.
func take(w http.ResponseWriter, r *http.Request, into any) bool {
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		refuse(w, http.StatusUnprocessableEntity, err.Error())
		return false
	}
	return true
}

// Open makes a ticket as its customer does, in a channel.
func (f *Fake) Open(o helpdesktest.Opening, channel string) string {
	status := "new"
	if f.poor {
		status = "0"
	}
	t := f.Book.Open(helpdesktest.Ticket{
		Subject: o.Subject, Status: status, Priority: "2", Channel: channel, Customer: escalate.Customer{Name: o.Name, Email: o.Email},
	})
	f.Says(t.ID, helpdesktest.Message{Role: escalate.RoleCustomer, Author: o.Email, Public: true, Body: f.body(o.Text)})
	return t.ID
}

// Says adds a message as somebody of any side does, in the form in which the helpdesk keeps texts.
func (f *Fake) Says(ticket string, m helpdesktest.Message) { f.Book.Add(ticket, m) }

// Merge merges a ticket into another.
func (f *Fake) Merge(from, into string) {
	f.Book.Change(from, func(t *helpdesktest.Ticket) bool { t.Merged, t.Status = into, "archived"; return true })
}

// version changes with everything that happens to a ticket.
func version(t *helpdesktest.Ticket) string {
	return fmt.Sprintf("%d-%d", t.Updated.UnixNano(), len(t.Messages))
}

func (f *Fake) known(id string) (helpdesktest.Ticket, bool) {
	t, ok := f.Book.Ticket(id)
	return t, ok && !t.Deleted
}

// name is what somebody is shown as.
func (f *Fake) name(t *helpdesktest.Ticket, m *helpdesktest.Message) (name, email string) {
	if m.Author == Me.Email {
		return Me.Name, Me.Email
	}
	if a, ok := f.Book.Agent(m.Author); ok {
		return a.Name, a.Email
	}
	if m.Author == t.Customer.Email {
		return t.Customer.Name, t.Customer.Email
	}
	return "", m.Author
}

func newestFirst[T any](list []T) []T {
	out := slices.Clone(list)
	slices.Reverse(out)
	return out
}
