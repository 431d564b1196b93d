package builtin

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Bounds of files: of one message, and of all that a desk keeps in memory.
const (
	mostFiles = 10
	mostBytes = 8 << 20
	mostHeld  = 512 << 20
)

// File is a file of a message as the API tells of it; its bytes are at .../messages/{message}/files/{file}.
type File struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"` // what its sender says it is
	Size int64  `json:"size"` // bytes
}

// Upload is a file that somebody sends along with a message.
type Upload struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // default application/octet-stream
	Body []byte `json:"body"`           // base64
}

// fileKey names a file: an id tells only the files of one message apart.
type fileKey struct{ ticket, message, file string }

// Edit is a customer's change of what they wrote.
type Edit struct {
	Message string `json:"message"`
	Text    string `json:"text"`
}

// attach adds files to a record's message.
func (r *Record) attach(files []Upload) {
	for i, f := range files {
		r.Message.Files = append(r.Message.Files, File{ID: "f" + strconv.Itoa(i+1), Name: f.Name, Type: f.Type, Size: int64(len(f.Body))})
		r.Bodies = append(r.Bodies, f.Body)
	}
}

func (d *Desk) roomFor(bodies [][]byte) error {
	held := d.state.held
	for _, b := range bodies {
		held += int64(len(b))
	}
	if len(bodies) > 0 && held > mostHeld {
		return problemOf(http.StatusInsufficientStorage, "this desk keeps at most %d MiB of files; start it with a new journal", mostHeld>>20)
	}
	return nil
}

// hold keeps the bytes of a record's files.
func (s *state) hold(r *Record) {
	for i, f := range r.Message.Files {
		s.bodies[fileKey{r.Ticket, r.Message.ID, f.ID}] = r.Bodies[i]
		s.held += int64(len(r.Bodies[i]))
	}
}

// edited returns messages in which one has a new text, as a new slice.
func edited(messages []Message, r *Record) []Message {
	messages = slices.Clone(messages)
	for i := range messages {
		if m := &messages[i]; m.ID == r.Edit.Message {
			m.Text, m.EditedAt = r.Edit.Text, r.At
		}
	}
	return messages
}

// Edit changes the text of a message that somebody outside wrote, and reopens the ticket as a message would. The same text
// again is no change.
func (d *Desk) Edit(id string, e Edit) (*Message, error) {
	e.Text = helpdesk.Clean(e.Text)
	if err := checkText(e.Text); err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.ticket(id)
	if err != nil {
		return nil, err
	}
	m := t.message(e.Message)
	switch {
	case m == nil:
		return nil, noMessage(id, e.Message)
	case !outside(m.Role):
		return nil, problemOf(http.StatusUnprocessableEntity, "message %s was sent by support and stays as it is; write another one", m.ID)
	case t.Status == escalate.StatusClosed:
		return nil, problemOf(http.StatusUnprocessableEntity, "ticket %s is closed for good; write a new one", t.ID)
	case m.Text == e.Text:
		return m, nil
	}
	r := &Record{Kind: MessageEdited, Ticket: id, Edit: &e}
	if t.reopens(m.Role) {
		open := escalate.StatusOpen
		r.Patch = &Patch{Status: &open}
	}
	if err := d.record(r); err != nil {
		return nil, err
	}
	return d.state.tickets[id].message(e.Message), nil
}

func (t *Ticket) message(id string) *Message {
	for i := range t.Messages {
		if t.Messages[i].ID == id {
			return &t.Messages[i]
		}
	}
	return nil
}

func noMessage(ticket, id string) error {
	return problemOf(http.StatusNotFound, "ticket %s has no message %q; GET /desk/api/tickets/%s shows them", ticket, firstRunes(id, 64), ticket)
}

func (d *Desk) editMessage(w http.ResponseWriter, r *http.Request) {
	var e Edit
	if err := decode(w, r, &e); err != nil {
		fail(w, err)
		return
	}
	e.Message = r.PathValue("message")
	m, err := d.Edit(r.PathValue("id"), e)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, m)
}

// getFile sends a file's bytes as something to save, never to show: a browser must not run what a customer sent. The customer's view
// has the files of public messages only.
func (d *Desk) getFile(w http.ResponseWriter, r *http.Request) {
	f, body, err := d.file(r.PathValue("id"), r.PathValue("message"), r.PathValue("file"), r.URL.Query().Get("view") != "customer")
	if err != nil {
		fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(body) // the reader may have gone
}

func (d *Desk) file(ticket, message, file string, notesToo bool) (File, []byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, err := d.ticket(ticket)
	if err != nil {
		return File{}, nil, err
	}
	m := t.message(message)
	if m == nil || !m.Public && !notesToo {
		return File{}, nil, noMessage(ticket, message)
	}
	for _, f := range m.Files {
		if f.ID == file {
			return f, d.state.bodies[fileKey{ticket, message, file}], nil
		}
	}
	return File{}, nil, problemOf(http.StatusNotFound, "message %s has no file %q", message, firstRunes(file, 64))
}

// checkBody checks a message's text and files; there must be one of them.
func checkBody(text string, files []Upload) error {
	if len(files) == 0 || strings.TrimSpace(text) != "" {
		if err := checkText(text); err != nil {
			return err
		}
	}
	if len(files) > mostFiles {
		return invalid("%d files; send at most %d at once", len(files), mostFiles)
	}
	total := 0
	for i := range files {
		if err := files[i].check(); err != nil {
			return err
		}
		total += len(files[i].Body)
	}
	if total > mostBytes {
		return problemOf(http.StatusRequestEntityTooLarge, "the files have more than %d MiB; send fewer or smaller ones", mostBytes>>20)
	}
	return nil
}

func (u *Upload) check() error {
	u.Name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, helpdesk.Clean(u.Name))
	switch {
	case strings.TrimSpace(u.Name) == "" || len(u.Name) > 255 || strings.ContainsAny(u.Name, `/\`):
		return invalid("files: name %q: want a file name of 1 to 255 bytes without a path", firstRunes(u.Name, 40))
	case len(u.Body) == 0:
		return invalid("files: %q is empty; leave it out", firstRunes(u.Name, 40))
	}
	if u.Type == "" {
		u.Type = "application/octet-stream"
	}
	if _, _, err := mime.ParseMediaType(u.Type); err != nil || len(u.Type) > 127 {
		return invalid("files: type %q of %s: want a MIME type, such as image/png", firstRunes(u.Type, 40), fmt.Sprintf("%q", firstRunes(u.Name, 40)))
	}
	return nil
}
