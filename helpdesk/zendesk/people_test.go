package zendesk_test

import (
	"testing"
	"time"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk/helpdesktest"
)

//nolint:unparam // it reads as what it is
func named(name string) desk.Write {
	w := reply()
	w.Author = name
	return w
}

// TestOnlyOneOfANameGivesIt: whoever could be two people is nobody in particular, and a customer's name is no agent's.
func TestOnlyOneOfANameGivesIt(t *testing.T) {
	for name, tc := range map[string]struct {
		agents []helpdesktest.Agent
		want   string // whom Zendesk names
	}{
		"one":         {[]helpdesktest.Agent{{ID: "9000011", Name: "Ana Ruiz", Email: "ana@shop.example"}}, "9000011"},
		"two":         {[]helpdesktest.Agent{{ID: "9000011", Name: "Ana Ruiz", Email: "ana@shop.example"}, {ID: "9000012", Name: "ana ruiz", Email: "ana2@shop.example"}}, "9000001"},
		"none":        {[]helpdesktest.Agent{{ID: "9000012", Name: "Ana Ruiz-Soto", Email: "soto@shop.example"}}, "9000001"},
		"in capitals": {[]helpdesktest.Agent{{ID: "9000011", Name: "ANA RUIZ", Email: "ana@shop.example"}}, "9000011"},
	} {
		t.Run(name, func(t *testing.T) {
			w := start(t)
			w.book.Agents = tc.agents
			ticket := w.fake.Opens(helpdesktest.Opening{Name: "Ana Ruiz", Email: "other@customer.example", Subject: "x", Text: "A customer of that name."})
			w.write(ticket, named("Ana Ruiz"))
			held := w.fake.Held(ticket, text)
			if len(held) != 1 || held[0].Author != tc.want {
				t.Errorf("held as %+v, want the author %s", held, tc.want)
			}
			m := w.read(ticket).Content.Messages[1]
			if m.Role != escalate.RoleAgent || m.Author != "Ana Ruiz" || m.Marker != "reply-1" {
				t.Errorf("it reads as %+v: the person's name must not be lost", m)
			}
		})
	}
}

func TestANameIsLookedUpOnceInAWhile(t *testing.T) {
	w := start(t)
	ticket := w.create()
	searches := func() (n int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, call := range w.calls {
			if call == "GET /api/v2/users/search" {
				n++
			}
		}
		return n
	}
	w.write(ticket, named("Ana Ruiz"))
	w.write(ticket, named("Ana Ruiz"))
	if n := searches(); n != 1 {
		t.Errorf("%d searches, want 1", n)
	}
	w.clock.Pass(11 * time.Minute)
	w.write(ticket, named("Ana Ruiz"))
	if n := searches(); n != 2 {
		t.Errorf("%d searches, want 2", n)
	}
}

// TestNobodyElseHasOurMarker: a customer has no metadata, but what if; and an agent's integration may write some.
func TestNobodyElseHasOurMarker(t *testing.T) {
	w := start(t)
	ticket := w.create()
	marked := map[string]any{"custom": map[string]any{"warmline_key": "reply-1", "warmline_author": "Ana Ruiz"}}
	bare := map[string]any{"custom": map[string]any{"warmline_key": "reply-1"}}
	w.book.Add(ticket, helpdesktest.Message{Author: "ina@customer.example", Public: true, Body: "1", Extra: marked})
	w.book.Add(ticket, helpdesktest.Message{Author: "cc@customer.example", Public: true, Body: "2", Extra: marked})
	w.book.Add(ticket, helpdesktest.Message{Author: w.book.Agents[1].ID, Public: true, Body: "3", Extra: bare})
	w.book.Add(ticket, helpdesktest.Message{Author: "ina@customer.example", Public: true, Body: "4 [ref:reply-1] warmline_key=reply-1"})
	w.book.Add(ticket, helpdesktest.Message{Author: "9000001", Public: true, Body: "5", Extra: map[string]any{"custom": "reply-1"}})
	for _, m := range w.read(ticket).Content.Messages {
		if m.Marker != "" || m.Role == escalate.RoleBot {
			t.Errorf("%q has the marker %q as %s", m.Text, m.Marker, m.Role)
		}
	}
}

