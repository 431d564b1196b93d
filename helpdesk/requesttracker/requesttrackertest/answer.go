package requesttrackertest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", `application/json; charset="utf-8"`)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked has gone
}

func message(says string) object { return object{"message": says} }

// when is a time as RT writes it: of whole seconds, and the beginning of 1970 for none.
func when(at time.Time) string {
	if at.IsZero() {
		at = time.Unix(0, 0)
	}
	return at.UTC().Format("2006-01-02T15:04:05Z")
}

// uid names a record: users by name, all else by number, which is a string here.
func (f *Fake) uid(kind, id string) object {
	return object{"type": kind, "id": id, "_url": f.site + "/REST/2.0/" + kind + "/" + id}
}

// limit is a condition of a search in JSON.
type limit struct {
	Field    string `json:"field"`
	Operator string `json:"operator"`
	Value    string `json:"value"`
	Joint    string `json:"entry_aggregator"`
}

func (l limit) holds(value any) bool {
	text := fmt.Sprint(value)
	a, errA := strconv.ParseInt(text, 10, 64)
	b, errB := strconv.ParseInt(l.Value, 10, 64)
	switch l.Operator {
	case "", "=":
		return strings.EqualFold(text, l.Value)
	case "!=":
		return !strings.EqualFold(text, l.Value)
	case ">":
		return errA == nil && errB == nil && a > b
	case "<=":
		return errA == nil && errB == nil && a <= b
	case "STARTSWITH":
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(l.Value))
	case "IS":
		return text == ""
	case "IS NOT":
		return text != ""
	}
	return false
}

// fits reports whether a row fits all limits: those of one field are joined by OR unless one says AND.
func fits(row object, limits []limit) bool {
	fields := make(map[string]bool)
	for _, l := range limits {
		now := l.holds(row[l.Field])
		before, known := fields[l.Field]
		switch {
		case !known:
			fields[l.Field] = now
		case l.Joint == "AND":
			fields[l.Field] = before && now
		default:
			fields[l.Field] = before || now
		}
	}
	for _, ok := range fields {
		if !ok {
			return false
		}
	}
	return true
}

// row is one row of a list: all that it could show, and whether our user may see it.
type row struct {
	object

	hidden bool
}

// list answers with a page of rows that fit the query. What our user may not see is taken out after the page was cut, and the
// total is null.
func (f *Fake) list(w http.ResponseWriter, r *http.Request, kind string, rows []row) {
	q := r.URL.Query()
	var limits []limit
	if text := q.Get("query"); text != "" && json.Unmarshal([]byte(text), &limits) != nil {
		answer(w, http.StatusBadRequest, message("JSON object must be an ARRAY"))
		return
	}
	rows = slices.DeleteFunc(rows, func(one row) bool { return !fits(one.object, limits) })
	f.paged(w, r, kind, rows)
}

func (f *Fake) paged(w http.ResponseWriter, r *http.Request, kind string, rows []row) {
	q := r.URL.Query()
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(q.Get(name)); err == nil && n > 0 {
			return n
		}
		return otherwise
	}
	per, page := min(number("per_page", 20), 100), number("page", 1)
	if q.Get("orderby") != "id" {
		answer(w, http.StatusBadRequest, message("the fake orders by id alone"))
		return
	}
	slices.SortStableFunc(rows, func(a, b row) int { return int(order(a) - order(b)) })
	if q.Get("order") == "DESC" {
		slices.Reverse(rows)
	}
	rows = rows[min((page-1)*per, len(rows)):min(page*per, len(rows))]
	items := []object{}
	for _, one := range rows {
		if one.hidden {
			continue
		}
		item := f.uid(kind, fmt.Sprint(one.object["uid"]))
		for name := range strings.SplitSeq(q.Get("fields"), ",") {
			if value, known := one.object[name]; known {
				item[name] = value
			}
		}
		items = append(items, item)
	}
	answer(w, http.StatusOK, object{"items": items, "count": len(items), "page": page, "per_page": per, "total": nil, "pages": nil})
}

func order(r row) int64 {
	n, _ := strconv.ParseInt(fmt.Sprint(r.object["id"]), 10, 64)
	return n
}
