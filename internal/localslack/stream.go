package localslack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// change tells a page what to fetch again.
type change struct {
	Kind    string `json:"kind"` // message, view, home, presence, group
	Channel string `json:"channel,omitempty"`
	User    string `json:"user,omitempty"`
	TS      string `json:"ts,omitempty"`
}

// changeOf says what a page sees of a record.
func changeOf(r Record) (change, bool) {
	switch r.Kind {
	case MessagePosted, MessageUpdated, EphemeralPosted, EphemeralUpdated:
		return change{Kind: "message", Channel: r.Message.Channel, User: r.Message.To, TS: r.Message.TS}, true
	case MessageDeleted, EphemeralDeleted, ReactionsChanged:
		return change{Kind: "message", Channel: r.Channel, TS: r.TS}, true
	case ViewOpened, ViewUpdated, ViewClosed, ViewPublished:
		kind := "view"
		if r.View.Type == "home" {
			kind = "home"
		}
		return change{Kind: kind, User: r.View.User}, true
	case ChannelJoined, ChannelLeft, ChannelArchived, ChannelUnarchived, ConversationOpened, PersonChanged:
		return change{Kind: "presence", Channel: r.Channel, User: r.User}, true
	case GroupChanged:
		return change{Kind: "group"}, true
	case FileUploaded, FileCompleted, FileGiven, FileDeleted: // a file is seen with its message
	case InteractionDelivered, InteractionAcked, InteractionTimedOut, InteractionUndelivered:
	}
	return change{}, false
}

// subscribers are the open streams. A stream that lags is ended: the page
// reconnects and fetches everything again, so nothing is missed silently.
type subscribers map[chan change]struct{}

const streamQueue = 256

func (s subscribers) publish(c change) {
	for ch := range s {
		select {
		case ch <- c:
		default:
			delete(s, ch)
			close(ch)
		}
	}
}

const streamHeartbeat = 20 * time.Second

func (w *Workspace) controlStream(rw http.ResponseWriter, r *http.Request) {
	ch := make(chan change, streamQueue)
	w.mu.Lock()
	w.stream[ch] = struct{}{}
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		delete(w.stream, ch)
		w.mu.Unlock()
	}()
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(rw)
	beat := time.NewTicker(streamHeartbeat)
	defer beat.Stop()
	line := ": open\n\n"
	for {
		if _, err := rw.Write([]byte(line)); err != nil || out.Flush() != nil {
			return
		}
		select {
		case c, open := <-ch:
			if !open {
				return
			}
			line = fmt.Sprintf("event: change\ndata: %s\n\n", mustMarshal(c))
		case <-beat.C:
			line = ": beat\n\n"
		case <-r.Context().Done():
			return
		case <-w.ctx.Done():
			return
		}
	}
}

// traffic is a ring of the last calls, replies, envelopes and acks.
type traffic struct {
	entries []trafficEntry
	n       int64
}

type trafficEntry struct {
	N    int64           `json:"n"`
	At   time.Time       `json:"at"`
	Kind string          `json:"kind"` // call, reply, envelope, ack, ignored
	Name string          `json:"name"`
	Body json.RawMessage `json:"body"` // as it was, or a string where it is no JSON or too long
}

const (
	maxTraffic     = 500
	maxTrafficBody = 16 << 10
)

var (
	secretToken  = regexp.MustCompile(`xox[a-z]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+`)
	secretTicket = regexp.MustCompile(`/_socket/[A-Z0-9]+`)
)

func redact(s string) string {
	return secretTicket.ReplaceAllString(secretToken.ReplaceAllString(s, "[redacted]"), "/_socket/[redacted]")
}

func (t *traffic) add(at time.Time, kind, name, body string) {
	shown := json.RawMessage(redact(body))
	if len(shown) > maxTrafficBody || !json.Valid(shown) {
		shown = mustMarshal(clip(string(shown), maxTrafficBody))
	}
	t.n++
	t.entries = append(t.entries, trafficEntry{t.n, at.UTC(), kind, name, shown})
	if len(t.entries) > maxTraffic {
		t.entries = t.entries[1:]
	}
}

func (w *Workspace) record(kind, name, body string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.traffic.add(w.now(), kind, name, body)
}

func (w *Workspace) controlTraffic(r *http.Request) (any, error) {
	after, err := strconv.ParseInt("0"+r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		return nil, badRequest("after must be a number")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	entries := []trafficEntry{}
	for _, e := range w.traffic.entries {
		if e.N > after {
			entries = append(entries, e)
		}
	}
	return obj{"traffic": entries, "next": w.traffic.n}, nil
}
