package hubspottest

import (
	"net/http"
	"slices"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk/helpdesktest"
)

// person is a contact by id or, where that is asked for, by e-mail address; also one without a ticket.
func (f *Fake) person(r *http.Request) (escalate.Customer, bool) {
	key := r.PathValue("id")
	is := func(c escalate.Customer) bool {
		if r.URL.Query().Get("idProperty") == "email" {
			return strings.EqualFold(c.Email, key)
		}
		return f.contact(c.Email) == key
	}
	f.mu.Lock()
	people := slices.Clone(f.people)
	f.mu.Unlock()
	for _, t := range f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return t.Customer.Email != "" }) {
		people = append(people, t.Customer)
	}
	if at := slices.IndexFunc(people, is); at >= 0 {
		return people[at], true
	}
	return escalate.Customer{}, false
}

// ticketsOf are the tickets of a contact, in no order that anybody promised, each as often as it is associated.
func (f *Fake) ticketsOf(c escalate.Customer) (ids []any) {
	for _, t := range f.Book.Tickets(func(t *helpdesktest.Ticket) bool { return !t.Deleted && t.Merged == "" && t.Customer.Email == c.Email }) {
		one := map[string]any{"id": t.ID, "type": "contact_to_ticket"}
		ids = append(ids, one, one)
	}
	return ids
}

func (f *Fake) makeContact(r *http.Request) (int, any, *failure) {
	var in struct {
		Properties map[string]string `json:"properties"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	c := escalate.Customer{Email: in.Properties["email"], Name: strings.TrimSpace(in.Properties["firstname"] + " " + in.Properties["lastname"])}
	r.SetPathValue("id", c.Email)
	r.URL.RawQuery = "idProperty=email"
	if _, there := f.person(r); there {
		return 0, nil, &failure{http.StatusConflict, "CONFLICT", "Contact already exists. Existing ID: " + f.contact(c.Email)}
	}
	f.mu.Lock()
	f.people = append(f.people, c)
	f.mu.Unlock()
	return http.StatusCreated, map[string]any{"id": f.contact(c.Email), "properties": in.Properties, "archived": false}, nil
}

// makeTicket makes a ticket as the API does: with no conversation.
func (f *Fake) makeTicket(r *http.Request) (int, any, *failure) {
	var in struct {
		Properties   map[string]string `json:"properties"`
		Associations []tie             `json:"associations"`
	}
	if fail := decode(r, &in); fail != nil {
		return 0, nil, fail
	}
	if in.Properties["hs_pipeline_stage"] == "" {
		return 0, nil, bad("Property values were not valid: hs_pipeline_stage is required")
	}
	r.SetPathValue("id", tied(in.Associations, 16))
	c, ok := f.person(r)
	if !ok {
		return 0, nil, bad("associations: no such contact")
	}
	t := helpdesktest.Ticket{
		Subject: in.Properties["subject"], Status: in.Properties["hs_pipeline_stage"], Customer: c, Extra: map[string]any{"bare": true},
	}
	for name, value := range in.Properties {
		switch name {
		case "subject", "hs_pipeline":
			continue
		}
		if fail := f.mayBe(name, value); fail != nil {
			return 0, nil, fail
		}
		if slices.Contains(own, name) {
			t.Extra[name] = value
		}
	}
	t = f.Book.Open(t)
	return http.StatusCreated, f.record(t, nil), nil
}

func (f *Fake) showForBatch(id string, names []string) (any, bool) {
	t, fail := f.standing(id)
	if fail != nil {
		return nil, false
	}
	return f.record(t, names), true
}
