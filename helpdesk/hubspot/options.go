package hubspot

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Options say which HubSpot account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "hubspot".
	Name string
	// Token is a private app's access token; see docs/connecting/hubspot.md for the scopes that it needs.
	Token string
	// BaseURL is where the API is; default "https://api.hubapi.com".
	BaseURL string
	// Sender is the e-mail address of the HubSpot user that replies in nobody's name come from: HubSpot sends nothing without one.
	Sender string
	// App is the private app's number. With it, only messages that this very app wrote count as ours; "" takes those of any app.
	App string
	// Tags names the ticket property that keeps tags, separated by semicolons, since HubSpot's tickets have none; "" has none kept.
	Tags string
	// Category names the ticket property that says what a ticket is about; default "hs_ticket_category".
	Category string
	// Value names the ticket property that says what a ticket is worth; "" has none.
	Value string
	// Stages says what stages of pipelines mean, by id, where their names and states do not.
	Stages map[string]escalate.Status
	// PerTenSeconds is how many calls Warmline may make in ten seconds; default 90. A private app has 100 or 190, by the account's plan.
	PerTenSeconds int
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// Client makes the calls; default a new one. Files on other hosts are never fetched with it.
	Client *http.Client
	// Timeout bounds a call; default 30 s, because a call may carry a file.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the token out of logs and errors.
func (o Options) String() string { return o.Name }

// GoString keeps the token out of %#v.
func (o Options) GoString() string { return o.Name }

// Connector reaches one HubSpot account. It is safe for concurrent use.
type Connector struct {
	name, bot, sender, app string
	tags, category, value  string
	stages                 map[string]escalate.Status
	settle                 time.Duration
	now                    func() time.Time
	http                   *helpdesk.HTTP
	search                 *helpdesk.HTTP // the CRM's search, which has a limit of its own
	files                  *helpdesk.FileStore

	account    helpdesk.Remembered[account]
	owners     helpdesk.Remembered[[]owner]
	pipelines  helpdesk.Remembered[[]pipeline]
	priorities helpdesk.Remembered[[]string]

	mu       sync.Mutex
	actors   map[string]actor
	contacts map[string]knownContact
}

var (
	_ helpdesk.Connector     = (*Connector)(nil)
	_ helpdesk.ArticleReader = (*Connector)(nil)
	_ helpdesk.Archive       = (*Connector)(nil)
	_ desk.FileReader        = (*Connector)(nil)
	_ desk.Opener            = (*Connector)(nil)
)

// What is used where nothing is set.
const (
	defaultBase     = "https://api.hubapi.com"
	defaultTimeout  = 30 * time.Second
	defaultSettle   = 90 * time.Second
	defaultCategory = "hs_ticket_category"
)

// The account's limits: a hundred calls in ten seconds for a private app of the smaller plans, and four searches a second for all.
const (
	defaultPerTenSeconds              = 90
	searchesPerMinute, searchesAtOnce = 240, 4
)

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	o.fill()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("connect hubspot: %w", err)
	}
	site, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect hubspot: parse url: %w", err)
	}
	reach := func(perMinute, burst int) (*helpdesk.HTTP, error) {
		return helpdesk.NewHTTP(helpdesk.HTTPOptions{
			BaseURL: o.BaseURL, Client: o.Client, Timeout: o.Timeout, Now: o.Now,
			Authorize: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+o.Token) },
			Pace:      helpdesk.Pace{PerMinute: perMinute, Burst: burst},
		})
	}
	calls, err1 := reach(o.PerTenSeconds*6, o.PerTenSeconds/2)
	searches, err2 := reach(searchesPerMinute, searchesAtOnce)
	if err := errors.Join(err1, err2); err != nil {
		return nil, fmt.Errorf("connect hubspot: %w", err)
	}
	return &Connector{
		name: o.Name, bot: o.BotName, sender: o.Sender, app: o.App, tags: o.Tags, category: o.Category, value: o.Value, stages: o.Stages,
		settle: o.Settle, now: o.Now, http: calls, search: searches,
		files:  &helpdesk.FileStore{Vendor: "HubSpot", Site: site, Client: o.Client, Timeout: o.Timeout, Now: o.Now, Keeps: keepsFiles},
		actors: make(map[string]actor), contacts: make(map[string]knownContact),
	}, nil
}

func (o *Options) check() error {
	switch {
	case o.Token == "":
		return errors.New("the token is missing; it stands in HubSpot under Settings, Integrations, Private Apps, the app, Auth")
	case strings.ContainsAny(o.Token, " \t\r\n"):
		return errors.New("the token holds white space; copy it again, whole and alone")
	case !strings.Contains(o.Sender, "@"):
		return errors.New("sender is missing: the e-mail address of the HubSpot user whom replies in nobody's name come from")
	case o.App != "" && strings.Trim(o.App, "0123456789") != "":
		return errors.New("app: want the private app's number, which stands in its address")
	}
	for _, p := range []string{o.Tags, o.Category, o.Value} {
		if p != "" && !propertyName.MatchString(p) {
			return fmt.Errorf("property %q: want the internal name of a ticket property: small letters, digits and _", p)
		}
	}
	return nil
}

func (o *Options) fill() {
	o.Token, o.Sender, o.App = strings.TrimSpace(o.Token), strings.TrimSpace(o.Sender), strings.TrimSpace(o.App)
	if o.Name == "" {
		o.Name = "hubspot"
	}
	if o.BaseURL == "" {
		o.BaseURL = defaultBase
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.Category == "" {
		o.Category = defaultCategory
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.Settle <= 0 {
		o.Settle = defaultSettle
	}
	if o.PerTenSeconds <= 0 {
		o.PerTenSeconds = defaultPerTenSeconds
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

// Limits implements desk.Helpdesk. HubSpot's tickets have no versions.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}
