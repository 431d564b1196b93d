package hubspot

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"warmline/helpdesk"
)

// mostPages bounds a list, so that one without an end cannot hold us. A longer one is an error, never a part.
const mostPages = 200

// all reads a list whole.
func all[T any](ctx context.Context, c *Connector, call helpdesk.Call) ([]T, error) {
	var found []T
	seen := map[string]bool{}
	query := maps.Clone(call.Query)
	if query == nil {
		query = url.Values{}
	}
	for range mostPages {
		call.Query = query
		var p page[T]
		if err := c.http.Do(ctx, call, &p); err != nil {
			return nil, err
		}
		found = append(found, p.Results...)
		after := p.after()
		switch {
		case after == "":
			return found, nil
		case seen[after]:
			return nil, fmt.Errorf("%s: the list leads back to a page that was read already", call.Op)
		}
		seen[after] = true
		query.Set("after", after)
	}
	return nil, fmt.Errorf("%s: the list has more than %d pages", call.Op, mostPages)
}
