package page_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"warmline/internal/localslack/page"
)

//go:embed testdata
var testdata embed.FS

// fakeWorkspace answers the control API as far as the page uses it, with one app that reacts at once.
type fakeWorkspace struct {
	mu       sync.Mutex
	messages map[string][]object // channel id → messages
	views    []object
	asked    []asked // what the page posted
	changed  chan struct{}
	kinds    []object      // every change so far, oldest first
	joined   []object      // people who came since the start
	hold     chan struct{} // views are answered once it is closed; nil: at once
}

type object = map[string]any

type asked struct {
	Path string
	Body object
}

func newFakeWorkspace(t *testing.T) (*fakeWorkspace, *httptest.Server) {
	t.Helper()
	w := &fakeWorkspace{messages: map[string][]object{}, changed: make(chan struct{})}
	yesterday := time.Now().Add(-24 * time.Hour).Unix()
	now := time.Now().Add(-10 * time.Minute).Unix()
	w.messages["C0SUPPORT"] = []object{
		{"ts": stamp(yesterday), "user": "U0BEN", "text": "Morning! I am on the *refunds* shift :coffee:"},
		{"ts": stamp(yesterday + 20), "user": "U0BEN", "text": "• first\n• second\n```raw <https://x.example|link> *text*```"},
		{"ts": stamp(yesterday + 60), "user": "U0ANA", "text": "Thanks <@U0BEN>", "edited": object{"user": "U0ANA", "ts": stamp(yesterday + 70)}, "reactions": []object{{"name": "+1", "users": []string{"U0BEN"}, "count": 1}}},
		{"ts": stamp(now), "user": "U0WARM", "bot_id": "B0WARM", "text": "#1042 Charged twice", "blocks": fixture(t, "card.json")},
		{"ts": stamp(now + 5), "thread_ts": stamp(now), "user": "U0WARM", "bot_id": "B0WARM", "text": "*Mira*: I was charged twice"},
		{"ts": stamp(now + 9), "thread_ts": stamp(now), "user": "U0BEN", "text": "<@U0ANA> looks like the *partner* again"},
		{"ts": stamp(now + 12), "user": "U0WARM", "text": "only Ana reads this", "ephemeral": true, "to": "U0ANA"},
	}
	w.messages["C0REFUNDS"] = []object{
		{"ts": stamp(now), "user": "U0BEN", "text": "<@U0ANA> can you look?"},
		{"ts": stamp(now + 1), "user": "U0BEN", "text": "no hurry"},
	}
	server := httptest.NewServer(w.handler(t))
	t.Cleanup(server.Close)
	return w, server
}

func stamp(seconds int64) string { return fmt.Sprintf("%d.000100", seconds) }

func fixture(t *testing.T, name string) any {
	t.Helper()
	body, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return value
}

func (w *fakeWorkspace) handler(t *testing.T) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/slack/", page.Handler())
	mux.HandleFunc("GET /_control/state", func(rw http.ResponseWriter, _ *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		reply(rw, state(w.joined))
	})
	mux.HandleFunc("GET /_control/messages", w.listMessages)
	mux.HandleFunc("GET /_control/views", w.listViews)
	mux.HandleFunc("GET /_control/traffic", func(rw http.ResponseWriter, r *http.Request) {
		entries := []object{}
		if r.FormValue("after") == "0" {
			entries = append(entries, object{"n": 1, "at": "2026-11-23T08:20:00.1Z", "kind": "call", "name": "chat.postMessage", "body": object{"channel": "C0SUPPORT"}},
				object{"n": 2, "at": "2026-11-23T08:20:03.4Z", "kind": "envelope", "name": "interactive block_actions", "body": object{"envelope_id": "e-1"}})
		}
		reply(rw, object{"traffic": entries, "next": 2})
	})
	mux.HandleFunc("GET /_control/stream", w.stream)
	mux.HandleFunc("POST /_control/{what}", func(rw http.ResponseWriter, r *http.Request) { w.act(t, rw, r) })
	return mux
}

func state(joined []object) object {
	return object{
		"team": object{"id": "T0", "name": "Acme Support"},
		"channels": []object{
			{"id": "C0SUPPORT", "name": "support", "topic": "First line. The bot hands over here.", "members": []string{"U0ANA", "U0BEN", "U0WARM"}},
			{"id": "C0REFUNDS", "name": "refunds", "members": []string{"U0ANA", "U0BEN", "U0WARM"}},
			{"id": "C0LEADS", "name": "leads", "members": []string{"U0BEN"}},
		},
		"users": append([]object{
			{"id": "U0ANA", "name": "ana", "real_name": "Ana Silva", "groups": []string{"S0AGENTS"}},
			{"id": "U0BEN", "name": "ben", "real_name": "Ben Okafor", "groups": []string{"S0AGENTS", "S0LEADS"}, "color": "2bac76"},
			{"id": "U0WARM", "name": "warmline", "real_name": "Warmline", "is_bot": true, "color": "4a154b"},
		}, joined...),
		"groups": []object{{"id": "S0AGENTS", "handle": "agents", "name": "Agents"}, {"id": "S0LEADS", "handle": "leads", "name": "Leads"}},
		"commands": []object{
			{"command": "/escalate", "description": "Steer the line between the AI and people", "usage_hint": "[next | queue | mine | why N]"},
			{"command": "/shrug", "description": "Shrug", "usage_hint": "[text]"},
		},
	}
}

