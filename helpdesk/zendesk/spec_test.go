package zendesk_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"warmline/helpdesk/helpdesktest"
)

// hold holds every request of a test to Zendesk's own file, with closed schemas, and to our reading of the documentation.
func hold(tb testing.TB, fake http.Handler) http.Handler {
	tb.Helper()
	ours, err := filepath.Abs(filepath.Join("testdata", "our-reading.yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	reading := helpdesktest.Spec{File: ours, Skip: stray}
	vendors := helpdesktest.Spec{File: "zendesk/openapi.yaml", Skip: notSupport, Allow: fault}
	return vendors.Hold(tb, reading.Hold(tb, fake))
}

// stray are requests by which tests see whether anything but the connector's calls is answered.
func stray(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/stray") }

// notSupport are requests of other APIs than Support, which the file describes alone.
func notSupport(r *http.Request) bool {
	for _, of := range []string{"/api/v2/help_center/", "/api/v2/webhooks", "/attachments/token/"} {
		if strings.HasPrefix(r.URL.Path, of) {
			return true
		}
	}
	return stray(r)
}

// faults are those of Zendesk's file itself: what a request may do that the file says nothing of.
var faults = []struct {
	call, says *regexp.Regexp
	because    string
}{
	{
		regexp.MustCompile(`^GET /api/v2/(tickets|macros|brands|tickets/\d+/comments)$`), regexp.MustCompile(`^query parameter page\[(size|after)\] is not`),
		"cursor pagination is described in prose: Introduction, Pagination",
	},
	{
		regexp.MustCompile(`^GET /api/v2/tickets$`), regexp.MustCompile(`^query parameter (sort_by|sort_order|per_page) is not`),
		"offset pagination and sorting are described in prose: Introduction, Pagination, and Ticketing, Tickets, List Tickets",
	},
	{
		regexp.MustCompile(`^GET /api/v2/tickets/\d+/comments$`), regexp.MustCompile(`^query parameter sort is not`),
		"the operation's own description has it",
	},
	{
		regexp.MustCompile(`^GET /api/v2/tickets/\d+$`), regexp.MustCompile(`^query parameter include is not`),
		"Ticketing, Side-Loading",
	},
	{
		regexp.MustCompile(`^GET /api/v2/incremental/tickets/cursor$`), regexp.MustCompile(`^query parameter per_page is not`),
		"Ticketing, Incremental Exports, \"per_page\"",
	},
	{
		regexp.MustCompile(`^GET /api/v2/incremental/tickets/cursor$`), regexp.MustCompile(`^parameter "start_time" in query has an error: value is required but missing`),
		"it begins an export; calls that go on have a cursor",
	},
	{
		regexp.MustCompile(`^PUT /api/v2/tickets/\d+$`), regexp.MustCompile(`property "metadata" is unsupported`),
		"Ticketing, Tickets, \"Setting metadata\"; the file has it nowhere",
	},
	{
		regexp.MustCompile(`^PUT /api/v2/tickets/\d+$`), regexp.MustCompile(`^/ticket/assignee_id: Value is not nullable`),
		"null is how a ticket is given to nobody",
	},
	{
		regexp.MustCompile(`^POST /api/v2/users/create_or_update$`), regexp.MustCompile(`^/user: doesn't match any schema from "anyOf"`),
		"it lacks skip_verify_email; our reading closes the body",
	},
	{
		regexp.MustCompile(`^POST /api/v2/tickets$`), regexp.MustCompile(`^/ticket: doesn't match all schemas from "allOf"`),
		"an allOf of two halves: closed, each refuses what the other has; our reading closes the whole",
	},
	{
		regexp.MustCompile(`^POST /api/v2/uploads$`), regexp.MustCompile(`^query parameter filename is not`),
		"the operation's description requires it",
	},
}

func fault(r *http.Request, err error) bool {
	call := r.Method + " " + r.URL.Path
	for _, says := range complaints(err) {
		known := false
		for _, f := range faults {
			known = known || f.call.MatchString(call) && f.says.MatchString(says)
		}
		if !known {
			return false
		}
	}
	return true
}

// complaints are all that a request is refused for, one by one: a known fault must not hide another one beside it.
func complaints(err error) (all []string) {
	switch e := err.(type) { //nolint:errorlint // each level is taken apart in turn
	case openapi3.MultiError:
		for _, one := range e {
			all = append(all, complaints(one)...)
		}
	case *openapi3filter.RequestError:
		if e.Parameter != nil || e.Err == nil {
			return []string{e.Error()}
		}
		return complaints(e.Err)
	case *openapi3.SchemaError:
		return []string{"/" + strings.Join(e.JSONPointer(), "/") + ": " + e.Reason}
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			all = append(all, complaints(one)...)
		}
	default:
		all = []string{err.Error()}
	}
	return all
}

func TestAMistypedMemberIsNoKnownFault(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "/api/v2/tickets/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	known := &openapi3.SchemaError{Reason: `property "metadata" is unsupported`}
	typo := &openapi3.SchemaError{Reason: `property "coment" is unsupported`}
	both := &openapi3filter.RequestError{Err: openapi3.MultiError{known, typo}}
	if !fault(r, known) || fault(r, typo) || fault(r, both) || fault(r, errors.New("anything")) {
		t.Error("the list of the specification's own faults lets a mistyped member pass")
	}
}
