package jiratest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// Hook is a webhook about a ticket as Jira sends one that an administrator registered: its headers, signed, and its body.
func (f *Fake) Hook(t helpdesktest.Ticket, event, secret string) (http.Header, []byte) {
	issue := f.issue(&t, []string{"summary", "status", "project", "reporter", "priority"}, nil)
	body := object{"timestamp": t.Updated.UnixMilli(), "webhookEvent": event, "issue": issue, "user": f.self(), "matchedWebhookIds": []int{11}}
	if len(t.Messages) > 1 && event[:4] != "jira" {
		m := t.Messages[len(t.Messages)-1]
		c := f.comment(&t, &m, false)
		c["body"] = "h1. wiki markup, here" // webhooks have the older format
		body["comment"] = c
	}
	b, err := json.Marshal(body)
	if err != nil {
		panic("jiratest: encode webhook: " + err.Error()) // maps of plain values
	}
	h := Sign(secret, b)
	h.Set("X-Atlassian-Webhook-Identifier", t.ID+"-"+event+"-"+strconv.FormatInt(t.Updated.UnixMilli(), 10))
	return h, b
}

// Sign returns the headers of a body that is sent for the first time.
func Sign(secret string, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	h := http.Header{"Content-Type": {"application/json; charset=UTF-8"}}
	h.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	h.Set("X-Atlassian-Webhook-Identifier", "5f3a1c8e-7c1b-4f0e-9a57-0d3f6c2b1a90")
	h.Set("X-Atlassian-Webhook-Flow", "Primary")
	return h
}

// Hooks are the webhooks that are registered.
func (f *Fake) Hooks() []map[string]any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]map[string]any(nil), f.hooks...)
}

func (f *Fake) listHooks(w http.ResponseWriter, _ *http.Request) {
	if f.Lacks["ADMINISTER"] {
		answer(w, http.StatusForbidden, object{"messages": []object{{"key": "You do not have permission"}}})
		return
	}
	out := []map[string]any{}
	for _, h := range f.Hooks() {
		shown := object{"lastUpdatedUser": Self, "lastUpdated": f.now().UnixMilli(), "isSigned": true}
		for name, value := range h {
			if name != "secret" {
				shown[name] = value
			}
		}
		out = append(out, shown)
	}
	answer(w, http.StatusOK, out)
}

func (f *Fake) saveHook(w http.ResponseWriter, r *http.Request) {
	if f.Lacks["ADMINISTER"] {
		answer(w, http.StatusForbidden, object{"messages": []object{{"key": "You do not have permission"}}})
		return
	}
	var h struct {
		Name        string            `json:"name"`
		URL         string            `json:"url"`
		Events      []string          `json:"events"`
		Filters     map[string]string `json:"filters"`
		ExcludeBody bool              `json:"excludeBody"`
		Enabled     bool              `json:"enabled"`
		Secret      string            `json:"secret"`
	}
	if !decode(w, r, &h) {
		return
	}
	if h.Name == "" || h.URL == "" || len(h.Events) == 0 {
		problem(w, http.StatusBadRequest, "name, url and events are required.")
		return
	}
	kept := object{"name": h.Name, "url": h.URL, "events": h.Events, "filters": h.Filters, "excludeBody": h.ExcludeBody, "enabled": h.Enabled, "secret": h.Secret}
	f.mu.Lock()
	defer f.mu.Unlock()
	at, status := len(f.hooks), http.StatusCreated
	if r.Method == http.MethodPut {
		at, _ = strconv.Atoi(r.PathValue("hook")) // none has the number that a word is read as
		at--
		if status = http.StatusOK; at < 0 || at >= len(f.hooks) {
			problem(w, http.StatusNotFound, "There is no such webhook.")
			return
		}
	} else {
		f.hooks = append(f.hooks, nil)
	}
	kept["self"] = "https://shop.atlassian.net/rest/webhooks/1.0/webhook/" + strconv.Itoa(at+1)
	f.hooks[at] = kept
	answer(w, status, kept)
}

// Shown is what customers could see of a ticket at any time, also what was deleted since.
type Shown struct {
	Ticket, Comment string
	At              time.Time
}

func (f *Fake) remember(ticket string, m helpdesktest.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if m.Public {
		f.shown = append(f.shown, Shown{ticket, m.ID, m.At})
	}
}

// Shown are all comments by the token's account that customers could see at any time.
func (f *Fake) Shown() []Shown {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Shown(nil), f.shown...)
}
