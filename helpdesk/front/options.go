package front

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Options say which Front account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "front".
	Name string
	// Token is an API token; see docs/connecting/front.md for the scopes that it needs.
	Token string
	// BaseURL is where the API is; default "https://api2.frontapp.com".
	BaseURL string
	// BotName is who replies that are in nobody's name come from; default "AI assistant".
	BotName string
	// HelpCenter is the public address of the knowledge base, "https://help.example.com", which the API does not tell; "" leaves
	// articles without an address.
	HelpCenter string
	// CategoryField names the custom field of conversations that says what they are about; "" reads none.
	CategoryField string
	// BrandField and ValueField name the custom fields of conversations that say whose a conversation is, and what it is worth; "" reads none.
	BrandField, ValueField string
	// Channel is the address of the shared mailbox in whose inbox new conversations are opened; "" is the first that there is.
	Channel string
	// PerMinute is how many calls the account takes a minute, by its plan; 0 waits until Front says that none is left.
	PerMinute int
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 30 s, because a reply carries its files.
	Timeout time.Duration
	// Settle is how long after a lost answer a reply may still appear; default 90 s. Front sends in the background.
	Settle time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the token out of logs and errors.
func (o Options) String() string { return o.Name }

// GoString keeps the token out of %#v.
func (o Options) GoString() string { return o.Name }

// Connector reaches one Front account. It is safe for concurrent use.
type Connector struct {
	name, bot, base string
	help            string // address of the help centre, without a slash at its end
	category        string
	brand, value    string // custom fields
	channel         string // address of the mailbox that is opened in
	settle          time.Duration
	now             func() time.Time
	http            *helpdesk.HTTP

	tags      helpdesk.Remembered[[]tag]
	teammates helpdesk.Remembered[[]teammate]
	statuses  helpdesk.Remembered[[]status]
	channels  helpdesk.Remembered[[]channel]
}

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.MacroReader   = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
	_ desk.Opener            = (*Connector)(nil)
)

// What is used where nothing is set.
const (
	defaultBase    = "https://api2.frontapp.com"
	defaultTimeout = 30 * time.Second
	defaultSettle  = 90 * time.Second
)

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	o.fill()
	if o.Token == "" {
		return nil, errors.New("connect front: the token is missing; make one in Front under Settings, Developers, API tokens")
	}
	if strings.ContainsAny(o.Token, " \t\r\n") {
		return nil, errors.New("connect front: the token holds white space; copy it again, whole and alone")
	}
	if o.HelpCenter != "" {
		at, err := url.Parse(o.HelpCenter)
		if err != nil || at.Host == "" || (at.Scheme != "https" && at.Scheme != "http") {
			return nil, fmt.Errorf("connect front: help_center %q: want the address that customers see, https://help.example.com", o.HelpCenter)
		}
	}
	base, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: o.BaseURL, Client: o.Client, Timeout: o.Timeout, Now: o.Now,
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+o.Token) },
		Pace:      helpdesk.Pace{PerMinute: o.PerMinute, Alone: ofOneResource},
	})
	if err != nil {
		return nil, fmt.Errorf("connect front: %w", err)
	}
	return &Connector{
		name: o.Name, bot: o.BotName, base: o.BaseURL, help: strings.TrimSuffix(o.HelpCenter, "/"), category: o.CategoryField, brand: o.BrandField, value: o.ValueField, channel: strings.TrimSpace(o.Channel),
		settle: o.Settle, now: o.Now, http: base,
	}, nil
}

func (o *Options) fill() {
	o.Token = strings.TrimSpace(o.Token)
	if o.Name == "" {
		o.Name = "front"
	}
	if o.BaseURL == "" {
		o.BaseURL = defaultBase
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Settle <= 0 {
		o.Settle = defaultSettle
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

// ofOneResource reports that a 429 is about a burst on one resource. Front names its tier then, and the account's own limit is another
// matter (https://dev.frontapp.com/docs/rate-limiting).
func ofOneResource(h http.Header) bool { return h.Get("X-Front-Tier") != "" }

// Bounds of what a reply or comment carries: Front takes 25 MB in all, of which the form around the files needs a little.
const (
	mostFiles = 10
	mostBytes = 24_000_000
)

// Limits implements desk.Helpdesk. Front has no version stamps.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}
