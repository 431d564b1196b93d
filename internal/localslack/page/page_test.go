package page

import (
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func get(t *testing.T, method, path string, header http.Header) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	maps.Copy(request.Header, header)
	recorder := httptest.NewRecorder()
	Handler().ServeHTTP(recorder, request)
	return recorder.Result()
}

func TestServesTheFilesAndNothingElse(t *testing.T) {
	for _, test := range []struct {
		method, path string
		status       int
		contentType  string
	}{
		{"GET", "/slack/", 200, "text/html; charset=utf-8"},
		{"GET", "/slack/app.js", 200, "text/javascript; charset=utf-8"},
		{"HEAD", "/slack/style.css", 200, "text/css; charset=utf-8"},
		{"GET", "/slack/icon.svg", 200, "image/svg+xml"},
		{"GET", "/slack/nothing.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/slack/../page.go", 404, "text/plain; charset=utf-8"},
		{"POST", "/slack/", 405, "text/plain; charset=utf-8"},
	} {
		answer := get(t, test.method, test.path, nil)
		if answer.StatusCode != test.status || answer.Header.Get("Content-Type") != test.contentType {
			t.Errorf("%s %s: got %d %q, want %d %q", test.method, test.path,
				answer.StatusCode, answer.Header.Get("Content-Type"), test.status, test.contentType)
		}
	}
}

func TestUnchangedFilesAreNotSentAgain(t *testing.T) {
	first := get(t, "GET", "/slack/app.js", nil)
	again := get(t, "GET", "/slack/app.js", http.Header{"If-None-Match": {first.Header.Get("ETag")}})
	if again.StatusCode != http.StatusNotModified {
		t.Errorf("with the file's own ETag: got %d, want 304", again.StatusCode)
	}
	other := get(t, "GET", "/slack/app.js", http.Header{"If-None-Match": {`"0000000000000000"`}})
	if other.StatusCode != http.StatusOK {
		t.Errorf("with another ETag: got %d, want 200", other.StatusCode)
	}
}

func TestPolicyForbidsInlineScriptAndMarkupFromStrings(t *testing.T) {
	got := get(t, "GET", "/slack/", nil).Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(got, want) {
			t.Errorf("policy lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, "unsafe") {
		t.Errorf("policy is unsafe somewhere: %s", got)
	}
}

// The policy would block these at run time; here the fault has a file and a name.
func TestSourcesNeitherBuildMarkupNorReachOutside(t *testing.T) {
	forbidden := regexp.MustCompile(`\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function\(|@import|url\(`)
	outside := regexp.MustCompile(`(?:src|href|from|import)\s*=?\s*\(?["']https?://`)
	imported := regexp.MustCompile(`from "\./([a-z]+\.js)"`)
	err := fs.WalkDir(files, "static", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		for _, pattern := range []*regexp.Regexp{forbidden, outside} {
			if found := pattern.Find(body); found != nil {
				t.Errorf("%s: %q", path, found)
			}
		}
		for _, name := range imported.FindAllSubmatch(body, -1) {
			if _, err := fs.Stat(files, "static/"+string(name[1])); err != nil {
				t.Errorf("%s imports %s, which is not there", path, name[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
