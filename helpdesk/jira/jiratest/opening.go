package jiratest

import (
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/richtext"
)

// RequestType is a request type of the project. Its form has a summary, and what is named here.
type RequestType struct {
	ID, Name string
	Fields   []string // "description" among them
	Required []string
	Never    bool // not for a customer by somebody else
}

func requestTypes() []RequestType {
	return []RequestType{
		{ID: "21", Name: "Order something", Fields: []string{"description", "customfield_10044"}, Required: []string{"customfield_10044"}},
		{ID: "22", Name: "Call me", Fields: nil},
		{ID: "23", Name: "For yourself", Fields: []string{"description"}, Never: true},
		{ID: "25", Name: "Get help", Fields: []string{"description", "attachment"}, Required: []string{"description"}},
		{ID: "26", Name: "Report a fault", Fields: []string{"description"}},
	}
}

func (f *Fake) isDesk(w http.ResponseWriter, r *http.Request) bool {
	if at := r.PathValue("desk"); at == deskID || at == Project {
		return true
	}
	refuse(w, http.StatusNotFound, "The Service Desk you are trying to view does not exist.")
	return false
}

func (f *Fake) oneDesk(w http.ResponseWriter, r *http.Request) {
	if f.isDesk(w, r) {
		answer(w, http.StatusOK, object{"id": f.id(deskID), "projectId": "10004", "projectName": Project, "projectKey": Project, "_links": object{}})
	}
}

// deskCustomers finds by any part of a name or an address, for those who say that they know it to be experimental.
func (f *Fake) deskCustomers(w http.ResponseWriter, r *http.Request) {
	if !f.isDesk(w, r) {
		return
	}
	if r.Header.Get("X-Experimentalapi") != "opt-in" {
		refuse(w, http.StatusPreconditionFailed, "This API is experimental.")
		return
	}
	all := f.customers()
	f.mu.Lock()
	for _, c := range f.people {
		if f.joined[CustomerID(c.Email)] {
			all = append(all, c)
		}
	}
	f.mu.Unlock()
	query := strings.ToLower(r.URL.Query().Get("query"))
	all = slices.DeleteFunc(all, func(c escalate.Customer) bool {
		return !strings.Contains(strings.ToLower(c.Email), query) && !strings.Contains(strings.ToLower(c.Name), query)
	})
	answer(w, http.StatusOK, pageOf(r, all, f.customer))
}

// makeCustomer makes an account that is no project's customer yet. Only administrators may, and no address has two.
func (f *Fake) makeCustomer(w http.ResponseWriter, r *http.Request) {
	var n struct {
		Email string `json:"email"`
		Name  string `json:"displayName"`
	}
	if !decode(w, r, &n) {
		return
	}
	if f.Lacks["ADMINISTER"] {
		refuse(w, http.StatusForbidden, "You do not have permission to create customers.")
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !strings.Contains(n.Email, "@") || slices.ContainsFunc(f.people, func(c escalate.Customer) bool { return strings.EqualFold(c.Email, n.Email) }) {
		refuse(w, http.StatusBadRequest, "An account already exists for this email.")
		return
	}
	c := escalate.Customer{Name: n.Name, Email: n.Email}
	f.people = append(f.people, c)
	answer(w, http.StatusCreated, f.customer(c))
}

func (f *Fake) addDeskCustomers(w http.ResponseWriter, r *http.Request) {
	var n struct {
		IDs []string `json:"accountIds"`
	}
	if !f.isDesk(w, r) || !decode(w, r, &n) {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range n.IDs {
		f.joined[id] = true
	}
	w.WriteHeader(http.StatusNoContent)
}

func (f *Fake) requestTypes(w http.ResponseWriter, r *http.Request) {
	if !f.isDesk(w, r) {
		return
	}
	answer(w, http.StatusOK, pageOf(r, f.Types, func(t RequestType) object {
		return object{"id": t.ID, "name": t.Name, "description": "", "helpText": nil, "issueTypeId": "10011", "serviceDeskId": deskID, "groupIds": []string{}}
	}))
}

func (f *Fake) requestFields(w http.ResponseWriter, r *http.Request) {
	at := slices.IndexFunc(f.Types, func(t RequestType) bool { return t.ID == r.PathValue("type") })
	if at < 0 {
		refuse(w, http.StatusNotFound, "The request type you are trying to view does not exist.")
		return
	}
	t, fields := f.Types[at], []object{}
	for _, field := range append([]string{"summary"}, t.Fields...) {
		fields = append(fields, object{
			"fieldId": field, "name": strings.ToUpper(field[:1]) + field[1:], "description": nil, "required": field == "summary" || slices.Contains(t.Required, field),
			"defaultValues": []any{}, "validValues": []any{}, "jiraSchema": object{"type": "string", "system": field}, "visible": true,
		})
	}
	answer(w, http.StatusOK, object{"requestTypeFields": fields, "canRaiseOnBehalfOf": !t.Never, "canAddRequestParticipants": true})
}

// makeRequest makes a request for somebody who is a customer of the project. Its text is wiki markup.
func (f *Fake) makeRequest(w http.ResponseWriter, r *http.Request) {
	var n struct {
		Desk   string            `json:"serviceDeskId"`
		Type   string            `json:"requestTypeId"`
		Fields map[string]string `json:"requestFieldValues"`
		For    string            `json:"raiseOnBehalfOf"`
	}
	if !decode(w, r, &n) {
		return
	}
	f.mu.Lock()
	known := slices.Concat(f.people, f.customers())
	joined := f.joined[n.For]
	f.mu.Unlock()
	at := slices.IndexFunc(known, func(c escalate.Customer) bool { return CustomerID(c.Email) == n.For })
	kind := slices.IndexFunc(f.Types, func(t RequestType) bool { return t.ID == n.Type })
	switch {
	case n.Desk != deskID || kind < 0 || f.Types[kind].Never:
		refuse(w, http.StatusBadRequest, "The request type does not exist, or may not be used so.")
		return
	case at < 0 || !joined && !slices.ContainsFunc(f.customers(), func(c escalate.Customer) bool { return CustomerID(c.Email) == n.For }):
		refuse(w, http.StatusBadRequest, "The customer does not exist.")
		return
	}
	for _, field := range append([]string{"summary"}, f.Types[kind].Required...) {
		if strings.TrimSpace(n.Fields[field]) == "" || strings.Contains(n.Fields["summary"], "\n") {
			refuse(w, http.StatusBadRequest, "Your request could not be created. Please check the fields have been correctly filled in. "+field+": required")
			return
		}
	}
	t := f.Open(known[at], n.Fields["summary"], richtext.TextOfWiki(n.Fields["description"]))
	answer(w, http.StatusCreated, object{"issueId": t.ID, "issueKey": Key(&t), "requestTypeId": n.Type, "serviceDeskId": deskID, "_links": object{}})
}
