package helpscout

import (
	"context"
)

// brandOf is what a conversation's inbox is called: each brand has one of its own.
func (c *Connector) brandOf(ctx context.Context, v *conversation) string {
	return c.brands.Of(c.now(), string(v.MailboxID), func() (map[string]string, error) {
		list, err := c.inboxList(ctx)
		names := make(map[string]string)
		for _, m := range list {
			names[string(m.ID)] = m.Name
		}
		return names, err
	})
}
