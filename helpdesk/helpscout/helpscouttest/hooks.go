package helpscouttest

import (
	"crypto/hmac"
	"crypto/sha1" // it is what Help Scout signs with
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/helpdesk/helpscout"
)

// hook is a webhook of the account.
type hook struct {
	ID, URL, Secret, State string
	Events                 []string
}

// Hook is the delivery that tells of an event of a conversation: "convo.status".
func (f *Fake) Hook(secret, event, ticket string) (http.Header, []byte) {
	body := map[string]any{"id": asNumber(ticket)}
	if t, ok := f.Book.Ticket(ticket); ok && !t.Deleted {
		body = f.shown(t)
	}
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return Sign(secret, event, encoded), encoded
}

// Sign returns the headers with which Help Scout sends a body.
func Sign(secret, event string, body []byte) http.Header {
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write(body)
	h := http.Header{}
	h.Set(helpscout.SignatureHeader, base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	h.Set(helpscout.EventHeader, event)
	h.Set("Content-Type", "application/json")
	return h
}

func (f *Fake) listHooks(w http.ResponseWriter, r *http.Request) {
	page, ok := queried(w, r)
	if !ok {
		return
	}
	f.mu.Lock()
	hooks := slices.Clone(f.hooks)
	f.mu.Unlock()
	paged(f, w, r, "webhooks", hooks, page, func(h hook) map[string]any {
		return map[string]any{"id": asNumber(h.ID), "url": h.URL, "state": h.State, "events": h.Events, "notification": false, "payloadVersion": "V2", "label": nil, "mailboxIds": nil}
	})
}

// putHook makes a webhook, or changes the one that is named.
func (f *Fake) putHook(w http.ResponseWriter, r *http.Request) {
	fields, ok := fieldsOf(w, r, "url", "events", "secret", "label", "notification", "payloadVersion", "mailboxIds")
	if !ok {
		return
	}
	h := hook{ID: r.PathValue("id"), State: "enabled"}
	h.URL, _ = fields["url"].(string)
	h.Secret, _ = fields["secret"].(string)
	list, _ := fields["events"].([]any)
	for _, one := range list {
		event, _ := one.(string)
		h.Events = append(h.Events, event)
	}
	if !strings.HasPrefix(h.URL, "https://") || h.Secret == "" || len(h.Secret) > 40 || len(h.Events) == 0 {
		invalidRequest(w, []invalid{without("url, secret or events")})
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if h.ID == "" {
		h.ID = strconv.Itoa(700 + len(f.hooks))
		f.hooks = append(f.hooks, h)
		f.created(w, r, "/v2/webhooks", h.ID)
		return
	}
	at := slices.IndexFunc(f.hooks, func(old hook) bool { return old.ID == h.ID })
	if at < 0 {
		notFound(w)
		return
	}
	h.State = f.hooks[at].State
	f.hooks[at] = h
	w.WriteHeader(http.StatusNoContent)
}

func (f *Fake) deleteHook(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hooks = slices.DeleteFunc(f.hooks, func(h hook) bool { return h.ID == r.PathValue("id") })
	w.WriteHeader(http.StatusNoContent)
}

// TurnOff turns all webhooks off, as Help Scout does after too many failures.
func (f *Fake) TurnOff() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.hooks {
		f.hooks[i].State = "disabled"
	}
}

// Hooks are the secrets of the webhooks that are on, by their address.
func (f *Fake) Hooks() map[string]string {
	f.mu.Lock()
	defer f.mu.Unlock()
	on := make(map[string]string)
	for _, h := range f.hooks {
		if h.State == "enabled" {
			on[h.URL] = h.Secret
		}
	}
	return on
}
