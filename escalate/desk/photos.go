package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"warmline/escalate"
)

// JobPhotos brings the pictures of one message into a card's thread.
const JobPhotos = "photos"

// photos are one message's pictures on their way into a thread. Like a delivery they go in steps, each of which ends with a job for
// the next one in the same commit: what was uploaded is known by its id before it is shown, so that it is shown once.
type photos struct {
	Ticket  escalate.TicketID  `json:"ticket"`
	Handoff escalate.HandoffID `json:"handoff"`
	At      Place              `json:"at"` // the card; one that is posted anew gets its pictures anew
	Message escalate.MessageID `json:"message"`
	Files   []photo            `json:"files"`
}

// photo is one of them.
type photo struct {
	File   escalate.FileID `json:"file"`
	Sure   bool            `json:"sure,omitempty"`   // its sender says that it is a picture: if it is none, that is told
	Upload string          `json:"upload,omitempty"` // Slack's id; "" until it is uploaded
	Kind   string          `json:"kind,omitempty"`   // what it is by its bytes
	Out    bool            `json:"out,omitempty"`    // it is not shown
}

// key marks what is said about one picture.
func (w *photos) key(p *photo) string { return fmt.Sprintf("photo:%s/%s", w.Message, p.File) }

// kept is the key of the text that says that a picture was uploaded for a thread.
func (w *photos) kept(p *photo) string { return w.key(p) + "@" + w.At.TS }

// next is the first picture of which it is not known yet whether it is shown; nil when all are uploaded, or out.
func (w *photos) next() *photo {
	for i := range w.Files {
		if p := &w.Files[i]; p.Upload == "" && !p.Out {
			return p
		}
	}
	return nil
}

// canShow reports whether a message's file is tried as a picture. Who wrote it in Slack has it there.
func (s *Service) canShow(t *escalate.Ticket, m *escalate.Message, f *escalate.File) (try, sure bool) {
	if _, ok := s.Helpdesks[t.Ref.Desk].(FileReader); !ok || s.Courier == nil || m.Marker != "" || f.Size > maxPhoto {
		return false, false
	}
	claimed, unsaid := mayBePicture(f.Name, f.Type)
	return claimed || unsaid, claimed
}

// mostPhotos is how many pictures of one message are shown: what Slack takes at once.
const mostPhotos = 10

// photosIn lists the files of a message that are tried as pictures.
func (s *Service) photosIn(t *escalate.Ticket, m *escalate.Message) (all []photo) {
	for i := range m.Files {
		if try, sure := s.canShow(t, m, &m.Files[i]); try && len(all) < mostPhotos {
			all = append(all, photo{File: m.Files[i].ID, Sure: sure})
		}
	}
	return all
}

// fileLines names a message's files.
func (s *Service) fileLines(t *escalate.Ticket, m *escalate.Message) (lines []FileLine) {
	tried := s.photosIn(t, m)
	for _, f := range m.Files {
		here := slices.ContainsFunc(tried, func(p photo) bool { return p.File == f.ID && p.Sure })
		lines = append(lines, FileLine{Name: f.Name, Type: f.Type, Size: f.Size, Here: here})
	}
	return lines
}

// photosOf lists the pictures that belong below posts.
func (s *Service) photosOf(t *escalate.Ticket, row *CardRow, posts []ThreadPost) (all []photos) {
	for _, post := range posts {
		m := t.Content.Find(post.message)
		if m == nil {
			continue
		}
		w := photos{Ticket: t.ID, Handoff: row.Handoff, At: row.Place, Message: m.ID, Files: s.photosIn(t, m)}
		if len(w.Files) > 0 {
			all = append(all, w)
		}
	}
	return all
}

func enqueuePhotos(ctx context.Context, tx Tx, all []photos) error {
	for i := range all {
		w := &all[i]
		j, err := newJob(JobPhotos, w)
		if err != nil {
			return err
		}
		// They hold up nothing but the pictures of the same thread.
		j.Key, j.Group = fmt.Sprintf("%s:%s@%s", w.Ticket, w.Message, w.At.TS), "photos:"+string(w.Handoff)
		if err := tx.Enqueue(ctx, j); err != nil {
			return fmt.Errorf("enqueue pictures: %w", err)
		}
	}
	return nil
}

// bringPhotos takes the next step of a message's pictures.
func (s *Service) bringPhotos(ctx context.Context, j Leased) error {
	var w photos
	if err := json.Unmarshal(j.Payload, &w); err != nil {
		return fmt.Errorf("decode job %s: %w", j.Kind, err)
	}
	t, uploaded, err := s.photosLeft(ctx, &w)
	if err != nil {
		return fmt.Errorf("load pictures: %w", err)
	}
	p := w.next()
	switch {
	case t == nil:
		return s.finish(ctx, j)
	case p == nil:
		return s.sharePhotos(ctx, j, t, &w)
	case uploaded || fileOf(t, w.Message, p.File) == nil:
		p.Out = true
		return s.nextPhoto(ctx, j, &w, nil)
	}
	return s.uploadPhoto(ctx, j, t, &w, p)
}

