package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/slack-go/slack"

	"warmline/bot/card"
	"warmline/escalate"
	"warmline/escalate/desk"
)

// Deliver implements desk.Courier. A post to a person's id goes to the app's own messages tab, and Slack says which
// conversation that is.
func (b *Bot) Deliver(ctx context.Context, p escalate.PersonID, key string, a desk.Answer) (desk.Place, error) {
	const op = "deliver message"
	if p == "" {
		return desk.Place{}, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	}
	at, _, err := b.post(ctx, op, string(p), card.Notice(key, &a))
	if unreachable(err) {
		return desk.Place{}, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	}
	return at, err
}

// Upload implements desk.Courier: the first two of the three steps in which Slack takes a file
// (docs.slack.dev/messaging/working-with-files). Nobody sees the picture before Share.
func (b *Bot) Upload(ctx context.Context, p desk.Picture) (string, error) {
	const op = "upload picture"
	alt, _ := card.Cut(p.Alt, maxAlt)
	var ticket *slack.GetUploadURLExternalResponse
	err := b.call(ctx, "files.getUploadURLExternal", op, func(ctx context.Context) (err error) {
		ticket, err = b.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{
			FileName: card.FileName(p.Name), FileSize: len(p.Data), AltTxt: alt,
		})
		return err
	})
	if err != nil {
		return "", hinted(err)
	}
	if !b.slackAddress(ticket.UploadURL) || ticket.FileID == "" {
		return "", &desk.Refused{Op: op, Why: "the address to upload to is not Slack's"}
	}
	err = b.transfer(ctx, "upload", op, func(ctx context.Context) error { return b.sendBytes(ctx, ticket.UploadURL, p.Data) })
	if err != nil {
		return "", err
	}
	return ticket.FileID, nil
}

// maxAlt is the longest description of a picture that Slack takes.
const maxAlt = 1000

// sendBytes posts a file's bytes as they are. The address is all the authority that it takes; no token goes there.
func (b *Bot) sendBytes(ctx context.Context, address string, data []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(data))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	res, err := b.bytes.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	if _, err := io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	}
	return nil
}

// Share implements desk.Courier. What Slack does with a file that is completed twice is not documented beyond the error
// file_not_found, "could not find the file from the upload ticket": after a lost answer it is taken for shown.
func (b *Bot) Share(ctx context.Context, at desk.Place, p []desk.Picture, again bool) error {
	var files []slack.FileSummary
	for _, one := range p {
		files = append(files, slack.FileSummary{ID: one.ID, Title: card.Label(one.Title)})
	}
	err := b.call(ctx, "files.completeUploadExternal", "share picture", func(ctx context.Context) error {
		_, err := b.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: files, Channel: at.Channel, ThreadTimestamp: at.TS, InitialComment: card.Words(p[0].Words),
		})
		return err
	})
	if at.TS != "" && refusedWith(err, "thread_not_found", "message_not_found") {
		return fmt.Errorf("share picture: %w", desk.ErrNotFound)
	}
	if again && refusedWith(err, "file_not_found") {
		return nil
	}
	return hinted(err)
}

// unreachable reports whether a person cannot be written to.
func unreachable(err error) bool {
	return refusedWith(err, "channel_not_found", "user_not_found", "messages_tab_disabled", "user_disabled", "is_archived")
}

// fileHints say what can be done about Slack's refusals of a file.
var fileHints = map[string]string{
	"missing_scope":                       "update the app from manifest.yml and install it again",
	"file_uploads_disabled":               "an administrator of the workspace has switched uploads off",
	"file_uploads_except_images_disabled": "an administrator of the workspace has switched uploads off",
	"file_type_not_allowed":               "an administrator of the workspace allows no pictures",
	"storage_limit_reached":               "the workspace's storage is full: delete files there",
}

// hinted adds to a refusal of a file what can be done about it.
func hinted(err error) error {
	var r *desk.Refused
	if !errors.As(err, &r) {
		return err
	}
	word, _, _ := strings.Cut(r.Why, ";")
	hint, ok := fileHints[word]
	if !ok {
		return err
	}
	told := *r
	told.Why += "; " + hint
	return &told
}
