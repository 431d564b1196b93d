package helpdesktest

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Spec is a vendor's published contract, which every request to its fake is held to.
type Spec struct {
	// File is the specification: below the folder that WARMLINE_SPECS names when it is relative ("zendesk/openapi.yaml"), else where
	// it says. The vendors' own files are no part of this project.
	File string
	// Base is the path before the specification's own paths: "/api/v2".
	Base string
	// Skip reports requests that the specification does not know; each needs its reason beside it.
	Skip func(*http.Request) bool
	// Allow reports faults of the specification itself; each needs its reason beside it.
	Allow func(r *http.Request, err error) bool
}

// faultyRequest is the status with which a request is answered that its vendor would refuse.
const faultyRequest = 599

// specs are loaded once: some take half a second.
var specs sync.Map // file -> func() (routers.Router, error)

// Hold stands before a fake and fails the test for every request that the specification, with closed schemas, refuses. Without the
// file it lets all through, and says so.
func (s Spec) Hold(tb testing.TB, fake http.Handler) http.Handler {
	tb.Helper()
	file := s.File
	if !filepath.IsAbs(file) {
		folder := os.Getenv("WARMLINE_SPECS")
		if folder == "" {
			folder = filepath.Join(root(tb), "..", "shared", "specs")
		}
		file = filepath.Join(folder, file)
	}
	if _, err := os.Stat(file); err != nil {
		tb.Logf("SKIPPED: requests are not held to %s, which is not here; WARMLINE_SPECS names the folder of the vendors' specifications", s.File)
		return fake
	}
	load, _ := specs.LoadOrStore(file+" "+s.Base, sync.OnceValues(func() (routers.Router, error) { return loadSpec(file, s.Base) }))
	router, err := load.(func() (routers.Router, error))()
	if err != nil {
		tb.Fatalf("load %s: %v", s.File, err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.Skip == nil || !s.Skip(r) {
			if err := s.check(router, r); err != nil {
				tb.Errorf("%s %s is refused by %s: %v", r.Method, r.URL, s.File, err)
				w.WriteHeader(faultyRequest)
				return
			}
		}
		fake.ServeHTTP(w, r)
	})
}

func (s Spec) check(router routers.Router, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil // cut off on purpose
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	defer func() { r.Body = io.NopCloser(bytes.NewReader(body)) }()
	route, params, err := router.FindRoute(r)
	if err == nil {
		err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request: r, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
		})
	}
	if err == nil {
		err = unknownQuery(route, r)
	}
	if err != nil && s.Allow != nil && s.Allow(r, err) {
		return nil
	}
	return err
}

// unknownQuery finds parameters that the specification does not have, which it would let pass.
func unknownQuery(route *routers.Route, r *http.Request) error {
	known := make(map[string]bool)
	for _, list := range []openapi3.Parameters{route.PathItem.Parameters, route.Operation.Parameters} {
		for _, p := range list {
			if p.Value != nil && p.Value.In == openapi3.ParameterInQuery {
				known[p.Value.Name] = true
			}
		}
	}
	var errs []error
	for name := range r.URL.Query() {
		base := name
		for i, c := range name {
			if c == '[' {
				base = name[:i]
				break
			}
		}
		if !known[name] && !known[base] {
			errs = append(errs, errors.New("query parameter "+name+" is not in the specification"))
		}
	}
	return errors.Join(errs...)
}

func loadSpec(file, base string) (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: base}}
	if base == "" {
		doc.Servers = openapi3.Servers{{URL: "/"}}
	}
	halves := make(map[*openapi3.Schema]bool)
	for _, s := range doc.Components.Schemas {
		partsOf(s, halves)
	}
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
		for _, op := range item.Operations() {
			op.Servers = nil
			if op.RequestBody == nil || op.RequestBody.Value == nil {
				continue
			}
			for _, media := range op.RequestBody.Value.Content {
				partsOf(media.Schema, halves)
				closeSchema(media.Schema, maps.Clone(halves))
			}
		}
	}
	return gorillamux.NewRouter(doc)
}

// partsOf collects the schemas that are parts of another by allOf: closed, each would refuse what the other parts name.
func partsOf(ref *openapi3.SchemaRef, found map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil {
		return
	}
	for _, part := range ref.Value.AllOf {
		if part.Value != nil && !found[part.Value] {
			found[part.Value] = true
			partsOf(part, found)
		}
	}
}

// closeSchema refuses members that a schema does not name: as published, most let a mistyped one pass.
func closeSchema(ref *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || seen[ref.Value] {
		return
	}
	s := ref.Value
	seen[s] = true
	if len(s.Properties) > 0 && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil && len(s.AllOf) == 0 {
		no := false
		s.AdditionalProperties.Has = &no
	}
	for _, p := range s.Properties {
		closeSchema(p, seen)
	}
	closeSchema(s.Items, seen)
	for _, list := range []openapi3.SchemaRefs{s.OneOf, s.AnyOf} {
		for _, one := range list {
			closeSchema(one, seen)
		}
	}
}

// root is the project's folder.
func root(tb testing.TB) string {
	tb.Helper()
	at, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return at
		}
		up := filepath.Dir(at)
		if up == at {
			break
		}
		at = up
	}
	tb.Fatalf("no go.mod above the test: %v", err)
	return ""
}
