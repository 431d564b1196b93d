package gorgias

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// What a message takes is not documented; these go through any mailbox.
const (
	mostFiles = 10
	mostBytes = 10 << 20
)

// newFile is a file of a message that is on its way.
type newFile struct {
	URL    string `json:"url"`
	Name   string `json:"name"`
	Type   string `json:"content_type"`
	Size   int    `json:"size"`
	Public bool   `json:"public"`
}

// fileID names a file. Gorgias gives files no ids, only addresses; what stands behind the question mark may change each time.
func (a *attachment) fileID() escalate.FileID {
	where, _, _ := strings.Cut(a.URL, "?")
	sum := sha256.Sum256([]byte(where + "\n" + a.Name))
	return escalate.FileID(hex.EncodeToString(sum[:8]))
}

func filesOf(attachments []attachment) (all []escalate.File) {
	for i := range attachments {
		if a := &attachments[i]; a.URL != "" {
			all = append(all, escalate.File{
				ID: a.fileID(), Name: helpdesk.Clean(a.Name), Type: a.Type, Size: max(int64(a.Size), 0),
			})
		}
	}
	return all
}

// upload brings files to the account, for a message to take along by their addresses. Nobody sees one that none takes.
func (c *Connector) upload(ctx context.Context, files []desk.Upload, isPublic bool) (out []newFile, err error) {
	const op = "upload file"
	total := 0
	for _, f := range files {
		total += len(f.Body)
	}
	if total > mostBytes || len(files) > mostFiles {
		why := fmt.Sprintf("%d files of %d bytes are more than the %d files of 10 MB that a message takes", len(files), total, mostFiles)
		return nil, &desk.Refused{Op: op, Why: why, Content: true}
	}
	for _, f := range files {
		payload, err := form(f)
		if err != nil {
			return nil, &desk.Refused{Op: op, Why: err.Error(), Content: true}
		}
		var made []attachment
		call := helpdesk.Call{Op: op, Method: http.MethodPost, Path: []string{"upload"}, Query: url.Values{"type": {"attachment"}}, Body: payload}
		if err := c.api.Do(ctx, call, &made); err != nil {
			return nil, err
		}
		if len(made) != 1 || made[0].URL == "" {
			return nil, errors.New("upload file: the answer has no address")
		}
		out = append(out, newFile{URL: made[0].URL, Name: f.Name, Type: cmp.Or(f.Type, "application/octet-stream"), Size: len(f.Body), Public: isPublic})
	}
	return out, nil
}

// form is a file as the form that the upload takes.
func form(f desk.Upload) (helpdesk.Payload, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	header.Set("Content-Type", cmp.Or(f.Type, "application/octet-stream"))
	part, err := w.CreatePart(header)
	if err == nil {
		_, err = part.Write(f.Body)
	}
	err = errors.Join(err, w.Close())
	return helpdesk.Payload{Type: w.FormDataContentType(), Body: body.Bytes()}, err
}

// OpenFile implements desk.FileReader. The file's address is read afresh each time, because it may end.
func (c *Connector) OpenFile(ctx context.Context, ticketID string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	const op = "open file"
	if !numeric(ticketID) || !numeric(string(m)) {
		return nil, fmt.Errorf("%s: %w: ticket %q has no message %q", op, desk.ErrNotFound, helpdesk.Clipped(ticketID), helpdesk.Clipped(string(m)))
	}
	var in message
	if err := c.api.Do(ctx, helpdesk.Call{Op: op, Path: []string{"tickets", ticketID, "messages", string(m)}}, &in); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(in.Attachments, func(a attachment) bool { return a.URL != "" && a.fileID() == f })
	if at < 0 {
		return nil, fmt.Errorf("%s: %w: message %s of ticket %s has no file %s", op, desk.ErrNotFound, m, ticketID, helpdesk.Clipped(string(f)))
	}
	address, err := url.Parse(in.Attachments[at].URL)
	if err != nil {
		return nil, &desk.Refused{Op: op, Why: "the file's address cannot be read; open it in Gorgias"}
	}
	return c.fetch(ctx, op, c.download(address), true)
}

// download is where a file that Gorgias keeps is fetched: its own address no longer answers, and the account's API gives it out
// instead (https://developers.gorgias.com/changelog, "Resource URLs returned through the API will not be directly accessible
// anymore"). A file on another host is fetched from there.
func (c *Connector) download(at *url.URL) *url.URL {
	host := strings.ToLower(at.Host)
	if at.Scheme != "https" || host != "gorgias.io" && !strings.HasSuffix(host, ".gorgias.io") {
		return at
	}
	to := c.site.JoinPath(apiPath, "attachment", "download")
	for part := range strings.SplitSeq(strings.TrimPrefix(at.EscapedPath(), "/attachments"), "/") {
		if plain, err := url.PathUnescape(part); err == nil && plain != "" && plain != "." && plain != ".." {
			to = to.JoinPath(url.PathEscape(plain))
		}
	}
	return to
}
