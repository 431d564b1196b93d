package requesttracker

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"warmline/helpdesk"
)

// perPage is the most that any list gives at once.
const perPage = 100

// mostPages bounds a list that is read whole. Longer, and the reading is an error, never a part.
const mostPages = 100

// limit is a condition of a search in RT's JSON form. Two of one field are joined by OR unless joint is set.
type limit struct {
	Field    string `json:"field"`
	Operator string `json:"operator,omitempty"`
	Value    string `json:"value"`
	Joint    string `json:"entry_aggregator,omitempty"`
}

// and joins a condition to one before it of the same field.
const and = "AND"

// query is a search as an address holds it.
func query(limits ...limit) string {
	text, err := json.Marshal(limits)
	if err != nil {
		panic("requesttracker: " + err.Error()) // strings cannot fail
	}
	return string(text)
}

// listed is a page of any list. Its total and the address of the next page are null for whoever is no superuser.
type listed[T any] struct {
	Items  []T `json:"items"`
	header http.Header
}

// page reads the n-th page of a list, from 1. What we may not see is left out of it after RT has cut it to its length, so a page with
// less than it holds need not be the last.
func page[T any](ctx context.Context, c *Connector, call helpdesk.Call, n int) (*listed[T], error) {
	q := url.Values{"per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(n)}, "orderby": {"id"}}
	maps.Copy(q, call.Query)
	call.Query = q
	res, err := c.api.Send(ctx, call)
	if err != nil {
		return nil, err
	}
	l := &listed[T]{header: res.Header}
	if err := json.Unmarshal(res.Body, l); err != nil {
		return nil, fmt.Errorf("%s: decode answer: %w", call.Op, err)
	}
	return l, nil
}

// all reads a list whole, of which nothing is hidden from us.
func all[T any](ctx context.Context, c *Connector, call helpdesk.Call) (out []T, err error) {
	for n := range mostPages {
		l, err := page[T](ctx, c, call, n+1)
		if err != nil {
			return nil, err
		}
		if out = append(out, l.Items...); len(l.Items) < perPage {
			return out, nil
		}
	}
	return nil, fmt.Errorf("%s: it has more than %d pages", call.Op, mostPages)
}
