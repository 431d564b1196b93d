package freshdesktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// invalid is one field that a request got wrong, as Freshdesk tells it.
type invalid struct {
	Field   string `json:"field"`
	Message string `json:"message"`
	Code    string `json:"code"`
}

func unexpected(field string) invalid {
	return invalid{field, "Unexpected/invalid field in request", "invalid_field"}
}

func missing(field string) invalid {
	return invalid{field, "It should be a/an value and is mandatory", "missing_field"}
}

func wrong(field, wanted string) invalid {
	return invalid{field, "It should be " + wanted, "invalid_value"}
}

func invalidRequest(w http.ResponseWriter, errs []invalid) {
	answer(w, http.StatusBadRequest, map[string]any{"description": "Validation failed", "errors": errs})
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	body := map[string]any{"message": message}
	if code != "" {
		body["code"] = code
	}
	answer(w, status, body)
}

func forbidden(w http.ResponseWriter) {
	refuse(w, http.StatusForbidden, "access_denied", "You are not authorized to perform this action.")
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

// queried checks the query's names, and its page.
func (f *Fake) queried(w http.ResponseWriter, r *http.Request, names ...string) (from, to, page int, ok bool) {
	q := r.URL.Query()
	var errs []invalid
	for name := range q {
		if name != "page" && name != "per_page" && !slices.Contains(names, name) {
			errs = append(errs, unexpected(name))
		}
	}
	size := 30
	page = 1
	for name, value := range map[string]*int{"page": &page, "per_page": &size} {
		if text := q.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			most := 100
			if name == "page" {
				most = f.PageCap
			}
			if err != nil || n < 1 || n > most {
				errs = append(errs, wrong(name, fmt.Sprintf("a Positive Integer less than or equal to %d", most)))
			}
			*value = n
		}
	}
	if len(errs) > 0 {
		invalidRequest(w, errs)
		return 0, 0, 0, false
	}
	return (page - 1) * size, page * size, page, true
}

// paged answers one page of a list, with a Link to the next where there is one.
func paged[T any](w http.ResponseWriter, r *http.Request, all []T, from, to, page int, show func(T) map[string]any) {
	out := []map[string]any{}
	for i := from; i < min(to, len(all)); i++ {
		out = append(out, show(all[i]))
	}
	if to < len(all) {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", "<https://"+r.Host+r.URL.Path+"?"+q.Encode()+`>; rel="next"`)
	}
	answer(w, http.StatusOK, out)
}

// includes checks what a request wants with it.
func includes(w http.ResponseWriter, r *http.Request, known ...string) (map[string]bool, bool) {
	out := make(map[string]bool)
	text := r.URL.Query().Get("include")
	if text == "" {
		return out, true
	}
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(known, name) {
			invalidRequest(w, []invalid{wrong("include", "one of these values: '"+strings.Join(known, ",")+"'")})
			return nil, false
		}
		out[name] = true
	}
	return out, true
}
