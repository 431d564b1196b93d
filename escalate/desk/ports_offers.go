package desk

import (
	"context"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// Offering keeps whose turn it is to be offered a hand-off.
type Offering interface {
	// Turns returns when each person of a rota was offered a hand-off last; who never was is missing. In Update all offers are held until
	// the end, of every rota: who reads turns next, and loads after them, sees what this transaction made of them.
	Turns(ctx context.Context, name string) (map[rota.PersonID]time.Time, error)
	// SaveTurn sets when a person of a rota was offered one last.
	SaveTurn(ctx context.Context, name string, person rota.PersonID, at time.Time) error
	// Loads counts the hand-offs that weigh on each of some people: escalate.Handoff.Bearer. Who has none is missing.
	Loads(ctx context.Context, ids []escalate.PersonID) (map[escalate.PersonID]int, error)
}

// Presences keeps what Slack last said of whether people are there.
type Presences interface {
	// SavePresence inserts or replaces a row.
	SavePresence(ctx context.Context, p *Presence) error
	// PresenceOf returns the rows of some people; of whom nothing is known is missing.
	PresenceOf(ctx context.Context, ids []escalate.PersonID) (map[escalate.PersonID]Presence, error)
}

// Presence is what Slack says of whether somebody is there.
type Presence struct {
	Person escalate.PersonID
	Emoji  string    `json:",omitempty"` // of their status, with colons: ":palm_tree:"
	Until  time.Time `json:",omitzero"`  // when the status ends; zero: it stays
	// Quiet is when they do not want to be disturbed next, or are not now; zero: never.
	QuietFrom, QuietTo time.Time `json:",omitzero"`
	ReadAt             time.Time
}

// Status is the emoji of a status that still holds, or "".
func (p *Presence) Status(now time.Time) string {
	if !p.Until.IsZero() && !now.Before(p.Until) {
		return ""
	}
	return p.Emoji
}

// Quiet reports whether they do not want to be disturbed at an instant.
func (p *Presence) Quiet(now time.Time) bool {
	return !now.Before(p.QuietFrom) && now.Before(p.QuietTo)
}
