package localslack

import "net/http"

// maxShared bounds a file that a person shares: it travels inside JSON.
const maxShared = 2 << 20

type shareInput struct {
	sayInput
	Name    string `json:"name"`
	Data    []byte `json:"data"` // base64
	AltText string `json:"alt_txt"`
}

// share posts a file as a person, with what they say about it.
func (w *Workspace) share(r *http.Request, in shareInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, u, err := w.mayWrite(in.sayInput)
	switch {
	case err != nil:
		return nil, err
	case !isFilename(in.Name):
		return nil, badRequest("%q is no file's name", in.Name)
	case len(in.Data) == 0 || len(in.Data) > maxShared:
		return nil, badRequest("%s has %d bytes; 1 to %d are taken", in.Name, len(in.Data), maxShared)
	case w.st.stored+len(in.Data) > maxStorage:
		return nil, badRequest("the workspace is full: it keeps %d bytes of files", maxStorage)
	}
	f := File{
		ID: newID("F"), User: u.ID, Name: in.Name, Title: in.Name, AltText: clip(in.AltText, maxAltText), Created: w.now().Unix(),
		Base: baseURL(r), Key: newID("") + newID(""), Data: in.Data,
	}
	if err := w.commit(Record{Kind: FileUploaded, File: &f}); err != nil {
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
