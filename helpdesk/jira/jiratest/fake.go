// Package jiratest is Jira Service Management as far as package jira uses it: both of its interfaces over one book, with what Jira
// insists on and how it misbehaves.
//
//	fake := jiratest.New(&helpdesktest.Book{Agents: []helpdesktest.Agent{{ID: "5b10ac", Name: "Ana Ruiz", Email: "ana@shop.example"}}})
//	server := httptest.NewServer(fake)
//	c, err := jira.Vendor.Connect(fake.Account("shop", server.URL))
package jiratest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// The account that the connector works as, the projects whose requests it reads, and the field of what one is worth.
const (
	Email      = "warmline@shop.example"
	Token      = "ATATT3xFfGF0-a-token-for-tests"
	Self       = "712020:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
	Project    = "SUP"
	Other      = "LAMPS"
	ValueField = "customfield_10050"
	deskID     = "4"
)

// Fake is a Jira Cloud site. It is safe for concurrent use; its habits are set before its first request.
type Fake struct {
	Book *helpdesktest.Book

	Zone            string          // of the token's owner; default Europe/Berlin
	HidesZone       bool            // the zone is not told, and still counts
	Lag             time.Duration   // how late searches show a change at most; every other issue at a quarter of it
	IgnoresInternal bool            // comments are public whatever their properties say
	AnswersEarly    bool            // the answer to a new comment is wrong about who sees it
	KeepsInternal   bool            // comments are internal whatever their properties say
	NoProperties    bool            // the list of comments does not have their properties
	HidesEmails     bool            // people's e-mail addresses
	Lacks           map[string]bool // permissions that the token's account does not have, "ADMINISTER" among them
	PerIssue        int             // writes to one issue in ten seconds; 0: no limit
	PerMinute       int             // calls; 0: no limit
	NumericIDs      bool            // ids of comments and attachments come as numbers
	Types           []RequestType   // of the project; New sets some

	mux *http.ServeMux

	mu       sync.Mutex
	writes   map[string][]time.Time // by issue
	calls    []time.Time
	put      map[string]upload // files that were put down
	hooks    []map[string]any
	requests []string
	shown    []Shown
	people   []escalate.Customer // made by the interface
	joined   map[string]bool     // those of them who are the project's customers, by account id
}

// New returns a site with nobody in it but the book's agents.
func New(book *helpdesktest.Book) *Fake {
	if book.ID == nil {
		book.ID = func(n int64) string { return strconv.FormatInt(10_000+n, 10) }
	}
	f := &Fake{
		Book: book, Zone: "Europe/Berlin", Types: requestTypes(), writes: make(map[string][]time.Time), put: make(map[string]upload),
		joined: make(map[string]bool), mux: http.NewServeMux(),
	}
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /rest/api/3/myself":                                               f.myself,
		"GET /rest/api/3/mypermissions":                                        f.myPermissions,
		"GET /rest/api/3/user/search":                                          f.userSearch,
		"POST /rest/api/3/search/jql":                                          f.search,
		"POST /rest/api/3/comment/list":                                        f.commentList,
		"GET /rest/api/3/attachment/content/{file}":                            f.content,
		"GET /rest/servicedeskapi/servicedesk":                                 f.desks,
		"POST /rest/servicedeskapi/servicedesk/{desk}/attachTemporaryFile":     f.putDown,
		"GET /rest/servicedeskapi/servicedesk/{desk}":                          f.oneDesk,
		"GET /rest/servicedeskapi/servicedesk/{desk}/customer":                 f.deskCustomers,
		"POST /rest/servicedeskapi/servicedesk/{desk}/customer":                f.addDeskCustomers,
		"POST /rest/servicedeskapi/customer":                                   f.makeCustomer,
		"GET /rest/servicedeskapi/servicedesk/{desk}/requesttype":              f.requestTypes,
		"GET /rest/servicedeskapi/servicedesk/{desk}/requesttype/{type}/field": f.requestFields,
		"POST /rest/servicedeskapi/request":                                    f.makeRequest,
		"GET /rest/webhooks/1.0/webhook":                                       f.listHooks,
		"POST /rest/webhooks/1.0/webhook":                                      f.saveHook,
		"PUT /rest/webhooks/1.0/webhook/{hook}":                                f.saveHook,
	} {
		f.mux.HandleFunc(pattern, serve)
	}
	for pattern, serve := range map[string]func(http.ResponseWriter, *http.Request, *helpdesktest.Ticket){
		"GET /rest/api/3/issue/{issue}":                        f.getIssue,
		"PUT /rest/api/3/issue/{issue}":                        f.editIssue,
		"GET /rest/api/3/issue/{issue}/editmeta":               f.editMeta,
		"PUT /rest/api/3/issue/{issue}/assignee":               f.assign,
		"GET /rest/api/3/issue/{issue}/transitions":            f.getTransitions,
		"POST /rest/api/3/issue/{issue}/transitions":           f.takeTransition,
		"GET /rest/api/3/issue/{issue}/comment":                f.getComments,
		"POST /rest/api/3/issue/{issue}/comment":               f.addComment,
		"GET /rest/api/3/issue/{issue}/comment/{comment}":      f.getComment,
		"DELETE /rest/api/3/issue/{issue}/comment/{comment}":   f.deleteComment,
		"GET /rest/servicedeskapi/request/{issue}":             f.getRequest,
		"GET /rest/servicedeskapi/request/{issue}/sla":         f.getSLAs,
		"GET /rest/servicedeskapi/request/{issue}/comment":     f.getRequestComments,
		"POST /rest/servicedeskapi/request/{issue}/comment":    f.addRequestComment,
		"POST /rest/servicedeskapi/request/{issue}/attachment": f.attach,
	} {
		f.mux.HandleFunc(pattern, f.ofIssue(serve))
	}
	return f
}

