package desk

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers branch on.
var (
	ErrNotFound = errors.New("not found")
	ErrStale    = errors.New("stale: someone else was faster")
	// ErrOutcomeUnknown says that the answer to a commit was lost: what was written may or may not be there.
	ErrOutcomeUnknown = errors.New("commit outcome unknown")
)

// Error implements error.
func (r *Refused) Error() string {
	if r.RetryAfter > 0 {
		return fmt.Sprintf("%s refused: %s (again in %s)", r.Op, r.Why, r.RetryAfter)
	}
	return fmt.Sprintf("%s refused: %s", r.Op, r.Why)
}

// Later tells the queue to run a job again at an instant, without counting a failed attempt. Hold makes the job's
// whole group wait until then, and the job keeps its place in it: the other side asked for it, or is not there. Failed counts the
// attempt all the same.
type Later struct {
	At     time.Time
	Hold   bool
	Failed bool
	Cause  error // may be nil
}

// Error implements error.
func (l *Later) Error() string {
	if l.Cause == nil {
		return "again at " + l.At.Format(time.RFC3339)
	}
	return fmt.Sprintf("again at %s: %v", l.At.Format(time.RFC3339), l.Cause)
}

// Unwrap gives the cause.
func (l *Later) Unwrap() error { return l.Cause }
