package hubspottest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

func (f *Fake) showAccount(*http.Request) (int, any, *failure) {
	return http.StatusOK, map[string]any{
		"portalId": 62515, "accountType": "STANDARD", "timeZone": "Europe/Berlin", "uiDomain": "app-eu1.hubspot.com", "dataHostingLocation": "eu1", "companyCurrency": nil,
	}, nil
}

// contact is the id of a contact, by e-mail address; there is one for everybody who ever wrote.
func (f *Fake) contact(email string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := f.contacts[email]
	if id == "" {
		id = strconv.Itoa(501 + len(f.contacts))
		f.contacts[email] = id
	}
	return id
}

func (f *Fake) showContact(r *http.Request) (int, any, *failure) {
	c, ok := f.person(r)
	if !ok {
		return 0, nil, gone()
	}
	first, last, _ := strings.Cut(c.Name, " ")
	body := map[string]any{"id": f.contact(c.Email), "archived": false, "properties": map[string]any{
		"email": c.Email, "firstname": first, "lastname": last, "lastmodifieddate": stamp(f.now()),
	}}
	if r.URL.Query().Get("associations") == "tickets" && len(f.ticketsOf(c)) > 0 {
		body["associations"] = map[string]any{"tickets": map[string]any{"results": f.ticketsOf(c)}}
	}
	return http.StatusOK, body, nil
}

func (f *Fake) listPipelines(*http.Request) (int, any, *failure) {
	pipelines := []any{}
	for i, p := range f.Pipelines {
		stages := []any{}
		for j, s := range p.Stages {
			state := map[bool]string{true: "CLOSED", false: "OPEN"}[s.Closed]
			stages = append(stages, map[string]any{
				"id": s.ID, "label": s.Label, "displayOrder": j, "archived": false,
				"metadata": map[string]any{"ticketState": state, "isClosed": strconv.FormatBool(s.Closed)}, "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
			})
		}
		pipelines = append(pipelines, map[string]any{"id": p.ID, "label": p.Label, "displayOrder": i, "archived": false, "stages": stages})
	}
	return http.StatusOK, map[string]any{"results": pipelines}, nil
}

func (f *Fake) showProperty(r *http.Request) (int, any, *failure) {
	name := r.PathValue("name")
	options := []any{}
	switch {
	case name == "hs_ticket_priority":
		for _, p := range f.priorities() {
			options = append(options, map[string]any{"value": p, "label": p, "hidden": false, "displayOrder": -1})
		}
		return http.StatusOK, map[string]any{"name": name, "type": "enumeration", "fieldType": "select", "options": options}, nil
	case slices.Contains(own, name):
		return http.StatusOK, map[string]any{"name": name, "type": "string", "fieldType": "text", "options": options}, nil
	}
	return 0, nil, gone()
}

func (f *Fake) listOwners(r *http.Request) (int, any, *failure) {
	found := f.everyone()
	if email := r.URL.Query().Get("email"); email != "" {
		found = slices.DeleteFunc(found, func(a helpdesktest.Agent) bool { return !strings.EqualFold(a.Email, email) })
	}
	return paged(r, 500, found, func(a helpdesktest.Agent) any {
		first, last, _ := strings.Cut(a.Name, " ")
		user, _ := strconv.Atoi(userID(a))
		return map[string]any{
			"id": a.ID, "email": a.Email, "type": "PERSON", "firstName": first, "lastName": last, "userId": user, "userIdIncludingInactive": user, "archived": false, "teams": nil,
		}
	})
}

func (f *Fake) showActor(r *http.Request) (int, any, *failure) {
	id := r.PathValue("id")
	if a, ok := f.user(id); ok {
		return http.StatusOK, map[string]any{"id": id, "type": "AGENT", "name": a.Name, "email": a.Email, "avatar": nil}, nil
	}
	if strings.HasPrefix(id, "B-") {
		return http.StatusOK, map[string]any{"id": id, "type": "BOT", "name": "Greeter", "email": nil, "avatar": nil}, nil
	}
	return 0, nil, gone()
}

// searchSite finds what the account's own site shows; what is for members only when that is asked for.
func (f *Fake) searchSite(r *http.Request) (int, any, *failure) {
	q := r.URL.Query()
	if q.Get("types") != "KNOWLEDGE_ARTICLE" {
		return 0, nil, bad("types")
	}
	limit, err1 := strconv.Atoi(q.Get("limit"))
	offset, err2 := strconv.Atoi(q.Get("offset"))
	if err1 != nil || err2 != nil || limit < 1 || limit > 100 {
		return 0, nil, bad("limit is at most 100")
	}
	found := slices.DeleteFunc(slices.Clone(f.Articles), func(a Article) bool { return a.Draft || a.Members && q.Get("membership") != "true" })
	results := []any{}
	for _, a := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		id, _ := strconv.Atoi(a.ID)
		results = append(results, map[string]any{
			"id": id, "score": 0.5, "type": "KNOWLEDGE_ARTICLE", "domain": "help.shop.example", "url": a.URL, "language": a.Lang,
			"title": a.Title, "description": nil, "category": nil, "combinedId": nil,
		})
	}
	return http.StatusOK, map[string]any{"total": len(found), "offset": offset, "limit": limit, "page": 0, "results": results, "searchTerm": ""}, nil
}

