package gorgias_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"warmline/helpdesk/helpdesktest"
)

// ourReading is the API as far as we call it. Gorgias publishes no specification; this one was written down from its pages.
var ourReading = spec()

func spec() helpdesktest.Spec {
	file, err := filepath.Abs(filepath.Join("testdata", "our-reading.yaml"))
	if err != nil {
		panic(err)
	}
	return helpdesktest.Spec{File: file, Base: "/api", Skip: func(r *http.Request) bool {
		return !strings.HasPrefix(r.URL.Path, "/api/") // the help centre
	}}
}

// TestOurReadingIsThere fails where Hold would only say that it was skipped.
func TestOurReadingIsThere(t *testing.T) {
	found, err := filepath.Glob(ourReading.File)
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", ourReading.File, found, err)
	}
}
