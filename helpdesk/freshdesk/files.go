package freshdesk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
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
		return nil, fmt.Errorf("open file: %w: message %s of ticket %s has no file %s", desk.ErrNotFound, m, ticketID, clipped(string(f)))
	}
	return c.fetch(ctx, files[at].URL)
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
	return nil, fmt.Errorf("open file: %w: ticket %s has no message %s", desk.ErrNotFound, ticketID, clipped(string(m)))
}

// hops is how often a file's address may point to another: from Freshdesk's own to where its files are kept.
const hops = 3

// fetch opens a file's address, and follows it to no other host than one where Freshdesk keeps files.
func (c *Connector) fetch(ctx context.Context, address string) (io.ReadCloser, error) {
	const op = "open file"
	for range hops {
		at, err := url.Parse(address)
		if err != nil || at.Host == "" || at.User != nil {
			return nil, &desk.Refused{Op: op, Why: "the file's address cannot be read; open it in Freshdesk"}
		}
		host, err := c.fileHost(at)
		if err != nil {
			return nil, err
		}
		body, err := host.Open(ctx, helpdesk.Call{Op: op, Path: elements(at), Query: at.Query()})
		moved, ok := errors.AsType[*helpdesk.RedirectError](err)
		if !ok {
			return body, err
		}
		next, parseErr := at.Parse(moved.Location)
		if parseErr != nil || !c.keepsFiles(next) {
			return nil, err
		}
		address = next.String()
	}
	return nil, fmt.Errorf("%s: its address points to another for the %dth time", op, hops)
}

// fileHost makes calls to the host of a file, without credentials. On hosts other than the account's own, no private address is
// dialled.
func (c *Connector) fileHost(at *url.URL) (*helpdesk.HTTP, error) {
	if !c.keepsFiles(at) {
		why := fmt.Sprintf("the file lies on %s, where Freshdesk keeps none; open it in Freshdesk", clipped(at.Host))
		return nil, &desk.Refused{Op: "open file", Why: why}
	}
	return helpdesk.NewHTTP(helpdesk.HTTPOptions{BaseURL: at.Scheme + "://" + at.Host, Client: c.clientFor(at), Timeout: c.timeout, Now: c.now})
}

// clientFor is who may call a host.
func (c *Connector) clientFor(at *url.URL) *http.Client {
	if c.ours(at) {
		return c.client
	}
	return outside
}

func (c *Connector) ours(at *url.URL) bool {
	return at.Scheme == c.site.Scheme && at.Host == c.site.Host
}

// keepsFiles reports whether Freshdesk keeps files on a host: the account's own, its others, and Amazon's S3.
func (c *Connector) keepsFiles(at *url.URL) bool {
	if c.ours(at) {
		return true
	}
	host := strings.ToLower(at.Hostname())
	s3 := strings.HasSuffix(host, ".amazonaws.com") && (strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") || strings.Contains(host, ".s3.") || strings.Contains(host, ".s3-"))
	return at.Scheme == "https" && at.Port() == "" && (s3 || strings.HasSuffix(host, ".freshdesk.com") || strings.HasSuffix(host, ".freshworks.com"))
}

// outside reaches what does not lie on the account's own host.
var outside = helpdesk.Outside()

// elements are those of an address's path, unescaped: each is escaped again when it is called.
func elements(at *url.URL) (all []string) {
	for part := range strings.SplitSeq(at.EscapedPath(), "/") {
		if plain, err := url.PathUnescape(part); err == nil && plain != "" {
			all = append(all, plain)
		}
	}
	return all
}
