package helpdesk

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"warmline/escalate/desk"
)

// failedFor is how long names are not asked for again after they could not be read: each ticket would ask, and be late.
const failedFor = time.Minute

// Names are what a helpdesk calls its brands, queues or inboxes, of which tickets name the id alone. The zero value knows none; it is
// safe for concurrent use.
type Names struct {
	mu   sync.Mutex
	seen map[string]nameUntil
}

type nameUntil struct {
	name  string // "" of one that the helpdesk does not tell
	until time.Time
}

// Of is the name of an id: the one that was read last where none can be read, else the id. A ticket is never kept from being read for it.
// Read returns the names of some ids, all of the account's or this one's; it is called for an id that is not known, at most once in
// RememberFor, and once a minute while it fails.
func (n *Names) Of(now time.Time, id string, read func() (map[string]string, error)) string {
	if id == "" {
		return ""
	}
	n.mu.Lock()
	known, ok := n.seen[id]
	n.mu.Unlock()
	if ok && now.Before(known.until) && known.until.Sub(now) <= RememberFor { // else the clock was set back
		return cmp.Or(known.name, id)
	}
	names, err := read()
	if errors.Is(err, context.Canceled) {
		return cmp.Or(known.name, id) // that says nothing of the helpdesk
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen == nil {
		n.seen = make(map[string]nameUntil)
	}
	until := now.Add(RememberFor)
	if refused, ok := errors.AsType[*desk.Refused](err); err != nil && !errors.Is(err, desk.ErrNotFound) && (!ok || refused.RetryAfter > 0) {
		until = now.Add(failedFor)
	}
	n.seen[id] = nameUntil{name: known.name, until: until}
	for other, name := range names {
		n.seen[other] = nameUntil{name: strings.TrimSpace(Clean(name)), until: until}
	}
	return cmp.Or(n.seen[id].name, id)
}
