package generic

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "generic".
	Name string
	// URL is where the API begins; what the mapping calls stands below it. It must be https, but on this machine.
	URL string
	// Secret is what takes the place of {secret} in the mapping's auth.
	Secret string
	// Mapping is what CheckMapping returned.
	Mapping *Mapping
	// PerMinute is how many calls the account takes; 0 sets no limit until an answer names one.
	PerMinute int
	// Settle is how long after a lost answer a call may still be applied; default two minutes.
	Settle time.Duration
	// BotName is the author of what we wrote in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 10 s.
	Timeout time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the secret out of logs and errors.
func (o Options) String() string { return o.Name + " at " + o.URL }

// GoString keeps the secret out of %#v.
func (o Options) GoString() string { return o.String() }

// Connector reaches an account by its mapping.
type Connector struct {
	name   string
	bot    string
	settle time.Duration
	now    func() time.Time
	base   *url.URL
	api    *helpdesk.HTTP
	m      *Mapping
}

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	if o.Mapping == nil || !o.Mapping.checked {
		return nil, errors.New("connect generic: the mapping is missing, or CheckMapping did not pass it")
	}
	base, err := baseOf(o.URL)
	if err != nil {
		return nil, fmt.Errorf("connect generic: %w", err)
	}
	if strings.TrimSpace(o.Secret) == "" {
		return nil, errors.New("connect generic: the secret is missing; it is what the helpdesk gave you for its API")
	}
	o.fill()
	header, value := o.Mapping.Auth.Header, strings.ReplaceAll(o.Mapping.Auth.Value, "{secret}", strings.TrimSpace(o.Secret))
	api, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: base.String(), Client: o.Client, Timeout: o.Timeout, Now: o.Now, Pace: helpdesk.Pace{PerMinute: o.PerMinute},
		Authorize: func(r *http.Request) { r.Header.Set(header, value) },
	})
	if err != nil {
		return nil, fmt.Errorf("connect generic: %w", err)
	}
	return &Connector{name: o.Name, bot: o.BotName, settle: o.Settle, now: o.Now, base: base, api: api, m: o.Mapping}, nil
}

func (o *Options) fill() {
	if o.Name == "" {
		o.Name = "generic"
	}
	if o.BotName == "" {
		o.BotName = "AI assistant"
	}
	if o.Settle <= 0 {
		o.Settle = 2 * time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func baseOf(text string) (*url.URL, error) {
	base, err := url.Parse(strings.TrimSpace(text))
	switch {
	case err != nil || base.Host == "" || base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("the address %q is none: want where the API begins, such as https://desk.example.com/api/v1", helpdesk.Clipped(text))
	case base.Scheme != "https" && (base.Scheme != "http" || !helpdesk.Loopback(base.Hostname())):
		return nil, fmt.Errorf("the address %q is not https: the secret would be sent in the clear", helpdesk.Clipped(base.Redacted()))
	}
	base.Path, base.RawPath = strings.TrimSuffix(base.Path, "/"), strings.TrimSuffix(base.RawPath, "/")
	return base, nil
}
