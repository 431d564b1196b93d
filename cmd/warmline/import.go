package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"warmline/brain"
	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

type importCmd struct {
	helpdesksFlags
	fileFlags

	From  string `placeholder:"NAME" help:"The helpdesk to read from, as the file of helpdesks calls it."`
	File  string `placeholder:"FILE" help:"Read tickets from an export instead: JSONL or CSV, gzipped or not; - is standard input."`
	Since string `placeholder:"DATE" help:"Tickets that changed on or after this day, 2026-01-31; default two years ago."`
	Out   string `type:"path" default:"import" help:"Folder for tickets.jsonl, macros.jsonl and articles.jsonl; it is made if it is not there."`
}

// Help is shown below the flags.
func (importCmd) Help() string {
	return `  warmline import --helpdesks helpdesks.yaml --from shop --since 2025-06-01 --out shop
  warmline import --file export.csv.gz --out shop
  warmline simulate --history shop/tickets.jsonl --macros shop/macros.jsonl
  warmline serve … --history shop/tickets.jsonl --macros shop/macros.jsonl --articles shop/articles.jsonl

It only reads, at the pace that the helpdesk allows. Stopped or cut off, it goes on where it ended when it is run again. Internal
notes, drafts and articles that only some people may read are left out. The files hold what customers wrote: keep them as you keep
the helpdesk.`
}

// importedAs is where each kind goes.
const (
	importTickets  = "tickets.jsonl"
	importMacros   = "macros.jsonl"
	importArticles = "articles.jsonl"
)

// Run imports.
func (c *importCmd) Run(ctx context.Context, s *streams) error {
	since, err := c.since(time.Now())
	if err != nil {
		return err
	}
	if (c.From == "") == (c.File == "") {
		return usagef("say where to read from: --from NAME for a helpdesk, or --file FILE for an export")
	}
	if err := os.MkdirAll(c.Out, 0o700); err != nil {
		return usagef("make folder %s: %w", c.Out, err)
	}
	im := &importing{from: c.From, out: c.Out, since: since, say: s.err}
	if c.File != "" {
		return c.readFile(ctx, s, im)
	}
	if im.connector, err = c.connector(); err != nil {
		return err
	}
	if err := errors.Join(im.tickets(ctx), im.knowledge(ctx)); err != nil {
		return fmt.Errorf("%w; run it again, and it goes on where it ended", err)
	}
	fmt.Fprintf(s.out, "%d tickets, %d macros and %d articles are in %s.\n", im.read, im.macros, im.articles, c.Out)
	if im.gone > 0 {
		fmt.Fprintf(s.out, "%d tickets were deleted or merged meanwhile, and are left out.\n", im.gone)
	}
	return nil
}

func (c *importCmd) since(now time.Time) (time.Time, error) {
	if c.Since == "" {
		return now.AddDate(-2, 0, 0).UTC().Truncate(24 * time.Hour), nil
	}
	at, err := time.Parse(time.DateOnly, c.Since)
	if err != nil {
		return at, usagef("--since %s: want a day such as 2026-01-31", c.Since)
	}
	return at, nil
}

// connector is the account to read from.
func (c *importCmd) connector() (helpdesk.Connector, error) {
	configs, err := c.desks(0, "")
	if err != nil {
		return nil, &usageError{err}
	}
	all, _, err := connectAll(configs)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range all {
		if d.name == c.From {
			return d.connector, nil
		}
		names = append(names, d.name)
	}
	return nil, usagef("there is no helpdesk %s; there are: %s", c.From, strings.Join(names, ", "))
}

// importing is an import at work.
type importing struct {
	from, out string
	since     time.Time
	connector helpdesk.Connector
	say       io.Writer

	read, gone, macros, articles int
	bar                          *progressbar.ProgressBar
}

