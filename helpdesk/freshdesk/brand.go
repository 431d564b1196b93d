package freshdesk

import (
	"context"
	"errors"

	"warmline/helpdesk"
)

// mostProducts bounds the list of products, in pages.
const mostProducts = 10

// brandOf is what the product is called that a ticket is about: Freshdesk's products have portals and addresses of their own.
func (c *Connector) brandOf(ctx context.Context, t *ticket) string {
	return c.products.Of(c.now(), string(t.ProductID), func() (map[string]string, error) { return c.productNames(ctx) })
}

func (c *Connector) productNames(ctx context.Context) (map[string]string, error) {
	names := make(map[string]string)
	for n := 1; n <= mostProducts; n++ {
		var some []struct {
			ID   ident  `json:"id"`
			Name string `json:"name"`
		}
		more, _, err := c.page(ctx, helpdesk.Call{Op: "list products", Path: []string{"products"}}, n, &some)
		if err != nil {
			return nil, err
		}
		for _, p := range some {
			names[string(p.ID)] = p.Name
		}
		if !more {
			return names, nil
		}
	}
	return names, errors.New("list products: the list has no end")
}
