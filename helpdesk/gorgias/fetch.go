package gorgias

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// fetchers are the clients that fetch bytes: from the account, and from elsewhere.
func fetchers(o Options) (own, away http.Client) {
	if o.Client != nil {
		own = *o.Client
	}
	away = *helpdesk.Outside()
	if o.Elsewhere != nil {
		away = *o.Elsewhere
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.CheckRedirect, away.CheckRedirect = stay, stay
	away.Jar = nil
	return own, away
}

// mostHops is how often an address may point elsewhere: from the account's to that of the store behind it.
const mostHops = 3

// errMoved says that an address points where nothing is fetched from.
var errMoved = errors.New("its address points to another, which is not followed")

// fetch opens an address. Credentials go to the account's own host only, and only where they are wanted; to another host goes a bare
// request, over https, and only where its address is a public one, because anybody who can write a message may have chosen it.
func (c *Connector) fetch(ctx context.Context, op string, at *url.URL, credentials bool) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	for hop := range mostHops + 1 {
		stays := credentials || sameHost(at, c.help) // who signs in elsewhere reads what is not for everybody
		if !c.fetchable(at) || hop > 0 && !stays {
			cancel()
			if hop > 0 {
				return nil, fmt.Errorf("%s: %w", op, errMoved)
			}
			return nil, &desk.Refused{Op: op, Why: fmt.Sprintf("its address is on %q, where nothing is fetched from; open it in Gorgias", helpdesk.Clipped(at.Host))}
		}
		res, err := c.get(ctx, op, at, credentials)
		if err == nil && res.StatusCode == http.StatusOK {
			return &fetched{ReadCloser: res.Body, cancel: cancel}, nil
		}
		if err == nil {
			_ = res.Body.Close() // nothing of it is wanted
			if res.StatusCode/100 == 3 {
				if at, err = res.Location(); err == nil {
					continue
				}
			}
			err = notOpened(op, res)
		}
		cancel()
		return nil, err
	}
	cancel()
	return nil, fmt.Errorf("%s: %w", op, errMoved)
}

// fetchable reports whether anything is fetched from an address.
func (c *Connector) fetchable(at *url.URL) bool {
	return at.User == nil && at.Host != "" && (at.Scheme == "https" || sameHost(at, c.site) || sameHost(at, c.help))
}

func sameHost(at, known *url.URL) bool {
	return known != nil && at.Scheme == known.Scheme && at.Host == known.Host
}

// get makes one request.
func (c *Connector) get(ctx context.Context, op string, at *url.URL, credentials bool) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, &desk.Refused{Op: op, Why: "its address is none"}
	}
	client := &c.away
	switch {
	case sameHost(at, c.site) && credentials:
		client = &c.own
		c.authorize(req)
	case helpdesk.Loopback(at.Hostname()) && (sameHost(at, c.site) || sameHost(at, c.help)):
		client = &c.own // the operator named it
	}
	res, err := client.Do(req)
	if err != nil {
		// The error repeats the address, in which the file's own key may stand.
		return nil, fmt.Errorf("%s on %s: %w", op, at.Host, errors.Unwrap(err))
	}
	return res, nil
}

func notOpened(op string, res *http.Response) error {
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return fmt.Errorf("%s: %w (%s)", op, desk.ErrNotFound, res.Status)
	case res.StatusCode == http.StatusTooManyRequests:
		return &desk.Refused{Op: op, Why: res.Status, RetryAfter: time.Minute}
	case res.StatusCode/100 == 4:
		return &desk.Refused{Op: op, Why: res.Status + "; may it be opened by the API key's user?"}
	}
	return fmt.Errorf("%s: %s", op, res.Status)
}

// fetched is a body that ends its call when it is closed.
type fetched struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (f *fetched) Close() error {
	defer f.cancel()
	return f.ReadCloser.Close()
}
