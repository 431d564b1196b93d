package helpscout

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// A file may have ten megabytes, which is also all that a request may have. In base64 they are a third more.
const (
	mostFiles = 10
	mostBytes = 7 << 20
)

func filesOf(attachments []attachment) (files []escalate.File) {
	for _, a := range attachments {
		if a.ID == "" {
			continue
		}
		files = append(files, escalate.File{
			ID: escalate.FileID(a.ID), Name: helpdesk.Clean(a.Name), Type: helpdesk.Clean(a.Type), Size: max(int64(a.Size), 0),
		})
	}
	return files
}

// attaches are files as a new thread carries them.
func attaches(op string, files []desk.Upload) (out []newAttache, err error) {
	total := 0
	for _, f := range files {
		total += len(f.Body)
		out = append(out, newAttache{Name: f.Name, Type: f.Type, Data: f.Body})
	}
	if total > mostBytes || len(files) > mostFiles {
		why := fmt.Sprintf("%d files of %d bytes are more than the %d files of 7 MB that a message takes; send a link instead", len(files), total, mostFiles)
		return nil, &desk.Refused{Op: op, Why: why, Content: true}
	}
	return out, nil
}

// OpenFile implements desk.FileReader. Files are read through the API, as base64 in JSON; the addresses that messages hold are never
// called.
func (c *Connector) OpenFile(ctx context.Context, ticket string, _ escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	const op = "open file"
	if !numeric(ticket) || !numeric(string(f)) {
		return nil, fmt.Errorf("%s: %w: conversation %s has no file %s", op, desk.ErrNotFound, helpdesk.Clipped(ticket), helpdesk.Clipped(string(f)))
	}
	var answer struct {
		Data *string `json:"data"`
	}
	if err := c.do(ctx, helpdesk.Call{Op: op, Path: []string{"conversations", ticket, "attachments", string(f), "data"}}, &answer); err != nil {
		return nil, err
	}
	if answer.Data == nil {
		return nil, errors.New("open file: the answer has no data")
	}
	body, err := base64.StdEncoding.DecodeString(*answer.Data)
	if err != nil {
		return nil, fmt.Errorf("%s: decode: %w", op, err)
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}