func (f *Fake) showIndexed(r *http.Request) (int, any, *failure) {
	for _, a := range f.Articles {
		if a.ID == r.PathValue("id") {
			return http.StatusOK, map[string]any{"id": a.ID, "type": "KNOWLEDGE_ARTICLE", "fields": map[string]any{
				"html_title." + a.Lang: map[string]any{"name": "html_title", "value": "A very long title of the page that is no text of the article: " + a.Title, "metadataField": false},
				"content." + a.Lang:    map[string]any{"name": "content", "value": a.HTML, "metadataField": false},
				"meta":                 map[string]any{"name": "meta", "value": strings.Repeat("x ", 200), "metadataField": true},
			}}, nil
		}
	}
	return 0, nil, gone()
}

// filesPath is where the fake keeps files, at addresses that it signs.
const filesPath = "/hubfs/"

func fileID(m helpdesktest.Message, i int) string { return fmt.Sprintf("17%s%d", digits(m.ID), i) }

func digits(s string) string {
	var out strings.Builder
	for _, c := range s {
		fmt.Fprintf(&out, "%02d", c%100)
	}
	return out.String()
}

func attachments(m helpdesktest.Message) []any {
	found := []any{}
	for i, file := range m.Files {
		found = append(found, map[string]any{"type": "FILE", "fileId": fileID(m, i), "name": file.Name, "url": nil, "fileUsageType": "OTHER"})
	}
	return append(found, map[string]any{"type": "MESSAGE_HEADER", "fileId": nil})
}

func (f *Fake) file(id string) (found desk.Upload, ok bool) {
	for _, t := range f.Book.Tickets(nil) {
		for _, m := range t.Messages {
			for i, file := range m.Files {
				if fileID(m, i) == id {
					return file, true
				}
			}
		}
	}
	return found, false
}

func (f *Fake) signFile(r *http.Request) (int, any, *failure) {
	id := r.PathValue("id")
	file, ok := f.file(id)
	if !ok {
		return 0, nil, gone()
	}
	f.mu.Lock()
	site := f.site
	f.mu.Unlock()
	if f.FileURL != "" {
		site = f.FileURL
	}
	return http.StatusOK, map[string]any{
		"url": site + filesPath + id + "?signature=ok&expires=1", "name": file.Name, "extension": "png", "type": "IMG", "size": len(file.Body), "expiresAt": stamp(f.now()),
	}, nil
}

// attachment names a file that was uploaded.
type attachment struct {
	Type   string `json:"type"`
	FileID string `json:"fileId"`
}

func (f *Fake) uploaded(id string) (desk.Upload, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	file, ok := f.uploads[id]
	return file, ok
}

// uploadFile takes a file into the file manager. One that is not private is refused: anybody could read it.
func (f *Fake) uploadFile(r *http.Request) (int, any, *failure) {
	if err := r.ParseMultipartForm(32 << 20); err != nil {
		return 0, nil, bad("multipart: %v", err)
	}
	var options struct {
		Access string `json:"access"`
	}
	if err := json.Unmarshal([]byte(r.FormValue("options")), &options); err != nil || options.Access != "PRIVATE" || r.FormValue("folderPath") == "" {
		return 0, nil, bad("options and folderPath are required")
	}
	part, header, err := r.FormFile("file")
	if err != nil {
		return 0, nil, bad("file: %v", err)
	}
	body, err := io.ReadAll(part)
	if err != nil {
		return 0, nil, bad("file: %v", err)
	}
	id := strconv.FormatInt(19000000000+f.Book.Next(), 10)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uploads[id] = desk.Upload{Name: r.FormValue("fileName"), Type: header.Header.Get("Content-Type"), Body: body}
	return http.StatusCreated, map[string]any{"id": id, "access": "PRIVATE", "archived": false, "url": nil, "size": len(body)}, nil
}

func (f *Fake) serveFile(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "" {
		f.mu.Lock()
		f.leaked++
		f.mu.Unlock()
	}
	file, ok := f.file(strings.TrimPrefix(r.URL.Path, filesPath))
	if !ok || r.URL.Query().Get("signature") != "ok" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", file.Type)
	_, _ = w.Write(file.Body) // whoever asked may be gone
}
