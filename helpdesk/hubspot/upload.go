package hubspot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// What a message carries; e-mail takes little more.
const (
	mostFiles = 10
	mostBytes = 20 << 20
)

// newAttachment names a file that HubSpot has already.
type newAttachment struct {
	Type   string `json:"type"`
	FileID string `json:"fileId"`
}

// uploadOptions keep a file from whoever has no signed address of it.
const uploadOptions = `{"access":"PRIVATE","overwrite":false,"duplicateValidationStrategy":"NONE","duplicateValidationScope":"EXACT_FOLDER"}`

// uploadFolder is where files of messages lie in HubSpot's file manager.
const uploadFolder = "/warmline"

// upload brings files to HubSpot, where the message that is to carry them names them. Until that message is sent nobody is shown them: a
// failure here has sent nothing, and what a lost answer leaves behind lies in the file manager alone.
func (c *Connector) upload(ctx context.Context, op string, files []desk.Upload) ([]newAttachment, error) {
	total := 0
	for _, f := range files {
		total += len(f.Body)
	}
	if total > mostBytes || len(files) > mostFiles {
		why := fmt.Sprintf("%d files of %d bytes are more than the %d files of 20 MiB that a message takes", len(files), total, mostFiles)
		return nil, &desk.Refused{Op: op, Why: why, Content: true}
	}
	out := []newAttachment{} // the member is always there, and never null
	for _, f := range files {
		form, err := formOf(f)
		if err != nil {
			return nil, &desk.Refused{Op: op, Why: err.Error(), Content: true}
		}
		var kept struct {
			ID text `json:"id"`
		}
		err = c.http.Do(ctx, helpdesk.Call{Op: "upload file", Method: http.MethodPost, Path: []string{"files", "v3", "files"}, Body: form}, &kept)
		if err == nil && kept.ID == "" {
			err = errors.New("upload file: the answer has no id")
		}
		if err != nil {
			return nil, nothingSent(op, err)
		}
		out = append(out, newAttachment{Type: "FILE", FileID: string(kept.ID)})
	}
	return out, nil
}

func formOf(f desk.Upload) (helpdesk.Payload, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	header := textproto.MIMEHeader{}
	header.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	header.Set("Content-Type", f.Type)
	part, err := form.CreatePart(header)
	if err == nil {
		_, err = part.Write(f.Body)
	}
	err = errors.Join(err, form.WriteField("fileName", f.Name), form.WriteField("folderPath", uploadFolder), form.WriteField("options", uploadOptions), form.Close())
	return helpdesk.Payload{Type: form.FormDataContentType(), Body: body.Bytes()}, err
}
