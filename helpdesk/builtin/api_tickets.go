package builtin

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"warmline/escalate"
)

func (d *Desk) listTickets(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	status := escalate.Status(query.Get("status"))
	var since time.Time
	if at := query.Get("since"); at != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, at); err != nil {
			fail(w, invalid("since %q is no time; write it like 2026-11-23T08:00:00Z", firstRunes(at, 40)))
			return
		}
	}
	limit, err := limitOf(r, 200)
	if err != nil {
		fail(w, err)
		return
	}
	d.mu.Lock()
	tickets := d.state.list(func(t *Ticket) bool {
		return (status == "" || t.Status == status) && !t.UpdatedAt.Before(since)
	})
	d.mu.Unlock()
	list := make([]summary, 0, min(limit, len(tickets)))
	for _, t := range tickets[:min(limit, len(tickets))] {
		list = append(list, summarize(t))
	}
	answer(w, http.StatusOK, map[string]any{"tickets": list})
}

func (d *Desk) createTicket(w http.ResponseWriter, r *http.Request) {
	var n NewTicket
	if err := decodeUpTo(w, r, longestUpload, &n); err != nil {
		fail(w, err)
		return
	}
	t, err := d.Create(n)
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Location", "/desk/api/tickets/"+t.ID)
	if !d.trusted(r) {
		t = forCustomer(t)
	}
	answer(w, http.StatusCreated, t)
}

func (d *Desk) getTicket(w http.ResponseWriter, r *http.Request) {
	t, err := d.Ticket(r.PathValue("id"))
	if err == nil && faultOf(r) == staleRead {
		t, err = d.staleTicket(t.ID)
	}
	if err != nil {
		fail(w, err)
		return
	}
	if r.URL.Query().Get("view") == "customer" {
		t = forCustomer(t)
	}
	answer(w, http.StatusOK, t)
}

// staleTicket is the ticket as it was one change ago; a new ticket is not there yet.
func (d *Desk) staleTicket(id string) (*Ticket, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if before := d.state.before[id]; before != nil {
		return before, nil
	}
	return nil, problemOf(http.StatusNotFound, "there is no ticket %s yet; read again later", id)
}

func (d *Desk) addMessage(w http.ResponseWriter, r *http.Request) {
	var n NewMessage
	if err := decodeUpTo(w, r, longestUpload, &n); err != nil {
		fail(w, err)
		return
	}
	byCustomer := n.Role == escalate.RoleCustomer && n.Marker == "" && n.Stamp == ""
	if !byCustomer && !d.trusted(r) {
		fail(w, errToken)
		return
	}
	m, err := d.Add(r.PathValue("id"), n)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusCreated, m)
}

func (d *Desk) patchTicket(w http.ResponseWriter, r *http.Request) {
	var p Patch
	if err := decode(w, r, &p); err != nil {
		fail(w, err)
		return
	}
	t, err := d.Patch(r.PathValue("id"), p)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, http.StatusOK, t)
}

func (d *Desk) listAgents(w http.ResponseWriter, r *http.Request) {
	email := r.URL.Query().Get("email")
	found := []Agent{}
	for _, a := range d.options.Agents {
		if email == "" || strings.EqualFold(a.Email, email) {
			found = append(found, a)
		}
	}
	answer(w, http.StatusOK, map[string]any{"agents": found})
}

func (d *Desk) listChanges(w http.ResponseWriter, r *http.Request) {
	limit, err := limitOf(r, 100)
	if err != nil {
		fail(w, err)
		return
	}
	d.mu.Lock()
	next, err := cursorOf(r.URL.Query().Get("after"), d.state.newest())
	found := d.state.after(next, limit)
	d.mu.Unlock()
	if err != nil {
		fail(w, err)
		return
	}
	switch faultOf(r) {
	case staleRead:
		found = []Change{}
	case duplicate:
		found = append(found, found...)
	}
	if len(found) > 0 {
		next = found[len(found)-1].Seq
	}
	answer(w, http.StatusOK, map[string]any{"changes": found, "next": strconv.FormatInt(next, 10)})
}

// cursorOf reads a cursor of the feed. The empty one is the beginning.
func cursorOf(text string, newest int64) (int64, error) {
	switch text {
	case "":
		return 0, nil
	case "now":
		return newest, nil
	}
	cursor, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil || cursor < 0:
		return 0, invalid("after %q is no cursor; use the next of an earlier answer, or now", firstRunes(text, 40))
	case cursor > newest:
		return 0, problemOf(http.StatusGone, "cursor %d lies ahead of the feed: this desk began anew; start again at 0", cursor)
	}
	return cursor, nil
}

func limitOf(r *http.Request, usual int) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > 1000 {
		return 0, invalid("limit %q: want 1 to 1000", firstRunes(text, 40))
	}
	return limit, nil
}
