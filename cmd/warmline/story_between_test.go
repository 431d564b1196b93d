package main

import (
	"net/http"
	"strings"
	"sync/atomic"
)

// between stands between the app and its helpdesk, as a proxy or a permission that somebody took away: it answers some
// calls itself. nil lets a call pass.
type between func(*http.Request) *http.Response

func (b between) client(c *http.Client) *http.Client {
	if b != nil {
		c.Transport = proxy{c.Transport, b}
	}
	return c
}

type proxy struct {
	http.RoundTripper
	answer between
}

// RoundTrip implements http.RoundTripper.
func (p proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := p.answer(r)
	if answer == nil {
		return p.RoundTripper.RoundTrip(r)
	}
	answer.Body, answer.Request = http.NoBody, r
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return answer, nil
}

// refusal refuses calls of one kind while it is on, and counts them.
type refusal struct {
	method, path string // the method, and how the path ends
	status       int
	header       http.Header
	on           atomic.Bool
	calls        atomic.Int64
}

// refuse makes a refusal that is on from the start.
func refuse(status int, method, path string) *refusal {
	r := &refusal{method: method, path: path, status: status, header: http.Header{}}
	r.on.Store(true)
	return r
}

// in sets it between app and helpdesk.
func (f *refusal) in(at *setting) {
	at.between = func(r *http.Request) *http.Response {
		if !f.on.Load() || r.Method != f.method || !strings.HasSuffix(r.URL.Path, f.path) {
			return nil
		}
		if f.calls.Add(1) > 1000 {
			return nil // a storm shall fail a story by its count, not by never ending
		}
		return &http.Response{StatusCode: f.status, Header: f.header.Clone()}
	}
}
