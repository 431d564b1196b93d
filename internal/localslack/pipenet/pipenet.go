// Package pipenet is a network inside the process: a net.Listener whose
// connections are net.Pipe pairs. A server and its clients can then meet inside
// a testing/synctest bubble, where a loopback socket would freeze fake time.
//
//	ln := pipenet.Listen()
//	srv := &http.Server{Handler: workspace.Handler()}
//	go srv.Serve(ln)
//	res, err := ln.Client().Get("http://slack.test/api/api.test")
package pipenet

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// Listener hands the far end of every Dial to Accept. It is safe for
// concurrent use.
type Listener struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

var _ net.Listener = (*Listener)(nil)

// Listen returns an open listener. It owns no goroutine and no descriptor.
func Listen() *Listener {
	return &Listener{conns: make(chan net.Conn), done: make(chan struct{})}
}

// Accept waits for the next Dial. After Close it returns net.ErrClosed.
func (l *Listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial; connections already made stay open. Closing
// twice is fine.
func (l *Listener) Close() error {
	l.once.Do(func() { close(l.done) })
	return nil
}

// Addr returns an address that names no real network.
func (l *Listener) Addr() net.Addr { return addr{} }

// Dial returns a connection to the listener once Accept has taken the other
// end. It fails with net.ErrClosed after Close.
func (l *Listener) Dial(ctx context.Context) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case l.conns <- far:
		return near, nil
	case <-l.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// DialContext is Dial in the shape that http.Transport and websocket.Dialer
// want; network and address are ignored.
func (l *Listener) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	return l.Dial(ctx)
}

// Client returns an HTTP client whose every connection goes to the listener,
// whatever host the URL names. Call CloseIdleConnections on it before the end
// of a bubble.
func (l *Listener) Client() *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: l.DialContext, MaxIdleConnsPerHost: 128}}
}

type addr struct{}

func (addr) Network() string { return "pipe" }
func (addr) String() string  { return "pipe" }
