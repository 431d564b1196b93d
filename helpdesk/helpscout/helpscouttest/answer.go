package helpscouttest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// invalid is one field that a request got wrong, as Help Scout tells it.
type invalid struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

func invalidRequest(w http.ResponseWriter, errs []invalid) {
	answer(w, http.StatusBadRequest, map[string]any{
		"logRef": "cb73aad3-9a81-44fd-bf70-48250ea256ff#12", "message": "Bad request", "_embedded": map[string]any{"errors": errs},
	})
}

func notFound(w http.ResponseWriter) {
	answer(w, http.StatusNotFound, map[string]any{"logRef": "cb73aad3#13", "message": "Not Found", "_embedded": map[string]any{"errors": []any{}}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/hal+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

// created answers as calls do that make something: with no body, and its id in the headers.
func (f *Fake) created(w http.ResponseWriter, r *http.Request, at, id string) {
	if !f.OnlyLocation {
		w.Header().Set("Resource-ID", id)
	}
	w.Header().Set("Location", "https://"+r.Host+at+"/"+id)
	w.WriteHeader(http.StatusCreated)
}

// stamp is a time as Help Scout writes it: to the second. nil for none.
func stamp(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return at.UTC().Truncate(time.Second).Format(time.RFC3339)
}

func asNumber(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return n
}

// queried checks the query's names, and returns its page.
func queried(w http.ResponseWriter, r *http.Request, names ...string) (page int, ok bool) {
	var errs []invalid
	for name := range r.URL.Query() {
		if name != "page" && !slices.Contains(names, name) {
			errs = append(errs, invalid{name, "unknown parameter"})
		}
	}
	page = 1
	if text := r.URL.Query().Get("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			errs = append(errs, invalid{"page", "must be greater than 0"})
		}
		page = n
	}
	if len(errs) > 0 {
		invalidRequest(w, errs)
	}
	return page, len(errs) == 0
}

// paged answers one page of a list (HAL). Where there is nothing, there is no _embedded.
func paged[T any](f *Fake, w http.ResponseWriter, r *http.Request, name string, list []T, page int, show func(T) map[string]any) {
	size := f.PageSize
	pages := (len(list) + size - 1) / size
	var some []map[string]any
	for i := min((page-1)*size, len(list)); i < min(page*size, len(list)); i++ {
		some = append(some, show(list[i]))
	}
	link := func(n int) map[string]any {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return map[string]any{"href": "https://" + r.Host + r.URL.Path + "?" + q.Encode()}
	}
	links := map[string]any{"self": link(page), "first": link(1), "last": link(max(pages, 1)), "page": map[string]any{"href": r.URL.Path + "{?page}", "templated": true}}
	if page < pages {
		links["next"] = link(page + 1)
	}
	out := map[string]any{
		"page": map[string]any{"size": size, "totalElements": len(list), "totalPages": pages, "number": page}, "_links": links,
	}
	if len(some) > 0 {
		out["_embedded"] = map[string]any{name: some}
	}
	answer(w, http.StatusOK, out)
}

// fieldsOf are the members of a request's JSON body, of which none may be unknown.
func fieldsOf(w http.ResponseWriter, r *http.Request, known ...string) (map[string]any, bool) {
	var fields map[string]any
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&fields); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		invalidRequest(w, []invalid{{"", "JSON cannot be read"}})
		return nil, false
	}
	var errs []invalid
	for name := range fields {
		if !slices.Contains(known, name) {
			errs = append(errs, invalid{name, "unknown field"})
		}
	}
	if len(errs) > 0 {
		invalidRequest(w, errs)
	}
	return fields, len(errs) == 0
}

// text of a number in a request's body; "" of anything else.
func idOf(value any) string {
	if n, ok := value.(json.Number); ok {
		return n.String()
	}
	return ""
}

func without(what string) invalid { return invalid{what, what + " may not be empty"} }
