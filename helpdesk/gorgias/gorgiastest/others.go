package gorgiastest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// uploadHost is where Gorgias says that files lie. Nothing answers there: they are fetched through the account's API.
const uploadHost = "https://uploads.gorgias.io"

func (f *Fake) users() []helpdesktest.Agent {
	return append([]helpdesktest.Agent{Me, Machine}, f.Book.Agents...)
}

func (f *Fake) user(id string) (helpdesktest.Agent, bool) {
	all := f.users()
	at := slices.IndexFunc(all, func(a helpdesktest.Agent) bool { return a.ID == id })
	if at < 0 {
		return helpdesktest.Agent{}, false
	}
	return all[at], true
}

func (f *Fake) knows(id string) bool {
	_, ok := f.user(id)
	return ok
}

func (f *Fake) showUser(a helpdesktest.Agent) map[string]any {
	role := "agent"
	switch {
	case f.Roles[a.ID] != "":
		role = f.Roles[a.ID]
	case a.ID == Machine.ID:
		role = "bot"
	case a.ID == Me.ID:
		role = "admin"
	}
	out := showParty(json.Number(a.ID), a.Name, a.Email)
	out["active"], out["role"], out["bio"], out["timezone"] = !f.Inactive[a.ID], map[string]any{"id": 1, "name": role}, nil, "UTC"
	return out
}

func (f *Fake) listUsers(w http.ResponseWriter, r *http.Request) {
	limit, after, ok := query(w, r, "email", "search", "roles", "external_id", "order_by")
	if !ok {
		return
	}
	if f.NotListed {
		refuse(w, http.StatusForbidden, "You do not have permission.", nil)
		return
	}
	rows := slices.DeleteFunc(f.users(), func(a helpdesktest.Agent) bool {
		return r.URL.Query().Has("email") && !strings.EqualFold(a.Email, r.URL.Query().Get("email"))
	})
	slices.SortFunc(rows, func(a, b helpdesktest.Agent) int { return strings.Compare(a.ID, b.ID) })
	paged(w, r, rows, limit, after, func(a helpdesktest.Agent) string { return a.ID }, f.showUser)
}

func (f *Fake) viewUser(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if id == "0" { // whoever calls
		id = Me.ID
	}
	a, ok := f.user(id)
	if !ok {
		refuse(w, http.StatusNotFound, "User was not found.", nil)
		return
	}
	answer(w, http.StatusOK, f.showUser(a))
}

func (f *Fake) listMacros(w http.ResponseWriter, r *http.Request) {
	limit, after, ok := query(w, r, "search", "order_by", "archived", "languages", "tags")
	if !ok {
		return
	}
	key := func(m Macro) string { return fmt.Sprintf("%012d", m.ID) }
	paged(w, r, f.Macros, limit, after, key, func(m Macro) map[string]any {
		return map[string]any{
			"id": m.ID, "external_id": nil, "name": m.Name, "intent": orNull(m.Intent), "language": nil, "usage": 3, "actions": m.Actions,
			"archived_datetime": nil, "created_datetime": "2024-11-05T10:12:13.123456", "uri": "/api/macros/" + strconv.FormatInt(m.ID, 10) + "/",
		}
	})
}

func (f *Fake) listIntegrations(w http.ResponseWriter, r *http.Request) {
	limit, after, ok := query(w, r, "type", "order_by")
	if !ok || f.refusedToAll(w) {
		return
	}
	f.mu.Lock()
	rows := slices.Clone(f.integrations)
	f.mu.Unlock()
	paged(w, r, rows, limit, after, func(in *Integration) string { return fmt.Sprintf("%012d", in.ID) }, showIntegration)
}

func (f *Fake) refusedToAll(w http.ResponseWriter) bool {
	if f.NotAdmin {
		refuse(w, http.StatusForbidden, "You do not have permission.", nil)
	}
	return f.NotAdmin
}

func showIntegration(in *Integration) map[string]any {
	out := map[string]any{"id": in.ID, "type": "http", "name": in.Name, "http": in.HTTP, "deactivated_datetime": nil, "managed": false, "application_id": nil}
	if in.Off {
		out["deactivated_datetime"] = "2024-11-05T10:12:13.123456"
	}
	return out
}

const httpFields = "url method request_content_type response_content_type form headers hmac_secret triggers"

