package localslack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

// File inputs of modals (docs.slack.dev, "File input element"): an app needs
// files:read to show one, and may read what is submitted with it.

// usesFiles is where a view has a file input; "" when it has none.
func usesFiles(view obj) string {
	for i, b := range objects(view["blocks"]) {
		for _, e := range elementsOf(b) {
			if e["type"] == "file_input" {
				return fmt.Sprintf("/view/blocks/%d/element", i)
			}
		}
	}
	return ""
}

// mayAskFiles refuses a file input of an app that could not read what comes.
// Slack documents the scope, not how it refuses.
func (w *Workspace) mayAskFiles(view obj, app string) error {
	at := usesFiles(view)
	if a := w.st.app(app); at == "" || a != nil && a.has("files:read") {
		return nil
	}
	return refuse("invalid_arguments", "[ERROR] a file_input needs the scope files:read [json-pointer:"+at+"]")
}

// mostFiles is how many files an input takes.
func mostFiles(e obj) int {
	n, ok := e["max_files"].(json.Number)
	if most, err := n.Int64(); ok && err == nil {
		return int(most)
	}
	return maxFilesAtOnce
}

// attach keeps a file that a person picks in a modal; nobody else sees it, and
// the app neither before it is submitted. Callers hold mu.
func (w *Workspace) attach(r *http.Request, in shareInput) (any, error) {
	v, u, err := w.openModal(in.ViewID, in.User)
	if err != nil {
		return nil, err
	}
	if usesFiles(obj{"blocks": anyOf(viewBlocks(v))}) == "" {
		return nil, badRequest("modal %s takes no files", v.ID)
	}
	f, err := w.fileOf(r, u, in)
	if err != nil {
		return nil, err
	}
	f.Done = true
	if err := w.commit(Record{Kind: FileUploaded, File: f}); err != nil {
		return nil, err
	}
	return obj{"ok": true, "file": f.ID}, nil
}

func anyOf(blocks []obj) []any {
	all := make([]any, len(blocks))
	for i, b := range blocks {
		all[i] = b
	}
	return all
}

// fileOf makes a file of what a person sends, if there is room for it.
func (w *Workspace) fileOf(r *http.Request, u *User, in shareInput) (*File, error) {
	switch {
	case !isFilename(in.Name):
		return nil, badRequest("%q is no file's name", in.Name)
	case len(in.Data) == 0 || len(in.Data) > maxShared:
		return nil, badRequest("%s has %d bytes; 1 to %d are taken", in.Name, len(in.Data), maxShared)
	case w.st.stored+len(in.Data) > maxStorage:
		return nil, badRequest("the workspace is full: it keeps %d bytes of files", maxStorage)
	}
	return &File{
		ID: newID("F"), User: u.ID, Name: in.Name, Title: in.Name, AltText: clip(in.AltText, maxAltText), Created: w.now().Unix(),
		Base: baseURL(r), Key: newID("") + newID(""), Data: in.Data,
	}, nil
}

// takeFiles puts whole files into the place of their ids in what a person
// submits, and gives the app the right to read them. It commits nothing when
// one does not fit. Callers hold mu.
func (w *Workspace) takeFiles(v *View, u *User, values obj) error {
	var given []*File
	for _, b := range viewBlocks(v) {
		block, _ := b["block_id"].(string)
		for _, e := range elementsOf(b) {
			action, _ := e["action_id"].(string)
			of, _ := values[block].(obj)
			held, _ := of[action].(obj)
			if e["type"] != "file_input" || held["files"] == nil {
				continue
			}
			files, err := w.picked(e, u, listOf(held["files"]))
			if err != nil {
				return badRequest("%s: %v", action, err)
			}
			given = append(given, files...)
			whole := []obj{}
			for _, f := range files {
				whole = append(whole, w.st.file(f))
			}
			held["files"] = whole
		}
	}
	for _, f := range given {
		if err := w.commit(Record{Kind: FileGiven, File: &File{ID: f.ID, Given: []string{v.App}}}); err != nil {
			return err
		}
	}
	return nil
}

// picked finds the files that a person picked for an input.
func (w *Workspace) picked(e obj, u *User, ids []any) (files []*File, err error) {
	if most := mostFiles(e); len(ids) > most {
		return nil, fmt.Errorf("%d files, at most %d are taken", len(ids), most)
	}
	endings, _ := e["filetypes"].([]any)
	for _, v := range ids {
		id, _ := v.(string)
		f := w.st.files[id]
		switch {
		case f == nil || f.User != u.ID || f.Deleted:
			return nil, fmt.Errorf("%s picked no file %q", u.Name, id)
		case len(endings) > 0 && !slices.Contains(endings, any(strings.TrimPrefix(strings.ToLower(path.Ext(f.Name)), "."))):
			return nil, fmt.Errorf("%s is of a type that is not taken", f.Name)
		}
		files = append(files, f)
	}
	return files, nil
}

type dropInput struct {
	File string `json:"file"`
	User string `json:"user"`
}

// dropFile deletes a file of one's own: its bytes are gone, and what showed it
// says so.
func (w *Workspace) dropFile(_ *http.Request, in dropInput) (any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.actor(in.User)
	if err != nil {
		return nil, err
	}
	f := w.st.files[in.File]
	if f == nil || f.User != u.ID || f.Deleted {
		return nil, notFound("%s has no file %q", u.Name, in.File)
	}
	if err := w.commit(Record{Kind: FileDeleted, File: &File{ID: f.ID}}); err != nil {
		return nil, err
	}
	return obj{"ok": true}, nil
}
