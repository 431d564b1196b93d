package fronttest

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

func isComment(m *helpdesktest.Message) bool { return strings.HasPrefix(m.ID, "com_") }

func (f *Fake) listMessages(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	all := slices.DeleteFunc(t.Messages, func(m helpdesktest.Message) bool { return isComment(&m) || !f.shown(&m) })
	query, _, _, fail := paging(r, 100)
	if fail != nil {
		return 0, nil, fail
	}
	if query.Get("sort_order") != "asc" {
		slices.Reverse(all)
	}
	return list(r, 100, all, func(m helpdesktest.Message) any { return f.message(t, m) })
}

// listComments has no pages, and no order but newest first.
func (f *Fake) listComments(t helpdesktest.Ticket) (int, any, *failure) {
	all := []any{}
	for _, m := range slices.Backward(t.Messages) {
		if isComment(&m) && f.shown(&m) {
			all = append(all, f.note(t, m))
		}
	}
	return unpaged(all)
}

// one is a single message, by its id or the alias of its second one, or a single comment.
func (f *Fake) one(kind, id string) (int, any, *failure) {
	uid, aliased := strings.CutPrefix(id, "alt:uid:")
	t, m, ok := f.find(func(m *helpdesktest.Message) bool {
		return isComment(m) == (kind == "comments") && (m.ID == id || aliased && uidOf(m.ID) == uid)
	})
	switch {
	case !ok:
		return 0, nil, notFound()
	case isComment(&m):
		return 200, f.note(t, m), nil
	}
	return 200, f.message(t, m), nil
}

func (f *Fake) download(w http.ResponseWriter, id string) (int, any, *failure) {
	file, ok := f.file(id)
	if !ok {
		return 0, nil, notFound()
	}
	w.Header().Set("Content-Type", file.Type)
	_, _ = w.Write(file.Body) // whoever asked has gone
	return 0, nil, nil
}

// written is what a reply or a comment may say.
type written struct {
	Body       string   `json:"body"`
	Text       string   `json:"text"`
	AuthorID   string   `json:"author_id"`
	SenderName string   `json:"sender_name"`
	To         []string `json:"to"`
	Subject    string   `json:"subject"`
	ChannelID  string   `json:"channel_id"`
	IsPinned   bool     `json:"is_pinned"`
	Options    struct {
		Archive *bool    `json:"archive"`
		TagIDs  []string `json:"tag_ids"`
	} `json:"options"`

	files []desk.Upload
}

// mostUpload is what all files of a message may have together.
const mostUpload = 25_000_000

// read reads JSON, or a form in Front's notation: "options[archive]" is archive within options, "attachments[]" are the files.
func (in *written) read(r *http.Request) (map[string]any, *failure) {
	seen := make(map[string]any)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		raw, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(raw, &seen) != nil {
			return nil, bad("body: not JSON")
		}
		r.Body = io.NopCloser(strings.NewReader(string(raw)))
		return seen, body(r, in)
	}
	if err := r.ParseMultipartForm(mostUpload + 1<<20); err != nil {
		return nil, bad("body: %v", err)
	}
	fields := map[string]*string{"body": &in.Body, "text": &in.Text, "author_id": &in.AuthorID, "sender_name": &in.SenderName}
	for name, values := range r.MultipartForm.Value {
		seen[name] = values[0]
		switch at, known := fields[name]; {
		case known:
			*at = values[0]
		case name == "options[archive]":
			archive := values[0] != "false"
			in.Options.Archive = &archive
		default:
			return nil, bad("body.%s: additional property", name)
		}
	}
	return seen, in.readFiles(r)
}

func (in *written) readFiles(r *http.Request) *failure {
	total := 0
	for name, parts := range r.MultipartForm.File {
		if name != "attachments[]" {
			return bad("body.%s: no file belongs here", name)
		}
		for _, part := range parts {
			file, err := part.Open()
			if err != nil {
				return bad("body.attachments: %v", err)
			}
			content, err := io.ReadAll(file)
			if err != nil {
				return bad("body.attachments: %v", err)
			}
			total += len(content)
			in.files = append(in.files, desk.Upload{Name: part.Filename, Type: part.Header.Get("Content-Type"), Body: content})
		}
	}
	if total > mostUpload {
		return &failure{status: 413, title: "Payload too large", message: "Attachments are limited to 25 MB"}
	}
	return nil
}

// take reads what is to be written, and who writes it.
func (f *Fake) take(r *http.Request) (in written, author string, fail *failure) {
	seen, fail := in.read(r)
	if fail != nil {
		return in, "", fail
	}
	f.mu.Lock()
	f.sent = append(f.sent, sent{Path: r.URL.Path, Body: maps.Clone(seen)})
	f.mu.Unlock()
	if strings.TrimSpace(in.Body) == "" {
		return in, "", bad("body.body: should NOT be shorter than 1 characters")
	}
	if in.AuthorID == "" {
		return in, "", nil
	}
	a, ok := f.agent(in.AuthorID)
	if !ok {
		return in, "", notFound()
	}
	return in, a.ID, nil
}

// reply accepts a message, which is sent later. What is not told to leave the conversation open archives it.
func (f *Fake) reply(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	in, author, fail := f.take(r)
	if fail != nil {
		return 0, nil, fail
	}
	m := helpdesktest.Message{
		ID: "msg_" + base36(f.book.Next()), Role: escalate.RoleAgent, Author: author, Public: true, Body: in.Body, Files: in.files,
		Extra: map[string]any{"sender_name": in.SenderName, "author_type": "api", "late": true},
	}
	if _, ok := f.book.Add(t.ID, m); !ok {
		return 0, nil, notFound()
	}
	if in.Options.Archive == nil || *in.Options.Archive {
		f.change(t.ID, "archive", func(t *helpdesktest.Ticket) { t.Status, t.Extra["status_id"] = "archived", nil })
	}
	return 202, map[string]any{"status": "accepted", "message_uid": uidOf(m.ID)}, nil
}

func (f *Fake) comment(r *http.Request, t helpdesktest.Ticket) (int, any, *failure) {
	in, author, fail := f.take(r)
	if fail != nil {
		return 0, nil, fail
	}
	m, ok := f.book.Add(t.ID, helpdesktest.Message{
		ID: "com_" + base36(f.book.Next()), Role: escalate.RoleAgent, Author: author, Body: in.Body, Files: in.files,
		Extra: map[string]any{"author_type": "api"},
	})
	if !ok {
		return 0, nil, notFound()
	}
	return 201, f.note(t, m), nil
}