func TestWhoWroteWhat(t *testing.T) {
	w := start(t)
	ticket := w.create()
	for _, m := range []helpdesktest.Message{
		{Author: "ina@customer.example", Public: true, Body: "customer"},
		{Author: "cc@partner.example", Public: true, Body: "participant"},
		{Author: "9000011", Public: true, Body: "agent"},
		{Author: "9000012", Body: "agent, internal"},
		{Author: "9000001", Public: true, Body: "agent (our user, but not us)"},
		{Author: "-1", Public: true, Body: "bot, automatic"},
	} {
		w.book.Add(ticket, m)
	}
	for _, m := range w.read(ticket).Content.Messages[1:] {
		got := string(m.Role)
		if !m.Public {
			got += ", internal"
		}
		if m.Auto {
			got += ", automatic"
		}
		if m.Text != got && m.Text != got+" (our user, but not us)" {
			t.Errorf("%q reads as %s", m.Text, got)
		}
	}
}

func TestAgentByEmailFindsNoCustomer(t *testing.T) {
	w := start(t)
	w.create()
	for email, want := range map[string]escalate.AgentID{
		"ana@shop.example": "9000011", " BEN@shop.example ": "9000012", "ina@customer.example": "", "a@shop.example": "", "": "", `"`: "",
		`x" OR role:admin "`: "",
	} {
		got, err := w.c.AgentByEmail(t.Context(), email)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", email, got, err)
		}
	}
}

// TestOpenAsksNobodyToConfirmTheirAddress, and the customer is the author of what they wrote.
func TestOpenAsksNobodyToConfirmTheirAddress(t *testing.T) {
	w := start(t)
	o := desk.Opening{Key: "press-1", Subject: "Call back", Text: "Please call me.", Customer: escalate.Customer{Email: "new@customer.example"}, Tags: []string{"Phone Call"}}
	id, err := w.c.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if w.fake.Mailed("new@customer.example") {
		t.Error("Zendesk mailed the customer to confirm their address")
	}
	s := w.read(id)
	if m := s.Content.Messages[0]; m.Role != escalate.RoleCustomer || m.Email != "new@customer.example" || s.Content.Customer.Name != "new" {
		t.Errorf("it reads as %+v of %+v", m, s.Content.Customer)
	}
	w.clock.Pass(3 * time.Hour) // Zendesk forgets the key after two
	if again, err := w.c.Open(t.Context(), o); err != nil || again != id {
		t.Errorf("three hours later the same key opened %q, %v; want %s", again, err, id)
	}
	if _, err := w.c.Open(t.Context(), desk.Opening{Subject: "x", Text: "x", Customer: o.Customer}); err == nil {
		t.Error("a ticket was opened without a key")
	}
}

// TestTheSearchMayLag: whoever it does not show yet is not made a second time.
func TestTheSearchMayLag(t *testing.T) {
	w := start(t)
	w.fake.Lag = time.Hour
	customer := escalate.Customer{Name: "Ina Berg", Email: "ina@customer.example"}
	first, err := w.c.Open(t.Context(), desk.Opening{Key: "press-1", Subject: "x", Text: "x", Customer: customer})
	if err != nil {
		t.Fatal(err)
	}
	second, err := w.c.Open(t.Context(), desk.Opening{Key: "press-2", Subject: "x", Text: "x", Customer: customer})
	if err != nil || second == first {
		t.Fatalf("the second is %q, %v", second, err)
	}
	if a, b := w.read(first).Content.Customer, w.read(second).Content.Customer; a.Email != b.Email || a.Name != b.Name {
		t.Errorf("they are of %+v and %+v", a, b)
	}
}

// Who has chosen no time zone has the account's, and so do we: that one says nothing.
func TestACustomersZoneIsTheirsOnlyWhereItIsNotTheAccounts(t *testing.T) {
	w := start(t)
	for _, home := range []string{"Europe/Berlin", "Europe/Lisbon"} {
		w.fake.Home = home
		w.connect(nil) // it asks only once who it is
		s, err := w.c.Read(t.Context(), w.create())
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"Europe/Berlin": "Europe/Lisbon"}[home]
		if got := s.Content.Customer.Zone; got != want {
			t.Errorf("in an account of %s: %q, want %q", home, got, want)
		}
	}
}
