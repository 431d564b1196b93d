package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"warmline/escalate"
)

// How a picture is introduced, and what is said of one that is not shown.

// errNoPicture says that a file is not what Slack shows.
var errNoPicture = errors.New("it is no PNG, JPEG, GIF or WebP picture")

// errLargePhoto says that a file has more bytes than its helpdesk told.
var errLargePhoto = fmt.Errorf("it is larger than %d MB", maxPhoto>>20)

// pictureOf is how a customer's picture is shown.
func pictureOf(t *escalate.Ticket, w *photos, f *escalate.File, p *photo) Picture {
	from := "the ticket"
	if m := t.Content.Find(w.Message); m != nil && m.Author != "" {
		from = m.Author
	}
	name := f.Name
	if end := pictures[p.Kind]; end != "" && !strings.HasSuffix(strings.ToLower(name), end) {
		name += end // by another name Slack would not show it
	}
	return Picture{ID: p.Upload, Name: name, Title: f.Name, Alt: "A picture from " + from + ": " + f.Name, Words: "From " + from}
}

// Who did not give, or take, a picture.
const (
	byHelpdesk = "the helpdesk"
	bySlack    = "Slack"
)

// notShown says below the card that a picture is not shown, and why, once. What Slack refuses it will refuse of the next picture
// too: each such reason is told once in a thread.
func (s *Service) notShown(ctx context.Context, w *photos, key, name, by string, cause error) error {
	s.Logger.WarnContext(ctx, "picture not shown", "ticket", w.Ticket, "by", by, "error", cause)
	post := ThreadPost{
		Key: key, Head: "Not shown", Note: true, Text: fmt.Sprintf("%s: %s. Open it in the helpdesk.", name, whyUnshown(by, cause)),
	}
	if refused, clean := errors.AsType[*Refused](cause); by == bySlack && clean {
		word, _, _ := strings.Cut(refused.Why, ";")
		post.Key = "photos:" + word
		post.Text = "Pictures cannot be shown here. Slack says: " + refused.Why + ". Open them in the helpdesk."
	}
	err := s.postAll(ctx, w.At, []ThreadPost{post}, true)
	if errors.Is(err, ErrNotFound) {
		return nil // the card is gone
	}
	return err
}

// photoTries is how often a step is tried whose outcome is not known, or that asks for patience: half an hour or so.
const photoTries = 60

// photoAgain reports whether a step is to be tried again, and how. A file may be told of before it can be read.
func (s *Service) photoAgain(ctx context.Context, j Leased, cause error) (bool, error) {
	refused, clean := errors.AsType[*Refused](cause)
	switch {
	case errors.Is(cause, errNoPicture), errors.Is(cause, errLargePhoto):
		return false, nil
	case errors.Is(cause, ErrNotFound):
		return j.Attempt < unreadable, cause
	case clean && refused.RetryAfter > 0 && j.Attempt < photoTries:
		return true, s.after(ctx, refused.RetryAfter, cause)
	case clean:
		return false, nil
	}
	return j.Attempt < photoTries, cause
}

// whyUnshown says in a few words why one picture is not shown.
func whyUnshown(by string, cause error) string {
	refused, clean := errors.AsType[*Refused](cause)
	switch {
	case errors.Is(cause, errNoPicture), errors.Is(cause, errLargePhoto):
		return cause.Error()
	case errors.Is(cause, ErrNotFound):
		return by + " does not have it any more"
	case clean:
		return by + " says: " + refused.Why
	}
	return by + " gave no clear answer"
}
