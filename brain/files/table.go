package files

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"warmline/brain"
)

var (
	errNoHeader = errors.New("empty: a table begins with a line that names its columns")
	errOpen     = fmt.Errorf("a quoted field that begins here does not end within %d bytes", brain.MaxLine)
	errQuote    = errors.New(`text follows a closing quote; a quote inside a quoted field is written ""`)
)

// table reads rows as RFC 4180 has them: fields may be quoted, and then hold delimiters, line ends and doubled quotes. It is
// written here rather than taken from encoding/csv because a quote that is never closed must not swallow the file: a row is
// bounded, and the next one is read all the same.
type table struct {
	in        *bufio.Reader
	delimiter byte
	header    []string
	line      int // the last line that was read, from 1
	bad       func(brain.BadLine) error
	ahead     []byte // lines of a row that never ended, to be read again as rows of their own
}

// newTable reads the header. Without a delimiter the one that parts the header most often is taken.
func newTable(in *source, delimiter byte, bad func(brain.BadLine) error) (*table, error) {
	t := &table{in: in.Reader, delimiter: delimiter, bad: bad}
	for t.header == nil {
		record, _, err := t.record()
		if errors.Is(err, io.EOF) {
			return nil, errNoHeader
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", t.line, err)
		}
		if strings.TrimSpace(record) == "" {
			continue
		}
		if t.delimiter == 0 {
			t.delimiter = parting(record)
		}
		if t.header, err = fields(record, t.delimiter); err != nil {
			return nil, fmt.Errorf("line %d: %w", t.line, err)
		}
	}
	return t, nil
}

// delimiters are what parts fields in tables that people export, the usual first.
var delimiters = []byte{',', ';', '\t', '|'}

// parting returns the delimiter that stands most often in a header, outside of quotes.
func parting(header string) byte {
	best, most := byte(','), 0
	for _, d := range delimiters {
		n, quoted := 0, false
		for i := range len(header) {
			switch {
			case header[i] == '"':
				quoted = !quoted
			case header[i] == d && !quoted:
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// each calls add with every row's fields, as many as the header has, and the line the row begins in. Rows that add refuses
// are bad rows.
func (t *table) each(add func(line int, fields []string) error) error {
	for {
		record, line, err := t.record()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errOpen) {
			return fmt.Errorf("read line %d: %w", line, err)
		}
		if err == nil {
			if strings.TrimSpace(record) == "" {
				continue
			}
			err = t.row(record, line, add)
		}
		if s, ok := errors.AsType[stopError](err); ok {
			return s.error
		}
		if err != nil {
			if err := t.bad(brain.BadLine{Line: line, Err: err}); err != nil {
				return err
			}
		}
	}
}

func (t *table) row(record string, line int, add func(line int, fields []string) error) error {
	fs, err := fields(record, t.delimiter)
	switch {
	case err != nil:
		return err
	case len(fs) != len(t.header):
		return fmt.Errorf("%d fields where the header has %d; is a field with a line end or a delimiter in it not quoted?", len(fs), len(t.header))
	}
	return add(line, fs)
}

// record returns the next row's text and the line it begins in: whole lines, until every quote that was opened is closed.
func (t *table) record() (string, int, error) {
	var row []byte
	first, at := t.line+1, place{start: true}
	for {
		line, err := t.next()
		if err != nil && (!errors.Is(err, io.EOF) || len(line)+len(row) == 0) {
			return "", first, err
		}
		row = append(row, line...)
		at = at.after(line, t.delimiter)
		if len(row) > brain.MaxLine || at.quoted && err != nil {
			// All but the first line may be rows again: the quote that was never closed stands in the first.
			if i := bytes.IndexByte(row, '\n'); i >= 0 && i < len(row)-1 {
				t.ahead, t.line = append(bytes.Clone(row[i+1:]), t.ahead...), first
			}
			return "", first, errOpen
		}
		if !at.quoted {
			return utf8Text(bytes.TrimRight(row, "\r\n")), first, nil
		}
	}
}

// place is where in a row a reader stands.
type place struct{ quoted, start bool } // within quotes; at the start of a field

// after returns the place behind a line. While the delimiter is not known yet any of the usual ones parts fields.
func (p place) after(line []byte, delimiter byte) place {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case p.quoted && c == '"' && i+1 < len(line) && line[i+1] == '"':
			i++
		case p.quoted:
			p.quoted = c != '"'
		case c == '"' && p.start:
			p.quoted, p.start = true, false
		default:
			p.start = c == delimiter || delimiter == 0 && bytes.IndexByte(delimiters, c) >= 0
		}
	}
	return p
}

// next returns the next line with its end. Of one that is too long it returns more than is allowed, and drops the rest.
func (t *table) next() (line []byte, err error) {
	t.line++
	if i := bytes.IndexByte(t.ahead, '\n'); i >= 0 {
		line, t.ahead = t.ahead[:i+1], t.ahead[i+1:]
		return line, nil
	}
	line, t.ahead = t.ahead, nil
	for {
		part, err := t.in.ReadSlice('\n')
		if len(line) <= brain.MaxLine {
			line = append(line, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			if err == nil {
				line[len(line)-1] = '\n' // of a line whose rest was dropped
			}
			return line, err
		}
	}
}

// utf8Text returns a row's text. What is no UTF-8 was written by a program of the Windows-1252 age.
func utf8Text(row []byte) string {
	if utf8.Valid(row) {
		return string(row)
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(row)
	if err != nil { // it maps every byte to something
		return strings.ToValidUTF8(string(row), "\uFFFD")
	}
	return string(out)
}

// fields parts a row.
func fields(row string, delimiter byte) ([]string, error) {
	out := make([]string, 0, 16)
	for {
		if !strings.HasPrefix(row, `"`) {
			field, rest, more := strings.Cut(row, string(delimiter))
			out = append(out, field)
			if !more {
				return out, nil
			}
			row = rest
			continue
		}
		field, rest, err := quoted(row[1:])
		if err != nil {
			return nil, err
		}
		out = append(out, field)
		if rest == "" {
			return out, nil
		}
		if rest[0] != delimiter {
			return nil, errQuote
		}
		row = rest[1:]
	}
}

// quoted reads up to the closing quote, and returns what follows it.
func quoted(s string) (field, rest string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", errQuote
		}
		b.WriteString(s[:i])
		if s = s[i+1:]; !strings.HasPrefix(s, `"`) {
			return b.String(), s, nil
		}
		b.WriteByte('"')
		s = s[1:]
	}
}
