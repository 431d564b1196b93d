package desk

import (
	"context"
	"encoding/json"
	"time"

	"warmline/escalate"
)

// Solutions is the feed of solved tickets: what every replica learns from.
type Solutions interface {
	// PutSolved notes that a ticket was solved, at the transaction's instant; an earlier solution of the same ticket is replaced.
	PutSolved(ctx context.Context, s Solved) error
	// NameSolved says which known answer solved a ticket, where nobody had said and the solution is still that of an instant. It
	// counts as a new solution, so that all readers hear of it.
	NameSolved(ctx context.Context, id escalate.TicketID, at time.Time, answer string) error
	// Solved returns solutions at or after an instant, oldest first, those after a ticket's when it is named at the very instant,
	// at most limit. Transactions commit out of order: a reader has to look again at the minute before the newest it has seen.
	Solved(ctx context.Context, since time.Time, after escalate.TicketID, limit int) ([]Solved, error)
	// CountSolved counts the solutions at or after an instant.
	CountSolved(ctx context.Context, since time.Time) (int, error)
}

// Solved is a ticket that a person, or a reply that a person approved, has solved.
type Solved struct {
	Ticket escalate.TicketID
	At     time.Time
	Answer string            // the known answer that solved it; "" where a person's own words did
	By     escalate.PersonID // who stood behind it; "" where only the helpdesk knows
}

// Models keeps what brains learned, so that one trains and all others load.
type Models interface {
	// SaveModel adds the next version and forgets all but the newest three. It returns the version, 1 for the first.
	SaveModel(ctx context.Context, m *Model) (int64, error)
	// NewestModel returns the newest version without its body, or ErrNotFound.
	NewestModel(ctx context.Context) (*Model, error)
	// ModelBody returns the body of one version, or ErrNotFound.
	ModelBody(ctx context.Context, version int64) ([]byte, error)
}

// Model is what a brain learned, as kept.
type Model struct {
	Version   int64
	At        time.Time
	Code      string // the code that made it and that alone can use it
	Hash      string // of what it was trained on
	TrainedOn int    // past tickets
	Metrics   json.RawMessage
	Body      []byte
}
