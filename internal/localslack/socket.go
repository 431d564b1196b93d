package localslack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Facts of Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode).
const (
	maxSockets     = 10
	pingEvery      = 10 * time.Second
	warningGrace   = 10 * time.Second // from the disconnect warning to the cut
	ackDeadline    = 3 * time.Second
	maxAck         = 20 << 10 // bytes; longer ones are ignored without a word
	ticketLife     = 30 * time.Second
	connectionTime = 18_060 * time.Second // as hello promises; then Slack asks to come back on a new one
	debugTime      = 360 * time.Second    // the same with debug_reconnects=true
	outQueue       = 256                  // frames; a socket that lags more is cut
	writeTimeout   = 10 * time.Second
	closeGrace     = time.Second // for the app to answer a close frame
)

// hub is every open socket and every envelope that waits for its ack.
type hub struct {
	sockets []*socket
	turn    map[string]int // app to the rotation's next socket
	tickets map[string]ticket
	waiting map[string]*delivery // by envelope id
	recent  []*delivery          // for redelivery, newest last
}

type ticket struct {
	app string
	at  time.Time
}

func newHub() hub {
	return hub{turn: map[string]int{}, tickets: map[string]ticket{}, waiting: map[string]*delivery{}}
}

// socket is one WebSocket of an app. Only its write goroutine writes to it.
type socket struct {
	app  string
	base string // address under which the app reached us
	ws   *websocket.Conn
	in   *fragments
	out  chan frame
	life time.Duration
	gone chan struct{}
	once sync.Once
	left atomic.Bool // its closing handshake has begun: nothing more may be written
}

// frame is one message to write; cut, when set, ends the socket after it.
type frame struct {
	data []byte
	cut  time.Duration // 0: stay open; -1: at once
}

func connectionsOpen(c *call) (obj, error) {
	for id, t := range c.hub.tickets {
		if c.now().Sub(t.at) > ticketLife {
			delete(c.hub.tickets, id)
		}
	}
	id := newID("") + newID("")
	c.hub.tickets[id] = ticket{c.app.ID, c.now()}
	return obj{"url": "ws" + strings.TrimPrefix(c.base, "http") + "/_socket/" + id + "?app_id=" + c.app.ID}, nil
}

var upgrader = websocket.Upgrader{
	WriteBufferSize: 32 << 10,
	CheckOrigin:     func(*http.Request) bool { return true }, // the ticket is the credential
}

func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	id := r.PathValue("ticket")
	t, ok := w.hub.tickets[id]
	delete(w.hub.tickets, id)
	fresh := ok && w.now().Sub(t.at) <= ticketLife && !w.closed
	if fresh {
		w.wg.Add(1) // under the lock, so that Close cannot miss it
		defer w.wg.Done()
	}
	w.mu.Unlock()
	if !fresh {
		http.Error(rw, "this ticket was used or has expired; call apps.connections.open again", http.StatusForbidden)
		return
	}
	through := &watched{ResponseWriter: rw}
	ws, err := upgrader.Upgrade(through, r, nil)
	if err != nil {
		w.log.Info("socket upgrade refused", "error", err)
		return
	}
	s := &socket{
		app: t.app, base: baseURL(r), ws: ws, in: &through.conn, out: make(chan frame, outQueue), gone: make(chan struct{}), life: connectionTime,
	}
	if r.URL.Query().Get("debug_reconnects") == "true" {
		s.life = debugTime
	}
	w.serve(s)
}

// serve runs one socket to its end: a goroutine writes, this one reads.
func (w *Workspace) serve(s *socket) {
	var writing sync.WaitGroup
	writing.Go(func() { s.write(w.ctx.Done()) })
	w.mu.Lock()
	w.admit(s)
	w.mu.Unlock()
	for {
		kind, data, err := s.ws.ReadMessage()
		if err != nil {
			break
		}
		switch pieces := s.in.inPieces(); {
		case pieces:
			w.record("ignored", "frame", "a message in several WebSocket frames, which Slack does not put together")
		case kind == websocket.TextMessage:
			w.acked(s, data)
		}
	}
	s.cut()
	w.mu.Lock()
	w.drop(s)
	w.mu.Unlock()
	writing.Wait()
}

