// Package freshdesktest is a Freshdesk that answers as the real one is documented to: what it refuses, what it leaves out, and what
// it says late. It is made to be mistaken for the vendor by tests, and can be served over any listener:
//
//	book := &helpdesktest.Book{}
//	fake := freshdesktest.New(book)
//	server := httptest.NewServer(fake)
//	c, err := freshdesk.Vendor.Connect(fake.Account("shop", server.URL))
package freshdesktest

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/freshdesk"
	"warmline/helpdesk/helpdesktest"
)

// Key is the API key that the fake takes.
const Key = "qWeRtY12345"

// Me is the agent whose key it is.
var Me = helpdesktest.Agent{ID: "43017730000", Name: "Warmline", Email: "warmline@shop.example"}

// Fake is a Freshdesk account over a book. Its options are set before it serves. It is safe for concurrent use.
type Fake struct {
	Book *helpdesktest.Book

	// NotAdmin refuses what only an administrator's key may do.
	NotAdmin bool
	// Scope is what the key's agent sees: 1 all tickets, the default; 2 those of their groups.
	Scope int
	// Lag is how long a change takes until lists show it; DueLag how long after a change deadlines are worked out anew.
	Lag, DueLag time.Duration
	// PerMinute limits calls, and ListPerMinute those for the list of tickets among them; 0 sets no limit.
	PerMinute, ListPerMinute int
	// Exclusive makes updated_since mean after, and not at or after; which of them is not documented.
	Exclusive bool
	// Redirects answers archived tickets with their new address, where the default is that they are not found.
	Redirects bool
	// PageCap is how many pages a list has at most; default 300.
	PageCap int
	// PageSize is how long pages of a conversation are, whatever is asked for; 0 gives what is asked for.
	PageSize int
	// FileURL is where files are said to lie; default the fake's own host.
	FileURL string
	// Before is called with every request that may be answered, before it is.
	Before func(*http.Request)

	Canned     []CannedFolder
	Categories []Category

	site  string       // where Account says that the fake is
	ahead atomic.Int64 // how far the fake's clock is ahead of the book's, in ns
	mux   *http.ServeMux

	mu       sync.Mutex
	contacts map[string]int64 // by e-mail address
	window   time.Time
	calls    int
	lists    int
}

// CannedFolder is a folder of canned responses.
type CannedFolder struct {
	ID        int64
	Personal  bool
	Responses []Canned
}

// Canned is a canned response. Visibility is 0 for all agents, 1 for its owner alone.
type Canned struct {
	ID         int64
	Title      string
	HTML       string
	Visibility int
}

// Category is a category of the help centre.
type Category struct {
	ID      int64
	Folders []Folder
}

// Folder is a folder of the help centre. Visibility is 1 for everybody, 3 for agents; 0 leaves it out, as old accounts do.
type Folder struct {
	ID         int64
	Visibility int
	Articles   []Article
	Folders    []Folder
}

// Article is an article of the help centre. Status is 1 for a draft, 2 for a published one.
type Article struct {
	ID     int64
	Title  string
	HTML   string
	Status int
	Lang   string
}

// New makes an account of a book, whose clock it takes over so that Pass can let time go by. A book without agents gets one.
func New(book *helpdesktest.Book) *Fake {
	f := &Fake{Book: book, Scope: 1, PageCap: 300, contacts: make(map[string]int64)}
	clock := book.Now
	if clock == nil {
		clock = time.Now
	}
	book.Now = func() time.Time { return clock().Add(time.Duration(f.ahead.Load())).UTC() }
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{{ID: "43017731111", Name: "Ana Ruiz", Email: "ana@shop.example"}}
	}
	f.routes()
	return f
}

// Pass lets time go by at the helpdesk.
func (f *Fake) Pass(d time.Duration) { f.ahead.Add(int64(d)) }

func (f *Fake) now() time.Time { return f.Book.Now() }

// Account has the settings with which freshdesk.Vendor connects to the fake at an address. It is called before Fixture.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.site = url
	return helpdesk.Account{
		Name: name, Settings: map[string]string{"domain": url, "key": Key, "per_minute": "60000", "value_field": "cf_worth"}, HookSecrets: []string{"token-of-the-account"},
	}
}

