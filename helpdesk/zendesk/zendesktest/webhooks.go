package zendesktest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// hook is a webhook of the account.
type hook struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	Endpoint      string   `json:"endpoint"`
	Method        string   `json:"http_method"`
	Format        string   `json:"request_format"`
	Status        string   `json:"status"`
	Subscriptions []string `json:"subscriptions"`
}

func (f *Fake) listHooks(w http.ResponseWriter, r *http.Request) {
	if f.adminOnly(w) {
		return
	}
	f.mu.Lock()
	list := slices.Clone(f.hooks)
	f.mu.Unlock()
	some, rest := page(f, r, list)
	rest["webhooks"] = some
	answer(w, http.StatusOK, rest)
}

// AddHook puts a webhook into the account, as its admins do.
func (f *Fake) AddHook(name, endpoint string, subscriptions ...string) (id string) {
	h := hook{
		ID: "01HOOK" + itoa(f.book.Next()), Name: name, Endpoint: endpoint, Method: "POST", Format: "json", Status: "active", Subscriptions: subscriptions,
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hooks = append(f.hooks, h)
	return h.ID
}

func (f *Fake) createHook(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Webhook hook `json:"webhook"`
	}
	if f.adminOnly(w) || !read(w, r, &in) {
		return
	}
	h := in.Webhook
	if h.Name == "" || h.Endpoint == "" || h.Method != http.MethodPost || h.Format != "json" || h.Status != "active" || len(h.Subscriptions) == 0 || h.ID != "" {
		problem(w, http.StatusBadRequest, "InvalidRequest", "name, endpoint, http_method, request_format and status are mandatory")
		return
	}
	h.ID = f.AddHook(h.Name, h.Endpoint, h.Subscriptions...)
	answer(w, http.StatusCreated, map[string]any{"webhook": h})
}

func (f *Fake) updateHook(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Webhook hook `json:"webhook"`
	}
	if f.adminOnly(w) || !read(w, r, &in) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.IndexFunc(f.hooks, func(h hook) bool { return h.ID == r.PathValue("id") })
	switch {
	case at < 0:
		notFound(w)
	case in.Webhook.Method != "" || in.Webhook.Format != "" || slices.Contains(f.hooks[at].Subscriptions, "conditional_ticket_events"):
		problem(w, http.StatusBadRequest, "InvalidRequest", "the method and the kind of subscription cannot be changed")
	default:
		f.hooks[at].Status, f.hooks[at].Subscriptions = in.Webhook.Status, in.Webhook.Subscriptions
		w.WriteHeader(http.StatusNoContent)
	}
}

func (f *Fake) hookSecret(w http.ResponseWriter, r *http.Request) {
	if f.adminOnly(w) {
		return
	}
	answer(w, http.StatusOK, map[string]any{"signing_secret": map[string]any{"algorithm": "SHA256", "secret": SecretOf(r.PathValue("id"))}})
}

// SecretOf is the secret with which a webhook signs.
func SecretOf(hook string) string {
	return base64.StdEncoding.EncodeToString([]byte("the secret of " + hook))
}

// Hooks are the addresses of all webhooks.
func (f *Fake) Hooks() (endpoints []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, h := range f.hooks {
		endpoints = append(endpoints, h.Endpoint)
	}
	return endpoints
}

// Hook is the webhook of an event of a ticket, "ticket.comment_added", as it is sent: signed with a secret.
func (f *Fake) Hook(ticket, event, secret string) (header http.Header, body []byte) {
	t, _ := f.book.Ticket(ticket)
	body = f.eventJSON(&t, event)
	return Sign(secret, f.now(), body), body
}

// eventJSON is an event's body: everything a string, in capitals what is a word elsewhere.
func (f *Fake) eventJSON(t *helpdesktest.Ticket, event string) []byte {
	tags := slices.Clone(t.Tags)
	if tags == nil {
		tags = []string{}
	}
	body, err := json.Marshal(map[string]any{
		"account_id": 12514403, "id": "01JEVENT" + itoa(f.book.Next()), "subject": "zen:ticket:" + t.ID, "time": f.now().UTC().Format(time.RFC3339Nano),
		"type": "zen:event-type:" + event, "zendesk_event_version": "2022-11-06",
		"detail": map[string]any{
			"id": t.ID, "actor_id": "8447388090495", "assignee_id": orNull(t.Assignee), "brand_id": "8447346621310", "created_at": second(t.Created),
			"custom_status": nil, "description": "…", "external_id": nil, "form_id": nil, "group_id": nil, "is_public": true, "organization_id": nil,
			"priority": orNull(strings.ToUpper(t.Priority)), "requester_id": "8447388090494", "status": strings.ToUpper(or(t.Status, "new")), "subject": t.Subject,
			"tags": tags, "type": nil, "updated_at": second(t.Updated), "via": map[string]any{"channel": or(t.Channel, "email")},
		},
		"event": map[string]any{"meta": map[string]any{"sequence": map[string]any{"id": "01JSEQ", "position": 1, "total": 1}}, "comment": nil},
	})
	if err != nil {
		panic(err) // strings and numbers
	}
	return body
}

// Sign returns the headers with which Zendesk sends a body.
func Sign(secret string, at time.Time, body []byte) http.Header {
	stamp := at.UTC().Format(time.RFC3339)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp))
	mac.Write(body)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("X-Zendesk-Account-Id", "12514403")
	h.Set("X-Zendesk-Webhook-Id", "01HOOK")
	h.Set("X-Zendesk-Webhook-Invocation-Id", "8350205582")
	h.Set("X-Zendesk-Webhook-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	h.Set("X-Zendesk-Webhook-Signature-Timestamp", stamp)
	return h
}
