package front

import (
	"bytes"
	"cmp"
	"fmt"
	"mime/multipart"
	"net/textproto"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// field is one part of a form that is no file.
type field struct{ name, value string }

// formOf makes the form in which Front takes files: a part for each member of what would be JSON, those within others in brackets, and
// "attachments[]" for each file (https://dev.frontapp.com/docs/attachments-1).
func formOf(fields []field, files []desk.Upload) (helpdesk.Payload, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, f := range fields {
		if f.value == "" {
			continue
		}
		if err := form.WriteField(f.name, f.value); err != nil {
			return helpdesk.Payload{}, fmt.Errorf("write form: %w", err)
		}
	}
	for _, f := range files {
		part, err := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {multipart.FileContentDisposition("attachments[]", f.Name)},
			"Content-Type":        {cmp.Or(oneLine(f.Type), "application/octet-stream")},
		})
		if err == nil {
			_, err = part.Write(f.Body)
		}
		if err != nil {
			return helpdesk.Payload{}, fmt.Errorf("write form: %w", err)
		}
	}
	if err := form.Close(); err != nil {
		return helpdesk.Payload{}, fmt.Errorf("write form: %w", err)
	}
	return helpdesk.Payload{Type: form.FormDataContentType(), Body: body.Bytes()}, nil
}

// oneLine keeps a header within its line.
func oneLine(s string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(s) }
