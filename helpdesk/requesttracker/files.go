package requesttracker

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// RT keeps files of up to 10 MB by default, and cuts or drops what is longer.
const (
	mostFiles = 10
	mostBytes = 9 << 20
)

// newFile is a file of a message that is on its way.
type newFile struct {
	FileName    string `json:"FileName"`
	FileType    string `json:"FileType"`
	FileContent string `json:"FileContent"`
}

// attached are files as a message carries them. RT breaks a name that is not ASCII, and fails on one that is not Latin, unless it is an
// encoded word (RFC 2047), as in a mail. It refuses an empty file.
func attached(op string, files []desk.Upload) (out []newFile, err error) {
	total := 0
	for _, f := range files {
		total += len(f.Body)
		if len(f.Body) == 0 {
			return nil, &desk.Refused{Op: op, Why: fmt.Sprintf("the file %q is empty, which RT does not take", helpdesk.Clipped(f.Name)), Content: true}
		}
		out = append(out, newFile{
			FileName:    mime.BEncoding.Encode("utf-8", f.Name),
			FileType:    cmp.Or(f.Type, "application/octet-stream"),
			FileContent: base64.StdEncoding.EncodeToString(f.Body),
		})
	}
	if total > mostBytes || len(files) > mostFiles {
		why := fmt.Sprintf("%d files of %d bytes are more than the %d files of 9 MB that a message takes", len(files), total, mostFiles)
		return nil, &desk.Refused{Op: op, Why: why, Content: true}
	}
	return out, nil
}

func filesOf(parts []attachment) (all []escalate.File) {
	for _, p := range parts {
		if p.Filename != "" {
			all = append(all, escalate.File{
				ID: escalate.FileID(p.ID), Name: helpdesk.Clean(p.Filename), Type: p.ContentType, Size: max(int64(p.ContentLength), 0),
			})
		}
	}
	return all
}

// OpenFile implements desk.FileReader. RT gives a file in base64 within an answer, so it is read whole; the connector's bound on
// answers is its bound. It is looked for first: of a ticket that is not there RT lists the files of all, and fails on a file that is
// not there.
func (c *Connector) OpenFile(ctx context.Context, ticketID string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	const op = "open file"
	there, err := c.hasFile(ctx, op, ticketID, string(m), string(f))
	if err == nil && !there {
		err = fmt.Errorf("%s: %w: message %q of ticket %q has no file %q", op, desk.ErrNotFound, helpdesk.Clipped(string(m)), helpdesk.Clipped(ticketID), helpdesk.Clipped(string(f)))
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Content text `json:"Content"`
	}
	if err := c.api.Do(ctx, helpdesk.Call{Op: op, Path: []string{"attachment", string(f)}}, &file); err != nil {
		return nil, err
	}
	body, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(file.Content), "\n", ""))
	if err != nil {
		return nil, errors.New("open file: the answer holds no base64")
	}
	return io.NopCloser(bytes.NewReader(body)), nil
}

// hasFile reports whether a ticket has a message, and that message a file.
func (c *Connector) hasFile(ctx context.Context, op, ticketID, message, file string) (bool, error) {
	if !numeric(ticketID) || !numeric(message) || !numeric(file) {
		return false, nil
	}
	only := func(list, id, fields string) helpdesk.Call {
		return helpdesk.Call{Op: op, Path: []string{"ticket", ticketID, list}, Query: url.Values{"fields": {fields}, "query": {query(limit{Field: "id", Value: id})}}}
	}
	said, err := page[transaction](ctx, c, only("history", message, "Type"), 1)
	if err != nil || len(said.Items) != 1 {
		return false, err
	}
	found, err := page[attachment](ctx, c, only("attachments", file, "TransactionId,Filename"), 1)
	if err != nil || len(found.Items) != 1 {
		return false, err
	}
	return string(found.Items[0].TransactionID) == message && found.Items[0].Filename != "", nil
}
