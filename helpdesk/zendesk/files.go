package zendesk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Zendesk takes files of up to 50 MB; these are what goes through in the time of one call.
const (
	mostFiles = 10
	mostBytes = 20 << 20
)

// upload brings files to the account and returns the tokens by which a comment takes them along. What is never taken along Zendesk
// deletes by itself, so a repeat after a lost answer leaves nothing behind.
func (c *Connector) upload(ctx context.Context, files []desk.Upload) (tokens []string, err error) {
	for _, f := range files {
		var answer struct {
			Upload struct {
				Token word `json:"token"`
			} `json:"upload"`
		}
		call := helpdesk.Call{
			Op: "upload file", Method: http.MethodPost, Path: []string{"uploads"}, Query: url.Values{"filename": {f.Name}},
			Body: helpdesk.Payload{Type: or(f.Type, "application/octet-stream"), Body: f.Body},
		}
		if err := c.http.Do(ctx, call, &answer); err != nil {
			return nil, err
		}
		if answer.Upload.Token == "" {
			return nil, errors.New("upload file: the answer has no token")
		}
		tokens = append(tokens, string(answer.Upload.Token))
	}
	return tokens, nil
}

// OpenFile implements desk.FileReader. The file's address is read afresh each time, because it may end.
func (c *Connector) OpenFile(ctx context.Context, ticket string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	if !numeric(ticket) {
		return nil, fmt.Errorf("open file: %w: %q is no ticket's number", desk.ErrNotFound, ticket)
	}
	query := url.Values{"sort": {"-created_at"}, "page[size]": {pageSize}} // people open what came last
	for range mostComments {
		page, err := c.commentPage(ctx, ticket, query)
		if err != nil {
			return nil, err
		}
		for i := range page.Comments {
			if page.Comments[i].ID == id(m) {
				return c.openIn(ctx, &page.Comments[i], id(f))
			}
		}
		next, err := page.next("open file", query.Get("page[after]"))
		if err != nil {
			return nil, err
		}
		if next == "" {
			return nil, fmt.Errorf("open file: %w: its message is not there", desk.ErrNotFound)
		}
		query.Set("page[after]", next)
	}
	return nil, errors.New("open file: the list of comments has no end")
}

func (c *Connector) openIn(ctx context.Context, m *comment, file id) (io.ReadCloser, error) {
	for _, a := range m.Attachments {
		if a.ID != file || bool(a.Deleted) {
			continue
		}
		if a.Malware == "malware_found" {
			return nil, &desk.Refused{Op: "open file", Why: "Zendesk found malware in it"}
		}
		return c.fetch(ctx, string(a.ContentURL))
	}
	return nil, fmt.Errorf("open file: %w: its message does not have it", desk.ErrNotFound)
}

// mostHops is how often a file's address may point elsewhere: from the account's to that of the store behind it.
const mostHops = 3

// fetch opens a file's address. Credentials go to the account's own host only; to another one goes a bare request, over https, and
// only where its address is a public one, because anybody who can send a ticket may have chosen it.
func (c *Connector) fetch(ctx context.Context, address string) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	at, err := url.Parse(address)
	for hop := 0; err == nil && hop <= mostHops; hop++ {
		var res *http.Response
		if res, err = c.get(ctx, at); err != nil {
			break
		}
		if res.StatusCode == http.StatusOK {
			return &file{ReadCloser: res.Body, cancel: cancel}, nil
		}
		_ = res.Body.Close() // nothing of it is wanted
		if res.StatusCode/100 != 3 {
			err = notOpened(res)
			break
		}
		at, err = res.Location()
	}
	cancel()
	if err == nil {
		err = &desk.Refused{Op: "open file", Why: "its address only points to other ones"}
	}
	return nil, err
}

// get makes one request, to the account or elsewhere.
func (c *Connector) get(ctx context.Context, at *url.URL) (*http.Response, error) {
	own := at.Scheme == c.base.Scheme && at.Host == c.base.Host
	if at.User != nil || !own && at.Scheme != "https" {
		return nil, &desk.Refused{Op: "open file", Why: fmt.Sprintf("its address is on %q, where nothing is fetched from; open it in Zendesk", at.Host)}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, &desk.Refused{Op: "open file", Why: "its address is none"}
	}
	client := &c.elsewhere
	if own {
		client = &c.own
		c.authorize(req)
	}
	res, err := client.Do(req)
	if err != nil {
		// The error repeats the address, in which the file's own key may stand.
		return nil, fmt.Errorf("open file on %s: %w", at.Host, errors.Unwrap(err))
	}
	return res, nil
}

func notOpened(res *http.Response) error {
	switch {
	case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
		return fmt.Errorf("open file: %w (%s)", desk.ErrNotFound, res.Status)
	case res.StatusCode == http.StatusTooManyRequests:
		return &desk.Refused{Op: "open file", Why: res.Status, RetryAfter: time.Minute}
	case res.StatusCode/100 == 4:
		return &desk.Refused{Op: "open file", Why: res.Status + "; may the token's user open the ticket's files?"}
	}
	return fmt.Errorf("open file: %s", res.Status)
}

// file is a file that ends its call when it is closed.
type file struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (f *file) Close() error {
	defer f.cancel()
	return f.ReadCloser.Close()
}
