// Package zendesktest is a stand-in for a Zendesk account: it answers the calls that the connector makes in Zendesk's shapes and with its
// habits, over a helpdesktest.Book that tests and harnesses can look into.
//
//	clock := zendesktest.NewClock(time.Now())
//	fake := zendesktest.New(&helpdesktest.Book{Now: clock.Now, Agents: zendesktest.Agents()})
//	fake.Pass = clock.Pass
//	server := httptest.NewServer(fake)
//	c, err := zendesk.Vendor.Connect(fake.Account("shop", server.URL))
package zendesktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// The account's own user, as whom the token acts.
const (
	Email  = "warmline@shop.example"
	Token  = "T0kenThatOnlyTheAccountKnows"
	OAuth  = "0AuthAcce55Token" // an access token of the same user
	UserID = "9000001"
)

// ValueField is the ticket field that says what a ticket is worth.
const ValueField = "360012345679"

// Brands are the account's, by id.
var Brands = map[string]string{"360002256672": "North Lamps", "360002143133": "South Lamps"}

// Fake is an account. Its fields are set before it serves; their zero values are an ordinary account with an admin's token.
type Fake struct {
	// Pass lets time go by, so that tests need not wait: a minute after each thing that the Fixture does. nil: it goes by itself.
	Pass func(time.Duration)
	// Role is the token's user's: "admin" when empty. Light says that they may write internal notes only.
	Role  string
	Light bool
	// Home is the account's time zone: "Europe/Berlin" when empty.
	Home string
	// Restricted is the user's ticket_restriction: "groups".
	Restricted string
	// NoHelpCentre says that the account has none.
	NoHelpCentre bool

	// Withhold is the newest part that the export does not show; a minute when zero.
	Withhold time.Duration
	// Lag is by how much the search for people and the export are behind.
	Lag time.Duration
	// NoBrands refuses the list of brands.
	NoBrands bool
	// Page bounds a page of any list, whatever was asked for; 100 when zero.
	Page int

	// PerMinute is the account's limit on calls, ExportsPerMinute that on the export (10 when zero), PerTicket that on changes of one
	// ticket in ten minutes (30 when zero). Negative: none.
	PerMinute, ExportsPerMinute, PerTicket int

	// FilesAt is the address, without a path, at which the store of files is: attachments are redirected there.
	FilesAt string

	book *helpdesktest.Book
	mux  *http.ServeMux

	mu      sync.Mutex
	people  map[string]person      // customers by e-mail address
	uploads map[string]desk.Upload // by token, until a comment takes them along
	files   map[string]stored      // by token
	opened  map[string]idempotent
	hooks   []hook
	used    map[string][]time.Time // calls by limit
	unsaid  int
}

// New makes an account of a book.
func New(book *helpdesktest.Book) *Fake {
	f := &Fake{
		book: book, people: make(map[string]person), uploads: make(map[string]desk.Upload), files: make(map[string]stored),
		opened: make(map[string]idempotent), used: make(map[string][]time.Time),
	}
	f.mux = http.NewServeMux()
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /api/v2/users/search":                     f.searchUsers,
		"POST /api/v2/users/create_or_update":          f.createUser,
		"GET /api/v2/tickets":                          f.listTickets,
		"POST /api/v2/tickets":                         f.createTicket,
		"GET /api/v2/tickets/{id}":                     f.showTicket,
		"PUT /api/v2/tickets/{id}":                     f.updateTicket,
		"PUT /api/v2/tickets/{id}/tags":                f.addTags,
		"DELETE /api/v2/tickets/{id}/tags":             f.dropTags,
		"GET /api/v2/tickets/{id}/comments":            f.listComments,
		"GET /api/v2/incremental/tickets/cursor":       f.export,
		"GET /api/v2/macros":                           f.listMacros,
		"GET /api/v2/brands":                           f.listBrands,
		"GET /api/v2/help_center/incremental/articles": f.exportArticles,
		"POST /api/v2/uploads":                         f.upload,
		"GET /api/v2/webhooks":                         f.listHooks,
		"POST /api/v2/webhooks":                        f.createHook,
		"PATCH /api/v2/webhooks/{id}":                  f.updateHook,
		"GET /api/v2/webhooks/{id}/signing_secret":     f.hookSecret,
	} {
		f.mux.HandleFunc(pattern, f.known(handle))
	}
	f.mux.HandleFunc("GET /api/v2/users/me", f.showMe)
	f.mux.HandleFunc("GET /attachments/token/{token}/", f.attachment)
	f.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		problem(w, http.StatusNotFound, "InvalidEndpoint", "Not found")
	})
	return f
}

// Account is how Vendor.Connect reaches the fake.
func (f *Fake) Account(name, url string) helpdesk.Account {
	return helpdesk.Account{
		Name: name, Settings: map[string]string{"url": url, "email": Email, "token": Token, "per_minute": "100000", "value_field": ValueField}, Now: f.book.Now,
	}
}

// Unsaid is how many comments came without saying whether they are public.
func (f *Fake) Unsaid() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unsaid
}