// importedTicket is a ticket as the files of history have it (docs/files.md).
type importedTicket struct {
	ID       string            `json:"id"`
	Seq      int               `json:"seq,omitempty"`
	Lang     string            `json:"lang,omitempty"`
	Channel  string            `json:"channel,omitempty"`
	Created  *time.Time        `json:"created_at,omitempty"`
	Subject  string            `json:"subject,omitempty"`
	Category string            `json:"category,omitempty"`
	Brand    string            `json:"brand,omitempty"`
	Value    float64           `json:"value,omitempty"`
	Customer escalate.Customer `json:"customer"`
	Tags     []string          `json:"tags,omitempty"`
	Status   escalate.Status   `json:"status,omitempty"`
	Messages []importedMessage `json:"messages"`
	Gold     *brain.Gold       `json:"gold,omitempty"`
}

type importedMessage struct {
	Role escalate.Role `json:"role"`
	Text string        `json:"text"`
	Turn int           `json:"turn"`
	At   time.Time     `json:"at,omitzero"`
}

// tickets reads all past tickets, page by page. A page is on disk before its cursor is: cut off in between, it is read again.
func (im *importing) tickets(ctx context.Context) error {
	archive, ok := im.connector.(helpdesk.Archive)
	if !ok {
		fmt.Fprintf(im.say, "%s cannot list its past tickets; bring them as a file (docs/files.md)\n", im.from)
		return nil
	}
	part := filepath.Join(im.out, importTickets+".part")
	state, err := im.resume(part)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", part, err)
	}
	seen, err := im.begin(file, state)
	if err == nil {
		err = im.pages(ctx, archive, file, state, seen)
	}
	return im.finish(file, err)
}

// begin cuts off what was written behind the last whole page, and returns the ids that are there already.
func (im *importing) begin(file *os.File, state *importState) (map[string]bool, error) {
	seen := make(map[string]bool)
	if err := file.Truncate(state.Bytes); err != nil {
		return nil, fmt.Errorf("cut %s: %w", file.Name(), err)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var t struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return nil, fmt.Errorf("%s is damaged: %w; remove it to begin anew", file.Name(), err)
		}
		seen[t.ID] = true
	}
	im.read = len(seen)
	if im.read > 0 {
		fmt.Fprintf(im.say, "%d tickets are there from before; going on\n", im.read)
	}
	_, err := file.Seek(state.Bytes, io.SeekStart)
	return seen, errors.Join(err, lines.Err())
}

func (im *importing) pages(ctx context.Context, archive helpdesk.Archive, file *os.File, state *importState, seen map[string]bool) error {
	defer im.endBar()
	for {
		var ids []string
		var next string
		err := patiently(ctx, func() (err error) {
			ids, next, err = archive.Past(ctx, im.since, state.Cursor)
			return err
		})
		if err != nil {
			return fmt.Errorf("list tickets of %s: %w", im.from, err)
		}
		for _, id := range ids {
			if seen[id] {
				continue // it changed while we read, and comes again at the end
			}
			seen[id] = true
			if err := im.ticket(ctx, file, id); err != nil {
				return err
			}
		}
		if state.Bytes, err = file.Seek(0, io.SeekCurrent); err != nil {
			return err
		}
		state.Cursor = next
		if err := im.keep(file, state); err != nil || next == "" {
			return err
		}
	}
}

// ticket reads one ticket and writes its line.
func (im *importing) ticket(ctx context.Context, file io.Writer, id string) error {
	var snap *desk.Snapshot
	err := patiently(ctx, func() (err error) { snap, err = im.connector.Read(ctx, id); return err })
	if errors.Is(err, desk.ErrNotFound) || err == nil && snap.Status == escalate.StatusGone {
		im.gone++
		return nil
	}
	if err != nil {
		return fmt.Errorf("read ticket %s of %s: %w", id, im.from, err)
	}
	return im.write(file, importedOf(id, snap.Status, &snap.Content))
}

