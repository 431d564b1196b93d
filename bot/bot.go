package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/slack-go/slack"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// Desk is what the bot calls when something comes in from Slack. It is called from many goroutines at once.
type Desk interface {
	// Press commits what a person did and returns what to acknowledge. When it returns a nil error the press is durable.
	// The same Press.ID again returns the same Ack.
	Press(ctx context.Context, p desk.Press) (desk.Ack, error)
	// MemberChanged tells of one change of a user group's membership. Telling twice is harmless.
	MemberChanged(ctx context.Context, groupID string, added, removed []escalate.PersonID) error
}

// Options says how a bot runs. The tokens and Desk have no default.
type Options struct {
	// BotToken (xoxb-…) posts; AppToken (xapp-…, scope connections:write) opens the sockets.
	BotToken, AppToken Secret
	// APIURL is where Slack's Web API is, ending in a slash. Default: https://slack.com/api/.
	APIURL string
	// HTTPClient carries the calls; its own timeout and redirects are not used. Default: a plain client.
	HTTPClient *http.Client
	// Dialer opens the sockets' connections, without a proxy. Default: the network, through the environment's proxy.
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)
	// Desk is told what people do.
	Desk Desk
	// Logger gets what an operator should know. Default: nothing is logged.
	Logger *slog.Logger
	// Registerer gets the metrics. Default: they are counted and not shown.
	Registerer prometheus.Registerer
	// Now is the clock. Default: time.Now.
	Now func() time.Time

	// Sockets is how many connections run side by side, 1 to 10. Default: 2; with one, each reconnect loses clicks.
	Sockets int
	// Stagger is the time between their starts, so that Slack does not renew them together. Default: 30 s.
	Stagger time.Duration
	// PingInterval is how long a socket may go without Slack's ping before it counts as dead. Default: 30 s.
	PingInterval time.Duration
	// Workers is how many envelopes are worked on at once. Default: 16.
	Workers int
	// Queue is how many more may wait; beyond it they are left for Slack to send again. Default: 256.
	Queue int
	// AckTimeout is how long a press may take until its acknowledgement. Slack waits 3 s. Default: 2.5 s.
	AckTimeout time.Duration
	// CallTimeout bounds every call to Slack. Default: 5 s.
	CallTimeout time.Duration
	// Unpaced reads the user groups as often as asked: for a workspace without Slack's limits.
	Unpaced bool
}

// Bot is one Slack app in one workspace. All methods are safe for concurrent use.
type Bot struct {
	o        Options
	log      *slog.Logger
	api      *slack.Client
	http     *doer
	bytes    *doer // for files, which take longer
	metrics  *metrics
	channels channelNames
	readings *budget // of the user groups, which Slack answers 20 times a minute; nil: no limit

	connected atomic.Int32 // sockets that are up

	up     chan struct{} // closed when Slack has greeted the first socket
	upOnce sync.Once

	mu   sync.Mutex
	self *slack.AuthTestResponse // who we are; nil until Slack has said so
}

var (
	_ desk.Room        = (*Bot)(nil)
	_ desk.Board       = (*Bot)(nil)
	_ desk.Messenger   = (*Bot)(nil)
	_ desk.Directory   = (*Bot)(nil)
	_ desk.Courier     = (*Bot)(nil)
	_ desk.Attachments = (*Bot)(nil)
)

// New builds a bot. It calls nobody; Run does, and so do the methods of the desk's ports.
func New(o Options) (*Bot, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	b := &Bot{
		o: o, up: make(chan struct{}), log: o.Logger, http: newDoer(o.HTTPClient, o.CallTimeout, maxBody),
		bytes: newDoer(o.HTTPClient, transferTimeout, maxFile), metrics: newMetrics(),
	}
	if !o.Unpaced {
		b.readings = newBudget(4, 4*time.Second)
	}
	b.api = slack.New(string(o.BotToken), slack.OptionAppLevelToken(string(o.AppToken)),
		slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(b.http))
	if err := b.metrics.register(o.Registerer); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	return b, nil
}

