package helpscout

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "helpscout".
	Name string
	// AppID and AppSecret are an app's, made in the profile of a user of the bot's own. What is written without an author is that
	// user's.
	AppID, AppSecret string
	// URL is where the API is, without its path; default https://api.helpscout.net.
	URL string
	// Inboxes are the ids of those whose conversations are told of; default all that the app's user may see.
	Inboxes []string
	// Sign makes replies in people's names go out as our own user's, signed, for an app that may not send in another user's name.
	Sign bool
	// DocsKey is a key of the Docs API; without one no articles are read. DocsURL is where it is; default
	// https://docsapi.helpscout.net.
	DocsKey, DocsURL string
	// ValueField is the custom field of conversations that says what one is worth, by its name or number; "" has none.
	ValueField string
	// PerMinute is the account's limit on calls, of which a write counts two; default 200, the least that a plan has.
	PerMinute int
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 30 s, for files go within a reply.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the secrets out of logs and errors.
func (o Options) String() string { return o.Name + " at Help Scout" }

// GoString keeps the secrets out of %#v.
func (o Options) GoString() string { return o.String() }

// Connector reaches a Help Scout account. It is safe for concurrent use.
type Connector struct {
	name    string
	bot     string
	base    *url.URL // of the Inbox API, with its path
	inboxes string   // as a query has them: "12,34"
	settle  time.Duration
	sign    bool
	now     func() time.Time
	api     *helpdesk.HTTP
	docs    *helpdesk.HTTP // nil without a key
	tokens  *tokens
	value   string // the field of what a conversation is worth
	brands  helpdesk.Names

	mu    sync.Mutex
	self  *person
	users roster
}

const (
	apiHost  = "https://api.helpscout.net"
	docsHost = "https://docsapi.helpscout.net"
)

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	c, err := connect(&o)
	if err != nil {
		return nil, fmt.Errorf("connect helpscout: %w", err)
	}
	return c, nil
}

func connect(o *Options) (*Connector, error) {
	o.fill()
	base, err := siteOf(o.URL)
	if err != nil {
		return nil, err
	}
	docs, err := siteOf(o.DocsURL)
	if err != nil {
		return nil, err
	}
	if o.AppID == "" || o.AppSecret == "" {
		return nil, errors.New("the app's id or secret is missing; both stand in the profile of the bot's user, under My Apps")
	}
	for _, id := range o.Inboxes {
		if !numeric(id) {
			return nil, fmt.Errorf("the inbox %q is no number; it stands in the inbox's address, behind /mailbox/", helpdesk.Clipped(id))
		}
	}
	c := &Connector{
		name: o.Name, bot: o.BotName, base: base.JoinPath("v2"), inboxes: strings.Join(o.Inboxes, ","), settle: o.Settle, sign: o.Sign, now: o.Now,
		value: strings.TrimSpace(o.ValueField),
	}
	options := helpdesk.HTTPOptions{
		BaseURL: c.base.String(), Client: o.Client, Timeout: cmp.Or(o.Timeout, 30*time.Second), Now: o.Now, Pace: helpdesk.Pace{PerMinute: o.PerMinute, WriteCost: 2},
	}
	if c.api, err = helpdesk.NewHTTP(options); err != nil {
		return nil, err
	}
	c.tokens = newTokens(c.api, o.AppID, o.AppSecret, o.Now)
	if o.DocsKey == "" {
		return c, nil
	}
	key := o.DocsKey
	options.BaseURL, options.Pace = docs.JoinPath("v1").String(), helpdesk.Pace{}
	options.Authorize = func(r *http.Request) { r.SetBasicAuth(key, "X") }
	c.docs, err = helpdesk.NewHTTP(options)
	return c, err
}

func (o *Options) fill() {
	o.AppID, o.AppSecret, o.DocsKey = strings.TrimSpace(o.AppID), strings.TrimSpace(o.AppSecret), strings.TrimSpace(o.DocsKey)
	for _, d := range []struct {
		field *string
		value string
	}{{&o.Name, "helpscout"}, {&o.BotName, "AI assistant"}, {&o.URL, apiHost}, {&o.DocsURL, docsHost}} {
		if *d.field == "" {
			*d.field = d.value
		}
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
}

// siteOf is the address of an API's host.
func siteOf(address string) (*url.URL, error) {
	site, err := url.Parse(strings.TrimSpace(address))
	if strings.Contains(address, "@") {
		return nil, fmt.Errorf("the address holds a name or a password, which it must not: want one such as %s", apiHost)
	}
	if err != nil || site.Host == "" {
		return nil, fmt.Errorf("the address %q is none: want one such as %s", helpdesk.Clipped(address), apiHost)
	}
	if site.Scheme != "https" && (site.Scheme != "http" || !helpdesk.Loopback(site.Hostname())) {
		return nil, fmt.Errorf("the address %q is not https: the app's secret would be sent in the clear", helpdesk.Clipped(site.Redacted()))
	}
	return &url.URL{Scheme: site.Scheme, Host: site.Host, Path: "/"}, nil
}

// numeric reports whether a text is an id as Help Scout writes them.
func numeric(id string) bool {
	if id == "" || len(id) > 18 {
		return false
	}
	for _, c := range id {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
