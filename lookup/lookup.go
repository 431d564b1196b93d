package lookup

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Options say whom to ask.
type Options struct {
	// URL takes the questions: https, or http on a loopback address.
	URL string
	// Secrets sign questions and answers. Each question is signed with every key, and an answer may be with any, so that both
	// sides can change theirs in their own time.
	Secrets helpdesk.Secrets
	// Client makes the calls; default a new one that knows no proxy. Its redirects are always refused: what is asked goes to
	// the URL or nowhere.
	Client *http.Client
	// Timeout bounds a question with its repeat; default 3 s.
	Timeout time.Duration
	// Registerer takes the metrics; nil takes none.
	Registerer prometheus.Registerer
}

// Client asks one look-up. It is safe for concurrent use.
type Client struct {
	url     string
	keys    []string
	now     func() time.Time
	verify  helpdesk.Verify
	client  http.Client
	timeout time.Duration
	metrics *metrics
}

var _ desk.Facts = (*Client)(nil)

// New checks the options; it calls nobody.
func New(o Options) (*Client, error) {
	if err := checkURL(o.URL); err != nil {
		return nil, fmt.Errorf("look-up: %w", err)
	}
	c := &Client{url: o.URL, keys: o.Secrets.Keys, now: o.Secrets.Now, timeout: o.Timeout, metrics: newMetrics()}
	var err error
	if c.verify, err = helpdesk.StandardWebhooks(o.Secrets); err != nil {
		return nil, fmt.Errorf("look-up: %w", err)
	}
	if err := c.metrics.register(o.Registerer); err != nil {
		return nil, fmt.Errorf("look-up: register metrics: %w", err)
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.timeout <= 0 {
		c.timeout = 3 * time.Second
	}
	if o.Client != nil {
		c.client = *o.Client
	} else {
		direct := http.DefaultTransport.(*http.Transport).Clone()
		direct.Proxy = nil
		c.client.Transport = direct
	}
	c.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

func checkURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return errors.New("its URL cannot be read")
	case u.User != nil || u.Fragment != "":
		return fmt.Errorf("url %q: want neither a user nor a fragment; the secret signs", u.Redacted())
	case u.Scheme == "https" && u.Hostname() != "":
		return nil
	case u.Scheme == "http" && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback()):
		return nil
	}
	return fmt.Errorf("url %q: want https:// and a host, or http:// on a loopback address", u.Redacted())
}

// question is what is asked.
type question struct {
	Email     string   `json:"email"`
	Ticket    string   `json:"ticket"`
	Want      []string `json:"want"`
	Mentioned []string `json:"mentioned"`
}

// repeatAfter is the pause before a question is asked once more.
const repeatAfter = 100 * time.Millisecond

// Facts implements desk.Facts.
func (c *Client) Facts(ctx context.Context, q desk.FactQuery) ([]escalate.Fact, error) {
	// Never null: each is a list, for a server in any language.
	body, err := json.Marshal(question{q.Email, q.Ticket, append([]string{}, q.Want...), append([]string{}, q.Mentioned...)})
	if err != nil {
		return nil, fmt.Errorf("look up facts: encode: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	id := rand.Text()
	said, err := c.ask(ctx, id, body)
	if f, ok := errors.AsType[*failure](err); ok && f.again {
		select {
		case <-ctx.Done():
		case <-time.After(repeatAfter):
			said, err = c.ask(ctx, id, body) // the same question: the same id
		}
	}
	c.metrics.calls.WithLabelValues(string(outcomeOf(err))).Inc()
	if err != nil {
		return nil, fmt.Errorf("look up facts: %w", err)
	}
	return c.sift(said, q.Want), nil
}

// Ping asks for nothing about nobody, and so tells whether the look-up answers and both sides have the same secret.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.Facts(ctx, desk.FactQuery{})
	return err
}