func (w *fakeWorkspace) listMessages(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen := []object{}
	for _, message := range w.messages[r.FormValue("channel")] {
		if to, private := message["to"]; !private || to == r.FormValue("as") {
			seen = append(seen, message)
		}
	}
	reply(rw, object{"messages": seen})
}

func (w *fakeWorkspace) listViews(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	hold := w.hold
	w.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	reply(rw, object{"views": slices.Clone(w.views)})
}

// holdViews has reads of views wait for the channel that it returns to be closed.
func (w *fakeWorkspace) holdViews() chan<- struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hold = make(chan struct{})
	return w.hold
}

// join adds a person, and tells.
func (w *fakeWorkspace) join(id, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.joined = append(w.joined, object{"id": id, "name": id, "real_name": name})
	w.tell(object{"kind": "presence"})
}

func (w *fakeWorkspace) stream(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(rw, ": hello\n\n")
	w.mu.Lock()
	sent := len(w.kinds)
	w.mu.Unlock()
	for {
		w.mu.Lock()
		fresh, changed := w.kinds[sent:], w.changed
		sent = len(w.kinds)
		w.mu.Unlock()
		for _, change := range fresh {
			data, _ := json.Marshal(change)
			fmt.Fprintf(rw, "event: change\ndata: %s\n\n", data)
		}
		rw.(http.Flusher).Flush()
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// tell announces a change; the caller holds the lock.
func (w *fakeWorkspace) tell(change object) {
	w.kinds = append(w.kinds, change)
	close(w.changed)
	w.changed = make(chan struct{})
}

// act is the app: what the page posts has its effect before the answer, as a quick app's would.
func (w *fakeWorkspace) act(t *testing.T, rw http.ResponseWriter, r *http.Request) {
	var body object
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, 1<<20)).Decode(&body); err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	what := r.PathValue("what")
	w.asked = append(w.asked, asked{what, body})
	switch what {
	case "click":
		w.click(t, rw, body)
	case "submit":
		w.submit(rw, body)
	case "close":
		w.views = slices.DeleteFunc(w.views, func(view object) bool { return view["id"] == body["view_id"] })
		reply(rw, object{"ok": true})
	case "message":
		w.post(object{"user": body["user"], "text": body["text"], "thread_ts": body["thread_ts"]}, body["channel"].(string))
		reply(rw, object{"ok": true})
	case "command":
		w.post(object{"user": "U0WARM", "text": "Your queue is empty: `" + fmt.Sprint(body["text"]) + "`", "ephemeral": true, "to": body["user"]}, body["channel"].(string))
		reply(rw, object{"ok": true, "acked": true})
	case "home":
		w.views = append(w.views, fixture(t, "home.json").(object))
		reply(rw, object{"ok": true})
	default:
		rw.WriteHeader(http.StatusNotFound)
		reply(rw, object{"ok": false, "error": "no such control: " + what})
	}
}

func (w *fakeWorkspace) click(t *testing.T, rw http.ResponseWriter, body object) {
	answer := object{"ok": true, "acked": true, "ack_ms": 3}
	switch body["action_id"] {
	case "claim":
		card := w.messages["C0SUPPORT"][3]
		blocks := slices.Clone(card["blocks"].([]any))
		foot := object{"type": "context", "block_id": "foot", "elements": []any{object{"type": "mrkdwn", "text": "claimed by <@" + body["user"].(string) + ">"}}}
		blocks[len(blocks)-1] = foot
		w.messages["C0SUPPORT"][3] = object{"ts": card["ts"], "user": card["user"], "text": card["text"], "blocks": blocks, "edited": object{"user": card["user"], "ts": card["ts"]}}
		w.tell(object{"kind": "message", "channel": "C0SUPPORT"})
	case "edit":
		w.views = append(w.views, fixture(t, "modal.json").(object))
		w.tell(object{"kind": "view", "user": body["user"]})
	case "deaf":
		answer = object{"ok": false, "acked": false, "error": "the app did not respond within 3s"}
	}
	reply(rw, answer)
}

func (w *fakeWorkspace) submit(rw http.ResponseWriter, body object) {
	reply1 := body["values"].(object)["reply"].(object)["text"]
	if reply1 == "bad" {
		reply(rw, object{"ok": true, "response_action": "errors", "errors": object{"reply": "This asks for the order number again."}})
		return
	}
	w.views = nil
	w.post(object{"user": "U0WARM", "text": "Sent: " + reply1.(string)}, "C0SUPPORT")
	reply(rw, object{"ok": true})
}

// post adds a message now; the caller holds the lock.
func (w *fakeWorkspace) post(message object, channel string) {
	message["ts"] = fmt.Sprintf("%d.%06d", time.Now().Unix(), len(w.kinds)+200)
	if message["thread_ts"] == nil {
		delete(message, "thread_ts")
	}
	w.messages[channel] = append(w.messages[channel], message)
	w.tell(object{"kind": "message", "channel": channel, "ts": message["ts"]})
}

// lastAsked is the newest body the page posted to one control path.
func (w *fakeWorkspace) lastAsked(path string) object {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range slices.Backward(w.asked) {
		if one.Path == path {
			return one.Body
		}
	}
	return nil
}

func reply(rw http.ResponseWriter, value any) {
	rw.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(rw).Encode(value)
}
