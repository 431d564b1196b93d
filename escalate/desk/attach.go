package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// The files of a reply lie beside its text, among what can be erased; their bytes stay in Slack until they are sent.

// filesKey is the key of the list of a reply's files among a ticket's texts.
func filesKey(id escalate.ReplyID) string { return "files:" + string(id) }

// noteFilesKey is the same for a person's internal note.
func noteFilesKey(press string) string { return "files:note:" + press }

func putFiles(ctx context.Context, tx Tx, id escalate.TicketID, key string, files []Attached) error {
	body, err := json.Marshal(files)
	if err != nil {
		return fmt.Errorf("encode files: %w", err)
	}
	if err := tx.PutText(ctx, id, key, string(body)); err != nil {
		return fmt.Errorf("save files: %w", err)
	}
	return nil
}

// filesAt loads a list of files; ErrNotFound when it was erased.
func filesAt(ctx context.Context, tx Tx, id escalate.TicketID, key string) (files []Attached, err error) {
	body, err := tx.Text(ctx, id, key)
	if err != nil {
		return nil, fmt.Errorf("load files: %w", err)
	}
	if err := json.Unmarshal([]byte(body), &files); err != nil {
		return nil, fmt.Errorf("decode files: %w", err)
	}
	return files, nil
}

// attach makes files part of a reply.
func (c *change) attach(ctx context.Context, p *escalate.Proposal, files []Attached) error {
	if p.Files = len(files); p.Files == 0 {
		return nil
	}
	return putFiles(ctx, c.tx, c.ticket.ID, filesKey(p.ID), files)
}

// filesOf are a reply's files; none when they were erased.
func filesOf(ctx context.Context, tx Tx, t *escalate.Ticket, r *escalate.Reply) ([]Attached, error) {
	if r == nil || r.Files == 0 {
		return nil, nil
	}
	files, err := filesAt(ctx, tx, t.ID, filesKey(r.ID))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return files, err
}

func linesOf(files []Attached) (lines []FileLine) {
	for _, f := range files {
		lines = append(lines, FileLine{Ref: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Here: true})
	}
	return lines
}

// takes says how many files, and how many bytes, may be attached to what is written to a ticket; 0 when none.
func (s *Service) takes(t *escalate.Ticket) (files int, bytes int64) {
	hd, ok := s.Helpdesks[t.Ref.Desk]
	if !ok || s.Attachments == nil {
		return 0, 0
	}
	l := hd.Limits()
	if l.MaxFiles <= 0 || l.MaxUpload <= 0 {
		return 0, 0
	}
	return min(l.MaxFiles, mostAttached), l.MaxUpload
}

// mostAttached is how many files one input of a window takes in Slack.
const mostAttached = 10

// attached are the files that go with what was submitted: of the draft's own those that stayed checked, then what was picked. It is
// an error of the person's screen when one stayed checked that the draft has no more: another draft took its place.
func (a *act) attached(ctx context.Context, t *escalate.Ticket) ([]Attached, error) {
	var files []Attached
	if kept := a.press.Fields["kept"]; kept != "" && a.press.Action == ActSubmitEdit {
		had, err := filesOf(ctx, a.tx, t, t.Draft())
		if err != nil {
			return nil, err
		}
		for ref := range strings.SplitSeq(kept, ",") {
			at := slices.IndexFunc(had, func(f Attached) bool { return f.ID == ref })
			if at < 0 {
				return nil, errOtherFiles
			}
			files = append(files, had[at])
		}
	}
	for _, f := range a.press.Files {
		f.Name = plainName(f.Name)
		files = append(files, f)
	}
	return files, nil
}

var errOtherFiles = errors.New("the draft's files are others by now")

// badFiles checks what was attached, by field.
func (a *act) badFiles(ctx context.Context) (map[string]string, error) {
	if len(a.press.Files) == 0 || a.press.Action != ActSubmitEdit && a.press.Action != ActSubmitReply {
		return nil, nil
	}
	row, err := a.tx.CardByToken(ctx, a.press.Token)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // it is told that there is no such card
	}
	if err != nil {
		return nil, fmt.Errorf("load card: %w", err)
	}
	t, err := a.tx.Ticket(ctx, row.Ticket)
	if err != nil {
		return nil, fmt.Errorf("load ticket %s: %w", row.Ticket, err)
	}
	files, err := a.attached(ctx, t)
	if errors.Is(err, errOtherFiles) {
		return nil, nil // submit says so, and gives back what was typed
	}
	if err != nil {
		return nil, err
	}
	var total int64
	for _, f := range files {
		total += f.Size
	}
	switch most, bytes := a.s.takes(t); {
	case most == 0:
		return map[string]string{"files": "This helpdesk takes no files from here. Leave them out, or send them from the helpdesk."}, nil
	case len(files) > most:
		return map[string]string{"files": fmt.Sprintf("These are %d files; at most %d can be sent at once.", len(files), most)}, nil
	case total > bytes:
		return map[string]string{"files": fmt.Sprintf("Together they are too large: the helpdesk takes %d MB at once.", bytes>>20)}, nil
	}
	return nil, nil
}

