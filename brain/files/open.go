package files

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// source is an opened file: unpacked, and in UTF-8 if its first bytes say what it is in.
type source struct {
	*bufio.Reader
	name  string // for messages
	table bool   // it is no JSON
	close func() error
}

func (s *source) Close() error { return s.close() }

// open opens a file, or standard input for "-". What is packed is told by its first bytes, not by its name.
func (o Options) open(name string) (*source, error) {
	s := &source{name: name, close: func() error { return nil }}
	var in io.Reader
	if name == "-" {
		s.name, in = "standard input", o.Stdin
		if in == nil {
			in = strings.NewReader("")
		}
	} else {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		in, s.close = f, f.Close
	}
	if err := s.unpack(in); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", s.name, err), s.Close())
	}
	return s, nil
}

func (s *source) unpack(in io.Reader) error {
	packed := bufio.NewReaderSize(in, 64<<10)
	in = packed
	if head, _ := packed.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) { // RFC 1952, section 2.3.1
		z, err := gzip.NewReader(packed)
		if err != nil {
			return fmt.Errorf("unpack: %w", err)
		}
		in = z
	}
	// Excel marks its texts: UTF-8 or UTF-16, by a byte order mark. Without one the bytes stay as they are.
	s.Reader = bufio.NewReaderSize(transform.NewReader(in, unicode.BOMOverride(transform.Nop)), 64<<10)
	head := s.head()
	if s.table = s.isTable(head); !s.table && head == '[' {
		return errArray
	}
	return nil
}

var errArray = errors.New("this is a JSON array: write one object a line, as jq -c '.[]' does")

// head is the first character that is no blank, 0 when there is none near.
func (s *source) head() byte {
	b, _ := s.Peek(512)
	if b = bytes.TrimLeft(b, " \t\r\n"); len(b) > 0 {
		return b[0]
	}
	return 0
}

// isTable goes by the name's ending, and without a telling one by the first character: JSON begins with a bracket.
func (s *source) isTable(head byte) bool {
	switch filepath.Ext(strings.TrimSuffix(strings.ToLower(s.name), ".gz")) {
	case ".csv", ".tsv":
		return true
	case ".jsonl", ".ndjson", ".json":
		return false
	}
	return head != '{' && head != '[' && head != 0
}
