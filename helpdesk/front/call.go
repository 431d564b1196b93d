package front

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// pageSize is the most that Front gives on a page; eventsPage the most of the feed.
const (
	pageSize   = 100
	eventsPage = 15
	mostPages  = 1000 // of one list, so that one without an end cannot hold us
)

// page is one page of any of Front's lists.
type page[T any] struct {
	Pagination struct {
		Next *string `json:"next"`
	} `json:"_pagination"`
	Results []T `json:"_results"`
}

// next returns the query of the page that follows, or nil. Front gives it as an address on the company's own host; only its query is
// taken, so that the token never goes to where an answer points.
func (p *page[T]) next(op string) (url.Values, error) {
	if p.Pagination.Next == nil || *p.Pagination.Next == "" {
		return nil, nil
	}
	at, err := url.Parse(*p.Pagination.Next)
	if err != nil || at.Query().Get("page_token") == "" {
		return nil, fmt.Errorf("%s: the address of the next page has no page_token", op)
	}
	return at.Query(), nil
}

// onePage reads one page of a list and returns the query of the next.
func onePage[T any](ctx context.Context, c *Connector, call helpdesk.Call) ([]T, url.Values, error) {
	var p page[T]
	if err := c.http.Do(ctx, call, &p); err != nil {
		return nil, nil, err
	}
	next, err := p.next(call.Op)
	return p.Results, next, err
}

// allPages reads a list whole.
func allPages[T any](ctx context.Context, c *Connector, call helpdesk.Call) ([]T, error) {
	var all []T
	seen := make(map[string]bool)
	for range mostPages {
		some, next, err := onePage[T](ctx, c, call)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if next == nil {
			return all, nil
		}
		token := next.Get("page_token")
		if seen[token] {
			return nil, fmt.Errorf("%s: the list leads back to a page that was read already", call.Op)
		}
		seen[token] = true
		call.Query = next
	}
	return nil, fmt.Errorf("%s: the list has more than %d pages", call.Op, mostPages)
}

func limit(n int) url.Values { return url.Values{"limit": {strconv.Itoa(n)}} }

// conversationPath is where a conversation, or what belongs to it, is.
func conversationPath(id string, rest ...string) []string {
	return append([]string{"conversations", id}, rest...)
}

var conversationAt = regexp.MustCompile(`/conversations/(cnv_[0-9A-Za-z]+)(?:/|$)`)

// conversationIn finds a conversation's id in an address of the API; "" when there is none.
func conversationIn(address string) string {
	at, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if found := conversationAt.FindStringSubmatch(at.Path); found != nil {
		return found[1]
	}
	return ""
}

// mergedInto reads Front's way of saying that a conversation went into another one: 301 with the other's address. Any other redirect
// is not that. Of the address only the id is taken; it is read at our own host.
func mergedInto(err error, id string) string {
	redirect, ok := errors.AsType[*helpdesk.RedirectError](err)
	if !ok || redirect.Status != http.StatusMovedPermanently {
		return ""
	}
	if into := conversationIn(redirect.Location); into != id {
		return into
	}
	return ""
}

// refuseMerged makes a refusal of the 301 with which a merged conversation answers a write: Front applied nothing, and where it would
// have been applied is for the caller to decide, who reads the ticket again.
func refuseMerged(op, id string, err error) error {
	into := mergedInto(err, id)
	if into == "" {
		return err
	}
	return &desk.Refused{Op: op, Why: fmt.Sprintf("conversation %s was merged into %s; read it again and write there", id, into), Moved: true}
}
