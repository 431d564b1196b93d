package zendesktest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

// stored is a file of a message.
type stored struct {
	desk.Upload
	id string
}

func (f *Fake) upload(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 50<<20))
	name := r.URL.Query().Get("filename")
	if err != nil || name == "" {
		problem(w, http.StatusBadRequest, "InvalidRequest", "filename: is missing")
		return
	}
	token := "up" + itoa(f.book.Next())
	f.mu.Lock()
	f.uploads[token] = desk.Upload{Name: name, Type: r.Header.Get("Content-Type"), Body: body}
	f.mu.Unlock()
	one := map[string]any{"id": f.book.Next(), "file_name": name, "content_type": r.Header.Get("Content-Type"), "size": len(body), "thumbnails": []any{}}
	answer(w, http.StatusCreated, map[string]any{"upload": map[string]any{"token": token, "attachment": one, "attachments": []any{one}}})
}

// take moves uploads into a message; each token works once.
func (f *Fake) take(tokens []string, m *helpdesktest.Message) (why string) {
	var files []desk.Upload
	f.mu.Lock()
	for _, token := range tokens {
		u, ok := f.uploads[token]
		if !ok {
			why = "Upload token: is invalid"
		}
		delete(f.uploads, token)
		files = append(files, u)
	}
	f.mu.Unlock()
	if why == "" {
		f.attach(m, files)
	}
	return why
}

// attach gives a message files, each with an id and a token of its own.
func (f *Fake) attach(m *helpdesktest.Message, files []desk.Upload) {
	var tokens []string
	for _, file := range files {
		id := itoa(f.book.Next())
		token := "tok" + id
		f.mu.Lock()
		f.files[token] = stored{file, id}
		f.mu.Unlock()
		tokens = append(tokens, token)
	}
	if m.Extra == nil {
		m.Extra = make(map[string]any)
	}
	m.Files, m.Extra["tokens"] = files, tokens
}

func (f *Fake) attachmentsJSON(m *helpdesktest.Message, base string) []map[string]any {
	out := []map[string]any{}
	tokens, _ := m.Extra["tokens"].([]string)
	for _, token := range tokens {
		f.mu.Lock()
		s := f.files[token]
		f.mu.Unlock()
		at := base + "/attachments/token/" + token + "/?name=" + url.QueryEscape(s.Name)
		malware := "malware_not_found"
		if strings.HasPrefix(s.Name, "virus") {
			malware = "malware_found"
		}
		out = append(out, map[string]any{
			"id": number(s.id), "url": base + "/api/v2/attachments/" + s.id + ".json", "file_name": s.Name, "content_url": at, "mapped_content_url": at,
			"content_type": s.Type, "size": len(s.Body), "width": nil, "height": nil, "inline": false, "deleted": false,
			"malware_access_override": false, "malware_scan_result": malware, "thumbnails": []any{},
		})
	}
	return out
}

// attachment serves a file, or says where the store of files has it. Its token is all that it wants.
func (f *Fake) attachment(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	s, ok := f.files[r.PathValue("token")]
	f.mu.Unlock()
	switch {
	case !ok:
		http.NotFound(w, r)
	case f.FilesAt != "":
		http.Redirect(w, r, f.FilesAt+"/attachment/"+r.PathValue("token")+"?token="+strings.Repeat("x", 600), http.StatusFound)
	default:
		ServeFile(w, s.Upload)
	}
}

// ServeFile answers with a file, as Zendesk's store does.
func ServeFile(w http.ResponseWriter, u desk.Upload) {
	w.Header().Set("Content-Type", u.Type)
	w.Header().Set("Content-Disposition", "attachment")
	_, _ = w.Write(u.Body) // who asked may have gone
}

// filesOf are the files of the messages with a text.
func (f *Fake) filesOf(ticket, text string) (all []desk.Upload) {
	t, _ := f.book.Ticket(ticket)
	for _, m := range t.Messages {
		if textOf(m.Body) == text {
			all = append(all, slices.Clone(m.Files)...)
		}
	}
	return all
}
