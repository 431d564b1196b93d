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
type BadLine struct {
	Line int // from 1
	Err  error
}

// BadLines lists the lines that could not be read; at most a hundred are kept. It comes with every line that could.
type BadLines []BadLine //nolint:errname // a list first: it is ranged over more than it is returned

// Error names the lines and what is wrong with each.
func (b BadLines) Error() string {
	var s strings.Builder
	for i, l := range b {
		if i > 0 {
			s.WriteString("; ")
		}
		fmt.Fprintf(&s, "line %d: %v", l.Line, l.Err)
	}
	return s.String()
}

// readLines calls add with each line that holds more than blanks. Its error is BadLines, or the reader's own.
func readLines(r io.Reader, add func(line []byte) error) error {
	var bad BadLines
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
			fault = add(text)
		}
		if fault != nil && len(bad) < maxBad {
			bad = append(bad, BadLine{Line: n, Err: fault})
		}
		if errors.Is(err, io.EOF) {
			break
		}
	}
	if len(bad) > 0 {
		return bad
	}
	return nil
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

// decode reads one object into v and returns the keys that v does not know.
func decode(line []byte, v any, known ...string) (map[string]json.RawMessage, error) {
	if err := json.Unmarshal(line, v); err != nil {
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
