package hubspot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

func filesOf(attachments []attachment) (found []escalate.File) {
	for _, a := range attachments {
		if a.FileID == "" || a.Type != "" && a.Type != "FILE" {
			continue // quick replies, contacts, locations
		}
		found = append(found, escalate.File{ID: escalate.FileID(a.FileID), Name: helpdesk.Clean(string(a.Name)), Type: typeByName(string(a.Name))})
	}
	return found
}

// typeByName guesses a file's type from its name, because HubSpot does not tell it.
func typeByName(name string) string {
	ending := strings.ToLower(path.Ext(name))
	if known, ok := types[ending]; ok {
		return known
	}
	guess, _, err := mime.ParseMediaType(mime.TypeByExtension(ending))
	if err != nil {
		return ""
	}
	return guess
}

// types are the commonest, which not every system knows.
var types = map[string]string{
	".txt": "text/plain", ".log": "text/plain", ".csv": "text/csv", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".gif": "image/gif", ".webp": "image/webp", ".heic": "image/heic", ".pdf": "application/pdf", ".zip": "application/zip",
	".mp4": "video/mp4", ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".wav": "audio/wav",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// OpenFile implements desk.FileReader. The address of a file is signed for a while, so it is asked for anew each time. It is fetched
// without our credentials, wherever it points.
func (c *Connector) OpenFile(ctx context.Context, id string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error) {
	const op = "open file"
	t, err := c.ticket(ctx, id)
	if err != nil {
		return nil, err
	}
	of, err := c.talk(ctx, t)
	if err != nil {
		return nil, err
	}
	// Only a file of this ticket's: the token may read all that the account has.
	if !slices.ContainsFunc(of.messages, func(one message) bool {
		return string(one.ID) == string(m) && slices.ContainsFunc(filesOf(one.Attachments), func(file escalate.File) bool { return file.ID == f })
	}) {
		return nil, fmt.Errorf("%s: %w: ticket %s has no such message, or the message no such file", op, desk.ErrNotFound, id)
	}
	var signed struct {
		URL text `json:"url"`
	}
	err = c.http.Do(ctx, helpdesk.Call{Op: op, Path: []string{"files", "v3", "files", string(f), "signed-url"}}, &signed)
	if err != nil {
		return nil, err
	}
	if signed.URL == "" {
		return nil, errors.New(op + ": the answer has no address")
	}
	return c.files.Open(ctx, string(signed.URL))
}

// keepsFiles reports whether HubSpot keeps files on a host: its own, its content network, and Amazon's buckets.
func keepsFiles(host string) bool {
	labels := strings.Split(host, ".")
	network := len(labels) > 2 && strings.HasPrefix(labels[len(labels)-2], "hubspotusercontent") && labels[len(labels)-1] == "net"
	return network || helpdesk.AmazonS3(host) || strings.HasSuffix(host, ".hubspot.com") || strings.HasSuffix(host, ".hubapi.com")
}
