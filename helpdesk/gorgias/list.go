package gorgias

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"

	"warmline/helpdesk"
)

// perPage is the most that any list gives at once.
const perPage = "100"

// mostPages bounds a list that is read whole. Longer, and the reading is an error, never a part.
const mostPages = 100

// listed is a page of any list.
type listed[T any] struct {
	Data []T `json:"data"`
	Meta struct {
		Next string `json:"next_cursor"`
	} `json:"meta"`
	header http.Header
}

// page reads the page at a cursor, the first one of "".
func page[T any](ctx context.Context, c *Connector, call helpdesk.Call, cursor string) (*listed[T], error) {
	query := url.Values{"limit": {perPage}}
	maps.Copy(query, call.Query)
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	call.Query = query
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return nil, err
	}
	l := &listed[T]{header: res.Header}
	if err := json.Unmarshal(res.Body, l); err != nil {
		return nil, fmt.Errorf("%s: decode answer: %w", call.Op, err)
	}
	if cursor != "" && l.Meta.Next == cursor {
		return nil, fmt.Errorf("%s: a page names itself as the next one", call.Op)
	}
	return l, nil
}

// all reads a list whole.
func all[T any](ctx context.Context, c *Connector, call helpdesk.Call) (out []T, err error) {
	cursor := ""
	for range mostPages {
		l, err := page[T](ctx, c, call, cursor)
		if err != nil {
			return nil, err
		}
		out = append(out, l.Data...)
		if cursor = l.Meta.Next; cursor == "" {
			return out, nil
		}
	}
	return nil, fmt.Errorf("%s: it has more than %d pages", call.Op, mostPages)
}
