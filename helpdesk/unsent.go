package helpdesk

import (
	"errors"
	"time"

	"warmline/escalate/desk"
)

// unsentAgain is when to try again what failed before anything was sent; whoever tries often waits longer by itself.
const unsentAgain = time.Second

// Unsent says of an error from before the call that counts that nothing was sent, whatever became of the calls before it. A refusal, and
// a ticket that is not there, are what they were.
func Unsent(op string, err error) error {
	if _, ok := errors.AsType[*desk.Refused](err); ok || errors.Is(err, desk.ErrNotFound) {
		return err
	}
	return &desk.Refused{Op: op, Why: "nothing was sent: " + err.Error(), RetryAfter: unsentAgain}
}
