package gorgiastest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

func refuse(w http.ResponseWriter, status int, says string, fields map[string]string) {
	fault := map[string]any{"msg": says}
	if fields != nil {
		fault["data"] = fields
	}
	answer(w, status, map[string]any{"error": fault})
}

func invalid(w http.ResponseWriter, fields map[string]string) {
	refuse(w, http.StatusBadRequest, "The request is invalid.", fields)
}

// query checks the query's names, and says how long a page is and where it begins.
func query(w http.ResponseWriter, r *http.Request, names ...string) (limit int, after string, ok bool) {
	q := r.URL.Query()
	wrong := make(map[string]string)
	for name := range q {
		if name != "limit" && name != "cursor" && !slices.Contains(names, name) {
			wrong[name] = "Unknown field."
		}
	}
	limit = 30
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 100 {
			wrong["limit"] = "Must be between 1 and 100."
		}
		limit = n
	}
	raw, err := base64.URLEncoding.DecodeString(q.Get("cursor"))
	if err != nil {
		wrong["cursor"] = "Invalid cursor."
	}
	if len(wrong) > 0 {
		invalid(w, wrong)
		return 0, "", false
	}
	return limit, string(raw), true
}

// paged answers a page of a list. Key is a row's place in the list, which is what cursors hold: what comes or goes meanwhile moves
// nothing.
func paged[T any](w http.ResponseWriter, r *http.Request, rows []T, limit int, after string, key func(T) string, show func(T) map[string]any) {
	at := 0
	if after != "" {
		for at < len(rows) && key(rows[at]) <= after {
			at++
		}
	}
	end := min(at+limit, len(rows))
	data := []map[string]any{}
	for _, row := range rows[at:end] {
		data = append(data, show(row))
	}
	var next any
	if end < len(rows) {
		next = base64.URLEncoding.EncodeToString([]byte(key(rows[end-1])))
	}
	answer(w, http.StatusOK, map[string]any{
		"object": "list", "uri": r.URL.RequestURI(), "data": data, "meta": map[string]any{"prev_cursor": nil, "next_cursor": next, "total_resources": nil},
	})
}

// members reads a body's members and finds those that are not known, or missing.
func members(w http.ResponseWriter, r *http.Request, required string, optional string) (map[string]any, bool) {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, false // cut off on purpose
	}
	var body map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if decoder.Decode(&body) != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		refuse(w, http.StatusBadRequest, "The body is no JSON object.", nil)
		return nil, false
	}
	if wrong := faults(body, required, optional); len(wrong) > 0 {
		invalid(w, wrong)
		return nil, false
	}
	return body, true
}

func faults(body map[string]any, required, optional string) map[string]string {
	wrong := make(map[string]string)
	known := append(strings.Fields(required), strings.Fields(optional)...)
	for name := range body {
		if !slices.Contains(known, name) {
			wrong[name] = "Unknown field."
		}
	}
	for name := range strings.FieldsSeq(required) {
		if body[name] == nil {
			wrong[name] = "Missing data for required field."
		}
	}
	return wrong
}

// inside is a member of an object that is a member itself; nil when either is not there.
func inside(body map[string]any, name, member string) any {
	object, _ := body[name].(map[string]any)
	return object[member]
}

// text is a member as text, whatever it is.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}
