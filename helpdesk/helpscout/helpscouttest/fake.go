// Package helpscouttest is a Help Scout that answers as the real one is documented to: what it refuses, what it leaves out, and what
// it says late. It is made to be mistaken for the vendor by tests, and can be served over any listener:
//
//	book := &helpdesktest.Book{}
//	fake := helpscouttest.New(book)
//	server := httptest.NewServer(fake)
//	c, err := helpscout.Vendor.Connect(fake.Account("shop", server.URL))
package helpscouttest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// AppID and AppSecret are the app's, and DocsKey the key of the Docs API, that the fake takes.
const (
	AppID     = "f6a1b2c3d4e5"
	AppSecret = "s3cr3t-of-the-app"
	DocsKey   = "d0c5k3y"
)

// TokenPath is where tokens are given out.
const TokenPath = "/v2/oauth2/token"

// Me is the user whose app it is.
var Me = helpdesktest.Agent{ID: "6857", Name: "Warmline Bot", Email: "warmline@shop.example"}

// Fake is a Help Scout account over a book. Its options are set before it serves. It is safe for concurrent use.
type Fake struct {
	Book *helpdesktest.Book

	// Lag is how long a change takes until lists show it.
	Lag time.Duration
	// PerMinute limits calls, of which writes count two; 0 sets no limit.
	PerMinute int
	// PageSize is how long pages are; default 25.
	PageSize int
	// Exclusive makes modifiedSince mean after, and not at or after; which of them is not documented.
	Exclusive bool
	// Silent leaves a change out of every time that conversations show, as one by a workflow is.
	Silent bool
	// TokenLife is how long a token lives; default 48 hours. TokenStatus is how tokens are refused; 0 gives them out.
	TokenLife   time.Duration
	TokenStatus int
	// OnlyLocation leaves Resource-ID out of answers, as before 2023.
	OnlyLocation bool
	// BareCustomer shows a conversation's customer by the id alone, as some answers do.
	BareCustomer bool
	// Before is called with every request that may be answered, before it is.
	Before func(*http.Request)

	Mailboxes   []Mailbox
	Sites       []Site
	Collections []Collection

	site  string       // where Account says that the fake is
	ahead atomic.Int64 // how far the fake's clock is ahead of the book's, in ns
	mux   *http.ServeMux

	mu        sync.Mutex
	customers map[string]known // by e-mail address
	tokens    map[string]time.Time
	given     int
	hooks     []hook
	window    time.Time
	calls     int
}

// known is a customer.
type known struct {
	id   int64
	name string
}

// Mailbox is an inbox with its saved replies.
type Mailbox struct {
	ID      int64
	Name    string
	Replies []SavedReply
}

// SavedReply is a ready-made reply; Chat is what is said in chats.
type SavedReply struct {
	ID               int64
	Name, HTML, Chat string
}

// Site is a Docs site.
type Site struct {
	ID         string
	Status     string // "active", "inactive"
	Public     bool
	Restricted any // true, false, or nil where that cannot be asked
}

// Collection is a collection of a site's articles.
type Collection struct {
	ID, Site, Visibility string
	Articles             []Article
}

// Article is an article; Status is "published" or "notpublished".
type Article struct{ ID, Name, HTML, Status string }

// New makes an account of a book, whose clock it takes over so that Pass can let time go by. A book without agents gets one.
func New(book *helpdesktest.Book) *Fake {
	f := &Fake{
		Book: book, PageSize: 25, TokenLife: 48 * time.Hour, customers: make(map[string]known), tokens: make(map[string]time.Time),
		Mailboxes: []Mailbox{{ID: 85, Name: "Support"}},
	}
	clock := book.Now
	if clock == nil {
		clock = time.Now
	}
	book.Now = func() time.Time { return clock().Add(time.Duration(f.ahead.Load())).UTC() }
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{{ID: "256", Name: "Ana Ruiz", Email: "ana@shop.example"}}
	}
	if !slices.ContainsFunc(book.Agents, func(a helpdesktest.Agent) bool { return a.ID == Me.ID }) {
		book.Agents = append(book.Agents, Me)
	}
	f.routes()
	return f
}