// photosLeft loads the ticket whose pictures they are; nil when their card stands there no more. It says whether the next one was
// uploaded for this thread before: it is shown already, or on its way.
func (s *Service) photosLeft(ctx context.Context, w *photos) (t *escalate.Ticket, uploaded bool, err error) {
	err = s.Store.View(ctx, func(tx Tx) error {
		t, uploaded = nil, false
		row, err := tx.Card(ctx, w.Handoff)
		if errors.Is(err, ErrNotFound) || err == nil && row.Place != w.At {
			return nil
		}
		if err != nil {
			return err
		}
		if p := w.next(); p != nil {
			_, err := tx.Text(ctx, w.Ticket, w.kept(p))
			if uploaded = err == nil; err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		t, err = tx.Ticket(ctx, w.Ticket)
		return err
	})
	return t, uploaded, err
}

func fileOf(t *escalate.Ticket, id escalate.MessageID, file escalate.FileID) *escalate.File {
	m := t.Content.Find(id)
	if m == nil {
		return nil
	}
	for i := range m.Files {
		if m.Files[i].ID == file {
			return &m.Files[i]
		}
	}
	return nil
}

// nextPhoto ends a step and begins the next, in one commit, with what is to be kept of the one that ends.
func (s *Service) nextPhoto(ctx context.Context, j Leased, w *photos, uploaded *photo) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		if uploaded != nil {
			if err := tx.PutText(ctx, w.Ticket, w.kept(uploaded), uploaded.Upload); err != nil {
				return err
			}
		}
		return errors.Join(enqueuePhotos(ctx, tx, []photos{*w}), tx.Finish(ctx, j))
	})
}

// sharePhotos shows what was uploaded, in one message.
func (s *Service) sharePhotos(ctx context.Context, j Leased, t *escalate.Ticket, w *photos) error {
	var all []Picture
	var names []string
	for i := range w.Files {
		if f := fileOf(t, w.Message, w.Files[i].File); f != nil && w.Files[i].Upload != "" {
			all, names = append(all, pictureOf(t, w, f, &w.Files[i])), append(names, f.Name)
		}
	}
	if len(all) == 0 {
		return s.finish(ctx, j)
	}
	// Commit point: an attempt after the first means that they may be shown already; their ids say so.
	err := s.Courier.Share(ctx, w.At, all, j.Attempt > 1)
	switch {
	case err == nil, errors.Is(err, ErrNotFound): // the card is gone; the new one asks for all of it
		return s.finish(ctx, j)
	}
	if again, err := s.photoAgain(ctx, j, err); again {
		return err
	}
	if err := s.notShown(ctx, w, w.key(&w.Files[0]), strings.Join(names, ", "), bySlack, err); err != nil {
		return err
	}
	return s.finish(ctx, j)
}

// uploadPhoto reads a picture from the helpdesk and hands it to Slack, where nobody sees it yet. A crash before the commit costs an
// upload that stays unseen for ever.
func (s *Service) uploadPhoto(ctx context.Context, j Leased, t *escalate.Ticket, w *photos, p *photo) error {
	f, by := fileOf(t, w.Message, p.File), byHelpdesk
	data, err := s.readPhoto(ctx, t, w.Message, p.File)
	if err == nil {
		if p.Kind = pictureKind(data); p.Kind == "" {
			err = errNoPicture
		}
	}
	if err == nil {
		by = bySlack
		pic := pictureOf(t, w, f, p)
		pic.Data = data
		p.Upload, err = s.Courier.Upload(ctx, pic)
	}
	if err == nil {
		return s.nextPhoto(ctx, j, w, p)
	}
	if again, err := s.photoAgain(ctx, j, err); again {
		return err
	}
	if p.Sure || !errors.Is(err, errNoPicture) {
		if err := s.notShown(ctx, w, w.key(p), f.Name, by, err); err != nil {
			return err
		}
	}
	p.Upload, p.Out = "", true
	return s.nextPhoto(ctx, j, w, nil)
}

// readPhoto reads a file whole, within its bound.
func (s *Service) readPhoto(ctx context.Context, t *escalate.Ticket, m escalate.MessageID, f escalate.FileID) ([]byte, error) {
	hd, err := s.helpdesk(t.Ref)
	if err != nil {
		return nil, err
	}
	reader, ok := hd.(FileReader)
	if !ok {
		return nil, &Refused{Op: "open file", Why: "this helpdesk's files cannot be read"}
	}
	body, err := reader.OpenFile(ctx, t.Ref.ID, m, f)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(body, maxPhoto+1))
	if err := errors.Join(err, body.Close()); err != nil {
		return nil, fmt.Errorf("read file: %w", err)
	}
	if len(data) > maxPhoto {
		return nil, errLargePhoto
	}
	return data, nil
}
