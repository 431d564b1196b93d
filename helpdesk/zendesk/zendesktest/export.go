package zendesktest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// export is the incremental export of tickets: by second of the last change and then by number, without the newest minute.
func (f *Fake) export(w http.ResponseWriter, r *http.Request) {
	if f.adminOnly(w) || f.over(w, "Incremental-Exports", "export", f.ExportsPerMinute, 10, time.Minute) {
		return
	}
	query := r.URL.Query()
	second, id := int64(0), int64(-1)
	start, err := strconv.ParseInt(query.Get("start_time"), 10, 64)
	switch {
	case query.Get("cursor") != "":
		at, _ := base64.RawURLEncoding.DecodeString(query.Get("cursor"))
		if _, err := fmt.Sscanf(string(at), "%d,%d", &second, &id); err != nil {
			problem(w, http.StatusBadRequest, "InvalidValue", "Invalid cursor")
			return
		}
	case err != nil || start < 0:
		problem(w, http.StatusBadRequest, "InvalidValue", "Invalid start_time parameter")
		return
	case start > f.now().Add(-time.Minute).Unix():
		problem(w, http.StatusUnprocessableEntity, "StartTimeTooRecent", "Too recent start_time. Use a start_time older than 1 minute")
		return
	default:
		second = start
	}
	f.exportPage(w, query.Get("per_page"), second, id)
}

func (f *Fake) exportPage(w http.ResponseWriter, perPage string, second, id int64) {
	size, _ := strconv.Atoi(perPage)
	if size < 1 || size > 1000 {
		size = 1000
	}
	if f.Page > 0 {
		size = min(size, f.Page)
	}
	held := f.Withhold
	if held == 0 {
		held = time.Minute
	}
	until := f.now().Add(-held - f.Lag).Unix()
	list := f.book.Tickets(func(t *helpdesktest.Ticket) bool {
		at := t.Updated.Unix()
		return at < until && (at > second || at == second && t.Number > id)
	})
	slices.SortFunc(list, func(a, b helpdesktest.Ticket) int {
		return cmp.Or(cmp.Compare(a.Updated.Unix(), b.Updated.Unix()), cmp.Compare(a.Number, b.Number))
	})
	end := len(list) <= size
	list = list[:min(size, len(list))]
	out := []map[string]any{}
	for i := range list {
		out = append(out, f.ticketJSON(&list[i], false))
		second, id = list[i].Updated.Unix(), list[i].Number
	}
	after := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d,%d", second, id))
	answer(w, http.StatusOK, map[string]any{
		"tickets": out, "after_cursor": after, "before_cursor": nil, "after_url": "https://shop.zendesk.example/api/v2/incremental/tickets/cursor.json?cursor=" + after,
		"before_url": nil, "end_of_stream": end,
	})
}
