package files

import (
	"fmt"
	"io"

	"warmline/brain"
)

// Options says how files are read. Its zero value guesses the columns of tables and calls a bad row an error.
type Options struct {
	Map   *Map // how the columns of tables are named; nil: guessed
	Extra bool // keep the keys and columns that are not ours

	// Bad is told each row that cannot be read, as soon as it is met, and skips it by returning nil; an error that it returns
	// ends the reading. When Bad is nil the file is read to its end, and the error is brain.BadLines.
	Bad func(name string, bad brain.BadLine) error
	// Stdin is what the name "-" reads. Nil is an empty file.
	Stdin io.Reader
}

// Tickets calls each with every ticket of a file, in order, and the line it begins in. name is a path, or "-". An error of
// each ends the reading and is returned.
func (o Options) Tickets(name string, each func(line int, p brain.Past) error) error {
	return o.read(name, job{
		lines: func(r brain.Reader, in io.Reader) error { return r.Tickets(in, each) },
		rows: func(t *table) error {
			cols, err := o.Map.tickets(t.header)
			if err != nil {
				return err
			}
			row := ticketRow{cols: cols, extra: o.Extra, dates: o.Map.dates()}
			return t.each(func(line int, fields []string) error {
				p, err := row.read(line, fields)
				if err != nil {
					return err
				}
				return stop(each(line, p))
			})
		},
	})
}

// Macros is Tickets for macros.
func (o Options) Macros(name string, each func(line int, m brain.Macro) error) error {
	return o.read(name, job{
		lines: func(r brain.Reader, in io.Reader) error { return r.Macros(in, each) },
		rows: func(t *table) error {
			cols, err := o.Map.macros(t.header)
			if err != nil {
				return err
			}
			return t.each(func(line int, fields []string) error {
				m, err := cols.macro(fields, o.Extra)
				if err != nil {
					return err
				}
				return stop(each(line, m))
			})
		},
	})
}

// Articles is Tickets for articles.
func (o Options) Articles(name string, each func(line int, a brain.Article) error) error {
	return o.read(name, job{
		lines: func(r brain.Reader, in io.Reader) error { return r.Articles(in, each) },
		rows: func(t *table) error {
			cols, err := o.Map.articles(t.header)
			if err != nil {
				return err
			}
			return t.each(func(line int, fields []string) error {
				a, err := cols.article(fields, o.Extra)
				if err != nil {
					return err
				}
				return stop(each(line, a))
			})
		},
	})
}

// job reads one kind of thing, from either format.
type job struct {
	lines func(r brain.Reader, in io.Reader) error
	rows  func(t *table) error
}

func (o Options) read(name string, j job) (err error) {
	in, err := o.open(name)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // only read: closing can lose nothing
	var bad brain.BadLines
	tell := bad.Collect
	if o.Bad != nil {
		tell = func(b brain.BadLine) error { return o.Bad(in.name, b) }
	}
	if in.table {
		var t *table
		if t, err = newTable(in, o.Map.delimiter(), tell); err == nil {
			err = j.rows(t)
		}
	} else {
		err = j.lines(brain.Reader{Extra: o.Extra, Bad: tell}, in)
	}
	if err == nil && len(bad) > 0 {
		err = bad
	}
	if err != nil {
		return fmt.Errorf("%s: %w", in.name, err)
	}
	return nil
}

// stopError is an error of the caller's: it ends the reading and is no bad row.
type stopError struct{ error }

func stop(err error) error {
	if err == nil {
		return nil
	}
	return stopError{err}
}
