// Package fronttest is Front as it looks from outside: the part of its Core API that a connector meets, in the shapes of its
// specification and of recorded answers, and with its habits. It accepts a reply before it sends it, archives what it is not told to
// leave open, answers 301 for merged conversations, gives fifteen events a page, and links pages on a host of its own.
//
//	fake := fronttest.New(&helpdesktest.Book{})
//	server := httptest.NewServer(fake)
//	connector, err := front.Vendor.Connect(fake.Account("shop", server.URL))
//	helpdesktest.Run(…, fake.Fixture(connector))
package fronttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// Token is the API token that the fake takes.
const Token = "eyJhbGciOiJIUzI1NiJ9.fronttest"

// Fake is a Front account. Its exported fields are set before the first call.
type Fake struct {
	// Ticketing says that the account has ticket statuses; New sets it.
	Ticketing bool
	// Late is how long an accepted reply takes until it is sent, and Lag how long anything takes until lists and the feed show it.
	Late, Lag time.Duration
	// PerMinute is the account's limit on calls; 0: none is refused.
	PerMinute int
	// AfterIncludes makes the feed's q[after] include events of that very time; Front does not say which it does.
	AfterIncludes bool
	// NewestFirst makes the feed pass over sort_order.
	NewestFirst bool
	// Forbidden are the first elements of paths that the token may not read: "teammates".
	Forbidden []string

	book *helpdesktest.Book

	mu       sync.Mutex
	name     string // of the account that was asked for last
	tags     []tag
	sent     []sent
	window   time.Time
	calls    int
	log      []string
	library  []Template
	bases    []Base
	statuses []Status
}

// sent is a request for a reply or comment as it arrived.
type sent struct {
	Path string
	Body map[string]any
}

// New makes an account of a book. Its conversations get Front's kind of ids, and it has a teammate where the book has none.
func New(book *helpdesktest.Book) *Fake {
	if book.ID == nil {
		book.ID = func(n int64) string { return "cnv_" + base36(n+1000) }
	}
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{
			{ID: "tea_6r55a", Name: "Ana Ruiz", Email: "ana@shop.example"}, {ID: "tea_6r55b", Name: "Ben Okafor", Email: "ben@shop.example"},
		}
	}
	return &Fake{
		Ticketing: true, book: book, library: templates(), bases: bases(),
		statuses: []Status{
			{"sts_1", "Open", "open"},
			{"sts_2", "On hold", "waiting"},
			{"sts_3", "Waiting", "waiting"},
			{"sts_4", "Resolved", "resolved"},
		},
	}
}

// Account is what Vendor.Connect needs to reach the fake at url.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.name = name
	return helpdesk.Account{
		Name: name, Now: f.book.Now, HookSecrets: []string{HookSecret},
		Settings: map[string]string{"token": Token, "url": url, "help_center": "https://help.shop.example/", "brand_field": "Brand", "value_field": "Order value"},
	}
}

func (f *Fake) now() time.Time {
	if f.book.Now != nil {
		return f.book.Now()
	}
	return time.Now()
}

func base36(n int64) string { return strconv.FormatInt(n, 36) }

// failure is an answer that is no success.
type failure struct {
	status                   int
	title, message, location string
}

func notFound() *failure {
	return &failure{status: 404, title: "Not found", message: "Unknown resource"}
}

func bad(format string, args ...any) *failure {
	return &failure{status: 400, title: "Bad request", message: "Body did not satisfy requirements: " + fmt.Sprintf(format, args...)}
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.record(r)
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	if fail := f.admit(w, r); fail != nil {
		fail.write(w)
		return
	}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	status, body, fail := f.route(w, r, parts)
	switch {
	case fail != nil:
		fail.write(w)
	case status == 0: // written already
	case body == nil:
		w.WriteHeader(status)
	default:
		answer(w, status, body)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

func (e *failure) write(w http.ResponseWriter) {
	if e.location != "" {
		w.Header().Set("Location", e.location)
	}
	answer(w, e.status, map[string]any{"_error": map[string]any{"status": e.status, "title": e.title, "message": e.message}})
}

// admit checks the credentials and the account's limit.
func (f *Fake) admit(w http.ResponseWriter, r *http.Request) *failure {
	if r.Header.Get("Authorization") != "Bearer "+Token {
		return &failure{status: 401, title: "Unauthenticated", message: "JSON Web Token error"}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if now.Sub(f.window) >= time.Minute || now.Before(f.window) {
		f.window, f.calls = now, 0
	}
	f.calls++
	most, left := 200, 199
	if f.PerMinute > 0 {
		most, left = f.PerMinute, max(f.PerMinute-f.calls, 0)
	}
	reset := f.window.Add(time.Minute)
	w.Header().Set("X-Ratelimit-Limit", strconv.Itoa(most))
	w.Header().Set("X-Ratelimit-Remaining", strconv.Itoa(left))
	w.Header().Set("X-Ratelimit-Reset", fmt.Sprintf("%d.%03d", reset.Unix(), reset.UnixMilli()%1000))
	if f.PerMinute > 0 && f.calls > f.PerMinute {
		w.Header().Set("Retry-After", strconv.Itoa(int(reset.Sub(now).Seconds())+1))
		return &failure{status: 429, title: "Too many requests", message: "Rate limit exceeded. Please retry later"}
	}
	first, _, _ := strings.Cut(strings.Trim(r.URL.Path, "/"), "/")
	if slices.Contains(f.Forbidden, first) {
		return &failure{status: 403, title: "Forbidden", message: "The token has not the scope that this needs"}
	}
	return nil
}

func (f *Fake) record(r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, r.Method+" "+r.URL.Path)
}

// Calls returns what was asked for so far, as "GET /conversations/cnv_1".
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.log...)
}

// Sent returns the bodies of all replies and comments that were asked for at a conversation, forms included.
func (f *Fake) Sent(kind string) (all []map[string]any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sent {
		if strings.HasSuffix(s.Path, "/"+kind) {
			all = append(all, s.Body)
		}
	}
	return all
}
