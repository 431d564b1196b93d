package helpdesk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"warmline/escalate/desk"
)

// HTTPOptions say how to reach a helpdesk account.
type HTTPOptions struct {
	// BaseURL is where the API begins: scheme, host, and a path if there is one.
	BaseURL string
	// Authorize adds the credentials to a request. It is only ever called for requests to BaseURL's host.
	Authorize func(*http.Request)
	// Client makes the calls; default a new one. Its redirects are always refused, so that credentials stay with the
	// host they were given for.
	Client *http.Client
	// Timeout bounds one call from dial to last byte; default 10 s.
	Timeout time.Duration
	// MaxBody bounds an answer in bytes; default 16 MiB. A longer one is an error, never a truncated ticket.
	MaxBody int64
	// Pace is what the account takes; the zero value sets no limit until an answer names one.
	Pace Pace
	// Now reads the clock, for limits and Retry-After dates; default time.Now.
	Now func() time.Time
}

// HTTP makes JSON calls to one helpdesk account. Its errors keep the promise of desk.Helpdesk: desk.ErrNotFound,
// *desk.Refused when a call was certainly not applied, anything else when that is not known. It never repeats a call.
// It is safe for concurrent use.
type HTTP struct {
	base      *url.URL
	authorize func(*http.Request)
	client    http.Client
	timeout   time.Duration
	maxBody   int64
	pace      *pace
	now       func() time.Time
}

// NewHTTP checks the options; it calls nobody.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, fmt.Errorf("parse base url: %w", err)
	}
	if base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("base url %q: want http:// or https:// and a host", base.Redacted())
	}
	h := &HTTP{base: base, authorize: o.Authorize, timeout: o.Timeout, maxBody: o.MaxBody, now: o.Now}
	if o.Client != nil {
		h.client = *o.Client
	}
	h.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if h.authorize == nil {
		h.authorize = func(*http.Request) {}
	}
	if h.timeout <= 0 {
		h.timeout = 10 * time.Second
	}
	if h.maxBody <= 0 {
		h.maxBody = 16 << 20
	}
	if h.now == nil {
		h.now = time.Now
	}
	h.pace = newPace(o.Pace, h.now)
	return h, nil
}

// Call is one request.
type Call struct {
	Op     string   // what it does, for errors: "read ticket"
	Method string   // default GET
	Path   []string // elements below the base; each is escaped, so an id can never leave its place
	Query  url.Values
	Header http.Header
	Body   any // sent as JSON unless nil, or a Payload
	// Reads says that a call whose method is not GET changes nothing: a search that is posted.
	Reads bool
	// Secrets are credentials in the body, which no error repeats, whatever the other side quotes. Those that Authorize adds, and an
	// Authorization among Header, need not be named.
	Secrets []string
	// Stamped says that the call carries the ticket's version: 409 and 412 then mean that the ticket moved.
	Stamped bool
}

// Payload is a body that is not JSON: an upload.
type Payload struct {
	Type string // MIME type
	Body []byte
}

// Result is a call's answer: its status is a 2xx.
type Result struct {
	Status int
	Header http.Header
	Body   []byte
}

// Do makes a call and decodes its answer into result, unless that is nil.
func (h *HTTP) Do(ctx context.Context, c Call, result any) error {
	res, err := h.Send(ctx, c)
	if err != nil || result == nil || res.Status == http.StatusNoContent {
		return err
	}
	if err := json.Unmarshal(res.Body, result); err != nil {
		return fmt.Errorf("%s: decode answer: %w", c.Op, err)
	}
	return nil
}

// Send makes a call and returns its answer whole.
func (h *HTTP) Send(ctx context.Context, c Call) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	res, err := h.send(ctx, &c, "application/json")
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, h.maxBody+1))
	switch {
	case res.StatusCode < 200 || res.StatusCode > 299:
		return nil, h.judge(c, res, body)
	case err != nil:
		return nil, fmt.Errorf("%s: read answer: %w", c.Op, err)
	case int64(len(body)) > h.maxBody:
		return nil, fmt.Errorf("%s: the answer is longer than %d bytes", c.Op, h.maxBody)
	}
	return &Result{Status: res.StatusCode, Header: res.Header, Body: body}, nil
}

// send makes a call when its turn comes, and adds to its secrets what it was authorized with.
func (h *HTTP) send(ctx context.Context, c *Call, accept string) (*http.Response, error) {
	req, err := h.request(ctx, c)
	if err != nil {
		// Nothing left this process.
		return nil, &desk.Refused{Op: c.Op, Why: err.Error()}
	}
	req.Header.Set("Accept", accept)
	if err := h.pace.wait(ctx, c.Op, req.Method != http.MethodGet && !c.Reads); err != nil {
		return nil, err
	}
	res, err := h.client.Do(req)
	if err != nil {
		return nil, notSent(c.Op, err)
	}
	h.pace.learn(res.StatusCode, res.Header)
	return res, nil
}

func (h *HTTP) request(ctx context.Context, c *Call) (*http.Request, error) {
	address := *h.base
	for _, element := range c.Path {
		// JoinPath would resolve these, and so call something else than was meant.
		if element == "" || element == "." || element == ".." {
			return nil, fmt.Errorf("path element %q is not allowed", element)
		}
		address = *address.JoinPath(url.PathEscape(element))
	}
	if c.Query != nil {
		address.RawQuery = c.Query.Encode()
	}
	payload, err := payloadOf(c.Body)
	if err != nil {
		return nil, err
	}
	method := c.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(payload.Body))
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, c.Header)
	if payload.Type != "" {
		req.Header.Set("Content-Type", payload.Type)
	}
	before := req.Header.Clone()
	h.authorize(req)
	c.Secrets = append(slices.Clone(c.Secrets), credentials(before, req.Header)...)
	return req, nil
}

// payloadOf is a call's body in bytes; none at all for nil.
func payloadOf(body any) (Payload, error) {
	switch body := body.(type) {
	case nil:
		return Payload{}, nil
	case Payload:
		return body, nil
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		return Payload{}, fmt.Errorf("encode request: %w", err)
	}
	return Payload{Type: "application/json", Body: encoded}, nil
}

// redialAfter is when to try again a helpdesk that takes no connection.
const redialAfter = 5 * time.Second

// notSent tells a call that never got a connection, and so was certainly not applied, from one whose answer was lost.
func notSent(op string, err error) error {
	var network *net.OpError
	if errors.As(err, &network) && network.Op == "dial" && !errors.Is(err, context.Canceled) {
		return &desk.Refused{Op: op, Why: "no connection: " + network.Err.Error(), RetryAfter: redialAfter}
	}
	if called, ok := errors.AsType[*url.Error](err); ok {
		err = called.Err // without the address, in whose query a signature or a customer may stand
	}
	return fmt.Errorf("%s: %w", op, err)
}