// Account returns the settings that reach a site served at url.
func (f *Fake) Account(name, url string) helpdesk.Account {
	return helpdesk.Account{
		Name: name, Settings: map[string]string{"url": url, "email": Email, "token": Token, "project": Project + ", " + Other, "value_field": ValueField}, Now: f.Book.Now,
	}
}

// Requests are the method and path of every call so far.
func (f *Fake) Requests() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.requests...)
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.requests = append(f.requests, r.Method+" "+r.URL.Path)
	f.mu.Unlock()
	w.Header().Set("Atl-Traceid", "9f6c2f1e4b6a4d0c")
	if email, token, ok := r.BasicAuth(); !ok || email != Email || token != Token {
		w.Header().Set("WWW-Authenticate", `OAuth realm="https%3A%2F%2Fshop.atlassian.net"`)
		answer(w, http.StatusUnauthorized, map[string]any{"message": "Client must be authenticated to access this resource.", "status-code": 401})
		return
	}
	if f.tooMany(w) {
		return
	}
	f.mux.ServeHTTP(w, r)
}

// tooMany keeps the site's limit on all calls.
func (f *Fake) tooMany(w http.ResponseWriter) bool {
	if f.PerMinute == 0 {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	f.calls = recent(append(f.calls, now), now.Add(-time.Minute))
	w.Header().Set("X-RateLimit-Limit", strconv.Itoa(f.PerMinute))
	w.Header().Set("X-RateLimit-Remaining", strconv.Itoa(max(0, f.PerMinute-len(f.calls))))
	if len(f.calls) <= f.PerMinute {
		return false
	}
	f.calls = f.calls[:len(f.calls)-1]
	refuseRate(w, now, 10*time.Second, "jira-burst-based")
	return true
}

// tooManyWrites keeps the limit on writes to one issue.
func (f *Fake) tooManyWrites(w http.ResponseWriter, issue string) bool {
	if f.PerIssue == 0 {
		return false
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	f.writes[issue] = recent(append(f.writes[issue], now), now.Add(-10*time.Second))
	if len(f.writes[issue]) <= f.PerIssue {
		return false
	}
	f.writes[issue] = f.writes[issue][:len(f.writes[issue])-1]
	refuseRate(w, now, 10*time.Second, "jira-per-issue-on-write")
	return true
}

func recent(all []time.Time, since time.Time) []time.Time {
	for len(all) > 0 && !all[0].After(since) {
		all = all[1:]
	}
	return all
}

func refuseRate(w http.ResponseWriter, now time.Time, wait time.Duration, reason string) {
	w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
	w.Header().Set("X-RateLimit-Reset", now.Add(wait).UTC().Format("2006-01-02T15:04Z"))
	w.Header().Set("RateLimit-Reason", reason)
	problem(w, http.StatusTooManyRequests, "Rate limit exceeded.")
}

func (f *Fake) now() time.Time {
	if f.Book.Now == nil {
		return time.Now()
	}
	return f.Book.Now()
}

// ofIssue finds the issue that a path names, by id or key.
func (f *Fake) ofIssue(serve func(http.ResponseWriter, *http.Request, *helpdesktest.Ticket)) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		t, ok := f.find(r.PathValue("issue"))
		if !ok {
			if strings.HasPrefix(r.URL.Path, "/rest/servicedeskapi/") {
				answer(w, http.StatusNotFound, map[string]any{"errorMessage": "The request you requested doesn't exist.", "i18nErrorMessage": nil})
				return
			}
			problem(w, http.StatusNotFound, "Issue does not exist or you do not have permission to see it.")
			return
		}
		if r.Method != http.MethodGet && f.tooManyWrites(w, t.ID) {
			return
		}
		serve(w, r, &t)
	}
}

func (f *Fake) find(idOrKey string) (helpdesktest.Ticket, bool) {
	if t, ok := f.Book.Ticket(idOrKey); ok {
		return t, !t.Deleted
	}
	all := f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return strings.EqualFold(Key(t), idOrKey) && !t.Deleted })
	if len(all) == 0 {
		return helpdesktest.Ticket{}, false
	}
	return all[0], true
}

// Key is an issue's key. Extra["project"] is the project that it was moved to.
func Key(t *helpdesktest.Ticket) string {
	return fmt.Sprintf("%s-%d", projectOf(t), t.Number)
}

func projectOf(t *helpdesktest.Ticket) string {
	if p, ok := t.Extra["project"].(string); ok {
		return p
	}
	return Project
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // whoever asked may have gone
}

func problem(w http.ResponseWriter, status int, says string) {
	answer(w, status, map[string]any{"errorMessages": []string{says}, "errors": map[string]string{}})
}

func fieldProblem(w http.ResponseWriter, field, says string) {
	answer(w, http.StatusBadRequest, map[string]any{"errorMessages": []string{}, "errors": map[string]string{field: says}})
}

// decode reads a body strictly; it answers what is wrong with it.
func decode(w http.ResponseWriter, r *http.Request, v any) bool {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		problem(w, http.StatusBadRequest, "Invalid request payload. Refer to the REST API documentation and try again.")
		return false
	}
	return true
}
