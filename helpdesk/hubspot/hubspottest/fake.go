// Package hubspottest is HubSpot as it looks from outside: the part of its CRM, Conversations and other APIs that a connector meets, in
// the shapes that are documented, and with its habits. Every property is a string or null, and nothing else is taken; its search is
// behind and gives no more than ten thousand; what a message lacks is refused; and what was merged answers as what it went into.
//
//	fake := hubspottest.New(&helpdesktest.Book{})
//	server := httptest.NewServer(fake)
//	connector, err := hubspot.Vendor.Connect(fake.Account("shop", server.URL))
//	helpdesktest.Run(…, fake.Fixture(connector))
package hubspottest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// Token is the access token that the fake takes, App the number of its private app, TagsProperty where its tickets keep tags, and
// ValueProperty what they are worth.
const (
	Token         = "pat-eu1-hubspottest"
	App           = "1234567"
	TagsProperty  = "warmline_tags"
	ValueProperty = "order_value"
)

// Bot is the user whom replies in nobody's name come from.
var Bot = helpdesktest.Agent{ID: "80100", Name: "Shop Assistant", Email: "assistant@shop.example"}

// Fake is a HubSpot account. Its exported fields are set before the first call. It is safe for concurrent use.
type Fake struct {
	Book *helpdesktest.Book

	// Lag is how long a change takes until the search shows it.
	Lag time.Duration
	// PerTenSeconds is the account's limit on calls; 0: none is refused. Daily counts them as of a day, with another policy.
	PerTenSeconds int
	Daily         bool
	// MergedGone makes a merged ticket not be there, where the default is that it answers as the one it went into.
	MergedGone bool
	// NoUrgent leaves URGENT out of the priorities, as older accounts do.
	NoUrgent bool
	// NoThreadAssignee lacks the newer call that assigns a thread.
	NoThreadAssignee bool
	// NewestFirst lists a thread's newest message first; in which direction it goes is not documented.
	NewestFirst bool
	// NoClient leaves out what a message came by.
	NoClient bool
	// Forbidden are paths' beginnings that the token may not call: "/crm/v3/owners".
	Forbidden []string
	// FileURL is where files are said to lie; default the fake's own host.
	FileURL string
	// Pipelines are those of tickets; New sets one.
	Pipelines []Pipeline
	// Articles is the knowledge base; Fixture fills it.
	Articles []Article

	mux *http.ServeMux

	mu       sync.Mutex
	name     string
	site     string
	contacts map[string]string   // by e-mail address
	people   []escalate.Customer // contacts that the API made
	window   time.Time
	calls    int
	posted   []map[string]any
	log      []string
	leaked   int
	uploads  map[string]desk.Upload
}

// Pipeline is a pipeline of tickets.
type Pipeline struct {
	ID, Label string
	Stages    []Stage
}

// Stage is a stage of a pipeline.
type Stage struct {
	ID, Label string
	Closed    bool
}

// Article is an article of the knowledge base.
type Article struct {
	ID, Title, HTML, URL, Lang string
	Members, Draft             bool // neither is for everybody
}

// New makes an account of a book. Its tickets get HubSpot's kind of ids, and it has agents where the book has none.
func New(book *helpdesktest.Book) *Fake {
	if book.ID == nil {
		book.ID = func(n int64) string { return strconv.FormatInt(21000000000+n, 10) }
	}
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{
			{ID: "80101", Name: "Ana Ruiz", Email: "ana@shop.example"},
			{ID: "80102", Name: "Ben Okafor", Email: "ben@shop.example"},
		}
	}
	f := &Fake{Book: book, contacts: make(map[string]string), uploads: make(map[string]desk.Upload), Pipelines: []Pipeline{{
		ID: "0", Label: "Support Pipeline", Stages: []Stage{
			{ID: "1", Label: "New"},
			{ID: "2", Label: "Waiting on contact"},
			{ID: "3", Label: "Waiting on us"},
			{ID: "4", Label: "Closed", Closed: true},
		},
	}}}
	f.routes()
	return f
}

// Account is what Vendor.Connect needs to reach the fake at url.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.name, f.site = name, url
	return helpdesk.Account{
		Name: name, Now: f.Book.Now, HookURL: "https://hooks.shop.example/hooks/" + name, HookSecrets: []string{HookSecret},
		Settings: map[string]string{"token": Token, "url": url, "sender": Bot.Email, "app": App, "tags": TagsProperty, "value_field": ValueProperty, "per_ten_seconds": "10000"},
	}
}

func (f *Fake) now() time.Time {
	if f.Book.Now != nil {
		return f.Book.Now()
	}
	return time.Now()
}

