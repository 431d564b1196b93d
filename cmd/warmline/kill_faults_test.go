package main

import "net/http"

type killFault = map[string]any

// misbehave has both sides fail in all the ways that they know, some calls before and some after they were applied.
func (w *killWorld) misbehave(seed uint64) {
	w.t.Helper()
	for i, f := range []killFault{
		{"op": "message", "kind": "late_apply", "probability": 0.04, "delay_ms": 700},
		{"op": "message", "kind": "late_apply", "probability": 0.02, "delay_ms": 3500}, // later than the connector waits
		{"op": "message", "kind": "500_after", "probability": 0.04},
		{"op": "message", "kind": "500_before", "probability": 0.02},
		{"op": "message", "kind": "timeout_after", "probability": 0.02, "delay_ms": 200},
		{"op": "message", "kind": "429", "probability": 0.04},
		{"op": "message", "kind": "drop", "probability": 0.02},
		{"op": "read", "kind": "500_before", "probability": 0.02},
		{"op": "read", "kind": "429", "probability": 0.01},
		{"op": "patch", "kind": "500_after", "probability": 0.04},
		{"op": "patch", "kind": "late_apply", "probability": 0.02, "delay_ms": 400},
		{"op": "changes", "kind": "duplicate", "probability": 0.1},
		{"op": "changes", "kind": "stale_read", "probability": 0.1},
		{"op": "webhook", "kind": "drop", "probability": 0.1},
		{"op": "webhook", "kind": "duplicate", "probability": 0.1},
	} {
		f["seed"] = seed + uint64(i)
		w.must(http.MethodPost, w.deskURL+"/desk/api/_faults", f)
	}
	for i, f := range []killFault{
		{"method": "chat.postMessage", "status": 500, "after_apply": true, "probability": 0.05},
		{"method": "chat.postMessage", "status": 429, "retry_after": 1, "probability": 0.01},
		{"method": "chat.postMessage", "status": 503, "probability": 0.02},
		{"method": "chat.update", "status": 500, "probability": 0.03},
		{"method": "chat.update", "status": 500, "after_apply": true, "probability": 0.03},
		{"method": "conversations.history", "status": 500, "probability": 0.05},
		{"envelope": "interactive", "error": "duplicate", "probability": 0.1},
		{"envelope": "interactive", "after_apply": true, "probability": 0.02},
	} {
		f["seed"] = seed + uint64(i)
		w.must(http.MethodPost, w.slackURL+"/_control/fault", f)
	}
}

// behave ends all faults.
func (w *killWorld) behave() {
	w.t.Helper()
	w.must(http.MethodDelete, w.deskURL+"/desk/api/_faults", nil)
	w.must(http.MethodPost, w.slackURL+"/_control/fault", killFault{"clear": true})
}
