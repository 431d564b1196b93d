package jira

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Options say which account to reach and how.
type Options struct {
	// Name is the connected account's name: Ref.Desk of its tickets. Default "jira".
	Name string
	// URL is where people open Jira: "https://shop.atlassian.net".
	URL string
	// API is where calls go, when that is not URL: "https://api.atlassian.com/ex/jira/{cloud id}" for tokens with scopes.
	API string
	// Email and Token are those of the account that Warmline works as.
	Email, Token string
	// Projects are the keys of the service projects whose requests are read; at least one.
	Projects []string

	// Statuses names the statuses that stand for ours, where they are not Jira's usual ones; the first of several is the one to go to.
	Statuses map[escalate.Status][]string
	// Priorities names the priorities that stand for ours, likewise.
	Priorities map[escalate.Priority][]string
	// SLAs names the SLAs of each kind of deadline: "first_response", "next_response", "resolution".
	SLAs map[string][]string
	// Agents are the account ids of agents by e-mail address, where Jira hides the address.
	Agents map[string]escalate.AgentID

	// ValueField is the custom field that says what a request is worth: "customfield_10050"; "" has none.
	ValueField string
	// RequestType names the request type of what is opened from Slack; "" is the first that asks for no more than we have.
	RequestType string
	// BotName signs replies that are in nobody's name; default "AI assistant".
	BotName string
	// Client makes the calls; default a new one.
	Client *http.Client
	// Timeout bounds a call; default 10 s.
	Timeout time.Duration
	// Settle is how long after a lost answer a call may still be applied; default 90 s.
	Settle time.Duration
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// Connector reaches one Jira account. It is safe for concurrent use.
type Connector struct {
	Options

	http *helpdesk.HTTP

	mu sync.Mutex
	me *user // who the token belongs to; nil until asked

	// leaky is set once a note came out public: notes then go through service management.
	leaky atomic.Bool
}

var (
	_ helpdesk.Connector = (*Connector)(nil)
	_ helpdesk.Archive   = (*Connector)(nil)
	_ helpdesk.Registrar = (*Connector)(nil)
	_ desk.FileReader    = (*Connector)(nil)
	_ desk.Opener        = (*Connector)(nil)
)

var customField = regexp.MustCompile(`^customfield_[0-9]{1,18}$`)

var projectKey = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,254}$`)

// Connect checks the options; it calls nobody.
func Connect(o Options) (*Connector, error) {
	o.Name = cmp.Or(o.Name, "jira")
	o.BotName = cmp.Or(o.BotName, "AI assistant")
	o.Settle = cmp.Or(o.Settle, 90*time.Second)
	o.URL = strings.TrimSuffix(o.URL, "/")
	o.RequestType, o.ValueField = strings.TrimSpace(o.RequestType), strings.TrimSpace(o.ValueField)
	o.API = strings.TrimSuffix(cmp.Or(o.API, o.URL), "/")
	if o.Now == nil {
		o.Now = time.Now
	}
	site, err := url.Parse(o.URL)
	switch {
	case err != nil || site.Host == "" || site.Scheme != "https" && site.Scheme != "http":
		return nil, errors.New("connect jira: url: want the address at which you open Jira, such as https://shop.atlassian.net")
	case o.Email == "" || o.Token == "":
		return nil, errors.New("connect jira: email and token: want those of the account that Warmline works as; make a token at " +
			"https://id.atlassian.com/manage-profile/security/api-tokens")
	case len(o.Projects) == 0:
		return nil, errors.New("connect jira: project: want the key of at least one service project, such as SUP")
	}
	for _, key := range o.Projects {
		if !projectKey.MatchString(key) {
			return nil, fmt.Errorf("connect jira: project %q: want a project's key: capital letters and digits, such as SUP", key)
		}
	}
	if o.ValueField != "" && !customField.MatchString(o.ValueField) {
		return nil, fmt.Errorf("connect jira: value_field %q: want a field's id, such as customfield_10050", o.ValueField)
	}
	agents := make(map[string]escalate.AgentID, len(o.Agents))
	for email, agent := range o.Agents {
		agents[strings.ToLower(email)] = agent
	}
	o.Agents = agents
	base, err := helpdesk.NewHTTP(helpdesk.HTTPOptions{
		BaseURL: o.API, Client: o.Client, Timeout: o.Timeout, Now: o.Now,
		Authorize: func(r *http.Request) { r.SetBasicAuth(o.Email, o.Token) },
		// Too many writes to one issue say nothing about the others.
		Pace: helpdesk.Pace{Alone: func(h http.Header) bool { return h.Get("RateLimit-Reason") == "jira-per-issue-on-write" }},
	})
	if err != nil {
		return nil, fmt.Errorf("connect jira: %w", err)
	}
	return &Connector{Options: o, http: base}, nil
}

// String keeps the token out of logs and errors.
func (o Options) String() string { return "jira account " + o.Name }

// GoString keeps the token out of %#v.
func (o Options) GoString() string { return o.String() }

// Limits implements desk.Helpdesk. Jira has no version to compare, so a reply can double: after a lost answer the caller waits for
// Settle and looks for its marker.
func (c *Connector) Limits() desk.Limits {
	return desk.Limits{Settle: c.Settle, MaxFiles: mostFiles, MaxUpload: mostBytes}
}

// ours reports whether a project is one of the account's.
func (c *Connector) ours(project string) bool { return slices.Contains(c.Projects, project) }

// pairs reads a setting of the form "a=b, c=d". A name may come more than once.
func pairs(setting, text string) ([][2]string, error) {
	var found [][2]string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("%s: %q: want name=value, with commas between", setting, part)
		}
		found = append(found, [2]string{name, value})
	}
	return found, nil
}

// named reads a setting that gives Jira's names for ours.
func named[K ~string](setting, text string, known ...K) (map[K][]string, error) {
	found, err := pairs(setting, text)
	if err != nil {
		return nil, err
	}
	out := make(map[K][]string)
	for _, p := range found {
		if !slices.Contains(known, K(p[0])) {
			return nil, fmt.Errorf("%s: %q is not one of %q", setting, p[0], known)
		}
		out[K(p[0])] = append(out[K(p[0])], p[1])
	}
	return out, nil
}
