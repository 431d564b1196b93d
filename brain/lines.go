package brain

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxLine is the longest line that is read, in bytes. A longer one is a bad line.
const MaxLine = 1 << 20

// maxBad bounds how many bad lines are told one by one.
const maxBad = 100

var (
	errTooLong = fmt.Errorf("longer than %d bytes", MaxLine)
	errNoID    = errors.New("no id")
)

// BadLine is one line that could not be read.
type BadLine struct { //nolint:errname // a place in a file first
	Line int // from 1
	Err  error
}

// BadLines lists the lines that could not be read; at most a hundred are kept. It comes with every line that could.
type BadLines []BadLine //nolint:errname // a list first: it is ranged over more than it is returned

// maxNamed bounds how many bad lines an error names: who made the file sees the pattern by then.
const maxNamed = 5

// Error names the first lines and what is wrong with each.
func (b BadLines) Error() string {
	var s strings.Builder
	for i, l := range b[:min(len(b), maxNamed)] {
		if i > 0 {
			s.WriteString("; ")
		}
		s.WriteString(l.Error())
	}
	switch more := len(b) - maxNamed; {
	case len(b) == maxBad:
		s.WriteString("; and many more")
	case more > 0:
		fmt.Fprintf(&s, "; and %d more", more)
	}
	return s.String()
}

// Error says which line it is and what is wrong with it.
func (b BadLine) Error() string { return fmt.Sprintf("line %d: %v", b.Line, b.Err) }

// Unwrap returns what is wrong with the line.
func (b BadLine) Unwrap() error { return b.Err }

// Collect keeps a bad line for the error that is returned at the end of the file.
func (b *BadLines) Collect(l BadLine) error {
	if len(*b) < maxBad {
		*b = append(*b, l)
	}
	return nil
}

// stopError is an error by which the caller ends the reading; it is no bad line.
type stopError struct{ error }

// readLines calls add with each line that holds more than blanks. Lines that add refuses go to bad; what bad returns, and
// a stopError of add, end the reading.
func readLines(r io.Reader, bad func(BadLine) error, add func(n int, line []byte) error) error {
	in := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		line, err := readLine(in)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, errTooLong) {
			return fmt.Errorf("read line %d: %w", n, err)
		}
		fault := err
		if errors.Is(err, io.EOF) {
			fault = nil
		}
		if text := bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))); fault == nil && len(text) > 0 {
			fault = add(n, text)
		}
		if stop, ok := errors.AsType[stopError](fault); ok {
			return stop.error
		}
		if fault != nil {
			if err := bad(BadLine{Line: n, Err: fault}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
}

// readLine returns the next line. Of a line that is too long it reads to the end and keeps nothing.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > MaxLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errTooLong
		default:
			return line, err
		}
	}
}

// decode reads one object into v and, when they are wanted, returns the keys that v does not know.
func (r Reader) decode(line []byte, v any, known ...string) (map[string]json.RawMessage, error) {
	if err := json.Unmarshal(line, v); err != nil || !r.Extra {
		return nil, err
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(line, &all); err != nil {
		return nil, err
	}
	for _, k := range known {
		delete(all, k)
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, nil
}
