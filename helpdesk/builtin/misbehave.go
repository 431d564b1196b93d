package builtin

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"time"
)

type faultKey struct{}

// faultOf returns the kind of fault that the handler itself must show.
func faultOf(r *http.Request) string {
	kind, _ := r.Context().Value(faultKey{}).(string)
	return kind
}

// faulty lets a call misbehave when a fault says so.
func (d *Desk) faulty(op string, handle http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f := d.strike(op, r.PathValue("id"))
		if f == nil {
			handle(w, r)
			return
		}
		switch f.Kind {
		case tooMany:
			w.Header().Set("Retry-After", strconv.Itoa(f.RetryAfter))
			fail(w, &problem{status: http.StatusTooManyRequests, text: "too many calls; come back after Retry-After"})
		case errorBefore:
			fail(w, &problem{status: http.StatusInternalServerError, text: "something went wrong"})
		case errorAfter:
			handle(unheard{}, r)
			fail(w, &problem{status: http.StatusInternalServerError, text: "something went wrong"})
		case timeoutAfter:
			handle(unheard{}, r)
			d.pause(r.Context(), f.delay())
			panic(http.ErrAbortHandler) // the server cuts the connection
		case drop:
			panic(http.ErrAbortHandler)
		case lateApply:
			d.applyLater(handle, r, f.delay())
			fail(w, &problem{status: http.StatusGatewayTimeout, text: "no answer in time"})
		default:
			handle(w, r.WithContext(context.WithValue(r.Context(), faultKey{}, f.Kind)))
		}
	}
}

// applyLater lets a call take effect after its client was told that it timed out.
func (d *Desk) applyLater(handle http.HandlerFunc, r *http.Request, delay time.Duration) {
	body, err := io.ReadAll(io.LimitReader(r.Body, longestUpload+1))
	if err != nil {
		return
	}
	ctx := context.WithoutCancel(r.Context()) // its client has gone by then
	later := r.Clone(ctx)
	later.Body = io.NopCloser(bytes.NewReader(body))
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.late.Go(func() {
		if d.pause(ctx, delay) {
			handle(unheard{}, later)
		}
	})
}

// pause waits; false when ctx or the desk ended first.
func (d *Desk) pause(ctx context.Context, long time.Duration) bool {
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-d.done:
	}
	return false
}

// unheard is an answer that nobody gets.
type unheard struct{}

func (unheard) Header() http.Header         { return make(http.Header) }
func (unheard) Write(b []byte) (int, error) { return len(b), nil }
func (unheard) WriteHeader(int)             {}
