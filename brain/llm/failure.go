package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/sashabaranov/go-openai"
)

// kind says how a call failed. The set is closed: it labels a metric.
type kind string

const (
	kindOK          kind = "ok"
	kindTimeout     kind = "timeout"
	kindRateLimited kind = "rate_limited"
	kindServer      kind = "server_error"
	kindRejected    kind = "rejected" // the key, the model's name or the request
	kindUnreachable kind = "unreachable"
	kindTooLarge    kind = "too_large"
	kindTruncated   kind = "truncated"
	kindRefusal     kind = "refusal" // the model would not, or a filter stopped it
	kindEmpty       kind = "empty"
	kindBadAnswer   kind = "bad_answer"
)

var kinds = []kind{
	kindOK, kindTimeout, kindRateLimited, kindServer, kindRejected, kindUnreachable, kindTooLarge, kindTruncated, kindRefusal,
	kindEmpty, kindBadAnswer,
}

var kindWords = map[kind]string{
	kindTimeout:     "the language model did not answer in time",
	kindRateLimited: "the language model's endpoint takes no more calls at the moment",
	kindServer:      "the language model's endpoint failed",
	kindRejected:    "the language model's endpoint rejected the call",
	kindUnreachable: "the language model could not be reached",
	kindTooLarge:    "the language model's answer was too long to read",
	kindTruncated:   "the language model's answer ended in the middle",
	kindRefusal:     "the language model would not read this ticket",
	kindEmpty:       "the language model answered nothing",
	kindBadAnswer:   "the language model's answer made no sense",
}

// failure is why a call gave no reading. Its text holds nothing that the other side wrote: that may repeat a key or a ticket.
type failure struct {
	kind   kind
	status int           // of HTTP; 0 when there was none
	retry  time.Duration // when the endpoint asked to come again; 0 when it did not
	err    error         // for those who look for a cause, never printed
}

func (f *failure) Error() string {
	if f.status != 0 {
		return fmt.Sprintf("%s (status %d)", kindWords[f.kind], f.status)
	}
	return kindWords[f.kind]
}

func (f *failure) Unwrap() error { return f.err }

// again reports whether the same call may succeed a little later.
func (f *failure) again() bool {
	return f.kind == kindRateLimited || f.kind == kindServer || f.kind == kindUnreachable
}

// trouble reports whether the failure speaks of the endpoint rather than of this one answer.
func (f *failure) trouble() bool {
	switch f.kind {
	case kindTimeout, kindRateLimited, kindServer, kindRejected, kindUnreachable, kindTooLarge:
		return true
	default:
		return false
	}
}

// billed reports whether the endpoint may have counted tokens.
func (f *failure) billed() bool {
	return f.kind != kindRejected && f.kind != kindUnreachable && f.status < 400
}

// failed sorts the error of a call.
func failed(ctx context.Context, err error, n *note) *failure {
	f := &failure{err: err, status: n.status, retry: n.retry}
	var api *openai.APIError
	var req *openai.RequestError
	switch {
	case errors.Is(err, errTooLarge):
		f.kind = kindTooLarge
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		f.kind = kindTimeout
	case n.status == http.StatusTooManyRequests:
		f.kind = kindRateLimited
	case n.status >= 500, n.status == http.StatusRequestTimeout, n.status == http.StatusConflict:
		f.kind = kindServer
	case n.status >= 300:
		f.kind = kindRejected
	case n.status == 0:
		f.kind = kindUnreachable
	case errors.As(err, &api), errors.As(err, &req): // an error in the middle of a stream
		f.kind = kindServer
	default:
		f.kind = kindBadAnswer
	}
	if f.status < 300 {
		f.status = 0
	}
	return f
}