// plainName makes a file's name one that no helpdesk takes for a path, of at most 200 bytes.
func plainName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '/', r == '\\':
			return '_'
		case r < ' ', r == 0x7F, r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	if len(s) > 200 {
		end := s[strings.LastIndexByte(s, '.')+1:]
		if len(end) > 10 || len(end) == len(s) {
			end = ""
		}
		s = strings.ToValidUTF8(s[:180], "") + "." + end
	}
	if s = strings.Trim(s, ". "); s == "" {
		return "file"
	}
	return s
}

// fetched are a reply's or note's files, ready to be sent.
type fetched struct {
	uploads []Upload
	files   []Attached // with the hashes of what was read
	why     string     // why they cannot be sent as they are; "" when they can
}

// fetchTries is how often Slack is asked for a file that it neither gives nor refuses.
const fetchTries = 12

// ErrTooLarge says that a file has more bytes than may be read.
var ErrTooLarge = errors.New("the file is too large")

// fetch reads files from Slack. Each must be what was attached: as large, and the same bytes as the first time. An error may pass; a
// reason that will not is in why.
func (s *Service) fetch(ctx context.Context, j Leased, files []Attached) (fetched, error) {
	out := fetched{files: slices.Clone(files)}
	for i := range out.files {
		f := &out.files[i]
		if s.Attachments == nil {
			return fetched{why: "nothing reads files from Slack here"}, nil
		}
		body, err := s.Attachments.FetchFile(ctx, f.ID, f.Size)
		if why := unfetched(f, err, j.Attempt); why != "" {
			return fetched{why: why}, nil
		}
		if err != nil {
			return fetched{}, s.unlessLater(ctx, fmt.Errorf("fetch file from Slack: %w", err))
		}
		sum := sha256.Sum256(body)
		hash := hex.EncodeToString(sum[:])
		if int64(len(body)) != f.Size || f.Hash != "" && f.Hash != hash {
			return fetched{why: f.Name + " is not the file any more that was attached"}, nil
		}
		f.Hash = hash
		out.uploads = append(out.uploads, Upload{Name: f.Name, Type: f.Type, Body: body})
	}
	return out, nil
}

// unfetched says why a file will not be had any more; "" when it was, or may be yet.
func unfetched(f *Attached, err error, attempt int) string {
	refused, clean := errors.AsType[*Refused](err)
	switch {
	case errors.Is(err, ErrNotFound):
		return f.Name + " was deleted in Slack"
	case errors.Is(err, ErrTooLarge):
		return f.Name + " is not the file any more that was attached"
	case clean && refused.RetryAfter == 0:
		return fmt.Sprintf("Slack does not give %s: %s", f.Name, refused.Why)
	case err != nil && attempt >= fetchTries:
		return fmt.Sprintf("Slack does not give %s and does not say why", f.Name)
	}
	return ""
}

// filesWayOut is what to do about files that cannot be sent.
const filesWayOut = "Press Edit, leave that file out, attach it again, and send."

// replyFiles fetches the files of a reply that is to be sent.
func (s *Service) replyFiles(ctx context.Context, j Leased, t *escalate.Ticket, r *escalate.Reply) (got fetched, err error) {
	if r.Files == 0 {
		return fetched{}, nil
	}
	var files []Attached
	err = s.Store.View(ctx, func(tx Tx) (err error) {
		files, err = filesOf(ctx, tx, t, r)
		return err
	})
	if err != nil {
		return fetched{}, err
	}
	if len(files) != r.Files {
		return fetched{why: "its files were erased"}, nil
	}
	return s.fetch(ctx, j, files)
}

// load puts files into a reply, and keeps what they are: a repeat sends the same bytes or none.
func (o *outgoing) load(ctx context.Context, c *change, files fetched) error {
	if len(files.files) == 0 {
		return nil
	}
	o.write.Files = files.uploads
	return putFiles(ctx, c.tx, o.ticket, filesKey(o.reply), files.files)
}
