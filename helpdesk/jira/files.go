package jira

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// Bounds of the files of one comment. A site's own limit is higher, unless an administrator lowered it; Jira then refuses the files
// before anything is sent.
const (
	mostFiles = 10
	mostBytes = 8 << 20
)

// requestComment is a comment as service management takes it. Public has no omitempty: who may see it is always said.
type requestComment struct {
	Body   string `json:"body"`
	Public bool   `json:"public"`
}

type requestFiles struct {
	IDs     []string `json:"temporaryAttachmentIds"`
	Public  bool     `json:"public"`
	Comment struct {
		Body string `json:"body"`
	} `json:"additionalComment"`
}

// written is a comment as service management answers it.
type written struct {
	ID     id    `json:"id"`
	Public *bool `json:"public"`
}

// send writes a comment through service management, with its files if it has any. The files are put down first, where nobody
// sees them and they expire unused; the call that makes them the comment's is the only one that anybody notices.
func (c *Connector) send(ctx context.Context, ticket string, w desk.Write) (escalate.MessageID, error) {
	public := w.Kind == desk.WriteReply
	body := richtext.Wiki(signature{}.sign(w))
	op := map[bool]string{true: "send reply", false: "add note"}[public]
	var got struct {
		written

		Comment *written `json:"comment"` // where files were sent
	}
	call := helpdesk.Call{Op: op, Method: http.MethodPost, Path: requestPath(ticket, "comment"), Body: requestComment{body, public}}
	if len(w.Files) > 0 {
		ids, err := c.putDown(ctx, ticket, w.Files)
		if err != nil {
			return "", err
		}
		files := requestFiles{IDs: ids, Public: public}
		files.Comment.Body = body
		call.Path, call.Body = requestPath(ticket, "attachment"), files
	}
	if err := c.http.Do(ctx, call, &got); err != nil {
		return "", err
	}
	if got.Comment != nil {
		got.written = *got.Comment
	}
	switch {
	case got.ID == "":
		return "", fmt.Errorf("%s: the answer has no comment id", op)
	case !public && got.Public != nil && *got.Public:
		return "", c.undo(ctx, ticket, got.ID)
	}
	return escalate.MessageID(got.ID), nil
}

// undo deletes a note that service management made public although it was told not to.
func (c *Connector) undo(ctx context.Context, ticket string, leaked id) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rescueTime)
	defer cancel()
	if err := c.takeBack(ctx, ticket, leaked); err != nil {
		return fmt.Errorf("add note: Jira made comment %s of ticket %s public, and it could not be deleted; delete it by hand now: %w", leaked, ticket, err)
	}
	return &desk.Refused{Op: "add note", Why: "Jira made it public, so it was deleted again; check that the token's account is an agent of the project"}
}

// filesAgain is when to try again files that did not arrive.
const filesAgain = 10 * time.Second

// putDown uploads files to the ticket's service desk. However it fails, nothing was sent.
func (c *Connector) putDown(ctx context.Context, ticket string, files []desk.Upload) ([]string, error) {
	var q request
	if err := c.http.Do(ctx, helpdesk.Call{Op: "read request", Path: requestPath(ticket)}, &q); err != nil {
		return nil, helpdesk.Unsent("upload files", err)
	}
	if q.ServiceDeskID == "" {
		return nil, &desk.Refused{Op: "upload files", Why: "the ticket belongs to no service desk; send it without files"}
	}
	payload, err := form(files)
	if err != nil {
		return nil, &desk.Refused{Op: "upload files", Why: err.Error()}
	}
	var got struct {
		Files []struct {
			ID string `json:"temporaryAttachmentId"`
		} `json:"temporaryAttachments"`
	}
	err = c.http.Do(ctx, helpdesk.Call{
		Op: "upload files", Method: http.MethodPost, Path: []string{"rest", "servicedeskapi", "servicedesk", string(q.ServiceDeskID), "attachTemporaryFile"},
		// Without the first, Jira takes the call for one that a page of another site made a browser send.
		Header: http.Header{"X-Atlassian-Token": {"no-check"}, "X-Experimentalapi": {"opt-in"}}, Body: payload,
	}, &got)
	if err != nil {
		return nil, helpdesk.Unsent("upload files", err)
	}
	var ids []string
	for _, f := range got.Files {
		ids = append(ids, f.ID)
	}
	if len(ids) != len(files) {
		return nil, &desk.Refused{Op: "upload files", Why: fmt.Sprintf("Jira took %d of %d files; nothing was sent", len(ids), len(files)), RetryAfter: filesAgain}
	}
	return ids, nil
}

