package localslack

import (
	"net/http"
	"time"
)

func (w *Workspace) plan(_ *http.Request, f plannedFault) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.addFault(&f); err != nil {
		return nil, badRequest("plan fault: %v", err)
	}
	return obj{"ok": true, "planned": len(w.faults)}, nil
}

type disconnectInput struct {
	Reason string `json:"reason"` // warning, refresh_requested, link_disabled, or abrupt: no word before the cut
	Count  int    `json:"count"`  // how many sockets, oldest first; 0: all
	App    string `json:"app"`
}

func (w *Workspace) disconnect(_ *http.Request, in disconnectInput) (any, error) {
	cuts := map[string]time.Duration{"warning": warningGrace, "refresh_requested": -1, "link_disabled": -1}
	if _, ok := cuts[in.Reason]; !ok && in.Reason != "abrupt" {
		return nil, badRequest("reason must be warning, refresh_requested, link_disabled or abrupt, not %q", in.Reason)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, s := range w.hub.sockets {
		if in.App != "" && in.App != s.app || in.Count > 0 && n == in.Count {
			continue
		}
		n++
		if in.Reason == "abrupt" {
			s.cut()
		} else {
			s.disconnect(in.Reason, cuts[in.Reason])
		}
	}
	return obj{"ok": true, "disconnected": n}, nil
}

type redeliverInput struct {
	EnvelopeID string `json:"envelope_id"`
}

// redeliver sends the very same envelope again, on the next socket.
func (w *Workspace) redeliver(_ *http.Request, in redeliverInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.hub.recent {
		if d.env.EnvelopeID != in.EnvelopeID {
			continue
		}
		s := w.hub.pick(d.env.app)
		if s == nil {
			return nil, badRequest("app %s has no open socket", d.env.app)
		}
		w.note(d.env, InteractionDelivered, func(n *Interaction) { n.Reason = "redelivered" })
		w.transmit(s, d.env)
		return obj{"ok": true}, nil
	}
	return nil, notFound("no envelope %q among the last %d", in.EnvelopeID, maxRecent)
}
