package localslack

import "net/http"

// maxShared bounds a file that a person shares: it travels inside JSON.
const maxShared = 2 << 20

type shareInput struct {
	sayInput
	ViewID  string `json:"view_id"` // instead of a channel: the modal it is picked in
	Name    string `json:"name"`
	Data    []byte `json:"data"` // base64
	AltText string `json:"alt_txt"`
}

// share posts a file as a person, with what they say about it.
func (w *Workspace) share(r *http.Request, in shareInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if in.ViewID != "" {
		return w.attach(r, in)
	}
	ch, u, err := w.mayWrite(in.sayInput)
	if err != nil {
		return nil, err
	}
	f, err := w.fileOf(r, u, in)
	if err != nil {
		return nil, err
	}
	if err := w.commit(Record{Kind: FileUploaded, File: f}); err != nil {
		return nil, err
	}
	// A stop after this commit loses nothing but the message, which resume posts.
	done := File{ID: f.ID, Title: f.Title, Shares: []FileShare{{
		Channel: ch.ID, ThreadTS: in.ThreadTS, Comment: w.st.linked(clip(in.Text, maxPostText), false),
	}}}
	if err := w.commit(Record{Kind: FileCompleted, File: &done}); err != nil {
		return nil, err
	}
	w.show([]File{done})
	return obj{"ok": true, "file": f.ID}, nil
}
