package localslack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxBody bounds what one request may send.
const maxBody = 4 << 20

// args are a call's arguments, however they came: query, form or JSON body.
// Each value is the text of a form field, or raw JSON.
type args map[string]arg

type arg struct {
	text string          // a form field or a JSON string
	raw  json.RawMessage // any other JSON value
}

// parseArgs reads the arguments of a Web API call.
func parseArgs(r *http.Request) (args, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	a := args{}
	switch mediaType(r) {
	case "application/json":
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		if err := a.addJSON(body); err != nil {
			return nil, err
		}
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil {
			return nil, err
		}
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	for k, v := range r.Form {
		if len(v) > 0 {
			a[k] = arg{text: v[0]}
		}
	}
	return a, nil
}

func mediaType(r *http.Request) string {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind
}

func isJSON(r *http.Request) bool { return mediaType(r) == "application/json" }

func (a args) addJSON(body []byte) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil // apps.connections.open comes like this
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return err
	}
	for k, raw := range fields {
		var s string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &s) == nil:
			a[k] = arg{text: s}
		default:
			a[k] = arg{raw: raw}
		}
	}
	return nil
}

// str returns the argument as text; numbers and booleans of a JSON body too.
func (a args) str(name string) string {
	v := a[name]
	if v.text == "" {
		return string(v.raw)
	}
	return v.text
}

func (a args) has(name string) bool { _, ok := a[name]; return ok }

func (a args) flag(name string) bool {
	s := a.str(name)
	return s == "true" || s == "1"
}

// number returns the argument or a default when it is absent.
func (a args) number(name string, absent int) (int, error) {
	s := a.str(name)
	if s == "" {
		return absent, nil
	}
	return strconv.Atoi(s)
}

// json returns the argument as JSON: a form field holds it encoded, a JSON body
// as it is. nil means absent or empty.
func (a args) json(name string) json.RawMessage {
	v := a[name]
	if v.raw != nil {
		return v.raw
	}
	if strings.TrimSpace(v.text) == "" {
		return nil
	}
	return json.RawMessage(v.text)
}

// list splits a comma-separated argument; a JSON array works too.
func (a args) list(name string) []string {
	v := a[name]
	var items []string
	if v.raw != nil && json.Unmarshal(v.raw, &items) == nil {
		return items
	}
	for s := range strings.SplitSeq(v.text, ",") {
		if s = strings.TrimSpace(s); s != "" {
			items = append(items, s)
		}
	}
	return items
}

// token finds the caller's token: the header, else the argument.
func (a args) token(r *http.Request) string {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return strings.TrimSpace(bearer)
	}
	return a.str("token")
}

// String renders the arguments for the inspector, without the token.
func (a args) String() string {
	shown := map[string]any{}
	for k, v := range a {
		switch {
		case k == "token":
		case v.raw != nil:
			shown[k] = v.raw
		case json.Valid([]byte(v.text)) && strings.ContainsAny(v.text[:1], "{["):
			shown[k] = json.RawMessage(v.text)
		default:
			shown[k] = v.text
		}
	}
	b, err := marshal(shown)
	if err != nil {
		return fmt.Sprintf("%q", err)
	}
	return string(b)
}
