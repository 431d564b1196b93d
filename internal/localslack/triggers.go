package localslack

import (
	"fmt"
	"time"
)

// triggerLife is how long a trigger_id opens a view.
const triggerLife = 3 * time.Second

// maxTriggers bounds how many are remembered, used ones included, so that a
// late use is told from a made-up id.
const maxTriggers = 10_000

// trigger is the right to open one view for the person who acted.
type trigger struct {
	app, user string
	view      string // the modal that was acted in, if any
	at        time.Time
	used      bool
}

type triggers struct {
	byID  map[string]*trigger
	order []string // oldest first
}

func newTriggers() triggers { return triggers{byID: map[string]*trigger{}} }

func (ts *triggers) issue(t trigger) string {
	if len(ts.order) >= maxTriggers {
		delete(ts.byID, ts.order[0])
		ts.order = ts.order[1:]
	}
	id := fmt.Sprintf("%d.%d.%s", t.at.UnixMilli(), len(ts.order), newID(""))
	ts.byID[id] = &t
	ts.order = append(ts.order, id)
	return id
}

// find returns a trigger that may still be used. Whoever uses it marks it.
func (ts *triggers) find(id, app string, now time.Time) (*trigger, error) {
	t := ts.byID[id]
	switch {
	case t == nil || t.app != app:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case now.Sub(t.at) > triggerLife:
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}