func (f *Fake) createIntegration(w http.ResponseWriter, r *http.Request) {
	body, ok := members(w, r, "name type", "description http business_hours_id")
	if !ok || f.refusedToAll(w) {
		return
	}
	object, _ := body["http"].(map[string]any)
	wrong := faults(object, "url method", httpFields)
	if body["type"] != "http" {
		wrong["type"] = "Not a valid choice."
	}
	if len(wrong) > 0 {
		invalid(w, wrong)
		return
	}
	in := &Integration{ID: f.Book.Next(), Name: text(body["name"]), HTTP: object}
	f.mu.Lock()
	f.integrations = append(f.integrations, in)
	f.mu.Unlock()
	answer(w, http.StatusCreated, showIntegration(in))
}

func (f *Fake) updateIntegration(w http.ResponseWriter, r *http.Request) {
	body, ok := members(w, r, "name", "description http deactivated_datetime business_hours_id")
	if !ok || f.refusedToAll(w) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at := slices.IndexFunc(f.integrations, func(in *Integration) bool { return strconv.FormatInt(in.ID, 10) == r.PathValue("id") })
	if at < 0 {
		refuse(w, http.StatusNotFound, "Integration was not found.", nil)
		return
	}
	next := *f.integrations[at]
	if object, said := body["http"].(map[string]any); said {
		next.HTTP = object
	}
	if off, said := body["deactivated_datetime"]; said {
		next.Off = off != nil
	}
	next.Name = text(body["name"])
	f.integrations[at] = &next
	answer(w, http.StatusAccepted, showIntegration(&next))
}

// Integrations are the HTTP integrations that the account has.
func (f *Fake) Integrations() (out []Integration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, in := range f.integrations {
		out = append(out, *in)
	}
	return out
}

// TurnOff turns all integrations off, as Gorgias does after many failures.
func (f *Fake) TurnOff() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, in := range f.integrations {
		next := *in
		next.Off = true
		f.integrations[i] = &next
	}
}

func (f *Fake) upload(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("type") != "attachment" {
		invalid(w, map[string]string{"type": "Not a valid choice."})
		return
	}
	form, err := r.MultipartReader()
	if err != nil {
		invalid(w, map[string]string{"file": "Missing data for required field."})
		return
	}
	made := []map[string]any{}
	for {
		part, err := form.NextPart()
		if err != nil {
			break
		}
		body, err := io.ReadAll(part)
		if err != nil || part.FormName() != "file" || part.FileName() == "" {
			invalid(w, map[string]string{"file": "Not a valid file."})
			return
		}
		path := f.keep(part.FileName(), body)
		made = append(made, map[string]any{"url": uploadHost + path, "name": part.FileName(), "content_type": part.Header.Get("Content-Type"), "size": len(body)})
	}
	answer(w, http.StatusCreated, made)
}

// keep keeps a file and returns its address' path, which is escaped.
func (f *Fake) keep(name string, body []byte) string {
	path := "/JakiuM7ama/" + strconv.FormatInt(f.Book.Next(), 10) + "-" + url.PathEscape(name)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uploads[path] = body
	return path
}

func (f *Fake) download(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	body, ok := f.uploads[strings.TrimPrefix(r.URL.EscapedPath(), "/api/attachment/download")]
	f.mu.Unlock()
	if !ok {
		refuse(w, http.StatusNotFound, "File was not found.", nil)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(body) // whoever asked has gone
}

// showFiles are a message's files. The caller holds the lock.
func (f *Fake) showFiles(m helpdesktest.Message) []map[string]any {
	out := []map[string]any{}
	for i, file := range m.Files {
		where, ok := m.Extra["url-"+strconv.Itoa(i)].(string)
		if !ok {
			where = fmt.Sprintf("/JakiuM7ama/%s-%d-%s", m.ID, i, url.PathEscape(file.Name))
			f.uploads[where] = file.Body
			where = uploadHost + where
		}
		out = append(out, map[string]any{"url": where, "name": file.Name, "content_type": file.Type, "size": len(file.Body), "public": m.Public, "extra": nil})
	}
	return out
}

// SendsLink lets a ticket's customer send a file that lies at an address of their choice.
func (f *Fake) SendsLink(ticket, words, name, address string) {
	m := f.incoming(ticket, words, []desk.Upload{{Name: name, Type: "image/png"}})
	m.Extra["url-0"] = address
	f.Book.Add(ticket, m)
}
