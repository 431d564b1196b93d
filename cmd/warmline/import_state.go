package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// importState is how far an import came: what stands in the file up to Bytes is whole, and Cursor goes on behind it.
type importState struct {
	From   string    `json:"from"`
	Since  time.Time `json:"since"`
	Cursor string    `json:"cursor"`
	Bytes  int64     `json:"bytes"`
	// Tickets is how many stand there; of an export alone, whose rows have no cursor.
	Tickets int `json:"tickets,omitempty"`
}

// finish gives the file that is whole its name; one that is not keeps its own.
func (im *importing) finish(part *os.File, err error) error {
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), filepath.Join(im.out, importTickets)); err != nil {
		return fmt.Errorf("finish %s: %w", importTickets, err)
	}
	return ignoreMissing(os.Remove(im.statePath()))
}

func (im *importing) statePath() string { return filepath.Join(im.out, "import.json") }

// resume loads how far an earlier run came; the beginning when there was none, or it was about something else.
func (im *importing) resume(part string) (*importState, error) {
	fresh := &importState{From: im.from, Since: im.since}
	raw, err := os.ReadFile(im.statePath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", im.statePath(), err)
	}
	var s importState
	understood := json.Unmarshal(raw, &s) == nil
	if !understood || s.From != im.from || !s.Since.Equal(im.since) {
		fmt.Fprintf(im.say, "%s is about another import; beginning anew\n", im.statePath())
		return fresh, nil
	}
	switch info, err := os.Stat(part); {
	case errors.Is(err, fs.ErrNotExist):
		return fresh, nil
	case err != nil:
		return nil, fmt.Errorf("look at %s: %w", part, err)
	case info.Size() < s.Bytes:
		return fresh, nil
	}
	return &s, nil
}

// keep makes a page durable, and then how far it goes.
func (im *importing) keep(file *os.File, state *importState) error {
	if err := file.Sync(); err != nil {
		return fmt.Errorf("write %s: %w", file.Name(), err)
	}
	raw, err := json.Marshal(state)
	if err != nil {
		return err
	}
	// Commit point: what was written up to here is not read again.
	return replaceFile(im.statePath(), raw)
}

// replaceFile writes a file whole or not at all, also when the power goes.
func replaceFile(path string, data []byte) error {
	file, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(path+".new", path) // commit point
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
