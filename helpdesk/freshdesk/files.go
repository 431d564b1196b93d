package freshdesk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// A message takes files of 20 MB together with those that its ticket has already.
const (
	mostFiles = 10
	mostBytes = 20 << 20
)

func filesOf(attachments []attachment) (all []escalate.File) {
	for _, a := range attachments {
		all = append(all, escalate.File{
			ID: escalate.FileID(a.ID), Name: helpdesk.Clean(a.Name), Type: a.Type, Size: max(int64(a.Size), 0),
		})
	}
	return all
}

// multipartOf is a message with files, as a form: with them the API takes no JSON.
func multipartOf(m newMessage, files []desk.Upload) (helpdesk.Payload, error) {
	total := 0
	for _, f := range files {
		total += len(f.Body)
	}
	if total > mostBytes || len(files) > mostFiles {
		return helpdesk.Payload{}, fmt.Errorf("%d files of %d bytes are more than the %d files of 20 MB that a message takes", len(files), total, mostFiles)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	errs := []error{form.WriteField("body", m.Body)}
	if m.Private {
		errs = append(errs, form.WriteField("private", "true"))
	}
	if m.UserID != 0 {
		errs = append(errs, form.WriteField("user_id", strconv.FormatInt(m.UserID, 10)))
	}
	for _, f := range files {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition("attachments[]", f.Name))
		header.Set("Content-Type", f.Type)
		part, err := form.CreatePart(header)
		if err == nil {
			_, err = part.Write(f.Body)
		}
		errs = append(errs, err)
	}
	errs = append(errs, form.Close())
	return helpdesk.Payload{Type: form.FormDataContentType(), Body: body.Bytes()}, errors.Join(errs...)
}

// OpenFile implements desk.FileReader. The address of a file is signed for some minutes, so it is asked for anew each time. It is
// fetched without our credentials, wherever it points.
func (c *Connector) OpenFile(ctx context.Context, ticketID string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	files, err := c.attachments(ctx, ticketID, m)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(files, func(a attachment) bool { return string(a.ID) == string(f) })
	if at < 0 {
		return nil, fmt.Errorf("open file: %w: message %s of ticket %s has no file %s", desk.ErrNotFound, m, ticketID, helpdesk.Clipped(string(f)))
	}
	return c.files.Open(ctx, files[at].URL)
}

// attachments are the files of one message.
func (c *Connector) attachments(ctx context.Context, ticketID string, m escalate.MessageID) ([]attachment, error) {
	t, path, err := c.ticket(ctx, ticketID, "")
	if err != nil {
		return nil, err
	}
	if m == firstMessage {
		return t.Attachments, nil
	}
	talk, err := c.conversations(ctx, path)
	if err != nil {
		return nil, err
	}
	for i := range talk {
		if string(talk[i].ID) == string(m) {
			return talk[i].Attachments, nil
		}
	}
	return nil, fmt.Errorf("open file: %w: ticket %s has no message %s", desk.ErrNotFound, ticketID, helpdesk.Clipped(string(m)))
}

// keepsFiles reports whether Freshdesk keeps files on a host: its own others, and Amazon's S3.
func keepsFiles(host string) bool {
	return helpdesk.AmazonS3(host) || strings.HasSuffix(host, ".freshdesk.com") || strings.HasSuffix(host, ".freshworks.com")
}
