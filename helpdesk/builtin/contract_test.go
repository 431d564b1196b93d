package builtin_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"warmline/escalate/desk"
	"warmline/helpdesk/builtin"
	"warmline/helpdesk/helpdesktest"
)

var ana = builtin.Agent{ID: "ana", Name: "Ana Ruiz", Email: "ana@shop.example"}

func TestContract(t *testing.T) {
	helpdesktest.Run(t, func(t *testing.T, m *helpdesktest.Middle) helpdesktest.Fixture {
		t.Helper()
		d := open(t, builtin.Options{Agents: []builtin.Agent{ana}, Token: "secret-token"})
		server := httptest.NewServer(m.Wrap(d.Handler()))
		t.Cleanup(server.Close)
		c, err := builtin.Connect(builtin.ConnectOptions{Name: "shop", BaseURL: server.URL, Token: "secret-token"})
		if err != nil {
			t.Fatal(err)
		}
		return helpdesktest.Fixture{
			Desk: c, Name: "shop", Changes: c.Changes,
			Create: func(tb testing.TB, o helpdesktest.Opening) string {
				tb.Helper()
				return create(tb, d, builtin.NewTicket{
					Subject: o.Subject, Text: o.Text, Customer: builtin.Customer{Name: o.Name, Email: o.Email},
				}).ID
			},
			CustomerSays: func(t *testing.T, ticket, text string) {
				t.Helper()
				add(t, d, ticket, builtin.NewMessage{Role: "customer", Text: text})
			},
			CustomerSends: func(t *testing.T, ticket, text string, files []desk.Upload) {
				t.Helper()
				n := builtin.NewMessage{Role: "customer", Text: text}
				for _, f := range files {
					n.Files = append(n.Files, builtin.Upload(f))
				}
				add(t, d, ticket, n)
			},
			CustomerEdits: func(t *testing.T, ticket, text string) {
				t.Helper()
				messages := get(t, d, ticket).Messages
				if _, err := d.Edit(ticket, builtin.Edit{Message: messages[len(messages)-1].ID, Text: text}); err != nil {
					t.Fatal(err)
				}
			},
			Brand: func(t *testing.T, ticket string, n int) string {
				t.Helper()
				name := []string{"North Lamps", "South Lamps"}[n]
				if _, err := d.Patch(ticket, builtin.Patch{Brand: &name}); err != nil {
					t.Fatal(err)
				}
				return name
			},
			Value: func(t *testing.T, ticket, typed string) {
				t.Helper()
				body, err := json.Marshal(map[string]any{"value": helpdesktest.Typed(typed)})
				if err != nil {
					t.Fatal(err)
				}
				r := httptest.NewRequestWithContext(t.Context(), "PATCH", "/desk/api/tickets/"+ticket, bytes.NewReader(body))
				r.Header.Set("Authorization", "Bearer secret-token")
				d.Handler().ServeHTTP(httptest.NewRecorder(), r) // what is no number is refused
			},
			FilesOf: func(t *testing.T, ticket, text string) []desk.Upload { t.Helper(); return held(t, d, ticket, text) },
			Count: func(t *testing.T, ticket, text string) (n int) {
				t.Helper()
				for _, m := range get(t, d, ticket).Messages {
					if m.Text == text {
						n++
					}
				}
				return n
			},
			Agent: "ana", AgentName: ana.Name, AgentEmail: "Ana@shop.example", Missing: "404404",
		}
	})
}

// held returns the files of all messages with a text, as the desk gives them to its token.
func held(t *testing.T, d *builtin.Desk, ticket, text string) (all []desk.Upload) {
	t.Helper()
	for _, m := range get(t, d, ticket).Messages {
		for _, f := range m.Files {
			if m.Text != text {
				continue
			}
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/desk/api/tickets/"+ticket+"/messages/"+m.ID+"/files/"+f.ID, nil)
			r.Header.Set("Authorization", "Bearer secret-token")
			w := httptest.NewRecorder()
			d.Handler().ServeHTTP(w, r)
			all = append(all, desk.Upload{Name: f.Name, Type: w.Header().Get("Content-Type"), Body: w.Body.Bytes()})
		}
	}
	return all
}

func open(t *testing.T, o builtin.Options) *builtin.Desk {
	t.Helper()
	d, err := builtin.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func create(tb testing.TB, d *builtin.Desk, n builtin.NewTicket) *builtin.Ticket {
	tb.Helper()
	if n.Customer.Email == "" {
		n.Customer = builtin.Customer{Name: "Ina Berg", Email: "ina@customer.example"}
	}
	if n.Text == "" {
		n.Text = "It does not charge."
	}
	ticket, err := d.Create(n)
	if err != nil {
		tb.Fatal(err)
	}
	return ticket
}

func add(t *testing.T, d *builtin.Desk, ticket string, n builtin.NewMessage) *builtin.Message {
	t.Helper()
	m, err := d.Add(ticket, n)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func get(t *testing.T, d *builtin.Desk, ticket string) *builtin.Ticket {
	t.Helper()
	found, err := d.Ticket(ticket)
	if err != nil {
		t.Fatal(err)
	}
	return found
}
