package freshdesk

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "freshdesk".
	Name string
	// Domain is the account: "acme", "acme.freshdesk.com" or its whole address. The API does not answer at a domain of your own.
	Domain string
	// Key is the API key of an agent of the bot's own. What is written without an author is that agent's.
	Key string
	// Statuses says what the account's own statuses mean, by number. Default: 6 waits for the customer and 7 for a third party, as
	// Freshdesk delivers them. One that is not known counts as open, so that somebody looks.
	Statuses map[int64]escalate.Status
	// Sign makes replies in people's names go out as our own agent's, signed, for a key that may not send in another agent's name.
	Sign bool
	// ValueField is the name of the ticket field that says what a ticket is worth, "cf_order_value"; "" has none.
	ValueField string
	// PerMinute is the account's limit on calls; default 200, the least that a paid plan has.
	PerMinute int
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls; default a new one. Files on other hosts are never fetched with it.
	Client *http.Client
	// Timeout bounds a call; default 10 s.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the key out of logs and errors.
func (o Options) String() string { return o.Name + " at " + o.Domain }

// GoString keeps the key out of %#v.
func (o Options) GoString() string { return o.String() }

// Connector reaches a Freshdesk account.
type Connector struct {
	name     string
	bot      string
	site     *url.URL // the account's own address, without a path
	settle   time.Duration
	sign     bool
	statuses map[int64]escalate.Status
	now      func() time.Time
	api      *helpdesk.HTTP
	files    *helpdesk.FileStore
	value    string // the field of what a ticket is worth
	products helpdesk.Names

	mu     sync.Mutex
	self   *person
	agents roster
}

// apiPath is where the API begins on an account's host.
const apiPath = "/api/v2"

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	site, err := siteOf(o.Domain)
	if err != nil {
		return nil, fmt.Errorf("connect freshdesk: %w", err)
	}
	if strings.TrimSpace(o.Key) == "" {
		return nil, errors.New("connect freshdesk: the API key is missing; it stands in the profile settings of the bot's agent")
	}
	o.fill()
	key := strings.TrimSpace(o.Key)
	api, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: site.JoinPath(apiPath).String(), Client: o.Client, Timeout: o.Timeout, Now: o.Now,
		Authorize: func(r *http.Request) { r.SetBasicAuth(key, "X") },
		Pace:      helpdesk.Pace{PerMinute: o.PerMinute, Alone: callsLeft},
	})
	if err != nil {
		return nil, fmt.Errorf("connect freshdesk: %w", err)
	}
	return &Connector{
		name: o.Name, bot: o.BotName, site: site, settle: o.Settle, sign: o.Sign, statuses: o.Statuses, now: o.Now, value: strings.TrimSpace(o.ValueField),
		api: api, files: &helpdesk.FileStore{Vendor: "Freshdesk", Site: site, Client: o.Client, Timeout: o.Timeout, Now: o.Now, Keeps: keepsFiles},
	}, nil
}

// callsLeft reports whether an account that refuses a call for its number has others left: then it was the limit of one list that was
// reached, which is a tenth of the account's, and replies need not wait for it.
func callsLeft(header http.Header) bool {
	left, err := strconv.Atoi(header.Get("X-RateLimit-Remaining"))
	return err == nil && left > 0
}

func (o *Options) fill() {
	if o.Name == "" {
		o.Name = "freshdesk"
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.PerMinute <= 0 {
		o.PerMinute = 200
	}
	if o.Settle <= 0 {
		o.Settle = 90 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Statuses == nil {
		o.Statuses = map[int64]escalate.Status{waitsForCustomer: escalate.StatusPending, waitsForThird: escalate.StatusOnHold}
	}
}

var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// siteOf is the address of an account that may be given by its name alone.
func siteOf(domain string) (*url.URL, error) {
	domain = strings.TrimSpace(domain)
	switch {
	case domain == "":
		return nil, errors.New(`the account is missing: "acme" where agents work at acme.freshdesk.com`)
	case accountName.MatchString(domain):
		domain = "https://" + domain + ".freshdesk.com"
	case !strings.Contains(domain, "://"):
		domain = "https://" + domain
	}
	site, err := url.Parse(domain)
	if err != nil || site.Host == "" || site.User != nil {
		return nil, fmt.Errorf(`the account %q is none: want "acme" or "https://acme.freshdesk.com"`, helpdesk.Clipped(domain))
	}
	if site.Scheme != "https" && (site.Scheme != "http" || !helpdesk.Loopback(site.Hostname())) {
		return nil, fmt.Errorf("the account's address %q is not https: the API key would be sent in the clear", helpdesk.Clipped(site.Redacted()))
	}
	if host := strings.ToLower(site.Hostname()); !strings.HasSuffix(host, ".freshdesk.com") && !helpdesk.Loopback(host) {
		return nil, fmt.Errorf("%q is a domain of your own, at which Freshdesk's API does not answer: want what stands before .freshdesk.com where agents work", helpdesk.Clipped(host))
	}
	return &url.URL{Scheme: site.Scheme, Host: site.Host}, nil
}
