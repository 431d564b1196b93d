package zendesktest

import (
	"net/http"
	"strings"
	"time"

	"warmline/helpdesk/helpdesktest"
)

// person is a customer.
type person struct {
	id, name, email string
	since           time.Time
	verified        bool // no mail asked them to confirm their address
}

// Agents are two people who answer tickets; Ana is whom the Fixture speaks of.
func Agents() []helpdesktest.Agent {
	return []helpdesktest.Agent{
		{ID: "9000011", Name: "Ana Ruiz", Email: "ana@shop.example"},
		{ID: "9000012", Name: "Ben Okafor", Email: "ben@shop.example"},
	}
}

// customer finds or makes a customer.
func (f *Fake) customer(name, email string) person {
	next := f.book.Next()
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.people[strings.ToLower(email)]
	if !ok {
		p = person{id: "70" + itoa(next), name: name, email: email, since: f.now()}
		f.people[strings.ToLower(email)] = p
	}
	return p
}

// author is the user behind a message's author: an agent's id, our own, Zendesk's, or a customer's e-mail address.
func (f *Fake) author(of string, t *helpdesktest.Ticket) map[string]any {
	if of == UserID {
		return f.me()
	}
	if a, ok := f.book.Agent(of); ok {
		return userJSON(a.ID, a.Name, a.Email, "agent")
	}
	if of == "-1" {
		return nil // Zendesk itself is in no list of users
	}
	name := of
	if strings.EqualFold(of, t.Customer.Email) && t.Customer.Name != "" {
		name = t.Customer.Name
	}
	p := f.customer(name, of)
	return userJSON(p.id, p.name, p.email, "end-user")
}

func (f *Fake) me() map[string]any {
	u := userJSON(UserID, "Warmline", Email, f.role())
	if u["only_private_comments"] = f.Light; f.Home != "" {
		u["iana_time_zone"] = f.Home
	}
	u["ticket_restriction"] = orNull(f.Restricted)
	return u
}

// zoneOf is where people live: those who answer in Berlin, customers in Lisbon.
func zoneOf(role string) string {
	if role == "end-user" {
		return "Europe/Lisbon"
	}
	return "Europe/Berlin"
}

func userJSON(id, name, email, role string) map[string]any {
	return map[string]any{
		"id": number(id), "url": "https://shop.zendesk.example/api/v2/users/" + id + ".json", "name": name, "email": email, "role": role,
		"created_at": "2025-03-01T08:00:00Z", "updated_at": "2025-03-01T08:00:00Z", "time_zone": "Berlin", "phone": nil, "photo": nil,
		"active": true, "suspended": false, "verified": true, "shared": false, "role_type": nil, "alias": nil, "organization_id": nil,
		"tags": []string{}, "user_fields": map[string]any{"plan": "Pro", "vip": nil}, "only_private_comments": false, "ticket_restriction": nil,
		"iana_time_zone": zoneOf(role), "something_new": map[string]any{"since": 2026},
	}
}

// showMe answers whoever brings no credentials as somebody anonymous, with 200.
func (f *Fake) showMe(w http.ResponseWriter, r *http.Request) {
	ours, none := authorized(r)
	switch {
	case none:
		u := userJSON("", "Anonymous user", "invalid@example.com", "end-user")
		answer(w, http.StatusOK, map[string]any{"user": u})
	case !ours:
		answer(w, http.StatusUnauthorized, map[string]any{"error": "Couldn't authenticate you"})
	default:
		answer(w, http.StatusOK, map[string]any{"user": f.me()})
	}
}

// searchUsers finds by a part of a name or an address, whoever it is.
func (f *Fake) searchUsers(w http.ResponseWriter, r *http.Request) {
	text := strings.ToLower(strings.Trim(r.URL.Query().Get("query"), `"`))
	found := []map[string]any{}
	add := func(u map[string]any) {
		if strings.Contains(strings.ToLower(u["name"].(string)+" "+u["email"].(string)), text) {
			found = append(found, u)
		}
	}
	for _, a := range f.book.Agents {
		add(userJSON(a.ID, a.Name, a.Email, "agent"))
	}
	add(f.me())
	f.mu.Lock()
	for _, p := range f.people {
		if f.now().Sub(p.since) >= f.Lag {
			add(userJSON(p.id, p.name, p.email, "end-user"))
		}
	}
	f.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"users": found, "count": len(found), "next_page": nil, "previous_page": nil})
}

func (f *Fake) createUser(w http.ResponseWriter, r *http.Request) {
	var in struct {
		User struct {
			Name  string `json:"name"`
			Email string `json:"email"`
			Skip  bool   `json:"skip_verify_email"`
		} `json:"user"`
	}
	if !read(w, r, &in) {
		return
	}
	if in.User.Name == "" || in.User.Email == "" {
		problem(w, http.StatusUnprocessableEntity, "RecordInvalid", "Record validation errors")
		return
	}
	p := f.customer(in.User.Name, in.User.Email)
	f.mu.Lock()
	p.verified = in.User.Skip
	f.people[strings.ToLower(p.email)] = p
	f.mu.Unlock()
	answer(w, http.StatusCreated, map[string]any{"user": userJSON(p.id, p.name, p.email, "end-user")})
}

// Mailed reports whether a customer was asked by mail to confirm their address.
func (f *Fake) Mailed(email string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, ok := f.people[strings.ToLower(email)]
	return ok && !p.verified
}

// whose is the book's author behind a user's id.
func (f *Fake) whose(id string) (author string, ok bool) {
	if a, ok := f.book.Agent(id); ok {
		return a.ID, true
	}
	if id == UserID {
		return id, true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.people {
		if p.id == id {
			return p.email, true
		}
	}
	return "", false
}
