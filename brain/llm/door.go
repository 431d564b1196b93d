package llm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

var errTooLarge = errors.New("response is too large")

// door is the one way out: every response that comes through it is bounded, and what its headers say is noted for the call.
type door struct {
	client *http.Client
	most   int64
	now    func() time.Time
}

// newDoor copies the client, so that it follows no redirect: a ticket goes to the host that was configured or nowhere.
func newDoor(o *Options) *door {
	client := &http.Client{}
	if o.HTTPClient != nil {
		*client = *o.HTTPClient
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Timeout = 0 // the call's context has it
	return &door{client: client, most: o.MaxBytes, now: o.Now}
}

// note is what a call learns of its response beside the body.
type note struct {
	status int
	retry  time.Duration
}

type noteKey struct{}

// Do makes a call. It is what go-openai takes for an HTTP client.
func (d *door) Do(r *http.Request) (*http.Response, error) {
	res, err := d.client.Do(r)
	if err != nil {
		return nil, err
	}
	res.Body = &bounded{res.Body, d.most}
	if n, ok := r.Context().Value(noteKey{}).(*note); ok {
		n.status, n.retry = res.StatusCode, retryAfter(res.Header, d.now())
	}
	return res, nil
}

func noting(ctx context.Context) (context.Context, *note) {
	n := &note{}
	return context.WithValue(ctx, noteKey{}, n), n
}

// retryAfter reads how long an endpoint asks to wait: retry-after-ms as OpenAI has it, else Retry-After in seconds or as a
// date (RFC 9110, §10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	if ms, err := strconv.ParseFloat(h.Get("Retry-After-Ms"), 64); err == nil && ms > 0 && ms < float64(most.Milliseconds()) {
		return time.Duration(ms * float64(time.Millisecond))
	}
	value := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
		return min(time.Duration(min(s, most.Seconds())*float64(time.Second)), most)
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return min(at.Sub(now), most)
	}
	return 0
}

// bounded reads at most left bytes and then fails, where io.LimitReader would pretend that the body had ended.
type bounded struct {
	io.ReadCloser

	left int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
