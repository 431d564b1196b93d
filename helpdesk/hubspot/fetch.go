package hubspot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// hops is how often a file's address may point to another: from HubSpot's own to where its files are kept.
const hops = 3

// fetch opens a file's address, and follows it to no other host than one where HubSpot keeps files.
func (c *Connector) fetch(ctx context.Context, address string) (io.ReadCloser, error) {
	const op = "open file"
	for range hops {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" || at.User != nil {
			return nil, &desk.Refused{Op: op, Why: "the file's address cannot be read; open it in HubSpot"}
		}
		host, err := c.fileHost(at)
		if err != nil {
			return nil, err
		}
		body, err := host.Open(ctx, helpdesk.Call{Op: op, Path: elements(at), Query: at.Query()})
		moved, ok := errors.AsType[*helpdesk.RedirectError](err)
		if !ok {
			return body, err
		}
		next, parseErr := at.Parse(moved.Location)
		if parseErr != nil || !c.keepsFiles(next) {
			return nil, err
		}
		address = next.String()
	}
	return nil, fmt.Errorf("%s: its address points to another for the %dth time", op, hops)
}

// fileHost makes calls to the host of a file, without credentials. On hosts other than the account's own, no private address is
// dialled.
func (c *Connector) fileHost(at *url.URL) (*helpdesk.HTTP, error) {
	if !c.keepsFiles(at) {
		why := fmt.Sprintf("the file lies on %s, where HubSpot keeps none; open it in HubSpot", at.Hostname())
		return nil, &desk.Refused{Op: "open file", Why: why}
	}
	return helpdesk.NewHTTP(helpdesk.HTTPOptions{BaseURL: at.Scheme + "://" + at.Host, Client: c.clientFor(at), Timeout: c.timeout, Now: c.now})
}

// clientFor is who may call a host.
func (c *Connector) clientFor(at *url.URL) *http.Client {
	if c.ours(at) {
		return c.client
	}
	return outside
}

func (c *Connector) ours(at *url.URL) bool {
	return at.Scheme == c.site.Scheme && at.Host == c.site.Host
}

// keepsFiles reports whether HubSpot keeps files on a host: the API's own, its content network, and its buckets.
func (c *Connector) keepsFiles(at *url.URL) bool {
	if c.ours(at) {
		return true
	}
	host := strings.ToLower(at.Hostname())
	if at.Scheme != "https" || at.Port() != "" {
		return false
	}
	labels := strings.Split(host, ".")
	network := len(labels) > 2 && strings.HasPrefix(labels[len(labels)-2], "hubspotusercontent") && labels[len(labels)-1] == "net"
	s3 := strings.HasSuffix(host, ".amazonaws.com") && (strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") || strings.Contains(host, ".s3.") || strings.Contains(host, ".s3-"))
	return network || s3 || strings.HasSuffix(host, ".hubspot.com") || strings.HasSuffix(host, ".hubapi.com")
}

// outside dials public addresses only, whatever a name resolves to.
var outside = &http.Client{Transport: &http.Transport{
	DialContext:         (&net.Dialer{Timeout: 5 * time.Second, Control: publicOnly}).DialContext,
	TLSHandshakeTimeout: 5 * time.Second, MaxIdleConns: 4, IdleConnTimeout: 30 * time.Second,
}}

// publicOnly refuses to dial an address that is not on the open internet.
func publicOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial %s: %w", address, err)
	}
	ip := at.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || carrierGrade.Contains(ip) {
		return fmt.Errorf("dial %s: a file does not lie on a private address", ip)
	}
	return nil
}

// carrierGrade is private, too (RFC 6598).
var carrierGrade = netip.MustParsePrefix("100.64.0.0/10")

// elements are those of an address's path, unescaped: each is escaped again when it is called.
func elements(at *url.URL) (all []string) {
	for part := range strings.SplitSeq(at.EscapedPath(), "/") {
		if plain, err := url.PathUnescape(part); err == nil && plain != "" {
			all = append(all, plain)
		}
	}
	return all
}
