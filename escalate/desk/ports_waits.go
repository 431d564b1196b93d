package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Waits keeps how long customers waited for a person's first answer: a row for each hand-off that was not passed on from another.
type Waits interface {
	// BeginWait keeps that a customer waits; nothing when the hand-off has its row.
	BeginWait(ctx context.Context, w *WaitRow) error
	// EndWait keeps when that was over, and whether a person's answer ended it. The first end stays; nothing where there is no row.
	EndWait(ctx context.Context, h escalate.HandoffID, at time.Time, answered bool) error
	// WaitsOf returns the newest waits that a filter lets through, at most limit, in any order.
	WaitsOf(ctx context.Context, f WaitFilter, limit int) ([]WaitRow, error)
	// ForgetWaits removes rows that began before an instant. It returns how many.
	ForgetWaits(ctx context.Context, before time.Time) (int, error)
}

// WaitRow is one customer's wait.
type WaitRow struct {
	Handoff  escalate.HandoffID
	Channel  string // Slack channel name
	Topic    string
	Chat     bool // they wait in a chat, which is another kind of waiting than for mail
	Began    time.Time
	Ended    time.Time // zero: they still wait
	Answered bool
}

// WaitFilter says whose waits; an empty Channel is those of the whole team.
type WaitFilter struct {
	Chat    bool
	Channel string // with a Topic, "" included
	Topic   string
}

// Trials keeps which of the waits were held out from updates, and what came of it.
type Trials interface {
	// JoinTrial keeps on which side a hand-off is; the first time counts. Nothing where there is no row.
	JoinTrial(ctx context.Context, h escalate.HandoffID, held bool) error
	// NoteTrial keeps that a customer on either side wrote again while they waited, or that their ticket came back.
	NoteTrial(ctx context.Context, h escalate.HandoffID, n TrialNote) error
	// TrialResults counts the two sides among waits that began since an instant.
	TrialResults(ctx context.Context, since time.Time) (told, held TrialResult, err error)
}

// TrialNote is what came of a wait.
type TrialNote int

// What may come of a wait.
const (
	TrialAsked TrialNote = iota
	TrialReopened
)

// TrialResult counts one side of the hold-out.
type TrialResult struct{ Waits, Asked, Reopened int }
