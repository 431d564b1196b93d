package requesttracker

import (
	"context"

	"warmline/escalate"
	"warmline/helpdesk"
)

// brandOf is what a ticket's queue is called. A ticket names it by number, and a queue tells its name to whoever has the right SeeQueue.
func (c *Connector) brandOf(ctx context.Context, t *ticket) string {
	id := string(t.Queue.ID)
	return c.queues.Of(c.now(), id, func() (map[string]string, error) {
		var q struct {
			Name text `json:"Name"`
		}
		if err := c.api.Do(ctx, helpdesk.Call{Op: "read queue", Path: []string{"queue", id}}, &q); err != nil {
			return nil, err
		}
		return map[string]string{id: string(q.Name)}, nil
	})
}

// worth is what a ticket is worth. Of a field with several values none is meant.
func (c *Connector) worth(t *ticket) float64 {
	f := t.field(c.value)
	if f == nil || len(f.Values) != 1 {
		return 0
	}
	return escalate.AmountIn(string(f.Values[0]))
}
