package localslack

import (
	"bytes"
	"context"
	"encoding/json"
	"time"
)

// maxRecent bounds the envelopes kept for redelivery.
const maxRecent = 256

// eventRetries are the waits before each delivery of an event.
// https://docs.slack.dev/apis/events-api#retries
var eventRetries = []time.Duration{0, 0, time.Minute, 5 * time.Minute}

// maxEvents bounds the events in flight: an app that is away must not fill the
// memory of the workspace.
const maxEvents = 10_000

// envelope is one Socket Mode message to an app.
type envelope struct {
	EnvelopeID             string          `json:"envelope_id"`
	Type                   string          `json:"type"`
	AcceptsResponsePayload bool            `json:"accepts_response_payload"`
	Payload                json.RawMessage `json:"payload"`
	RetryAttempt           *int            `json:"retry_attempt,omitempty"`
	RetryReason            *string         `json:"retry_reason,omitempty"`

	app  string
	user string // who acted
	note Interaction
}

// delivery is an envelope that was sent and what came of it.
type delivery struct {
	env    *envelope
	socket *socket
	sent   time.Time
	done   chan struct{} // closed with outcome set
	result outcome
}

type outcome struct {
	acked   bool
	payload json.RawMessage
	lost    bool // the socket died first
}

// dispatch sends an envelope to exactly one socket of the app; build makes its
// payload for the address under which that socket reached us. nil: the app has
// no socket. Callers hold mu.
func (w *Workspace) dispatch(env *envelope, build func(base string) obj) *delivery {
	s := w.hub.pick(env.app)
	env.EnvelopeID = newEnvelopeID()
	env.note.EnvelopeID, env.note.Type, env.note.App = env.EnvelopeID, env.Type, env.app
	if s == nil {
		w.note(env, InteractionUndelivered, func(n *Interaction) { n.Reason = "no_connection" })
		return nil
	}
	env.Payload = mustMarshal(build(s.base))
	d := &delivery{env: env, socket: s, sent: w.now(), done: make(chan struct{})}
	w.hub.waiting[env.EnvelopeID] = d
	w.hub.recent = append(w.hub.recent, d)
	if len(w.hub.recent) > maxRecent {
		w.hub.recent = w.hub.recent[1:]
	}
	w.note(env, InteractionDelivered, nil)
	w.transmit(s, env)
	return d
}

// transmit writes an envelope, unless a fault says otherwise.
func (w *Workspace) transmit(s *socket, env *envelope) {
	data := mustMarshal(env)
	w.traffic.add(w.now(), "envelope", env.Type+" "+env.note.What, string(data))
	switch f := w.matchFault("", env.Type); {
	case f == nil:
		s.enqueue(frame{data: data})
	case f.DelayMS > 0:
		w.goOwned(func() {
			if sleep(w.ctx, time.Duration(f.DelayMS)*time.Millisecond) == nil {
				s.enqueue(frame{data: data})
			}
		})
	case f.Error == "duplicate":
		s.enqueue(frame{data: data})
		s.enqueue(frame{data: data})
	case f.AfterApply: // arrives, but its ack does not count
		delete(w.hub.waiting, env.EnvelopeID)
		s.enqueue(frame{data: data})
	}
}

// finish settles a delivery once. Callers hold mu.
func (w *Workspace) finish(d *delivery, o outcome) {
	if w.hub.waiting[d.env.EnvelopeID] != d {
		return
	}
	delete(w.hub.waiting, d.env.EnvelopeID)
	d.result = o
	if o.acked {
		ms := w.now().Sub(d.sent).Milliseconds()
		w.note(d.env, InteractionAcked, func(n *Interaction) { n.AckMS, n.Ack = ms, compacted(o.payload) })
	}
	close(d.done)
}

func compacted(raw json.RawMessage) json.RawMessage {
	var b bytes.Buffer
	if len(raw) == 0 || json.Compact(&b, raw) != nil {
		return nil
	}
	return b.Bytes()
}

// await waits for the ack, at most three seconds.
func (w *Workspace) await(ctx context.Context, d *delivery) outcome {
	deadline := time.NewTimer(ackDeadline)
	defer deadline.Stop()
	select {
	case <-d.done:
		return d.result
	case <-deadline.C:
	case <-ctx.Done():
	case <-w.ctx.Done():
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-d.done: // it came while the deadline fired
		return d.result
	default:
	}
	delete(w.hub.waiting, d.env.EnvelopeID)
	w.note(d.env, InteractionTimedOut, func(n *Interaction) { n.Reason = "timeout" })
	return outcome{}
}

func (w *Workspace) note(env *envelope, kind Kind, more func(*Interaction)) {
	n := env.note
	if more != nil {
		more(&n)
	}
	_ = w.commit(Record{Kind: kind, User: env.user, Interaction: &n}) // commit logs; the envelope is out already
}

// emit sends an event to an app that is subscribed to it and repeats it until it is acknowledged or the
// retries are spent. The first try happens before emit returns, so events leave
// in the order of what they tell. Callers hold mu.
func (w *Workspace) emit(a *App, event obj) {
	if !a.hears(event) {
		return
	}
	if len(w.hub.waiting) >= maxEvents {
		w.log.Warn("event dropped", "app", a.ID, "type", event["type"])
		return
	}
	id := newID("Ev")
	what, _ := event["type"].(string)
	body := obj{
		"token": verificationToken, "team_id": w.st.team.ID, "api_app_id": a.ID, "type": "event_callback",
		"event": event, "event_id": id, "event_time": w.now().Unix(), "is_ext_shared_channel": false,
		"event_context": "4-" + id,
		"authorizations": []obj{{
			"enterprise_id": nil, "team_id": w.st.team.ID, "user_id": a.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}
	raw := mustMarshal(body) // now: the state it shows may change before a retry
	try := func(attempt int, reason string) *delivery {
		env := &envelope{Type: "events_api", app: a.ID, RetryAttempt: &attempt, RetryReason: &reason}
		env.note = Interaction{What: what, EventID: id, RetryAttempt: attempt}
		return w.dispatch(env, func(string) obj { return decodeObject(raw) })
	}
	first := try(0, "")
	w.goOwned(func() { w.pursue(first, try) })
}

// pursue sees an event through its retries.
func (w *Workspace) pursue(d *delivery, try func(int, string) *delivery) {
	for attempt := 0; ; {
		reason := "connection_failed"
		if d != nil {
			switch o := w.await(w.ctx, d); {
			case o.acked:
				return
			case !o.lost:
				reason = "timeout"
			}
		}
		attempt++
		if attempt == len(eventRetries) || sleep(w.ctx, eventRetries[attempt]) != nil {
			return
		}
		w.mu.Lock()
		d = try(attempt, reason)
		w.mu.Unlock()
	}
}

// sleep waits, or returns the context's error when that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newEnvelopeID() string {
	const hex = "0123456789abcdef"
	b := []byte(newID("") + newID("") + newID(""))
	for i := range b {
		b[i] = hex[int(b[i])%16]
	}
	return string(b[:8]) + "-" + string(b[8:12]) + "-" + string(b[12:16]) + "-" + string(b[16:20]) + "-" + string(b[20:32])
}
