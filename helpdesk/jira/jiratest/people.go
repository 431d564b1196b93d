package jiratest

import (
	"net/http"
	"strings"

	"warmline/escalate"
)

func (f *Fake) myself(w http.ResponseWriter, _ *http.Request) {
	me := f.self()
	me["groups"], me["applicationRoles"] = object{"size": 1, "items": []any{}}, object{"size": 1, "items": []any{}}
	answer(w, http.StatusOK, me)
}

func (f *Fake) myPermissions(w http.ResponseWriter, r *http.Request) {
	asked := split(r.URL.Query()["permissions"])
	if len(asked) == 0 {
		problem(w, http.StatusBadRequest, "The 'permissions' query parameter is required.")
		return
	}
	out := object{}
	for _, key := range asked {
		out[key] = object{"id": "10", "key": key, "name": key, "type": "PROJECT", "description": "", "havePermission": !f.Lacks[key], "deprecatedKey": nil}
	}
	answer(w, http.StatusOK, object{"permissions": out})
}

// userSearch finds people whose name or address begins with the query, hidden ones too: what is hidden is not shown.
func (f *Fake) userSearch(w http.ResponseWriter, r *http.Request) {
	query := strings.ToLower(r.URL.Query().Get("query"))
	if query == "" {
		problem(w, http.StatusBadRequest, "The query parameter is missing.")
		return
	}
	found := []object{}
	add := func(id, kind, name, email string) {
		if strings.HasPrefix(strings.ToLower(email), query) || strings.HasPrefix(strings.ToLower(name), query) {
			found = append(found, f.user(id, kind, name, email))
		}
	}
	for _, c := range f.customers() {
		add(CustomerID(c.Email), "customer", c.Name, c.Email)
	}
	for _, a := range f.Book.Agents {
		add(a.ID, "atlassian", a.Name, a.Email)
	}
	add(Self, "atlassian", "Warmline", Email)
	answer(w, http.StatusOK, window(found, number(r, "startAt", 0, 1000), number(r, "maxResults", 50, 1000)))
}

func (f *Fake) customers() (all []escalate.Customer) {
	seen := make(map[string]bool)
	for _, t := range f.Book.Tickets(nil) {
		if !seen[t.Customer.Email] {
			seen[t.Customer.Email] = true
			all = append(all, t.Customer)
		}
	}
	return all
}