// admit greets the socket, or sends it away when the app has too many.
func (w *Workspace) admit(s *socket) {
	open := 1
	for _, other := range w.hub.sockets {
		if other.app == s.app {
			open++
		}
	}
	if open > maxSockets {
		s.disconnect("too_many_websockets", -1)
		return
	}
	w.hub.sockets = append(w.hub.sockets, s)
	s.send(obj{
		"type": "hello", "num_connections": open, "connection_info": obj{"app_id": s.app},
		"debug_info": obj{"host": "localslack", "build_number": 1, "approximate_connection_time": int(s.life.Seconds())},
	})
	w.stream.publish(change{Kind: "presence"})
}

// drop forgets a socket that has ended. Events it had not acknowledged go to
// another one; interactions may still be acknowledged there.
func (w *Workspace) drop(s *socket) {
	w.hub.sockets = slices.DeleteFunc(w.hub.sockets, func(x *socket) bool { return x == s })
	for _, d := range w.hub.waiting {
		if d.socket == s && d.env.Type == "events_api" {
			w.finish(d, outcome{lost: true})
		}
	}
	w.stream.publish(change{Kind: "presence"})
}

func (s *socket) send(v any) { s.enqueue(frame{data: mustMarshal(v)}) }

func (s *socket) disconnect(reason string, cut time.Duration) {
	s.enqueue(frame{cut: cut, data: mustMarshal(obj{
		"type": "disconnect", "reason": reason, "debug_info": obj{"host": "localslack"},
	})})
}

// enqueue never waits: a socket that does not drain its queue is cut.
func (s *socket) enqueue(f frame) {
	select {
	case s.out <- f:
	default:
		s.cut()
	}
}

// cut ends the socket without a closing handshake, as a network that fails does.
func (s *socket) cut() {
	s.once.Do(func() {
		close(s.gone)
		_ = s.ws.Close()
	})
}

// bye begins the closing handshake; the app may take a moment to answer it.
func (s *socket) bye() (cut <-chan time.Time) {
	s.left.Store(true)
	_ = s.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(writeTimeout))
	return time.After(closeGrace)
}

func (s *socket) write(ended <-chan struct{}) {
	defer s.cut()
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	aged := time.NewTimer(s.life - warningGrace)
	defer aged.Stop()
	var farewell, cut <-chan time.Time
	for {
		select {
		case f := <-s.out:
			_ = s.ws.SetWriteDeadline(time.Now().Add(writeTimeout))
			if err := s.ws.WriteMessage(websocket.TextMessage, f.data); err != nil {
				return
			}
			switch {
			case f.cut < 0:
				cut = s.bye()
			case f.cut > 0:
				farewell = time.After(f.cut)
			}
		case <-ping.C:
			if err := s.ws.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(writeTimeout)); err != nil {
				return
			}
		case <-aged.C:
			s.disconnect("warning", warningGrace)
		case <-farewell:
			cut = s.bye()
		case <-cut:
			return
		case <-s.gone:
			return
		case <-ended:
			return
		}
	}
}

// acked takes one frame from an app: the ack of an envelope.
func (w *Workspace) acked(s *socket, data []byte) {
	if len(data) >= maxAck {
		w.record("ignored", "ack", "an ack of 20 KiB or more")
		return
	}
	var a struct {
		EnvelopeID string          `json:"envelope_id"`
		Payload    json.RawMessage `json:"payload"`
	}
	if json.Unmarshal(data, &a) != nil || a.EnvelopeID == "" {
		w.record("ignored", "frame", string(data))
		return
	}
	w.record("ack", a.EnvelopeID, string(data))
	w.mu.Lock()
	defer w.mu.Unlock()
	if d := w.hub.waiting[a.EnvelopeID]; d != nil && d.env.app == s.app {
		w.finish(d, outcome{acked: true, payload: a.Payload})
	}
}

// pick chooses the app's next socket in turn; nil when it has none.
func (h *hub) pick(app string) *socket {
	var open []*socket
	for _, s := range h.sockets {
		select {
		case <-s.gone:
		default:
			if s.app == app && !s.left.Load() {
				open = append(open, s)
			}
		}
	}
	if len(open) == 0 {
		return nil
	}
	h.turn[app]++
	return open[h.turn[app]%len(open)]
}
