package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Results keeps how people did with the targets of tickets.
type Results interface {
	// AddResult keeps a target that was met. The same clock twice is once.
	AddResult(ctx context.Context, r *TargetResult) error
	// SumResults sums up those since an instant, by target, and by channel too, in ascending order of both. It reads an index alone.
	SumResults(ctx context.Context, since time.Time) ([]TargetSum, error)
	// ForgetResults drops those of before an instant and says how many.
	ForgetResults(ctx context.Context, before time.Time) (int, error)
}

// TargetResult is a target of a ticket that people met. It holds no customer text.
type TargetResult struct {
	Ticket  escalate.TicketID
	Target  escalate.Target
	Channel string // Slack channel name, where people had the ticket
	Started time.Time
	Ended   time.Time
	Took    time.Duration // of working time
	Late    bool          // after the deadline
}

// TargetSum sums up how people did with one target.
type TargetSum struct {
	Target  escalate.Target
	Channel string        // Slack channel name; "" sums up all of them
	Met     int           // late ones among them
	Late    int           // after the deadline
	Median  time.Duration // of working time: half took no longer
	P80     time.Duration // and so many as four of five no longer than this
}
