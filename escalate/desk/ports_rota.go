package desk

import (
	"context"
	"time"

	"warmline/escalate"
	"warmline/escalate/rota"
)

// Overrides keeps who is on in a rota other than by turn.
type Overrides interface {
	// AddOverride keeps an override and sets its ID: the next number, which is never used again.
	AddOverride(ctx context.Context, o *rota.Override) error
	// OverridesAfter returns those of all rotas that end after a time, in the order in which they were made.
	OverridesAfter(ctx context.Context, at time.Time) ([]rota.Override, error)
	// EndOverride has an override end at a time; the zero time takes it back altogether. ErrNotFound when there is none.
	EndOverride(ctx context.Context, id string, at time.Time) error
	// Members returns who is in each user group, by its handle with the @, in ascending order; none for a group without members.
	Members(ctx context.Context) (map[string][]escalate.PersonID, error)
}
