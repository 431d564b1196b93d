package zendesk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "zendesk".
	Name string
	// URL is the account's address, "https://acme.zendesk.com", or only its subdomain, "acme". https is a must, but for loopback.
	URL string
	// Email and Token are an API token and the user as whom it acts: a seat of its own, that of an admin. Alternatively Bearer is
	// an OAuth access token.
	Email, Token, Bearer string
	// CategoryField is the id of the ticket field whose value is the ticket's category; "" takes the ticket's type.
	CategoryField string
	// ValueField is the id of the ticket field that says what a ticket is worth; "" has none.
	ValueField string
	// PlanField is the key of the user field that names a customer's plan; "" has none.
	PlanField string
	// BotName signs replies and notes that are in nobody's name; default "AI assistant".
	BotName string
	// PerMinute is the account's limit on calls; default 200, the smallest plan's. The account's answers are believed over it.
	PerMinute int
	// Timeout bounds a call; default 20 s, because files go along.
	Timeout time.Duration
	// Settle is how long after a lost answer a call may still be applied, and a reading may still lack it; default 30 s.
	// Zendesk names no bound. Too short cannot send a reply twice, its stamp forbids that; it can only ask a person too early.
	Settle time.Duration
	// Client makes the calls; default a new one.
	Client *http.Client
	// Elsewhere fetches files that Zendesk keeps on other hosts, without credentials; default a client that dials public addresses only.
	Elsewhere *http.Client
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the secrets out of logs and errors.
func (o Options) String() string { return o.Name }

// GoString keeps the secrets out of %#v.
func (o Options) GoString() string { return o.Name }

// Connector reaches a Zendesk account through its API. It is safe for concurrent use.
type Connector struct {
	name, bot           string
	base                *url.URL // without a path
	categoryField, plan string
	valueField          string
	settle, timeout     time.Duration
	now                 func() time.Time
	http                *helpdesk.HTTP
	authorize           func(*http.Request)
	own, elsewhere      http.Client // fetch files; neither follows redirects on its own

	brands helpdesk.Names

	mu    sync.Mutex
	me    *user               // whose the credentials are, once known
	named map[string]nameSeen // who is called what, for a while
}

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.MacroReader   = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ helpdesk.Registrar     = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
	_ desk.Opener            = (*Connector)(nil)
)

var subdomain = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	base, err := address(o.URL)
	if err != nil {
		return nil, fmt.Errorf("connect zendesk: %w", err)
	}
	authorize, err := credentials(o)
	if err != nil {
		return nil, fmt.Errorf("connect zendesk: %w", err)
	}
	for name, field := range map[string]string{"category field": o.CategoryField, "value field": o.ValueField} {
		if field != "" && !numeric(field) {
			return nil, fmt.Errorf("connect zendesk: %s %q: want the number in the address of the field's page in Admin Center", name, field)
		}
	}
	c := &Connector{
		name: or(o.Name, "zendesk"), bot: or(o.BotName, "AI assistant"), base: base, categoryField: o.CategoryField, plan: o.PlanField,
		valueField: o.ValueField,
		settle:     or(o.Settle, 30*time.Second), timeout: or(o.Timeout, 20*time.Second), now: o.Now, authorize: authorize,
		named: make(map[string]nameSeen),
	}
	if c.now == nil {
		c.now = time.Now
	}
	c.own, c.elsewhere = fetchers(o)
	c.http, err = helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: base.JoinPath("api", "v2").String(), Authorize: authorize, Client: o.Client, Timeout: c.timeout, Now: c.now,
		Pace: helpdesk.Pace{PerMinute: or(o.PerMinute, 200), Alone: alone},
	})
	if err != nil {
		return nil, fmt.Errorf("connect zendesk: %w", err)
	}
	return c, nil
}

func or[T comparable](given, otherwise T) T {
	var none T
	if given == none {
		return otherwise
	}
	return given
}

// address is where an account is. Credentials go there, so it is https unless it is this machine.
func address(given string) (*url.URL, error) {
	given = strings.TrimSpace(given)
	if subdomain.MatchString(given) {
		given = "https://" + given + ".zendesk.com"
	}
	u, err := url.Parse(strings.TrimSuffix(given, "/"))
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, errors.New(`the url: want the account's address, "https://acme.zendesk.com", or its subdomain, "acme"`)
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1" || strings.HasSuffix(u.Hostname(), ".test")
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil, fmt.Errorf("the url %s: want https, because the token goes there", u.Redacted())
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/api/v2"), "/")
	return u, nil
}

func credentials(o Options) (func(*http.Request), error) {
	switch {
	case o.Bearer != "" && o.Token == "":
		return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+o.Bearer) }, nil
	case o.Bearer != "":
		return nil, errors.New("both an API token and an OAuth token are given; leave one out")
	case o.Token == "":
		return nil, errors.New("the token is missing; make one in Admin Center, Apps and integrations, APIs, API tokens")
	case !strings.Contains(o.Email, "@"):
		return nil, fmt.Errorf("the email %q: want the address of the user as whom the token acts", o.Email)
	}
	// Whoever forgets "/token" logs in with a password, which Zendesk answers as somebody anonymous.
	name := strings.TrimSuffix(strings.TrimSpace(o.Email), "/token") + "/token"
	return func(r *http.Request) { r.SetBasicAuth(name, o.Token) }, nil
}

// alone reports whether a 429 is about one ticket or one endpoint: the account itself then has calls left, or, where that is not
// said, the header of what is used up is there: "zendesk-ratelimit-incremental-exports: total=10; remaining=0; resets=41".
func alone(header http.Header) bool {
	if left := or(header.Get("Ratelimit-Remaining"), header.Get("X-Rate-Limit-Remaining")); left != "" {
		return strings.TrimSpace(left) != "0"
	}
	for name, values := range header {
		name = strings.TrimPrefix(strings.ToLower(name), "zendesk-ratelimit-")
		if (name == "per-ticket-updates" || len(values) > 0 && strings.Contains(values[0], "remaining=0")) && len(values) > 0 {
			return true
		}
	}
	return false
}

// Limits implements desk.Helpdesk.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Stamps: true, Settle: c.settle, Newer: newer, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

func ticketPath(ticket string, more ...string) []string {
	return append([]string{"tickets", ticket}, more...)
}
