package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// FetchFile implements desk.Attachments: Slack says where the file is, and our token goes there only when that is Slack.
func (b *Bot) FetchFile(ctx context.Context, id string, most int64) ([]byte, error) {
	const op = "fetch file"
	var info *slack.File
	err := b.call(ctx, "files.info", op, func(ctx context.Context) (err error) {
		info, _, _, err = b.api.GetFileInfoContext(ctx, id, 0, 0)
		return err
	})
	switch {
	case refusedWith(err, "file_not_found", "file_deleted", "not_visible"):
		return nil, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	case err != nil:
		return nil, hinted(err)
	case info.Mode == "tombstone":
		return nil, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	case info.IsExternal || !b.slackAddress(info.URLPrivateDownload):
		return nil, &desk.Refused{Op: op, Why: "it is not kept in Slack itself; attach a copy of it"}
	case int64(info.Size) > most:
		return nil, fmt.Errorf("%s: %w", op, desk.ErrTooLarge)
	}
	var data []byte
	err = b.transfer(ctx, "download", op, func(ctx context.Context) (err error) {
		data, err = b.download(ctx, info.URLPrivateDownload, most)
		return err
	})
	if refusedWith(err, "404 Not Found", "410 Gone") {
		return nil, fmt.Errorf("%s: %w", op, desk.ErrNotFound)
	}
	return data, err
}

// errNoFile says that a page came instead of a file: Slack shows one to a token that may not read it.
var errNoFile = slack.SlackErrorResponse{Err: "the file is not for us"}

func (b *Bot) download(ctx context.Context, address string, most int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+string(b.o.BotToken))
	res, err := b.bytes.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return nil, errNoFile // to the sign-in page: redirects are not followed
	case res.StatusCode != http.StatusOK:
		return nil, slack.StatusCodeError{Code: res.StatusCode, Status: res.Status}
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, most+1))
	if err == nil && int64(len(data)) > most || errors.Is(err, errTooLarge) {
		return nil, desk.ErrTooLarge
	}
	return data, err
}
