package bot

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"warmline/escalate/desk"
)

// Connections are renewed and go dead without a word while Slack repeats a fifth of what it sends and delays a tenth behind what
// came later. Each question that somebody asks is taken once all the same: what a dying connection swallows, Slack sends again.
func TestEachQuestionIsTakenOnceWhateverTheSocketsDo(t *testing.T) {
	const rotations, halfOpens = 200, 50
	wire := &mutable{}
	inSlack(t, func(t *testing.T, r *rig) {
		r.disorder()
		asked := 0
		ask := func(n int) {
			for range n {
				asked++
				r.ask(asked)
			}
		}
		for i := range rotations {
			r.control("disconnect", map[string]any{"reason": []string{"warning", "refresh_requested"}[i%2], "count": 1 + i%3/2})
			ask(4) // right behind the frame
			time.Sleep(2 * time.Second)
			ask(2) // within the grace of a warning
			if i*halfOpens/rotations != (i+1)*halfOpens/rotations {
				wire.mute()
				ask(4)
			}
			time.Sleep(20 * time.Second)
		}
		time.Sleep(10 * time.Minute) // Slack sends for the last time
		if wire.muted != halfOpens {
			t.Errorf("%d sockets were half open, want %d", wire.muted, halfOpens)
		}
		r.wantEachOnce(asked)
	}, func(o *Options) {
		wire.dial = o.Dialer
		o.Dialer = wire.DialContext
	})
}

// After an outage of any length, and of each kind, the bot is back within five seconds, and takes what was asked meanwhile.
func TestBackWithinFiveSecondsOfSlack(t *testing.T) {
	const soon = 5 * time.Second
	lengths := []time.Duration{
		time.Second, 2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second, 45 * time.Second,
		time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour,
	}
	for name, outage := range map[string]map[string]any{
		"errors":       {"method": "*", "status": 503},
		"no sockets":   {"method": "apps.connections.open", "error": "internal_error"},
		"says nothing": {"method": "*", "delay_ms": 3_600_000},
	} {
		t.Run(name, func(t *testing.T) {
			inSlack(t, func(t *testing.T, r *rig) {
				at, asked := r.post(sample()), 0
				for _, length := range lengths {
					r.fail(outage)
					r.control("disconnect", map[string]any{"reason": "abrupt"})
					if length <= 5*time.Minute { // Slack gives up on what it could not deliver for longer
						asked++
						r.ask(asked)
					}
					time.Sleep(length)
					r.fail(map[string]any{"clear": true})
					r.disorder()
					back := time.Now()
					for out := r.click(at, desk.ActClaim); out["acked"] != true; out = r.click(at, desk.ActClaim) {
						if time.Since(back) > soon {
							t.Fatalf("still deaf %v after an outage of %v", time.Since(back), length)
						}
						time.Sleep(100 * time.Millisecond)
					}
					time.Sleep(10 * time.Minute)
				}
				r.wantEachOnce(asked)
			})
		})
	}
}

// disorder has a fifth of all envelopes come twice, and a tenth after later ones.
func (r *rig) disorder() {
	r.t.Helper()
	r.fail(map[string]any{"envelope": "*", "error": "duplicate", "probability": 0.2, "seed": 1})
	r.fail(map[string]any{"envelope": "*", "delay_ms": 1500, "probability": 0.1, "seed": 2})
}

func (r *rig) ask(n int) {
	r.t.Helper()
	in := map[string]any{"channel": "support", "user": "ana", "text": fmt.Sprintf("@warmline question %d.", n)}
	if out := r.control("message", in); out["ok"] != true {
		r.t.Fatalf("ask: %v", out)
	}
}

// wantEachOnce fails unless each question so far was taken exactly once.
func (r *rig) wantEachOnce(asked int) {
	r.t.Helper()
	taken := map[string]int{}
	for _, p := range r.desk.done() {
		if p.Action == desk.ActAsked {
			_, question, _ := strings.Cut(p.Fields["text"], "question ")
			taken[question]++
		}
	}
	for n := range asked {
		if times := taken[fmt.Sprintf("%d.", n+1)]; times != 1 {
			r.t.Errorf("question %d of %d was taken %d times", n+1, asked, times)
		}
	}
	if r.desk.calls <= len(r.desk.done()) {
		r.t.Error("nothing came twice")
	}
}

// mutable makes connections that can go half open: nothing arrives any more, not even their end, and what is sent is gone.
type mutable struct {
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	mu    sync.Mutex
	conns []*halfOpen
	muted int
}

type halfOpen struct {
	net.Conn
	once    sync.Once
	mute    chan struct{} // closed: it is half open
	closing chan struct{} // closed: our side gave up on it
}

func (m *mutable) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := m.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	h := &halfOpen{Conn: c, mute: make(chan struct{}), closing: make(chan struct{})}
	m.conns = append(m.conns, h)
	return h, nil
}

// mute makes the newest connection half open.
func (m *mutable) mute() {
	m.mu.Lock()
	defer m.mu.Unlock()
	close(m.conns[len(m.conns)-1].mute)
	m.conns = m.conns[:len(m.conns)-1]
	m.muted++
}

func (h *halfOpen) isMute() bool {
	select {
	case <-h.mute:
		return true
	default:
		return false
	}
}

func (h *halfOpen) Read(p []byte) (int, error) {
	for {
		n, err := h.Conn.Read(p)
		if !h.isMute() {
			return n, err
		}
		if err != nil {
			<-h.closing
			return 0, net.ErrClosed
		}
	}
}

func (h *halfOpen) Write(p []byte) (int, error) {
	if h.isMute() {
		return len(p), nil
	}
	return h.Conn.Write(p)
}

func (h *halfOpen) Close() error {
	h.once.Do(func() { close(h.closing) })
	return h.Conn.Close()
}