func (f *Fake) now() time.Time {
	if f.book.Now == nil {
		return time.Now()
	}
	return f.book.Now()
}

// pass lets time go by where tests rule it.
func (f *Fake) pass(d time.Duration) {
	if f.Pass != nil {
		f.Pass(d)
	}
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().UTC().Format(http.TimeFormat))
	if f.PerMinute > 0 {
		left := f.PerMinute - f.count("account", time.Minute)
		w.Header().Set("X-Rate-Limit", strconv.Itoa(f.PerMinute))
		w.Header().Set("Ratelimit-Limit", strconv.Itoa(f.PerMinute))
		w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(max(left, 0)))
		w.Header().Set("Ratelimit-Remaining", strconv.Itoa(max(left, 0)))
		w.Header().Set("Ratelimit-Reset", "60")
		if left < 0 {
			tooMany(w, "60")
			return
		}
	}
	f.mux.ServeHTTP(w, r)
}

// count counts a call and says how many there were within a time.
func (f *Fake) count(limit string, within time.Duration) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	recent := slices.DeleteFunc(f.used[limit], func(at time.Time) bool { return now.Sub(at) >= within })
	f.used[limit] = append(recent, now)
	return len(f.used[limit])
}

// over answers 429 when an endpoint's own limit is used up, as Zendesk does: the account may have calls left.
func (f *Fake) over(w http.ResponseWriter, name, key string, most, otherwise int, within time.Duration) bool {
	if most == 0 {
		most = otherwise
	}
	if most < 0 {
		return false
	}
	left := most - f.count(key, within)
	w.Header().Set("Zendesk-Ratelimit-"+name, fmt.Sprintf("total=%d; remaining=%d; resets=%d", most, max(left, 0), int(within.Seconds())))
	if left < 0 {
		tooMany(w, strconv.Itoa(int(within.Seconds())))
	}
	return left < 0
}

func tooMany(w http.ResponseWriter, after string) {
	w.Header().Set("Retry-After", after)
	answer(w, http.StatusTooManyRequests, map[string]any{
		"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded",
	})
}

// authorized reports whose credentials a call carries: ours, none, or wrong ones.
func authorized(r *http.Request) (ours, none bool) {
	name, password, basic := r.BasicAuth()
	auth := r.Header.Get("Authorization")
	return basic && name == Email+"/token" && password == Token || auth == "Bearer "+OAuth, auth == ""
}

// known lets only calls with the account's credentials through.
func (f *Fake) known(handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("page[size]"))
		switch ours, _ := authorized(r); {
		case !ours:
			answer(w, http.StatusUnauthorized, map[string]any{"error": "Couldn't authenticate you"})
			return
		case size > 100:
			problem(w, http.StatusBadRequest, "InvalidPaginationParameter", "page[size] must be at most 100")
			return
		}
		handle(w, r)
	}
}

// adminOnly reports whether the user is no admin, and says so.
func (f *Fake) adminOnly(w http.ResponseWriter) bool {
	if f.role() == "admin" {
		return false
	}
	answer(w, http.StatusForbidden, map[string]any{"error": map[string]any{
		"title": "Forbidden", "message": "You do not have access to this page. Please contact the account owner of this help desk for further help.",
	}})
	return true
}

func (f *Fake) role() string {
	if f.Role == "" {
		return "admin"
	}
	return f.Role
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked may have gone
}

func problem(w http.ResponseWriter, status int, name, description string) {
	answer(w, status, map[string]any{"error": name, "description": description, "details": map[string]any{}})
}

func notFound(w http.ResponseWriter) { problem(w, http.StatusNotFound, "RecordNotFound", "Not found") }

// read decodes a request. Zendesk drops members that it does not know and says nothing; here they are refused, so that a mistyped one
// shows.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		problem(w, http.StatusBadRequest, "InvalidRequest", err.Error())
		return false
	}
	return true
}

// page cuts one page out of a list, in the cursor's way.
func page[T any](f *Fake, r *http.Request, list []T) (some []T, rest map[string]any) {
	size, _ := strconv.Atoi(r.URL.Query().Get("page[size]"))
	most := f.Page
	if most == 0 {
		most = 100
	}
	if size < 1 || size > most {
		size = most
	}
	from, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("page[after]"), "c"))
	from = min(max(from, 0), len(list))
	to := min(from+size, len(list))
	meta := map[string]any{"has_more": to < len(list), "after_cursor": nil, "before_cursor": nil}
	links := map[string]any{"next": nil, "prev": nil}
	if to > from {
		meta["after_cursor"] = "c" + strconv.Itoa(to)
		links["next"] = "https://shop.zendesk.example" + r.URL.Path + "?page[after]=c" + strconv.Itoa(to)
	}
	return list[from:to], map[string]any{"meta": meta, "links": links}
}

func number(id string) any {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return nil
	}
	return n
}

func second(at time.Time) string { return at.UTC().Truncate(time.Second).Format(time.RFC3339) }

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
