// Package gorgiastest is a Gorgias that answers as the real one is documented to: what it refuses, what it leaves null, and what it
// does later than it says. It is made to be mistaken for the vendor by tests, and can be served over any listener:
//
//	book := &helpdesktest.Book{}
//	fake := gorgiastest.New(book)
//	server := httptest.NewServer(fake)
//	c, err := gorgias.Vendor.Connect(fake.Account("shop", server.URL))
package gorgiastest

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/gorgias"
	"warmline/helpdesk/helpdesktest"
)

// Key is the API key that the fake takes, and Inbox the address of the account's e-mail integration.
const (
	Key   = "0f1e2d3c4b5a"
	Inbox = "support@shop.example"
)

// Me is the user whose key it is, and Machine one of Gorgias' own bots.
var (
	Me      = helpdesktest.Agent{ID: "36330001", Name: "Warmline", Email: "warmline@shop.example"}
	Machine = helpdesktest.Agent{ID: "36330009", Name: "AI Agent", Email: "ai-agent@shop.example"}
)

// Fake is a Gorgias account over a book. Its options are set before it serves. It is safe for concurrent use.
type Fake struct {
	Book *helpdesktest.Book

	// SendAfter is how often a reply is looked at before Gorgias sends it; the answer to its making never shows it as sent.
	SendAfter int
	// SendingError is why no reply can be sent; "" when all can.
	SendingError string
	// Bucket is how many calls may be made at once; it leaks two a second. 0 sets no limit.
	Bucket int
	// Lag is how long a change takes until lists show it.
	Lag time.Duration
	// Roles are those of users by id; "agent" where nothing is said. NotListed refuses the list of users, and NotAdmin integrations.
	Roles               map[string]string
	NotListed, NotAdmin bool
	// Inactive are users who may no longer sign in.
	Inactive map[string]bool
	// CursorsEnd makes cursors of the list of tickets invalid.
	CursorsEnd bool
	// Before is called with every request that may be answered, before it is.
	Before func(*http.Request)

	Macros []Macro
	// Pages are what the help centre serves by path, its list included.
	Pages map[string]string

	site  string       // where Account says that the fake is
	ahead atomic.Int64 // how far the fake's clock is ahead of the book's, in ns
	mux   *http.ServeMux

	mu           sync.Mutex
	customers    map[string]int64 // by e-mail address
	uploads      map[string][]byte
	integrations []*Integration
	level        float64 // of the bucket
	filled       time.Time
	leaked       int
}

// Macro is a macro of the account. Actions are as the API shows them.
type Macro struct {
	ID      int64
	Name    string
	Intent  string
	Actions []map[string]any
}

// Integration is an HTTP integration that somebody has made.
type Integration struct {
	ID   int64
	Name string
	HTTP map[string]any
	Off  bool
}

// New makes an account of a book, whose clock it takes over so that Pass can let time go by. A book without agents gets one.
func New(book *helpdesktest.Book) *Fake {
	f := &Fake{Book: book, customers: make(map[string]int64), uploads: make(map[string][]byte)}
	clock := book.Now
	if clock == nil {
		clock = time.Now
	}
	book.Now = func() time.Time { return clock().Add(time.Duration(f.ahead.Load())).UTC() }
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{{ID: "36330002", Name: "Ana Ruiz", Email: "ana@shop.example"}}
	}
	f.routes()
	return f
}

// Pass lets time go by at the helpdesk.
func (f *Fake) Pass(d time.Duration) { f.ahead.Add(int64(d)) }

func (f *Fake) now() time.Time { return f.Book.Now() }

// Account has the settings with which gorgias.Vendor connects to the fake at an address. It is called before Fixture.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.site = url
	return helpdesk.Account{
		Name: name, HookSecrets: []string{"token-of-the-account"},
		Settings: map[string]string{"account": url, "email": Me.Email, "key": Key, "help_center": url, "from": Inbox, "per_minute": "60000"},
	}
}

