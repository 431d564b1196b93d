package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"warmline/escalate"
)

// never orders after every instant.
const never = int64(1<<63 - 1)

// clean drops what PostgreSQL refuses in TEXT: NUL and invalid UTF-8. Every string that is written passes through it.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	if strings.IndexByte(s, 0) < 0 {
		return s
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// encode returns a value as JSON without NULs. A NaN is an error.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(dropEscapedNUL(b)), nil
}

// dropEscapedNUL removes the escape sequence of NUL from JSON, so that it does not come back when the text is decoded.
func dropEscapedNUL(b []byte) []byte {
	const escaped = `\u0000`
	if !bytes.Contains(b, []byte(escaped)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out = append(out, b[i])
			continue
		}
		if bytes.HasPrefix(b[i:], []byte(escaped)) {
			i += len(escaped) - 1
			continue
		}
		out = append(out, b[i], b[i+1]) // JSON never ends in a backslash
		i++
	}
	return out
}

func decode(what, body string, into any) error {
	if err := json.Unmarshal([]byte(body), into); err != nil {
		return fmt.Errorf("decode %s: %w", what, err)
	}
	return nil
}

// micros is an instant as a column; the zero time is 0.
func micros(t time.Time) int64 { return int64(escalate.At(t)) }

// instant is a column as an instant; 0 is the zero time.
func instant(us int64) time.Time { return escalate.UnixMicro(us).Time() }

// orNever is an instant as a column that orders; the zero time comes last.
func orNever(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return micros(t)
}