// Pass lets time go by at the helpdesk.
func (f *Fake) Pass(d time.Duration) { f.ahead.Add(int64(d)) }

func (f *Fake) now() time.Time { return f.Book.Now() }

// Account has the settings with which helpscout.Vendor connects to the fake at an address. It is called before Fixture.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.site = url
	return helpdesk.Account{
		Name: name, HookSecrets: []string{"secret-of-the-account"}, Now: f.now,
		Settings: map[string]string{
			"app_id": AppID, "app_secret": AppSecret, "docs_key": DocsKey, "url": url, "docs_url": url, "per_minute": "60000", "value_field": "Order value",
		},
	}
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().Format(http.TimeFormat))
	isDocs := strings.HasPrefix(r.URL.Path, "/v1/")
	switch {
	case r.URL.Path == TokenPath:
	case isDocs:
		if key, _, ok := r.BasicAuth(); !ok || key != DocsKey {
			answer(w, http.StatusUnauthorized, map[string]any{"code": 401, "error": "Invalid API key"})
			return
		}
	case !f.knows(r):
		w.Header().Set("WWW-Authenticate", `Bearer realm="api"`)
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token", "error_description": "The access token is invalid or has expired"})
		return
	}
	if !isDocs && !f.count(w, r) {
		answer(w, http.StatusTooManyRequests, map[string]any{"message": "API rate limit exceeded"})
		return
	}
	if f.Before != nil {
		f.Before(r)
	}
	f.mux.ServeHTTP(w, r)
}

// count takes a call off what is left of the minute.
func (f *Fake) count(w http.ResponseWriter, r *http.Request) bool {
	if f.PerMinute == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.window) >= time.Minute {
		f.window, f.calls = now, 0
	}
	cost := 1
	if r.Method != http.MethodGet && r.URL.Path != TokenPath {
		cost = 2
	}
	header := w.Header()
	header.Set("X-Ratelimit-Limit-Minute", strconv.Itoa(f.PerMinute))
	if f.calls+cost > f.PerMinute {
		header.Set("X-Ratelimit-Remaining-Minute", "0")
		header.Set("X-Ratelimit-Retry-After", strconv.Itoa(int(time.Minute-f.now().Sub(f.window))/int(time.Second)+1))
		return false
	}
	f.calls += cost
	header.Set("X-Ratelimit-Remaining-Minute", strconv.Itoa(f.PerMinute-f.calls))
	return true
}

func (f *Fake) routes() {
	f.mux = http.NewServeMux()
	for pattern, handle := range map[string]http.HandlerFunc{
		"POST " + TokenPath:                                f.giveToken,
		"GET /v2/users":                                    f.listUsers,
		"GET /v2/users/me":                                 f.showMe,
		"GET /v2/conversations":                            f.listConversations,
		"POST /v2/conversations":                           f.openConversation,
		"GET /v2/conversations/{id}":                       f.showConversation,
		"PATCH /v2/conversations/{id}":                     f.patchConversation,
		"PUT /v2/conversations/{id}/tags":                  f.putTags,
		"GET /v2/conversations/{id}/threads":               f.listThreads,
		"POST /v2/conversations/{id}/reply":                f.reply,
		"POST /v2/conversations/{id}/notes":                f.note,
		"GET /v2/conversations/{id}/attachments/{at}/data": f.showFile,
		"GET /v2/mailboxes":                                f.listMailboxes,
		"GET /v2/mailboxes/{id}/saved-replies":             f.listReplies,
		"GET /v2/mailboxes/{id}/saved-replies/{reply}":     f.showReply,
		"GET /v2/webhooks":                                 f.listHooks,
		"POST /v2/webhooks":                                f.putHook,
		"PUT /v2/webhooks/{id}":                            f.putHook,
		"DELETE /v2/webhooks/{id}":                         f.deleteHook,
		"GET /v1/collections":                              f.listCollections,
		"GET /v1/collections/{id}/articles":                f.listArticles,
		"GET /v1/articles/{id}":                            f.showArticle,
		"GET /v1/sites/{id}":                               f.showSite,
		"GET /v1/sites/{id}/restricted":                    f.showRestriction,
	} {
		f.mux.HandleFunc(pattern, handle)
	}
	f.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { notFound(w) })
}