// Hook is the delivery with which the account's automation rules tell of a ticket.
func (f *Fake) Hook(token, ticket string) (http.Header, []byte) {
	source := ""
	if t, ok := f.Book.Ticket(ticket); ok {
		source = sourceNames[t.Channel]
	}
	body := strings.NewReplacer("{{ticket.id}}", ticket, "{{ticket.source}}", source).Replace(freshdesk.HookBody)
	h := http.Header{}
	h.Set(freshdesk.TokenHeader, token)
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "Freshdesk/1.0")
	return h, []byte(body)
}

var sourceNames = map[string]string{"1": "Email", "2": "Portal", "3": "Phone", "7": "Chat", "9": "Feedback Widget", "10": "Outbound Email"}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().Format(http.TimeFormat))
	if strings.HasPrefix(r.URL.Path, filesPath) {
		f.serveFile(w, r)
		return
	}
	key, _, ok := r.BasicAuth()
	if !ok || key != Key {
		refuse(w, http.StatusUnauthorized, "invalid_credentials", "You have to be logged in to perform this action.")
		return
	}
	if !f.count(w, r) {
		refuse(w, http.StatusTooManyRequests, "", "You have exceeded the limit of requests per minute")
		return
	}
	if f.Before != nil {
		f.Before(r)
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/api/v2/tickets/archived/"); ok { // two patterns of which neither is the narrower
		r = r.Clone(r.Context())
		r.URL.Path, r.URL.RawPath = "/archived/"+rest, ""
	}
	f.mux.ServeHTTP(w, r)
}

// count takes a call off what is left of the minute; each include costs another.
func (f *Fake) count(w http.ResponseWriter, r *http.Request) bool {
	if f.PerMinute == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.window) >= time.Minute {
		f.window, f.calls, f.lists = now, 0, 0
	}
	cost := 1
	if include := r.URL.Query().Get("include"); include != "" {
		cost += len(strings.Split(include, ","))
	}
	header, list := w.Header(), 0
	if f.ListPerMinute > 0 && r.Method == http.MethodGet && r.URL.Path == "/api/v2/tickets" {
		list = 1
	}
	header.Set("X-Ratelimit-Total", strconv.Itoa(f.PerMinute))
	header.Set("X-Ratelimit-Used-Currentrequest", strconv.Itoa(cost))
	if f.calls+cost > f.PerMinute || list > 0 && f.lists >= f.ListPerMinute {
		header.Set("X-Ratelimit-Remaining", strconv.Itoa(max(f.PerMinute-f.calls-cost+1, 0)))
		header.Set("Retry-After", strconv.Itoa(int(time.Minute-f.now().Sub(f.window))/int(time.Second)+1))
		return false
	}
	f.calls, f.lists = f.calls+cost, f.lists+list
	header.Set("X-Ratelimit-Remaining", strconv.Itoa(f.PerMinute-f.calls))
	return true
}

func (f *Fake) routes() {
	f.mux = http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /api/v2/tickets":                                f.listTickets,
		"POST /api/v2/tickets":                               f.createTicket,
		"GET /api/v2/tickets/{id}":                           f.viewTicket,
		"PUT /api/v2/tickets/{id}":                           f.updateTicket,
		"GET /api/v2/tickets/{id}/conversations":             f.listConversations,
		"POST /api/v2/tickets/{id}/reply":                    f.reply,
		"POST /api/v2/tickets/{id}/notes":                    f.addNote,
		"GET /archived/{id}":                                 f.viewArchived,
		"GET /archived/{id}/conversations":                   f.listConversations,
		"GET /api/v2/agents":                                 f.listAgents,
		"GET /api/v2/agents/me":                              f.showMe,
		"GET /api/v2/products":                               f.listProducts,
		"GET /api/v2/canned_response_folders":                f.listCannedFolders,
		"GET /api/v2/canned_response_folders/{id}/responses": f.listCanned,
		"GET /api/v2/solutions/categories":                   f.listCategories,
		"GET /api/v2/solutions/categories/{id}/folders":      f.listFolders,
		"GET /api/v2/solutions/folders/{id}/subfolders":      f.listSubfolders,
		"GET /api/v2/solutions/folders/{id}/articles":        f.listArticles,
	} {
		f.mux.HandleFunc(pattern, handle)
	}
	f.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
}
