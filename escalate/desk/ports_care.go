package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Care finds what nobody may look after. All of it reads; together with a ticket it is one consistent picture only within one
// transaction.
type Care interface {
	// Unsettled returns tickets on which something of ours is open, in the order of their ids, beginning after one, at most limit. A
	// ticket that does not decode is returned with its error: it must not hide those after it.
	Unsettled(ctx context.Context, after escalate.TicketID, limit int) ([]Unsettled, error)
	// CountUnsettled returns how many there are.
	CountUnsettled(ctx context.Context) (int, error)
	// JobKeys returns which of some keys have a job of a kind that waits or runs. One that was given up does neither.
	JobKeys(ctx context.Context, kind string, keys []string) (map[string]bool, error)
	// CardRows returns which of some hand-offs have a card's row.
	CardRows(ctx context.Context, handoffs []string) (map[string]bool, error)
	// FailingJobs returns jobs that have failed since before an instant, and those that were given up, the longest first, at most limit.
	FailingJobs(ctx context.Context, before time.Time, limit int) ([]FailingJob, error)
	// OldestDue is when the job that has been due for the longest was to start; the zero time when none is due.
	OldestDue(ctx context.Context) (time.Time, error)
	// Unread returns tickets of which a helpdesk told between two instants, and which were not read since, at most limit.
	Unread(ctx context.Context, from, to time.Time, limit int) ([]escalate.TicketID, error)
	// AlertChannels returns the channels that are to be told of targets.
	AlertChannels(ctx context.Context) ([]string, error)
}

// Unsettled is a ticket without its content, or why it cannot be read.
type Unsettled struct {
	ID     escalate.TicketID
	Ticket *escalate.Ticket
	Err    error
}

// FailingJob is a job that fails again and again, or was given up.
type FailingJob struct {
	Kind    string
	Payload []byte
	Since   time.Time
}

// Loosened keeps what is known to be looked after by nobody.
type Loosened interface {
	// Settle notes that nothing of ours is open on tickets, of which that was not known; not of those that have changed since they
	// were loaded.
	Settle(ctx context.Context, tickets []*escalate.Ticket) error
	// SaveLoose inserts a row, or replaces that of its subject.
	SaveLoose(ctx context.Context, l *Loose) error
	// DropLoose removes rows by their subjects.
	DropLoose(ctx context.Context, subjects []string) error
	// DropSettled removes the rows of tickets on which nothing of ours is open any more.
	DropSettled(ctx context.Context) error
	// AllLoose returns all rows, those known for the longest first, at most limit.
	AllLoose(ctx context.Context, limit int) ([]Loose, error)
	// ForgetDead removes jobs that were given up and failed since before an instant. It returns how many.
	ForgetDead(ctx context.Context, before time.Time) (int, error)
}

// Loose is what nobody looks after: a ticket, or work that belongs to none.
type Loose struct {
	Subject string // the ticket's id; of work "job:KIND", and the ticket's id after it where it belongs to one
	Ticket  escalate.TicketID
	Channel string // Slack channel name: whom to tell
	Why     Why
	Since   time.Time // known since
	Told    int       // how often people were told
	ToldAt  time.Time
}
