package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sashabaranov/go-openai"
)

// outcome says how a call ended. The set is closed: it labels a metric.
type outcome string

const (
	outcomeOK          outcome = "ok"
	outcomeTimeout     outcome = "timeout"
	outcomeRateLimited outcome = "rate_limited"
	outcomeServer      outcome = "server_error"
	outcomeRejected    outcome = "rejected" // the key, the model's name or the request
	outcomeUnreachable outcome = "unreachable"
	outcomeTooLarge    outcome = "too_large"
	outcomeTruncated   outcome = "truncated"
	outcomeRefusal     outcome = "refusal" // the model would not, or a filter stopped it
	outcomeEmpty       outcome = "empty"
	outcomeBadAnswer   outcome = "bad_answer"
)

var outcomes = []outcome{
	outcomeOK, outcomeTimeout, outcomeRateLimited, outcomeServer, outcomeRejected, outcomeUnreachable, outcomeTooLarge, outcomeTruncated, outcomeRefusal,
	outcomeEmpty, outcomeBadAnswer,
}

var outcomeWords = map[outcome]string{
	outcomeTimeout:     "the language model did not answer in time",
	outcomeRateLimited: "the language model's endpoint takes no more calls at the moment",
	outcomeServer:      "the language model's endpoint failed",
	outcomeRejected:    "the language model's endpoint rejected the call",
	outcomeUnreachable: "the language model could not be reached",
	outcomeTooLarge:    "the language model's answer was too long to read",
	outcomeTruncated:   "the language model's answer ended in the middle",
	outcomeRefusal:     "the language model would not read this ticket",
	outcomeEmpty:       "the language model answered nothing",
	outcomeBadAnswer:   "the language model's answer made no sense",
}

// callError is why a call gave no reading. Its text holds nothing that the other side wrote: that may repeat a key or a ticket.
type callError struct {
	kind   outcome
	status int           // of HTTP; 0 when there was none
	retry  time.Duration // when the endpoint asked to come again; 0 when it did not
	err    error         // for those who look for a cause, never printed
}

func (f *callError) Error() string {
	if f.status != 0 {
		return fmt.Sprintf("%s (status %d)", outcomeWords[f.kind], f.status)
	}
	return outcomeWords[f.kind]
}

func (f *callError) Unwrap() error { return f.err }

// again reports whether the same call may succeed a little later.
func (f *callError) again() bool {
	return f.kind == outcomeRateLimited || f.kind == outcomeServer || f.kind == outcomeUnreachable
}

// trouble reports whether the failure speaks of the endpoint rather than of this one answer.
func (f *callError) trouble() bool {
	switch f.kind {
	case outcomeTimeout, outcomeRateLimited, outcomeServer, outcomeUnreachable, outcomeTooLarge:
		return true
	case outcomeRejected: // the request itself may be at fault: too long, or not to its taste
		return f.status != http.StatusBadRequest && f.status != http.StatusRequestEntityTooLarge && f.status != http.StatusUnprocessableEntity
	default:
		return false
	}
}

// billed reports whether the endpoint may have counted tokens.
func (f *callError) billed() bool {
	return f.kind != outcomeRejected && f.kind != outcomeUnreachable && f.status < 400
}

// failed sorts the error of a call.
func failed(ctx context.Context, err error, n *note) *callError {
	f := &callError{err: err, status: n.status, retry: n.retry}
	var api *openai.APIError
	var req *openai.RequestError
	switch {
	case errors.Is(err, errTooLarge):
		f.kind = outcomeTooLarge
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f.kind = outcomeTimeout
	case n.status == http.StatusTooManyRequests:
		f.kind = outcomeRateLimited
	case n.status >= 500, n.status == http.StatusRequestTimeout, n.status == http.StatusConflict:
		f.kind = outcomeServer
	case n.status >= 300:
		f.kind = outcomeRejected
	case n.status == 0:
		f.kind = outcomeUnreachable
	case errors.As(err, &api), errors.As(err, &req): // an error in the middle of a stream
		f.kind = outcomeServer
	default:
		f.kind = outcomeBadAnswer
	}
	if f.status < 300 {
		f.status = 0
	}
	return f
}
