// Package requesttrackertest is a Request Tracker that is none: it answers as RT 5.0.3 was seen to answer, and has its habits.
package requesttrackertest

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// Token is our own user's, and Me is that user.
const Token = "1-27-0123456789abcdef0123456789abcdef"

// Me is our own user.
var Me = helpdesktest.Agent{ID: "warmline", Name: "Shop assistant", Email: "warmline@shop.example"}

// Nobody and System are RT's own users.
const (
	Nobody = "Nobody"
	System = "RT_System"
)

// Fake is an RT of a book. What somebody else does in it goes through its methods. It is safe for concurrent use once it is served.
type Fake struct {
	Book *helpdesktest.Book

	// Zone is our user's, in which RT reads the dates of a query.
	Zone *time.Location
	// Extension says that ours is installed, so that RT checks If-Match for replies.
	Extension bool
	// NotGranted are rights that our user lacks, by name.
	NotGranted map[string]bool
	// Unprivileged are users who may not work in RT, besides customers; Disabled ones may not sign in.
	Unprivileged, Disabled map[string]bool
	// MayNotOwn are users who may not own tickets.
	MayNotOwn map[string]bool
	// NoTags has the queue without the custom field.
	NoTags bool
	// Mails is how many transactions that we may not see RT makes of each reply.
	Mails int
	// Before is called with every request that may be answered, before it is.
	Before func(*http.Request)

	Articles []Article

	site  string       // where Account says that the fake is
	ahead atomic.Int64 // how far the fake's clock is ahead of the book's, in ns
	mux   *http.ServeMux

	mu        sync.Mutex
	log       []entry // transactions, by number
	parts     []part
	logged    map[string][]int // where a ticket's transactions are in log
	partsOf   map[string][]int
	merged    map[string][]string // what went into a ticket
	customers map[string]person   // by e-mail address
}

// Article is an article. Class is the number of its class.
type Article struct {
	ID, Class     int64
	Name, Summary string
	Disabled      bool
	Texts         []string // of its custom fields
}

// Classes are those of articles, by name.
var Classes = map[string]int64{"FAQ": 2, "Replies": 3, "For the team": 4}

// entry is a transaction.
type entry struct {
	id     int64
	ticket string
	kind   string
	by     string
	at     time.Time
	hidden bool // from our user
}

// New makes an RT of a book, whose clock it takes over so that Pass can let time go by. A book without agents gets one.
func New(book *helpdesktest.Book) *Fake {
	f := &Fake{
		Book: book, Zone: time.FixedZone("EST", -5*3600), Mails: 1,
		logged: make(map[string][]int), partsOf: make(map[string][]int), merged: make(map[string][]string), customers: make(map[string]person),
	}
	clock := book.Now
	if clock == nil {
		clock = time.Now
	}
	book.Now = func() time.Time { return clock().Add(time.Duration(f.ahead.Load())).UTC() }
	if len(book.Agents) == 0 {
		book.Agents = []helpdesktest.Agent{{ID: "ana", Name: "Ana Ruiz", Email: "ana@shop.example"}}
	}
	f.routes()
	return f
}

// Pass lets time go by at RT.
func (f *Fake) Pass(d time.Duration) { f.ahead.Add(int64(d)) }

func (f *Fake) now() time.Time { return f.Book.Now() }

// Account has the settings with which requesttracker.Vendor connects to the fake at an address.
func (f *Fake) Account(name, url string) helpdesk.Account {
	f.site = url
	settings := map[string]string{"url": url, "token": Token, "queue": "General", "tags_field": "Tags", "value_field": "Order value", "articles": "FAQ", "macros": "Replies"}
	if f.Extension {
		settings["stamps"] = "yes"
	}
	return helpdesk.Account{Name: name, HookSecrets: []string{HookSecret}, Settings: settings}
}

// HookSecret signs the scrip's deliveries.
const HookSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"

// Hook is the delivery with which the scrip tells of a ticket.
func (f *Fake) Hook(secret string, at time.Time, ticket string) (http.Header, []byte) {
	body := []byte(`{"type":"ticket.updated","ticket":"` + ticket + `"}`)
	h := http.Header{"Content-Type": {"application/json"}, "User-Agent": {"libwww-perl/6.68"}}
	if err := helpdesk.SignWebhook(h, secret, "rt-shop.example-"+ticket, at, body); err != nil {
		panic(err) // a test's own secret
	}
	return h, body
}

// ServeHTTP implements http.Handler. RT runs one change at a time here.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", f.now().Format(http.TimeFormat))
	if r.Header.Get("Authorization") != "token "+Token {
		answer(w, http.StatusUnauthorized, message("Unauthorized"))
		return
	}
	if f.Before != nil {
		f.Before(r)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mux.ServeHTTP(w, r)
}

func (f *Fake) routes() {
	f.mux = http.NewServeMux()
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request){
		"GET /REST/2.0/rt":                      f.about,
		"GET /REST/2.0/user/{name}":             f.viewUser,
		"GET /REST/2.0/users":                   f.listUsers,
		"GET /REST/2.0/tickets":                 f.searchTickets,
		"POST /REST/2.0/ticket":                 f.createTicket,
		"GET /REST/2.0/ticket/{id}":             f.viewTicket,
		"PUT /REST/2.0/ticket/{id}":             f.updateTicket,
		"POST /REST/2.0/ticket/{id}/correspond": f.addMessage,
		"POST /REST/2.0/ticket/{id}/comment":    f.addMessage,
		"GET /REST/2.0/ticket/{id}/history":     f.history,
		"GET /REST/2.0/ticket/{id}/attachments": f.listAttachments,
		"GET /REST/2.0/attachment/{attachment}": f.viewAttachment,
		"GET /REST/2.0/transactions":            f.listTransactions,
		"GET /REST/2.0/articles":                f.listArticles,
		"GET /REST/2.0/class/{class}":           f.viewClass,
		"GET /REST/2.0/queue/{id}":              f.showQueue,
	} {
		f.mux.HandleFunc(pattern, handle)
	}
	f.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/REST/2.0/") {
			answer(w, http.StatusNotFound, message("Not Found"))
			return
		}
		http.Redirect(w, r, "/", http.StatusFound) // to where people sign in
	})
}

func (f *Fake) about(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, object{"Version": "5.0.3+dfsg-3~deb12u6"})
}

// held reports whether our user has a right.
func (f *Fake) held(right string) bool { return !f.NotGranted[right] }
