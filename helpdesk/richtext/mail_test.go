package richtext_test

import (
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/helpdesk/richtext"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The mails are our own words in the markup of mail programs.
func TestMailsAreReadable(t *testing.T) {
	mails, err := filepath.Glob("testdata/mail/*.html")
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mails: %v", err)
	}
	for _, path := range mails {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := richtext.Text(string(source)) + "\n"
		golden := strings.TrimSuffix(path, ".html") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got, -update rewrites):\n%s", path, diff)
		}
		isReadable(t, path, got)
	}
}

// Recorded answers of real helpdesks are no part of the project: WARMLINE_RECORDED names the folder where they lie.
func TestRecordedBodiesAreReadable(t *testing.T) {
	folder := os.Getenv("WARMLINE_RECORDED")
	if folder == "" {
		t.Skip("SKIPPED: no recorded bodies of helpdesks here; WARMLINE_RECORDED=folder runs this")
	}
	bodies := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for body := range quotedHTML(string(raw)) {
			bodies++
			isReadable(t, path, richtext.Text(body))
		}
		return nil
	})
	if err != nil || bodies == 0 {
		t.Fatalf("%d bodies in %s: %v", bodies, folder, err)
	}
	t.Logf("%d bodies", bodies)
}

// quotedHTML yields what in a file of whatever kind is a JSON string with a closing tag in it.
func quotedHTML(file string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for piece := range strings.SplitSeq(strings.ReplaceAll(file, `\"`, "\x01"), `"`) {
			piece = strings.ReplaceAll(piece, "\x01", `\"`)
			body, err := strconv.Unquote(`"` + strings.ReplaceAll(piece, `\/`, "/") + `"`)
			if err == nil && strings.Contains(body, "</") && !yield(body) {
				return
			}
		}
	}
}

func isReadable(t *testing.T, name, text string) {
	t.Helper()
	for _, tag := range []string{"</p>", "</div>", "<br", "<p>", "<div", "<span", "<style", "<script", "<!--", "{margin", "&nbsp;", "&amp;"} {
		if strings.Contains(text, tag) {
			t.Errorf("%s: %q is left in %q", name, tag, text)
		}
	}
	if strings.Contains(text, "\n\n\n") || strings.Contains(text, " \n") {
		t.Errorf("%s: blanks are left in %q", name, text)
	}
}
