package generic

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// errForm says that a helpdesk answers in another form than its mapping has.
var errForm = errors.New("the answer is not as the mapping says")

// get makes one call that reads, and returns its answer's JSON.
func (c *Connector) get(ctx context.Context, call helpdesk.Call) (any, http.Header, error) {
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return nil, nil, err
	}
	doc, err := decode(res.Body)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w: %w", call.Op, errForm, err)
	}
	return doc, res.Header, nil
}

// call is a call that reads, of a URL template.
func (c *Connector) call(op, template string, v values) (helpdesk.Call, error) {
	path, query, err := v.address(template)
	if err != nil {
		return helpdesk.Call{}, &desk.Refused{Op: op, Why: err.Error()}
	}
	return helpdesk.Call{Op: op, Path: path, Query: query}, nil
}

// list is one page of a list.
type list struct {
	items  []any
	header http.Header
	doc    any
	more   bool
}

// lister reads a list page by page.
type lister struct {
	c     *Connector
	op    string
	url   string
	at    Path
	pages Pages
	v     values
	most  int // pages

	read int // pages so far
	next *helpdesk.Call
}

// page reads the next page.
func (l *lister) page(ctx context.Context) (*list, error) {
	if l.read++; l.read > l.most {
		return nil, fmt.Errorf("%s: the list has more than %d pages; correct the mapping's pages, or ask for more entries at once", l.op, l.most)
	}
	call, number, err := l.here()
	if err != nil {
		return nil, err
	}
	doc, header, err := l.c.get(ctx, call)
	if err != nil {
		return nil, err
	}
	items, there := l.at.items(doc)
	if !there {
		return nil, fmt.Errorf("%s: %w: no list is at %s", l.op, errForm, l.at)
	}
	more, err := l.goesOn(doc, len(items), number)
	return &list{items: items, header: header, doc: doc, more: more}, err
}

// here is the call of the page that is next.
func (l *lister) here() (helpdesk.Call, int, error) {
	if l.next != nil {
		return *l.next, 0, nil
	}
	number := l.read
	if l.pages.First != nil {
		number += *l.pages.First - 1
	}
	l.v["page"] = number
	call, err := l.c.call(l.op, l.url, l.v)
	return call, number, err
}

// goesOn reports whether there is another page behind one.
func (l *lister) goesOn(doc any, items, number int) (bool, error) {
	switch {
	case l.pages.Next != "":
		link := l.pages.Next.text(doc)
		if link == "" {
			return false, nil
		}
		next, err := l.c.follow(l.op, link)
		l.next = next
		return true, err
	case l.pages.Last != "":
		last, err := strconv.Atoi(l.pages.Last.text(doc))
		if err != nil {
			return false, fmt.Errorf("%s: %w: no number of pages is at %s", l.op, errForm, l.pages.Last)
		}
		return number < last && items > 0, nil
	case l.pages.Size > 0:
		return items >= l.pages.Size, nil
	}
	return false, nil
}

// follow makes a call of a link to the next page. It is followed only below the account's own address, because credentials go along.
func (c *Connector) follow(op, link string) (*helpdesk.Call, error) {
	u, err := c.base.Parse(link)
	if err != nil {
		return nil, fmt.Errorf("%s: the link to the next page is none: %q", op, helpdesk.Clipped(link))
	}
	rest, below := strings.CutPrefix(u.EscapedPath(), c.base.EscapedPath()+"/")
	if u.Scheme != c.base.Scheme || !strings.EqualFold(u.Host, c.base.Host) || u.User != nil || !below {
		return nil, fmt.Errorf("%s: the link to the next page leads to %s, away from %s, and is not followed; correct the setting url", op, helpdesk.Clipped(u.Redacted()), c.base)
	}
	call := &helpdesk.Call{Op: op, Query: u.Query()}
	for element := range strings.SplitSeq(rest, "/") {
		text, err := url.PathUnescape(element)
		if err != nil {
			return nil, fmt.Errorf("%s: the link to the next page is none: %q", op, helpdesk.Clipped(link))
		}
		call.Path = append(call.Path, text)
	}
	return call, nil
}

// clock is the time at the helpdesk, ours where an answer does not say.
func (c *Connector) clock(header http.Header) time.Time {
	if at, err := http.ParseTime(header.Get("Date")); err == nil {
		return at.UTC()
	}
	return c.now().UTC()
}

// layouts are the forms in which helpdesks write an instant. One without a zone is UTC.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999 -0700", "2006-01-02 15:04:05.999999999 MST",
	"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", time.RFC1123Z, time.RFC1123,
}

// instant reads a time: a date as helpdesks write it, or seconds or milliseconds since 1970. The zero time of "".
func instant(text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return time.Time{}, nil
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		const newestSecond = 1e11 // the year 5138; above it are milliseconds
		if n > newestSecond {
			n /= 1000
		}
		if n < 0 || n > newestSecond || n != n {
			return time.Time{}, fmt.Errorf("%q is no time", helpdesk.Clipped(text))
		}
		return time.UnixMicro(int64(n * 1e6)).UTC(), nil
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time", helpdesk.Clipped(text))
}