// write writes the line of a ticket.
func (im *importing) write(file io.Writer, t importedTicket) error {
	line, err := json.Marshal(t)
	if err == nil {
		_, err = file.Write(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write ticket %s: %w", t.ID, err)
	}
	im.read++
	im.count()
	return nil
}

// importedOf is what a customer could see of a ticket.
func importedOf(id string, status escalate.Status, c *escalate.Content) importedTicket {
	t := importedTicket{
		ID: id, Channel: c.Channel, Subject: c.Subject, Category: c.Category, Brand: c.Brand, Value: c.Value,
		Customer: c.Customer, Tags: c.Tags, Status: status, Messages: []importedMessage{},
	}
	for i := range c.Messages {
		m := &c.Messages[i]
		if !m.Public || m.Auto {
			continue
		}
		t.Messages = append(t.Messages, importedMessage{Role: m.Role, Text: m.Text, Turn: len(t.Messages), At: m.At})
		if t.Created == nil && !m.At.IsZero() {
			t.Created = &m.At
		}
	}
	return t
}

// knowledge reads macros and articles, which are read whole each time.
func (im *importing) knowledge(ctx context.Context) error {
	var errs []error
	if r, ok := im.connector.(helpdesk.MacroReader); ok {
		n, err := writeAll(ctx, filepath.Join(im.out, importMacros), r.Macros, func(m helpdesk.Macro) any {
			return map[string]string{"id": m.ID, "title": m.Title, "body": m.Body, "topic": m.Topic}
		})
		im.macros = n
		errs = append(errs, err)
	}
	if r, ok := im.connector.(helpdesk.ArticleReader); ok {
		n, err := writeAll(ctx, filepath.Join(im.out, importArticles), r.Articles, func(a helpdesk.Article) any {
			return map[string]string{"id": a.ID, "title": a.Title, "body": a.Body, "url": a.URL, "lang": a.Lang}
		})
		im.articles = n
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// writeAll reads a list to its end and writes a line for each entry; the file before stays until all is there.
func writeAll[T any](ctx context.Context, path string, page func(context.Context, string) ([]T, string, error), row func(T) any) (int, error) {
	var out []byte
	n, cursor := 0, ""
	for {
		var some []T
		var next string
		err := patiently(ctx, func() (err error) { some, next, err = page(ctx, cursor); return err })
		if err != nil {
			return 0, fmt.Errorf("read for %s: %w", filepath.Base(path), err)
		}
		for _, one := range some {
			line, err := json.Marshal(row(one))
			if err != nil {
				return 0, err
			}
			out = append(append(out, line...), '\n')
			n++
		}
		if cursor = next; cursor == "" {
			return n, replaceFile(path, out)
		}
	}
}

// patience is how often a call that only reads is made again after a failure, and how long the first pause is.
const (
	importTries = 6
	importPause = time.Second
)

// patiently makes a reading call until it succeeds. A helpdesk that says when to come back is believed however long that takes.
func patiently(ctx context.Context, call func() error) error {
	pause := importPause
	for try := 1; ; try++ {
		err := call()
		refused, isRefusal := errors.AsType[*desk.Refused](err)
		switch {
		case err == nil, errors.Is(err, desk.ErrNotFound), ctx.Err() != nil, isRefusal && refused.RetryAfter == 0:
			return err
		case isRefusal:
			pause, try = refused.RetryAfter, 0
		case try == importTries:
			return err
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause = min(2*pause, time.Minute)
	}
}

// count shows how far it is: a counter on a terminal, a line for every thousand elsewhere.
func (im *importing) count() {
	switch {
	case im.bar != nil:
		_ = im.bar.Add(1) // a bar that cannot be drawn is no reason to stop
	case isTerminal(im.say):
		im.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(im.say), progressbar.OptionSetDescription("tickets of "+im.from),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish())
		_ = im.bar.Set(im.read)
	case im.read%1000 == 0:
		fmt.Fprintf(im.say, "%d tickets read\n", im.read)
	}
}

func (im *importing) endBar() {
	if im.bar != nil {
		_ = im.bar.Finish() // the same
	}
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
