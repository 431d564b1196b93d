package requesttracker

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"warmline/helpdesk"
)

// Options say which RT to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "rt".
	Name string
	// URL is where people open RT, with its path if it has one: "https://rt.acme.example" or "https://acme.example/rt".
	URL string
	// Token is an authentication token of the bot's own user. What is written without an author is that user's.
	Token string
	// Stamps says that our extension is installed, by which RT checks If-Match for replies, too. Without the extension RT refuses
	// every reply that has one.
	Stamps bool
	// Queue is where tickets are opened that we open; "" opens none.
	Queue string
	// TagsField is the custom field of tickets that holds tags, by its name; "" when there is none.
	TagsField string
	// ValueField is the custom field of tickets that says what one is worth, by its name; "" when there is none.
	ValueField string
	// Articles and Macros are the classes of articles, by name, that anybody may read and that answers are made of; "" for none.
	Articles, Macros string
	// Statuses are the words of the account's life cycle; what is "" is the word of RT's default one.
	Statuses Statuses
	// Priorities are the numbers that low, normal, high and urgent have; all zero: 0, 50, 100 and 150.
	Priorities [4]int
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 20 s, because RT sends its mails before it answers.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the token out of logs and errors.
func (o Options) String() string { return o.Name + " at " + o.URL }

// GoString keeps the token out of %#v.
func (o Options) GoString() string { return o.String() }

// Connector reaches an RT.
type Connector struct {
	name, bot        string
	site             *url.URL
	self             string // our user's number, which stands in the token
	stamps           bool
	queue, tags      string
	value            string // the field of what a ticket is worth
	queues           helpdesk.Names
	articles, macros string
	statuses         Statuses
	priorities       [4]int
	settle           time.Duration
	now              func() time.Time
	api              *helpdesk.HTTP

	mu    sync.Mutex
	users map[string]known // by name
	me    string           // our user's name; "" until it was asked
}

// restPath is where the interface begins below the address of an RT.
const restPath = "REST/2.0"

// mostBody bounds an answer in bytes: a file comes in base64, of as many bytes as RT keeps by default, which is 10 MB.
const mostBody = 32 << 20

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	c, err := connect(o)
	if err != nil {
		return nil, fmt.Errorf("connect rt: %w", err)
	}
	return c, nil
}

// tokenForm is version, the user's number, and the secret (RT::AuthToken).
var tokenForm = regexp.MustCompile(`^1-([0-9]{1,18})-[0-9A-Fa-f]{32}$`)

func connect(o Options) (*Connector, error) {
	site, err := siteOf(o.URL)
	if err != nil {
		return nil, err
	}
	token := strings.TrimSpace(o.Token)
	self := tokenForm.FindStringSubmatch(token)
	switch {
	case token == "":
		return nil, errors.New("the token is missing; signed in as the bot's user, make one under Logged in as, Settings, Auth Tokens")
	case self == nil:
		return nil, errors.New("the token is none of RT's: want 1, the user's number and 32 hexadecimal digits, with dashes between")
	}
	o.fill()
	if err := o.Statuses.check(); err != nil {
		return nil, err
	}
	for i := range o.Priorities[1:] {
		if o.Priorities[i] >= o.Priorities[i+1] {
			return nil, fmt.Errorf("priorities %v do not rise from low to urgent", o.Priorities)
		}
	}
	c := &Connector{
		name: o.Name, bot: o.BotName, site: site, self: self[1], stamps: o.Stamps, queue: o.Queue, tags: o.TagsField, value: o.ValueField,
		articles: o.Articles, macros: o.Macros, statuses: o.Statuses, priorities: o.Priorities, settle: o.Settle, now: o.Now,
		users: make(map[string]known),
	}
	c.api, err = helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: site.JoinPath(restPath).String(), Client: o.Client, Timeout: o.Timeout, MaxBody: mostBody, Now: o.Now,
		Authorize: func(r *http.Request) { r.Header.Set("Authorization", "token "+token) },
	})
	return c, err
}

func (o *Options) fill() {
	if o.Name == "" {
		o.Name = "rt"
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.Priorities == [4]int{} {
		o.Priorities = [4]int{0, 50, 100, 150}
	}
	if o.Settle <= 0 {
		o.Settle = 90 * time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Statuses.fill()
	for _, text := range []*string{&o.Queue, &o.TagsField, &o.ValueField, &o.Articles, &o.Macros} {
		*text = strings.TrimSpace(*text)
	}
}

// siteOf reads the address of an RT. Only loopback may go without https.
func siteOf(text string) (*url.URL, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, errors.New(`the url is missing: where people open RT, such as "https://rt.acme.example"`)
	}
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	at, err := url.Parse(text)
	if err != nil || at.Host == "" || at.User != nil || at.RawQuery != "" || at.Fragment != "" {
		return nil, fmt.Errorf(`url %q is no address: want where people open RT, such as "https://rt.acme.example"`, helpdesk.Clipped(text))
	}
	if at.Scheme != "https" && (at.Scheme != "http" || !helpdesk.Loopback(at.Hostname())) {
		return nil, fmt.Errorf("url %q is not https, so that the token would be sent in the clear", helpdesk.Clipped(at.Redacted()))
	}
	path := strings.TrimSuffix(strings.TrimRight(at.Path, "/"), "/"+restPath)
	return &url.URL{Scheme: at.Scheme, Host: strings.ToLower(at.Host), Path: path}, nil
}