// complete fills in the defaults and refuses what cannot work.
func (o *Options) complete() error {
	if !strings.HasPrefix(string(o.BotToken), "xoxb-") {
		return &AuthError{Token: botToken, Reason: "it does not begin with xoxb-", Hint: "copy it from OAuth & Permissions"}
	}
	if !strings.HasPrefix(string(o.AppToken), "xapp-") {
		return &AuthError{Token: appToken, Reason: "it does not begin with xapp-", Hint: "copy it from Basic Information, App-Level Tokens"}
	}
	if o.Desk == nil {
		return errors.New("make bot: no desk to tell")
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if u, err := url.Parse(o.APIURL); err != nil || u.Host == "" || !strings.HasSuffix(o.APIURL, "/") {
		return fmt.Errorf("make bot: API address %q must be a URL that ends in a slash", o.APIURL)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sockets > 10 {
		return fmt.Errorf("make bot: %d sockets, Slack allows 10", o.Sockets)
	}
	fill(&o.Sockets, 2)
	fill(&o.Workers, 16)
	fill(&o.Queue, 256)
	fill(&o.Stagger, 30*time.Second)
	fill(&o.PingInterval, 30*time.Second)
	fill(&o.AckTimeout, 2500*time.Millisecond)
	fill(&o.CallTimeout, 5*time.Second)
	return nil
}

// fill sets a value that is not positive to its default.
func fill[N int | time.Duration](v *N, byDefault N) {
	if *v <= 0 {
		*v = byDefault
	}
}

// call makes one call to Slack, under a deadline, and classifies how it ended: see classify.
func (b *Bot) call(ctx context.Context, method, op string, f func(context.Context) error) error {
	return b.within(ctx, b.o.CallTimeout, method, op, f)
}

// transferTimeout bounds the sending or fetching of one file's bytes.
const transferTimeout = time.Minute

// transfer is call for a file's bytes.
func (b *Bot) transfer(ctx context.Context, method, op string, f func(context.Context) error) error {
	return b.within(ctx, transferTimeout, method, op, f)
}

func (b *Bot) within(ctx context.Context, most time.Duration, method, op string, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	err := classify(op, f(ctx))
	b.metrics.calls.WithLabelValues(method, outcome(err)).Inc()
	return err
}

// Team returns the id of the workspace, or "" before Run has signed in.
func (b *Bot) Team() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.self == nil {
		return ""
	}
	return b.self.TeamID
}

// Sockets returns how many connections are up, and how many there should be.
func (b *Bot) Sockets() (up, of int) { return int(b.connected.Load()), b.o.Sockets }

// identity returns who we are in Slack, asking once.
func (b *Bot) identity(ctx context.Context) (*slack.AuthTestResponse, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.self != nil {
		return b.self, nil
	}
	var self *slack.AuthTestResponse
	var raw error
	err := b.call(ctx, "auth.test", "ask Slack who we are", func(ctx context.Context) error {
		self, raw = b.api.AuthTestContext(ctx)
		return raw
	})
	if auth := asAuth(botToken, raw); auth != nil {
		return nil, auth
	}
	if err != nil {
		return nil, err
	}
	if missing := missingScopes(self.Header); missing != "" {
		return nil, &AuthError{Token: botToken, Reason: "missing_scope", Hint: authHints["missing_scope"] + " (missing: " + missing + ")"}
	}
	b.self = self
	return self, nil
}

// needed are the scopes without which nothing works. manifest.yml has them all, and says what each is for.
var needed = []string{"chat:write", "commands", "channels:history", "channels:read", "usergroups:read", "users:read"}

// granted reports whether the bot token has a scope, as far as Slack says.
func (b *Bot) granted(scope string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.self == nil || len(b.self.Header.Values("X-Oauth-Scopes")) == 0 {
		return true
	}
	has := strings.FieldsFunc(b.self.Header.Get("X-Oauth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	return slices.Contains(has, scope)
}

func missingScopes(h http.Header) string {
	granted, told := h.Get("X-Oauth-Scopes"), len(h.Values("X-Oauth-Scopes")) > 0
	if !told {
		return ""
	}
	has := map[string]bool{}
	for s := range strings.SplitSeq(granted, ",") {
		has[strings.TrimSpace(s)] = true
	}
	var missing []string
	for _, s := range needed {
		if !has[s] {
			missing = append(missing, s)
		}
	}
	return strings.Join(missing, ", ")
}
