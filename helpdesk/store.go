package helpdesk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"warmline/escalate/desk"
)

// FileStore opens files whose addresses a vendor signs: on the account's own host, or where the vendor keeps files. No credentials go
// with a call, wherever it points. It is safe for concurrent use.
type FileStore struct {
	Vendor  string        // for people: "HubSpot"
	Site    *url.URL      // the account's own scheme and host
	Client  *http.Client  // for the account's own host; default a new one. All others are reached with Outside.
	Timeout time.Duration // of one call; default that of HTTP
	Now     func() time.Time
	// Keeps reports whether the vendor keeps files on a host, which is in small letters and reached by https on its usual port.
	Keeps func(host string) bool
}

// storeHops is how often a file's address may point to another: from the vendor's own to where its files are kept.
const storeHops = 3

// elsewhere reaches what does not lie on an account's own host.
var elsewhere = Outside()

// Open opens a file's address, and follows it to no other host than one where the vendor keeps files. Errors are those of
// desk.FileReader.
func (s *FileStore) Open(ctx context.Context, address string) (io.ReadCloser, error) {
	const op = "open file"
	for range storeHops {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" || at.User != nil {
			return nil, &desk.Refused{Op: op, Why: "the file's address cannot be read; open it in " + s.Vendor}
		}
		if !s.keeps(at) {
			why := fmt.Sprintf("the file lies on %s, where %s keeps none; open it in %s", clip(at.Host, 80), s.Vendor, s.Vendor)
			return nil, &desk.Refused{Op: op, Why: why}
		}
		host, err := NewHTTP(HTTPOptions{BaseURL: at.Scheme + "://" + at.Host, Client: s.clientFor(at), Timeout: s.Timeout, Now: s.Now})
		if err != nil {
			return nil, err
		}
		body, err := host.Open(ctx, Call{Op: op, Path: elements(at), Query: at.Query()})
		moved, ok := errors.AsType[*RedirectError](err)
		if !ok {
			return body, err
		}
		next, parseErr := at.Parse(moved.Location)
		if parseErr != nil || !s.keeps(next) {
			return nil, err
		}
		address = next.String()
	}
	return nil, fmt.Errorf("%s: its address points to another again and again", op)
}

func (s *FileStore) own(at *url.URL) bool {
	return at.Scheme == s.Site.Scheme && at.Host == s.Site.Host
}

func (s *FileStore) keeps(at *url.URL) bool {
	return s.own(at) || at.Scheme == "https" && at.Port() == "" && s.Keeps(strings.ToLower(at.Hostname()))
}

// clientFor is who may call a host. On hosts other than the account's own, no private address is dialled.
func (s *FileStore) clientFor(at *url.URL) *http.Client {
	if s.own(at) {
		return s.Client
	}
	return elsewhere
}

// AmazonS3 reports whether a host is one of Amazon's buckets.
func AmazonS3(host string) bool {
	return strings.HasSuffix(host, ".amazonaws.com") &&
		(strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") || strings.Contains(host, ".s3.") || strings.Contains(host, ".s3-"))
}

// elements are those of an address's path, unescaped: each is escaped again when it is called.
func elements(at *url.URL) (all []string) {
	for part := range strings.SplitSeq(at.EscapedPath(), "/") {
		if plain, err := url.PathUnescape(part); err == nil && plain != "" {
			all = append(all, plain)
		}
	}
	return all
}
