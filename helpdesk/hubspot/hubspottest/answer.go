package hubspottest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// failure is an answer that is no success.
type failure struct {
	status            int
	category, message string
}

func bad(format string, args ...any) *failure {
	return &failure{http.StatusBadRequest, "VALIDATION_ERROR", fmt.Sprintf(format, args...)}
}

func gone() *failure { return &failure{http.StatusNotFound, "OBJECT_NOT_FOUND", "resource not found"} }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked may be gone
}

// count takes a call off what is left.
func (f *Fake) count(w http.ResponseWriter) bool {
	if f.PerTenSeconds == 0 {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.window) >= 10*time.Second {
		f.window, f.calls = now, 0
	}
	f.calls++
	h := w.Header()
	h.Set("X-HubSpot-RateLimit-Interval-Milliseconds", "10000")
	h.Set("X-HubSpot-RateLimit-Max", strconv.Itoa(f.PerTenSeconds))
	h.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(max(f.PerTenSeconds-f.calls, 0)))
	h.Set("X-HubSpot-RateLimit-Daily", "650000")
	h.Set("X-HubSpot-RateLimit-Daily-Remaining", "649000")
	if f.Daily {
		h.Set("X-HubSpot-RateLimit-Remaining", strconv.Itoa(f.PerTenSeconds))
		h.Set("X-HubSpot-RateLimit-Daily-Remaining", strconv.Itoa(max(f.PerTenSeconds-f.calls, 0)))
	}
	return f.calls <= f.PerTenSeconds
}

// decode reads a request's body, and refuses what is not known.
func decode(r *http.Request, into any) *failure {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return bad("body not read")
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return bad("Invalid input JSON: %v", err)
	}
	return nil
}

// paged cuts a list into the page that is asked for. What is behind its end is named by its index.
func paged[T any](r *http.Request, most int, found []T, show func(T) any) (int, any, *failure) {
	limit, after := most, 0
	var err error
	if s := r.URL.Query().Get("limit"); s != "" {
		if limit, err = strconv.Atoi(s); err != nil || limit < 1 || limit > most {
			return 0, nil, bad("limit %s: 1 to %d", s, most)
		}
	}
	if s := r.URL.Query().Get("after"); s != "" {
		if after, err = strconv.Atoi(s); err != nil || after < 0 {
			return 0, nil, bad("after %s", s)
		}
	}
	after = min(after, len(found))
	end := min(after+limit, len(found))
	results := []any{}
	for _, one := range found[after:end] {
		results = append(results, show(one))
	}
	body := map[string]any{"results": results, "somethingNew": nil}
	if end < len(found) {
		body["paging"] = map[string]any{"next": map[string]any{"after": strconv.Itoa(end), "link": nil}}
	}
	return http.StatusOK, body, nil
}