// everyone are the account's users: the bot's own is one of them.
func (f *Fake) everyone() []helpdesktest.Agent {
	return append([]helpdesktest.Agent{Bot}, f.Book.Agents...)
}

// userID is a user's id, which is not the id of the same person as an owner.
func userID(a helpdesktest.Agent) string { return "9" + a.ID }

func (f *Fake) user(actor string) (helpdesktest.Agent, bool) {
	for _, a := range f.everyone() {
		if "A-"+userID(a) == actor {
			return a, true
		}
	}
	return helpdesktest.Agent{}, false
}

type handler func(r *http.Request) (int, any, *failure)

func (f *Fake) routes() {
	f.mux = http.NewServeMux()
	const threads = "/conversations/v3/conversations/threads"
	for pattern, h := range map[string]handler{
		"GET /account-info/v3/details":                                  f.showAccount,
		"POST /crm/v3/objects/tickets/search":                           f.searchTickets,
		"GET /crm/v3/objects/tickets/{id}":                              f.showTicket,
		"PATCH /crm/v3/objects/tickets/{id}":                            f.patchTicket,
		"POST /crm/v3/objects/tickets":                                  f.makeTicket,
		"POST /crm/v3/objects/tickets/batch/read":                       f.readMany(f.showForBatch),
		"POST /crm/v3/objects/contacts":                                 f.makeContact,
		"POST /crm/v3/objects/notes":                                    f.makeNote,
		"POST /crm/v3/objects/notes/batch/read":                         f.readMany(f.showNote),
		"GET /crm/v3/objects/contacts/{id}":                             f.showContact,
		"GET /crm/v3/pipelines/tickets":                                 f.listPipelines,
		"GET /crm/v3/properties/tickets/{name}":                         f.showProperty,
		"GET /crm/v3/owners":                                            f.listOwners,
		"GET " + threads:                                                f.listThreads,
		"PATCH " + threads + "/{thread}":                                f.patchThread,
		"GET " + threads + "/{thread}/messages":                         f.listMessages,
		"POST " + threads + "/{thread}/messages":                        f.postMessage,
		"GET " + threads + "/{thread}/messages/{id}/original-content":   f.showOriginal,
		"PUT /conversations/conversations/v3/threads/{thread}/assignee": f.assignThread,
		"GET /conversations/v3/conversations/actors/{id}":               f.showActor,
		"GET /cms/site-search/v3/search":                                f.searchSite,
		"GET /cms/v3/site-search/indexed-data/{id}":                     f.showIndexed,
		"POST /files/v3/files":                                          f.uploadFile,
		"GET /files/v3/files/{id}/signed-url":                           f.signFile,
	} {
		f.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			status, body, fail := h(r)
			switch {
			case fail != nil:
				answer(w, fail.status, map[string]any{
					"status": "error", "message": fail.message, "correlationId": "0d8c9f2e-0000-0000-0000-000000000000", "category": fail.category,
				})
			case body == nil:
				w.WriteHeader(status)
			default:
				answer(w, status, body)
			}
		})
	}
	f.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusNotFound, map[string]any{"status": "error", "message": "no such path", "category": "OBJECT_NOT_FOUND"})
	})
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.log = append(f.log, r.Method+" "+r.URL.Path)
	f.mu.Unlock()
	if strings.HasPrefix(r.URL.Path, filesPath) {
		f.serveFile(w, r)
		return
	}
	switch {
	case r.Header.Get("Authorization") != "Bearer "+Token:
		answer(w, http.StatusUnauthorized, map[string]any{"status": "error", "message": "Authentication credentials not found.", "category": "INVALID_AUTHENTICATION"})
		return
	case slices.ContainsFunc(f.Forbidden, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) }):
		answer(w, http.StatusForbidden, map[string]any{"status": "error", "message": "This app hasn't been granted all required scopes to make this call.", "category": "MISSING_SCOPES"})
		return
	case !f.count(w):
		policy := "TEN_SECONDLY_ROLLING"
		if f.Daily {
			policy = "DAILY"
		}
		answer(w, http.StatusTooManyRequests, map[string]any{
			"status": "error", "message": "You have reached your limit.", "errorType": "RATE_LIMIT", "policyName": policy,
		})
		return
	}
	f.mux.ServeHTTP(w, r)
}

// Calls are the calls made so far, as "GET /path".
func (f *Fake) Calls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.log)
}

// Posted are the bodies of all messages and comments that were asked for.
func (f *Fake) Posted() []map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.posted)
}

// Leaked is how many calls for files came with credentials.
func (f *Fake) Leaked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.leaked
}
