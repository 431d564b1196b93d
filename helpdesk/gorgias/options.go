package gorgias

import (
	"errors"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "gorgias".
	Name string
	// Account is where agents work: "acme", "acme.gorgias.com" or its whole address.
	Account string
	// Email and Key are those of a user of the bot's own. What is written without an author is that user's.
	Email, Key string
	// From is the account's address that e-mails go out from where a ticket shows none, because it came in by a form.
	From string
	// Sign sends every reply as our own user's and signs it, for a key that may not write in another user's name.
	Sign bool
	// HelpCenter is the address of the account's help centre; "" when it has none.
	HelpCenter string
	// Snooze is how long a ticket that waits for its customer stays closed until it opens by itself; default three days.
	Snooze time.Duration
	// Await is how long a reply's way out is watched, so that one that fails at once is told as failed; default 3 s, negative: not
	// at all.
	Await time.Duration
	// PerMinute is the account's limit on calls; default 120, which an API key has.
	PerMinute int
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls to the account; default a new one.
	Client *http.Client
	// Elsewhere fetches files and articles from other hosts, without credentials; default one that dials public addresses only.
	Elsewhere *http.Client
	// Timeout bounds a call; default 10 s.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the key out of logs and errors.
func (o Options) String() string { return o.Name + " at " + o.Account }

// GoString keeps the key out of %#v.
func (o Options) GoString() string { return o.String() }

// Connector reaches a Gorgias account.
type Connector struct {
	name, bot     string
	site          *url.URL // the account's own address, without a path
	help          *url.URL // nil when there is no help centre
	from          string
	sign          bool
	snooze, await time.Duration
	settle        time.Duration
	timeout       time.Duration
	now           func() time.Time
	api           *helpdesk.HTTP
	authorize     func(*http.Request)
	own, away     http.Client // for bytes, from the account and from elsewhere

	mu     sync.Mutex
	self   *user
	roster roster
}

// apiPath is where the API begins on an account's host.
const apiPath = "/api"

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	c, err := connect(o)
	if err != nil {
		return nil, fmt.Errorf("connect gorgias: %w", err)
	}
	return c, nil
}

func connect(o Options) (*Connector, error) {
	site, err := siteOf(o.Account)
	if err != nil {
		return nil, err
	}
	email, key := strings.TrimSpace(o.Email), strings.TrimSpace(o.Key)
	switch {
	case email == "" || strings.Contains(email, ":"):
		return nil, errors.New("the e-mail address of the API key's user is missing; it stands beside the key under Settings, REST API")
	case key == "":
		return nil, errors.New("the API key is missing; it stands under Settings, REST API")
	}
	o.fill()
	if _, err := mail.ParseAddress(o.From); o.From != "" && err != nil {
		return nil, fmt.Errorf("from %q is no e-mail address: want the one that the account's e-mail integration has", helpdesk.Clipped(o.From))
	}
	c := &Connector{
		name: o.Name, bot: o.BotName, site: site, from: o.From, sign: o.Sign, snooze: o.Snooze, await: o.Await, settle: o.Settle, timeout: o.Timeout,
		now: o.Now, authorize: func(r *http.Request) { r.SetBasicAuth(email, key) },
	}
	if o.HelpCenter != "" {
		if c.help, err = addressOf(o.HelpCenter, ".gorgias.help"); err != nil {
			return nil, fmt.Errorf("help centre: %w", err)
		}
	}
	c.own, c.away = fetchers(o)
	c.api, err = helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: site.JoinPath(apiPath).String(), Client: o.Client, Timeout: o.Timeout, Now: o.Now, Authorize: c.authorize,
		// The bucket holds forty and leaks two a second; half of it is left to others who use the account.
		Pace: helpdesk.Pace{PerMinute: o.PerMinute, Burst: max(o.PerMinute/6, 1)},
	})
	return c, err
}

func (o *Options) fill() {
	if o.Name == "" {
		o.Name = "gorgias"
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.Snooze <= 0 {
		o.Snooze = 72 * time.Hour
	}
	if o.Await == 0 {
		o.Await = 3 * time.Second
	}
	if o.PerMinute <= 0 {
		o.PerMinute = 120
	}
	if o.Settle <= 0 {
		o.Settle = 90 * time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.From = strings.TrimSpace(o.From)
	o.HelpCenter = strings.TrimSpace(o.HelpCenter)
}

var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// siteOf is the address of an account that may be given by its name alone.
func siteOf(account string) (*url.URL, error) {
	if strings.TrimSpace(account) == "" {
		return nil, errors.New(`the account is missing: "acme" where agents work at acme.gorgias.com`)
	}
	return addressOf(account, ".gorgias.com")
}

// addressOf reads a host that may be given by its first label alone. Only loopback may go without https.
func addressOf(text, suffix string) (*url.URL, error) {
	text = strings.TrimSpace(text)
	if accountName.MatchString(text) {
		text += suffix
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	at, err := url.Parse(text)
	if err != nil || at.Host == "" || at.User != nil {
		return nil, fmt.Errorf(`%q is no address: want "acme" or "https://acme%s"`, helpdesk.Clipped(text), suffix)
	}
	if at.Scheme != "https" && (at.Scheme != "http" || !helpdesk.Loopback(at.Hostname())) {
		return nil, fmt.Errorf("%q is not https", helpdesk.Clipped(at.Redacted()))
	}
	return &url.URL{Scheme: at.Scheme, Host: strings.ToLower(at.Host)}, nil
}
