package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"warmline/brain"
	"warmline/brain/files"
	"warmline/escalate"
)

// importBatch is how many tickets of a file are written before it is noted how far it came.
const importBatch = 5000

// readFile brings the tickets of an export into the form that all commands read.
func (c *importCmd) readFile(ctx context.Context, s *streams, im *importing) error {
	in, err := c.options(s.err)
	if err != nil {
		return err
	}
	if im.from, err = exportName(c.File); err != nil {
		return &usageError{err}
	}
	if err := im.file(ctx, in, c.File); err != nil {
		if bad, ok := errors.AsType[brain.BadLines](err); ok {
			return fmt.Errorf("%w; mend them, or leave them out with --skip-bad", bad)
		}
		if im.read >= importBatch {
			err = fmt.Errorf("%w; run it again, and it goes on where it ended", err)
		}
		return err
	}
	fmt.Fprintf(s.out, "%s now in %s.\n", escalate.Counted(im.read, "ticket is", "tickets are"), filepath.Join(c.Out, importTickets))
	return nil
}

// exportName tells an export from another one, and from itself once it was changed.
func exportName(path string) (string, error) {
	if path == "-" {
		return "standard input", nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read the export: %w", err)
	}
	return fmt.Sprintf("%s, %d bytes of %s", filepath.Base(path), info.Size(), info.ModTime().UTC().Format("2006-01-02T15:04:05.000000")), nil
}

// file writes an export's tickets, line by line: nothing but the line at hand is held in memory.
func (im *importing) file(ctx context.Context, in files.Options, path string) error {
	part := filepath.Join(im.out, importTickets+".part")
	state, err := im.resume(part)
	if err != nil {
		return err
	}
	if path == "-" {
		*state = importState{From: im.from, Since: im.since} // what was read is gone
	}
	file, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open %s: %w", part, err)
	}
	defer im.endBar()
	return im.finish(file, im.rows(ctx, in, path, file, state))
}

func (im *importing) rows(ctx context.Context, in files.Options, path string, file *os.File, state *importState) error {
	if err := file.Truncate(state.Bytes); err != nil {
		return fmt.Errorf("cut %s: %w", file.Name(), err)
	}
	if _, err := file.Seek(state.Bytes, io.SeekStart); err != nil {
		return err
	}
	im.read = state.Tickets
	if im.read > 0 {
		fmt.Fprintf(im.say, "%d tickets are there from before; going on\n", im.read)
	}
	out, n := bufio.NewWriterSize(file, 1<<20), 0
	err := in.Tickets(path, func(_ int, p brain.Past) error {
		if n++; n <= state.Tickets {
			return nil
		}
		if err := im.write(out, importedPast(&p)); err != nil {
			return err
		}
		if n%importBatch != 0 {
			return ctx.Err()
		}
		return errors.Join(im.keepRows(out, file, state), ctx.Err())
	})
	return errors.Join(err, out.Flush())
}

// keepRows makes what was written durable, and then how far it goes.
func (im *importing) keepRows(out *bufio.Writer, file *os.File, state *importState) error {
	if err := out.Flush(); err != nil {
		return err
	}
	at, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	state.Bytes, state.Tickets = at, im.read
	return im.keep(file, state)
}

func importedPast(p *brain.Past) importedTicket {
	t := importedOf(p.ID, escalate.Status(p.Status), &p.Content)
	t.Seq, t.Lang = p.Seq, p.Lang
	if !p.Created.IsZero() {
		t.Created = &p.Created
	}
	if p.Gold.AnswerID != "" || p.Gold.InScope != nil || p.Gold.Triggers != nil {
		t.Gold = &p.Gold
	}
	return t
}
