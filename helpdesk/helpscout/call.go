package helpscout

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// send makes a call with a token. One that is not taken any more is changed; then a read is made again, and a write is refused for a
// moment instead: a call that changes something is never made twice on our own account.
func (c *Connector) send(ctx context.Context, call helpdesk.Call) (*helpdesk.Result, error) {
	for again := false; ; again = true {
		value, err := c.tokens.take(ctx, call.Op)
		if err != nil {
			return nil, err
		}
		call.Header = http.Header{"Authorization": {"Bearer " + value}}
		res, err := c.api.Send(ctx, call)
		if err == nil {
			c.tokens.accepted(value)
			return res, nil
		}
		if !expired(err) {
			return nil, err
		}
		helps := c.tokens.rejected(value)
		if isRead := call.Method == "" || call.Method == http.MethodGet; isRead && !again {
			continue
		}
		if !again && helps {
			return nil, &desk.Refused{Op: call.Op, Why: "401: the token had ended before its time; nothing was applied", RetryAfter: time.Second}
		}
		return nil, err
	}
}

// expired reports whether a call was answered with 401, which the shared client tells by its words alone.
func expired(err error) bool {
	refused, ok := errors.AsType[*desk.Refused](err)
	return ok && strings.HasPrefix(refused.Why, "401 ")
}

// do makes a call and decodes its answer, unless into is nil.
func (c *Connector) do(ctx context.Context, call helpdesk.Call, into any) error {
	res, err := c.send(ctx, call)
	if err != nil || into == nil {
		return err
	}
	return decode(call.Op, res.Body, into)
}

func decode(op string, body []byte, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%s: decode answer: %w", op, err)
	}
	return nil
}

// page is one page of a list (HAL). Embedded is missing where there is nothing.
type page struct {
	Embedded map[string]json.RawMessage `json:"_embedded"`
	Page     struct {
		Total number `json:"totalElements"`
		Pages number `json:"totalPages"`
	} `json:"page"`
	Links struct {
		Next struct {
			Href string `json:"href"`
		} `json:"next"`
	} `json:"_links"`
	date time.Time // when it was, by the vendor's clock
}

// more reports whether there is a page behind the nth. The address of the next one is never followed, only seen.
func (p *page) more(n int) bool {
	if p.Page.Pages > 0 {
		return int64(n) < int64(p.Page.Pages)
	}
	return p.Links.Next.Href != ""
}

// page reads the nth page of a list.
func (c *Connector) page(ctx context.Context, call helpdesk.Call, n int, name string, into any) (*page, error) {
	query := url.Values{"page": {strconv.Itoa(n)}}
	maps.Copy(query, call.Query)
	call.Query = query
	res, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	p := &page{date: c.clock(res.Header)}
	if err := decode(call.Op, res.Body, p); err != nil {
		return nil, err
	}
	if raw := p.Embedded[name]; len(raw) > 0 {
		return p, decode(call.Op, raw, into)
	}
	return p, nil
}

// clock is the time at Help Scout, ours where an answer does not say.
func (c *Connector) clock(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at.UTC()
	}
	return c.now().UTC()
}

// pagesOfAList bounds a list that is read whole, and beginsAnew how often it is read from its beginning again.
const (
	pagesOfAList = 1000
	beginsAnew   = 3
)

// all reads a list whole. What is added meanwhile pushes others to later pages, so that they come twice; what is taken away pulls
// some to pages that were read already, so that the list is read anew.
func all[T any](ctx context.Context, c *Connector, call helpdesk.Call, name string, id func(*T) ident) ([]T, error) {
	for range beginsAnew {
		list, whole, err := walk(ctx, c, call, name, id)
		if err != nil || whole {
			return list, err
		}
	}
	return nil, fmt.Errorf("%s: it grew shorter each time while it was read; try again", call.Op)
}

func walk[T any](ctx context.Context, c *Connector, call helpdesk.Call, name string, id func(*T) ident) (list []T, whole bool, err error) {
	seen := make(map[ident]bool)
	var total number
	for n := 1; n <= pagesOfAList; n++ {
		var some []T
		p, err := c.page(ctx, call, n, name, &some)
		if err != nil {
			return nil, false, err
		}
		if p.Page.Total < total {
			return nil, false, nil
		}
		total = p.Page.Total
		for i := range some {
			if key := id(&some[i]); !seen[key] {
				seen[key] = true
				list = append(list, some[i])
			}
		}
		if !p.more(n) {
			return list, true, nil
		}
	}
	return nil, false, fmt.Errorf("%s: it has more than %d pages", call.Op, pagesOfAList)
}