// Hook is the delivery with which the account's HTTP integration tells of a ticket.
func (f *Fake) Hook(token, ticket string) (http.Header, []byte) {
	channel := ""
	if t, ok := f.Book.Ticket(ticket); ok {
		channel = t.Channel
	}
	fill := strings.NewReplacer("{{ticket.id}}", ticket, "{{ticket.channel}}", channel)
	body := fmt.Sprintf(`{"channel": %q, "ticket": %q}`, fill.Replace(gorgias.HookForm["channel"]), fill.Replace(gorgias.HookForm["ticket"]))
	h := http.Header{}
	h.Set(gorgias.TokenHeader, token)
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "Gorgias/1.0")
	return h, []byte(body)
}

// Leaked is how many requests for what everybody may read came with credentials.
func (f *Fake) Leaked() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.leaked
}

// ServeHTTP implements http.Handler.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().Format(http.TimeFormat))
	email, key, said := r.BasicAuth()
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		f.servePage(w, r, said)
		return
	}
	if !said || key != Key || email != Me.Email {
		refuse(w, http.StatusUnauthorized, "Invalid credentials.", nil)
		return
	}
	if !f.pour(w) {
		refuse(w, http.StatusTooManyRequests, "You have reached the rate limit of your account.", nil)
		return
	}
	if f.Before != nil {
		f.Before(r)
	}
	f.mux.ServeHTTP(w, r)
}

// leak is how many calls a second leave the bucket.
const leak = 2

// pour puts a call into the bucket; false when it is full.
func (f *Fake) pour(w http.ResponseWriter) bool {
	if f.Bucket == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	if !f.filled.IsZero() {
		f.level = max(0, f.level-now.Sub(f.filled).Seconds()*leak)
	}
	f.filled = now
	ok := f.level+1 <= float64(f.Bucket)
	if ok {
		f.level++
	} else {
		w.Header().Set("Retry-after", strconv.Itoa(int(math.Ceil((f.level+1-float64(f.Bucket))/leak))))
	}
	w.Header().Set("X-Gorgias-Account-Api-Call-Limit", fmt.Sprintf("%d/%d", int(math.Ceil(f.level)), f.Bucket))
	return ok
}

// servePage is the help centre, where nobody signs in.
func (f *Fake) servePage(w http.ResponseWriter, r *http.Request, credentials bool) {
	f.mu.Lock()
	if credentials || r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
		f.leaked++
	}
	f.mu.Unlock()
	text, ok := f.Pages[r.URL.Path]
	switch {
	case text == signIn:
		http.Redirect(w, r, "https://login.shop.example/", http.StatusFound)
	case !ok:
		w.WriteHeader(http.StatusNotFound)
	default:
		w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
		_, _ = w.Write([]byte(text)) // whoever asked has gone
	}
}

func (f *Fake) routes() {
	f.mux = http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /api/tickets":                         f.listTickets,
		"POST /api/tickets":                        f.createTicket,
		"GET /api/tickets/{id}":                    f.viewTicket,
		"PUT /api/tickets/{id}":                    f.updateTicket,
		"POST /api/tickets/{id}/tags":              f.addTags,
		"POST /api/tickets/{id}/messages":          f.createMessage,
		"GET /api/tickets/{id}/messages/{message}": f.viewMessage,
		"GET /api/messages":                        f.listMessages,
		"GET /api/users":                           f.listUsers,
		"GET /api/users/{id}":                      f.viewUser,
		"GET /api/macros":                          f.listMacros,
		"GET /api/integrations":                    f.listIntegrations,
		"POST /api/integrations":                   f.createIntegration,
		"PUT /api/integrations/{id}":               f.updateIntegration,
		"POST /api/upload":                         f.upload,
		"GET /api/attachment/download/{rest...}":   f.download,
	} {
		f.mux.HandleFunc(pattern, handle)
	}
	f.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { refuse(w, http.StatusNotFound, "Not found.", nil) })
}
