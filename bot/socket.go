package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// steady is how long a connection must hold for the next failure to count as the first.
const steady = time.Minute

// tooSoon is how short a connection's life must be for us not to come back without a wait: Slack closes one at once when
// there are too many.
const tooSoon = 5 * time.Second

// socket keeps one Socket Mode connection up. Its client lives as long as it does: acknowledgements that a lost
// connection left unwritten go out on the next.
type socket struct {
	bot    *Bot
	pool   *pool
	n      int
	client *socketmode.Client

	up      bool          // touched by the dispatcher alone
	upSince time.Time     //
	failure error         // why the newest attempt to connect failed
	wait    time.Duration // how long Slack asked us to stay away
}

func newSocket(b *Bot, p *pool, n int) *socket {
	dialer := &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: b.o.CallTimeout,
		WriteBufferSize: 32 << 10, // Slack does not put fragments together, and an acknowledgement has up to 20 KiB
	}
	if b.o.Dialer != nil {
		dialer.Proxy, dialer.NetDialContext = nil, b.o.Dialer
	}
	if b.o.HTTPClient != nil {
		if t, ok := b.o.HTTPClient.Transport.(*http.Transport); ok && t.TLSClientConfig != nil {
			dialer.TLSClientConfig = t.TLSClientConfig.Clone()
		}
	}
	return &socket{bot: b, pool: p, n: n, client: socketmode.New(b.api,
		socketmode.OptionDialer(dialer), socketmode.OptionPingInterval(b.o.PingInterval), socketmode.OptionReadLimit(maxBody))}
}

// run connects and reconnects until ctx ends. slack-go would reconnect by itself, but its waits grow far beyond what a
// person who clicks will bear, so each session ends with its first failed attempt.
func (s *socket) run(ctx context.Context) error {
	pause(ctx, time.Duration(s.n)*s.bot.o.Stagger)
	for attempt := 0; ctx.Err() == nil; attempt++ {
		s.failure, s.wait = nil, 0
		begun := s.bot.o.Now()
		err := s.session(ctx)
		if ctx.Err() != nil {
			break
		}
		if s.failure != nil {
			err = s.failure
		}
		if auth := asAuth(appToken, err); auth != nil {
			return auth
		}
		if !s.upSince.IsZero() && s.bot.o.Now().Sub(s.upSince) >= steady {
			attempt = 0
		}
		wait := max(s.backoff(attempt, begun), s.wait)
		s.upSince = time.Time{}
		s.bot.metrics.restarts.Inc()
		s.bot.log.Warn("slack socket is down", "socket", s.n, "error", withoutURL(err), "again_in", wait)
		pause(ctx, wait)
	}
	return nil //nolint:nilerr // the end of ctx is how a socket ends, whatever failed on the way
}

// backoff is the wait after so many attempts, of which the last began at an instant. Nobody waits twice for a Slack that did
// not even refuse.
func (s *socket) backoff(attempt int, begun time.Time) time.Duration {
	now, never := s.bot.o.Now(), s.upSince.IsZero()
	if sentAway := !never && now.Sub(s.upSince) < tooSoon; sentAway || s.bot.connected.Load() > 0 {
		return backoff(attempt, maxBackoff)
	}
	wait := backoff(attempt, deafBackoff)
	if never {
		wait -= now.Sub(begun)
	}
	return wait
}

// session runs the client until it fails, dispatching what it reads.
func (s *socket) session(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.client.RunContext(ctx) }()
	defer s.setUp(false)
	for {
		select {
		case e := <-s.client.Events:
			s.dispatch(&e, cancel)
		case err := <-done:
			for len(s.client.Events) > 0 {
				e := <-s.client.Events
				s.dispatch(&e, cancel)
			}
			return err
		}
	}
}

// dispatch sorts one event. It must not wait for anything: see the package's comment.
func (s *socket) dispatch(e *socketmode.Event, giveUp context.CancelFunc) {
	switch e.Type {
	case socketmode.EventTypeConnecting:
		if s.up && s.bot.o.Now().Sub(s.upSince) < tooSoon { // slack-go would be back at once, and again, and again
			s.failure = errors.New("slack closed the socket as soon as it was open")
			giveUp()
		}
		s.setUp(false)
	case socketmode.EventTypeConnected:
		s.setUp(true)
	case socketmode.EventTypeConnectionError:
		s.failed(e.Data)
		giveUp()
	case socketmode.EventTypeInvalidAuth:
		s.failure = fmt.Errorf("open socket: nothing answers at %s", s.bot.o.APIURL)
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeInteractive, socketmode.EventTypeSlashCommand:
		if e.Request != nil {
			s.pool.submit(envelope{id: e.Request.EnvelopeID, kind: e.Request.Type, payload: e.Request.Payload, via: s.client})
		}
	case socketmode.EventTypeErrorBadMessage:
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
			s.undecoded(bad.Message)
		}
	case socketmode.EventTypeErrorWriteFailed:
		s.bot.log.Warn("slack acknowledgement was not written", "socket", s.n)
	case socketmode.EventTypeHello: // from here on Slack sends what people press; a connection alone is not enough
		s.bot.upOnce.Do(func() { close(s.bot.up) })
	case socketmode.EventTypeDisconnect, socketmode.EventTypeIncomingError:
		// The connection's own coming and going: slack-go connects again, and says so.
	}
}

// undecoded handles a message that slack-go could not read, such as one with an element it does not know. We read less
// of it, so we may well understand it; if not, it is acknowledged and dropped.
func (s *socket) undecoded(raw json.RawMessage) {
	var r socketmode.Request
	if err := json.Unmarshal(raw, &r); err != nil || r.EnvelopeID == "" {
		s.bot.metrics.envelopes.WithLabelValues("unreadable", "dropped").Inc()
		return
	}
	s.pool.submit(envelope{id: r.EnvelopeID, kind: r.Type, payload: r.Payload, via: s.client})
}

func (s *socket) failed(data any) {
	s.failure = errors.New("open socket: no reason given")
	if c, ok := data.(*slack.ConnectionErrorEvent); ok && c.ErrorObj != nil {
		s.failure = fmt.Errorf("open socket: %w", withoutURL(c.ErrorObj))
		if limited, ok := errors.AsType[*slack.RateLimitedError](c.ErrorObj); ok {
			s.wait = limited.RetryAfter
		}
	}
}

func (s *socket) setUp(up bool) {
	switch {
	case up && !s.up:
		s.bot.metrics.sockets.Inc()
		s.bot.connected.Add(1)
		s.upSince = s.bot.o.Now()
		s.bot.log.Info("slack socket is up", "socket", s.n)
	case !up && s.up:
		s.bot.metrics.sockets.Dec()
		s.bot.connected.Add(-1)
	}
	s.up = up
}
