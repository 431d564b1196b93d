package requesttrackertest

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// person is a user: one of the account, or a customer, whom RT makes of a mail.
type person struct {
	helpdesktest.Agent

	number     int64
	privileged bool
}

const (
	myNumber      = 27 // it stands in the token
	firstAgent    = 1001
	firstCustomer = 5001
)

// staff are those whom the account has made itself.
func (f *Fake) staff() []person {
	all := []person{{Agent: Me, number: myNumber, privileged: !f.Unprivileged[Me.ID]}}
	for i, a := range f.Book.Agents {
		all = append(all, person{Agent: a, number: int64(firstAgent + i), privileged: !f.Unprivileged[a.ID]})
	}
	return all
}

// meets makes a user of a customer who writes for the first time.
func (f *Fake) meets(c escalate.Customer) {
	if _, known := f.customers[c.Email]; !known && c.Email != "" {
		f.customers[c.Email] = person{Agent: helpdesktest.Agent{ID: c.Email, Name: c.Name, Email: c.Email}, number: int64(firstCustomer + len(f.customers))}
	}
}

// user finds one by name, or by number where the address has one.
func (f *Fake) user(asked string) (person, bool) {
	number, err := strconv.ParseInt(asked, 10, 64)
	for _, p := range f.staff() {
		if err == nil && p.number == number || err != nil && strings.EqualFold(p.ID, asked) {
			return p, true
		}
	}
	p, ok := f.customers[asked]
	return p, ok
}

// viewUser shows what those see who may not administer users; of oneself all.
func (f *Fake) viewUser(w http.ResponseWriter, r *http.Request) {
	p, ok := f.user(r.PathValue("name"))
	switch {
	case f.Unprivileged[Me.ID] && p.ID != Me.ID:
		answer(w, http.StatusForbidden, message("Forbidden"))
		return
	case !ok:
		answer(w, http.StatusNotFound, message("Not Found"))
		return
	}
	privileged := 0
	if p.privileged {
		privileged = 1
	}
	out := object{
		"Name": p.ID, "RealName": p.Name, "EmailAddress": p.Email, "Privileged": privileged,
		"_hyperlinks": []object{{"ref": "self", "type": "user", "id": p.number, "_url": f.site + "/REST/2.0/user/" + strconv.FormatInt(p.number, 10)}},
	}
	if p.ID == Me.ID {
		out["id"], out["Disabled"], out["Lang"], out["Memberships"], out["CustomFields"] = p.number, "0", nil, []object{}, []object{}
	}
	w.Header().Set("ETag", `"1970-01-01T00:00:00Z"`)
	answer(w, http.StatusOK, out)
}

// listUsers leaves out disabled ones, and does not say who is privileged.
func (f *Fake) listUsers(w http.ResponseWriter, r *http.Request) {
	var rows []row
	for _, p := range append(f.staff(), slices.Collect(maps.Values(f.customers))...) {
		if !f.Disabled[p.ID] {
			rows = append(rows, row{object: object{
				"uid": p.ID, "id": p.number, "Name": p.ID, "RealName": p.Name, "EmailAddress": p.Email, "Privileged": "", "Disabled": "",
			}})
		}
	}
	f.list(w, r, "user", rows)
}

func (f *Fake) listArticles(w http.ResponseWriter, r *http.Request) {
	var rows []row
	for _, a := range f.Articles {
		disabled := "0"
		if a.Disabled {
			disabled = "1"
		}
		fields := []object{}
		for i, text := range a.Texts {
			field := f.uid("customfield", strconv.Itoa(3+i))
			field["name"], field["values"] = "Content", []string{text}
			fields = append([]object{field}, fields...) // in no order
		}
		fields = append(fields, object{"type": "customfield", "id": "1", "name": "Content", "values": []string{}})
		id := strconv.FormatInt(a.ID, 10)
		rows = append(rows, row{object: object{
			"uid": id, "id": id, "Class": strconv.FormatInt(a.Class, 10), "Name": a.Name, "Summary": a.Summary, "Disabled": disabled, "CustomFields": fields,
		}, hidden: !f.held("ShowArticle")})
	}
	f.list(w, r, "article", rows)
}

func (f *Fake) viewClass(w http.ResponseWriter, r *http.Request) {
	number, ok := Classes[r.PathValue("class")]
	if !ok {
		answer(w, http.StatusNotFound, message("Not Found"))
		return
	}
	if !f.held("SeeClass") {
		answer(w, http.StatusForbidden, message("Forbidden"))
		return
	}
	answer(w, http.StatusOK, object{"id": number, "Name": r.PathValue("class"), "Disabled": "0", "CustomFields": ""})
}
