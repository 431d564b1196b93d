package zendesk

import (
	"context"
	"errors"
	"net/url"

	"warmline/helpdesk"
)

// mostBrands bounds the list of brands, in pages: an account has at most 300.
const mostBrands = 10

// brandOf is what a ticket's brand is called.
func (c *Connector) brandOf(ctx context.Context, t *ticket) string {
	return c.brands.Of(c.now(), string(t.BrandID), func() (map[string]string, error) { return c.brandNames(ctx) })
}

// brandNames are the names of all brands (Ticketing, Brands, List Brands: admins and agents may).
func (c *Connector) brandNames(ctx context.Context) (map[string]string, error) {
	names := make(map[string]string)
	query := url.Values{"page[size]": {pageSize}}
	for range mostBrands {
		var page struct {
			paging
			Brands []struct {
				ID   id   `json:"id"`
				Name word `json:"name"`
			} `json:"brands"`
		}
		if err := c.http.Do(ctx, helpdesk.Call{Op: "list brands", Path: []string{"brands"}, Query: query}, &page); err != nil {
			return nil, err
		}
		for _, b := range page.Brands {
			names[string(b.ID)] = string(b.Name)
		}
		next, err := page.next("list brands", query.Get("page[after]"))
		if err != nil || next == "" {
			return names, err
		}
		query.Set("page[after]", next)
	}
	return names, errors.New("list brands: the list has no end")
}
