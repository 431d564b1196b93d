package desk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAPlainNameIsNoPath(t *testing.T) {
	for in, want := range map[string]string{
		"label.pdf":         "label.pdf",
		"../../etc/passwd":  "_.._etc_passwd",
		`C:\a\b.txt`:        "C:_a_b.txt",
		"a\x00\nb.txt":      "ab.txt",
		"..":                "file",
		"":                  "file",
		"über\xff.png":      "über.png",
		"label (2) copy.md": "label (2) copy.md",
	} {
		if got := plainName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	long := plainName(strings.Repeat("é", 300) + ".pdf")
	if len(long) > 200 || !strings.HasSuffix(long, ".pdf") {
		t.Errorf("a long name becomes %q", long)
	}
}

// shelf gives files by id; an error where there is one.
type shelf map[string]any

func (s shelf) FetchFile(_ context.Context, id string, _ int64) ([]byte, error) {
	if err, ok := s[id].(error); ok {
		return nil, err
	}
	return []byte(s[id].(string)), nil
}

func TestWhatBecomesOfAttachedFiles(t *testing.T) {
	lost := errors.New("connection reset")
	const known = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // of "test"
	for name, c := range map[string]struct {
		held    any
		hash    string
		attempt int
		why     string
		err     bool
	}{
		"as it was attached":           {"test", "", 1, "", false},
		"the same as the first time":   {"test", known, 1, "", false},
		"others than the first time":   {"tost", known, 1, "is not the file any more", false},
		"another size":                 {"tests", "", 1, "is not the file any more", false},
		"deleted":                      {ErrNotFound, "", 1, "was deleted in Slack", false},
		"larger than it was":           {ErrTooLarge, "", 1, "is not the file any more", false},
		"refused":                      {&Refused{Why: "missing_scope"}, "", 1, "Slack does not give a.txt: missing_scope", false},
		"lost":                         {lost, "", 1, "", true},
		"lost too often":               {lost, "", fetchTries, "does not say why", false},
		"asked for patience for hours": {&Refused{Why: "ratelimited", RetryAfter: time.Second}, "", fetchTries, "does not say why", false},
	} {
		s := &Service{Options: Options{Attachments: shelf{"F1": c.held}}}
		got, err := s.fetch(t.Context(), Leased{Attempt: c.attempt}, []Attached{{ID: "F1", Name: "a.txt", Size: 4, Hash: c.hash}})
		if (err != nil) != c.err || !strings.Contains(got.why, c.why) || (got.why == "") != (c.why == "") {
			t.Errorf("%s: %q, %v", name, got.why, err)
		}
		if sent := len(got.uploads) == 1; sent != (c.why == "" && !c.err) {
			t.Errorf("%s: %d files would be sent", name, len(got.uploads))
		}
		if len(got.files) == 1 && got.files[0].Hash != known {
			t.Errorf("%s: the hash kept is %q", name, got.files[0].Hash)
		}
	}
}