var quoted = strings.NewReplacer("\\", "\\\\", `"`, `\"`, "\r", "", "\n", "")

func form(files []desk.Upload) (helpdesk.Payload, error) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, f := range files {
		kind := f.Type
		if kind == "" {
			kind = "application/octet-stream"
		}
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="file"; filename="` + quoted.Replace(f.Name) + `"`}, "Content-Type": {kind},
		})
		if err == nil {
			_, err = part.Write(f.Body)
		}
		if err != nil {
			return helpdesk.Payload{}, fmt.Errorf("write form: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return helpdesk.Payload{}, fmt.Errorf("write form: %w", err)
	}
	return helpdesk.Payload{Type: w.FormDataContentType(), Body: body.Bytes()}, nil
}

func fileOf(a attachment) escalate.File {
	return escalate.File{
		ID: escalate.FileID(a.ID), Name: helpdesk.Clean(a.Filename), Type: helpdesk.Clean(a.MimeType), Size: a.Size,
	}
}

// attachmentID finds an attachment's id in its addresses; service management gives it nowhere else.
var attachmentID = regexp.MustCompile(`/attachment/(?:content/)?(\d+)(?:/|$)`)

// fileComment is a comment as service management lists it, with its files.
type fileComment struct {
	ID          id                   `json:"id"`
	Attachments *page[fileReference] `json:"attachments"`
}

type fileReference struct {
	Filename string `json:"filename"`
	MimeType string `json:"mimeType"`
	Size     int64  `json:"size"`
	Links    struct {
		JiraREST string `json:"jiraRest"`
		Content  string `json:"content"`
	} `json:"_links"`
}

func (f *fileReference) file() (escalate.File, bool) {
	for _, link := range []string{f.Links.JiraREST, f.Links.Content} {
		if at := attachmentID.FindStringSubmatch(link); at != nil {
			return fileOf(attachment{ID: id(at[1]), Filename: f.Filename, MimeType: f.MimeType, Size: f.Size}), true
		}
	}
	return escalate.File{}, false
}

// filesByComment says which files came with which comment, which only service management knows.
func (c *Connector) filesByComment(ctx context.Context, ticket string) (map[id][]escalate.File, error) {
	found := make(map[id][]escalate.File)
	for start := 0; start < mostComments; {
		var got page[fileComment]
		call := helpdesk.Call{Op: "read comments' files", Path: requestPath(ticket, "comment"), Query: url.Values{
			"expand": {"attachment"}, "start": {strconv.Itoa(start)}, "limit": {strconv.Itoa(commentsAPage)},
		}}
		if err := c.http.Do(ctx, call, &got); err != nil {
			return nil, err
		}
		for _, m := range got.Values {
			if m.Attachments == nil {
				continue
			}
			for _, a := range m.Attachments.Values {
				if file, ok := a.file(); ok {
					found[m.ID] = append(found[m.ID], file)
				}
			}
		}
		start += len(got.Values)
		if len(got.Values) == 0 || got.IsLastPage == nil || *got.IsLastPage {
			break
		}
	}
	return found, nil
}

// OpenFile implements desk.FileReader. The bytes come from the account's own host: Jira is asked not to send us elsewhere. A file of
// another ticket is not found.
func (c *Connector) OpenFile(ctx context.Context, ticket string, _ escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	var got issue
	call := helpdesk.Call{Op: "read ticket's files", Path: issuePath(ticket), Query: url.Values{"fields": {"attachment"}}}
	if err := c.http.Do(ctx, call, &got); err != nil {
		return nil, err
	}
	for _, a := range got.Fields.Attachments {
		if escalate.FileID(a.ID) == f {
			return c.http.Open(ctx, helpdesk.Call{
				Op: "open file", Path: []string{"rest", "api", "3", "attachment", "content", string(f)}, Query: url.Values{"redirect": {"false"}},
			})
		}
	}
	return nil, fmt.Errorf("open file: %w: ticket %s has no file %s", desk.ErrNotFound, ticket, f)
}
