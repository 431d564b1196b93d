package helpdesktest

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// sent are files of which one is no text in any encoding, so that whatever re-encodes it on the way shows.
func sent() []desk.Upload {
	every := make([]byte, 0, 4096)
	for i := range 4096 {
		every = append(every, byte(i), byte(i>>8))
	}
	return []desk.Upload{
		{Name: "Lampe vorn (2).png", Type: "image/png", Body: append([]byte("\x89PNG\r\n\x1a\n"), every...)},
		{Name: "order.txt", Type: "text/plain", Body: []byte("LB-20411\r\n")},
	}
}

// openFile reads a file whole.
func openFile(t *testing.T, d desk.FileReader, ticket string, m escalate.MessageID, f escalate.FileID) []byte {
	t.Helper()
	r, err := d.OpenFile(t.Context(), ticket, m, f)
	if err != nil {
		t.Fatalf("open file: %v", err)
	}
	body, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatalf("read file: %v", err)
	}
	return body
}

func opensFiles(c *contract) {
	t, f := c.t, c.Fixture
	d, ok := f.Desk.(desk.FileReader)
	if !ok {
		t.Skip("SKIPPED: this helpdesk's files cannot be opened; a desk.FileReader would run it")
	}
	id := f.Create(t, first)
	f.CustomerSends(t, id, "This is how it looks.", sent())
	s := read(t, f, id)
	want(t, "files of the first message", len(s.Content.Messages[0].Files), 0)
	m := s.Content.Messages[len(s.Content.Messages)-1]
	if len(m.Files) != 2 {
		t.Fatalf("the message has %d files, want 2: %+v", len(m.Files), m.Files)
	}
	for i, w := range sent() {
		got := m.Files[i]
		want(t, "name", got.Name, w.Name)
		want(t, "type", got.Type, w.Type)
		if got.Size != 0 && got.Size != int64(len(w.Body)) {
			t.Errorf("size of %s: got %d, want %d or 0", got.Name, got.Size, len(w.Body))
		}
		if body := openFile(t, d, id, m.ID, got.ID); !bytes.Equal(body, w.Body) {
			t.Errorf("%s: opened %d bytes that are not the %d sent", got.Name, len(body), len(w.Body))
		}
	}
}

func saysFileNotFound(c *contract) {
	t, f := c.t, c.Fixture
	d, ok := f.Desk.(desk.FileReader)
	if !ok {
		t.Skip("SKIPPED: this helpdesk's files cannot be opened; a desk.FileReader would run it")
	}
	id := f.Create(t, first)
	f.CustomerSends(t, id, "This is how it looks.", sent())
	s := read(t, f, id)
	m := s.Content.Messages[len(s.Content.Messages)-1]
	_, err := d.OpenFile(t.Context(), f.Missing, m.ID, m.Files[0].ID)
	wantNotFound(t, "file of a ticket that is not there", err)
	_, err = d.OpenFile(t.Context(), id, m.ID, m.Files[0].ID+"404")
	wantNotFound(t, "file that is not there", err)
	for _, fault := range []fault{redirect, errorBefore} {
		c.middle.strike(fault, false)
		_, err = d.OpenFile(t.Context(), id, m.ID, m.Files[0].ID)
		wantOpen(t, string(fault), err)
	}
	_, strayed := c.middle.struck()
	want(t, "calls that reached the other host", strayed, 0)
}

// needUploads skips where replies carry no files.
func needUploads(t *testing.T, f Fixture) {
	t.Helper()
	l := f.Desk.Limits()
	if l.MaxFiles == 0 || l.MaxUpload == 0 {
		t.Skip("SKIPPED: this helpdesk's replies carry no files; Limits.MaxFiles and MaxUpload would run it")
	}
}

func sendsFiles(c *contract) {
	t, f, m := c.t, c.Fixture, c.middle
	needUploads(t, f)
	files := sent()[:min(2, f.Desk.Limits().MaxFiles)]
	id := f.Create(t, first)
	w := reply()
	w.Files, w.Stamp = files, read(t, f, id).Stamp
	if f.Desk.Limits().Stamps {
		m.strike(errorAfter, true)
		_, err := f.Desk.Write(t.Context(), id, w)
		wantOpen(t, "applied, answered 500", err)
		_, err = f.Desk.Write(t.Context(), id, w)
		var refused *desk.Refused
		if err != nil && (!errors.As(err, &refused) || !refused.Moved) {
			t.Errorf("repeat: got %v, want success or Moved", err)
		}
	} else {
		write(t, f, id, w)
	}
	want(t, "messages sent", f.Count(t, id, text), 1)
	same := func(a, b desk.Upload) bool {
		return a.Name == b.Name && a.Type == b.Type && bytes.Equal(a.Body, b.Body)
	}
	if got := f.FilesOf(t, id, text); !slices.EqualFunc(got, files, same) {
		t.Errorf("the reply arrived with %d files, want the %d sent, as they are", len(got), len(files))
	}
	want(t, "public", find(t, read(t, f, id), w.Key).Public, true)
}

func keepsFilesInternal(c *contract) {
	t, f := c.t, c.Fixture
	needUploads(t, f)
	id := f.Create(t, first)
	note := desk.Write{Kind: desk.WriteNote, Key: "job-note-1", Text: "Photo of the part.", Files: sent()[:1]}
	write(t, f, id, note)
	write(t, f, id, note)
	want(t, "public", find(t, read(t, f, id), note.Key).Public, false)
	want(t, "files", len(f.FilesOf(t, id, note.Text)), 1)
}

func tellsOfEdit(c *contract) {
	t, f := c.t, c.Fixture
	if f.CustomerEdits == nil {
		t.Skip("SKIPPED: customers of this helpdesk cannot edit what they wrote; Fixture.CustomerEdits would run it")
	}
	id := f.Create(t, first)
	before := read(t, f, id)
	want(t, "edited before", before.Content.Messages[0].EditedAt.IsZero(), true)
	f.CustomerEdits(t, id, "It does not charge in the rain.")
	after := read(t, f, id)
	want(t, "messages", len(after.Content.Messages), 1)
	m := after.Content.Messages[0]
	want(t, "text", m.Text, "It does not charge in the rain.")
	want(t, "id", m.ID, before.Content.Messages[0].ID)
	want(t, "has a time of the edit", m.EditedAt.IsZero(), false)
	if f.Desk.Limits().Stamps {
		want(t, "same stamp", after.Stamp == before.Stamp, false)
	}
}
