package fronttest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what Front signs rule webhooks with
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// HookSecret signs the fake's webhooks.
const HookSecret = "fronttest-signing-key"

// SignApp returns the headers of an application's webhook.
func SignApp(secret string, at time.Time, body []byte) http.Header {
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(append([]byte(ms+":"), body...))
	h := headers(mac.Sum(nil))
	h.Set("X-Front-Request-Timestamp", ms)
	return h
}

// SignRule returns the headers of a rule's webhook.
func SignRule(secret string, _ time.Time, body []byte) http.Header {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	return headers(mac.Sum(nil))
}

func headers(sum []byte) http.Header {
	return http.Header{"Content-Type": {"application/json"}, "X-Front-Signature": {base64.StdEncoding.EncodeToString(sum)}}
}

// Hook is the webhook that an application gets of a conversation's newest event, signed with a secret; nil when there is none.
func (f *Fake) Hook(ticket, secret string) (http.Header, []byte) {
	e, ok := f.newestOf(ticket)
	if !ok {
		return nil, nil
	}
	kind := map[string]string{"inbound": "inbound_received", "out_reply": "outbound_sent", "comment": "new_comment_added"}[e.kind]
	if kind == "" {
		kind = "conversation_" + e.kind
	}
	body := encode(map[string]any{"type": kind, "authorization": map[string]any{"id": "cmp_k30"}, "payload": f.event(e)})
	return SignApp(secret, f.now(), body), body
}

// RuleHook is Hook as a rule sends it.
func (f *Fake) RuleHook(ticket, secret string) (http.Header, []byte) {
	e, ok := f.newestOf(ticket)
	if !ok {
		return nil, nil
	}
	body := encode(f.event(e))
	return SignRule(secret, f.now(), body), body
}

func (f *Fake) newestOf(ticket string) (event, bool) {
	t, ok := f.book.Ticket(ticket)
	if !ok {
		return event{}, false
	}
	all := f.eventsOf(t)
	if len(all) == 0 {
		return event{}, false
	}
	return all[len(all)-1], true
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // maps of strings and numbers
	}
	return b
}
