package localslack

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Bounds of what is kept: a workspace in a box is no file store. Slack allows
// 1 GB a file, and 5 GB in all on a free plan.
const (
	maxUpload  = 4 << 20
	maxStorage = 64 << 20
	maxTickets = 1000
)

// uploads are the addresses that files may still be sent to: each takes one.
// They do not outlive the process.
type uploads struct {
	byTicket map[string]*upload
	order    []string
}

type upload struct {
	file   File
	length int
}

func newUploads() uploads { return uploads{byTicket: map[string]*upload{}} }

func (u *uploads) issue(up *upload) (ticket string) {
	if len(u.order) >= maxTickets {
		delete(u.byTicket, u.order[0])
		u.order = u.order[1:]
	}
	ticket = newID("") + newID("")
	u.byTicket[ticket] = up
	u.order = append(u.order, ticket)
	return ticket
}

// uploadMethod is how faults and the traffic name the sending of a file's bytes.
const uploadMethod = "upload"

// uploadError is a refusal of a file's bytes. Slack documents no body for it.
type uploadError struct {
	status int
	text   string
}

func (e *uploadError) Error() string { return e.text }

// serveUpload takes the bytes of a file, raw or as the first file of a
// multipart form, at an address from files.getUploadURLExternal.
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	injected, err := w.takeFault(r.Context(), uploadMethod)
	if err != nil {
		return // the caller has gone
	}
	if injected != nil && !injected.AfterApply {
		send(rw, injected.answer())
		return
	}
	ans := w.upload(r)
	if injected != nil {
		ans = injected.answer()
	}
	w.record("reply", uploadMethod, string(ans.body))
	send(rw, ans)
}

func (w *Workspace) upload(r *http.Request) answer {
	data, err := readUpload(r)
	if err == nil {
		err = w.keepUpload(r.PathValue("ticket"), data)
	}
	status, text := http.StatusOK, fmt.Sprintf("OK - %d", len(data))
	if err != nil {
		status, text = http.StatusInternalServerError, "internal error"
	}
	if e, ok := errors.AsType[*uploadError](err); ok {
		status, text = e.status, e.text
	}
	return answer{status, map[string]string{"Content-Type": "text/plain; charset=utf-8"}, []byte(text)}
}

// readUpload reads a file's bytes, at most maxUpload of them.
func readUpload(r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxUpload+64<<10) // a form adds a little
	body := io.Reader(r.Body)
	if mediaType(r) == "multipart/form-data" {
		form, err := r.MultipartReader()
		if err != nil {
			return nil, &uploadError{http.StatusBadRequest, err.Error()}
		}
		for {
			part, err := form.NextPart()
			if err != nil {
				return nil, &uploadError{http.StatusBadRequest, "the form holds no file"}
			}
			if part.FileName() != "" {
				body = part
				break
			}
		}
	}
	data, err := io.ReadAll(body)
	if err != nil || len(data) > maxUpload {
		return nil, &uploadError{http.StatusRequestEntityTooLarge, "the file is too large, or was cut off"}
	}
	return data, nil
}

// keepUpload keeps a file's bytes; its ticket is spent.
func (w *Workspace) keepUpload(ticket string, data []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	up := w.uploads.byTicket[ticket]
	if up == nil {
		return &uploadError{http.StatusNotFound, "no upload is awaited here"}
	}
	w.traffic.add(w.now(), "call", uploadMethod, fmt.Sprintf(`{"file":%q,"bytes":%d}`, up.file.ID, len(data)))
	if len(data) != up.length {
		return &uploadError{http.StatusBadRequest, fmt.Sprintf("%d bytes came, %d were announced", len(data), up.length)}
	}
	f := up.file
	f.Data = data
	if err := w.commit(Record{Kind: FileUploaded, File: &f}); err != nil {
		return err
	}
	delete(w.uploads.byTicket, ticket)
	w.uploads.order = slices.DeleteFunc(w.uploads.order, func(t string) bool { return t == ticket })
	return nil
}

// shown are the types that a browser may show; all others it may only save.
var shown = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// serveFile gives a file to the page, which has its key from the control API,
// and to an app that may read it. To all others it is not there.
func (w *Workspace) serveFile(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	f := w.st.files[r.PathValue("id")]
	if f == nil || !f.Done || f.Deleted || r.PathValue("name") != f.Name || !w.mayRead(r, f) {
		w.mu.Unlock()
		http.Error(rw, "no such file", http.StatusNotFound)
		return
	}
	kind, _, _ := f.mime()
	data := f.Data // never changed once it is kept
	w.mu.Unlock()
	h := rw.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, max-age=86400")
	if !slices.Contains(shown, kind) {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
	_, _ = rw.Write(data) // a reader that went away needs no answer
}

func (w *Workspace) mayRead(r *http.Request, f *File) bool {
	if key := r.URL.Query().Get("key"); key != "" {
		return subtle.ConstantTimeCompare([]byte(key), []byte(f.Key)) == 1
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, a := range w.st.apps {
		if token != "" && token == a.BotToken && a.has("files:read") {
			return w.st.sees(a, f)
		}
	}
	return false
}

// sees reports whether an app made a file, got it with a modal, or is where it
// is shown.
func (s *state) sees(a *App, f *File) bool {
	return f.App == a.ID || slices.Contains(f.Given, a.ID) || slices.ContainsFunc(f.Shares, func(sh FileShare) bool {
		ch := s.channel(sh.Channel)
		return ch != nil && sh.TS != "" && slices.Contains(ch.Members, a.BotUser)
	})
}
