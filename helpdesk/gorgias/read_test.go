package gorgias_test

import (
	"testing"

	"warmline/escalate"
	"warmline/helpdesk/gorgias/gorgiastest"
	"warmline/helpdesk/helpdesktest"
)

func participant(email, text string) helpdesktest.Message {
	return helpdesktest.Message{Role: escalate.RoleParticipant, Author: email, Public: true, Body: "<p>" + text + "</p>"}
}

// TestWhatAMailQuotesIsNotRead holds reading to what Gorgias strips: the body repeats what was said before.
func TestWhatAMailQuotesIsNotRead(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	fake.Says(id, "Still dark.")
	if m := last(t, c, id); m.Text != "Still dark." {
		t.Errorf("read %q", m.Text)
	}
}

func TestWhoWroteWhat(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	ana := fake.Book.Agents[0]
	for _, test := range []struct {
		name    string
		message helpdesktest.Message
		meta    gorgiastest.Meta
		want    escalate.Message
	}{
		{
			"an agent",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: ana.ID, Public: true},
			gorgiastest.Meta{},
			escalate.Message{Role: escalate.RoleAgent, Author: ana.Name, Email: ana.Email, Public: true},
		},
		{
			"an agent's note",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: ana.ID},
			gorgiastest.Meta{Channel: "internal-note"},
			escalate.Message{Role: escalate.RoleAgent, Author: ana.Name, Email: ana.Email},
		},
		{
			"a note that says that it is public",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: ana.ID, Public: true},
			gorgiastest.Meta{Channel: "internal-note"},
			escalate.Message{Role: escalate.RoleAgent, Author: ana.Name, Email: ana.Email},
		},
		{
			"a rule in an agent's name",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: ana.ID, Public: true},
			gorgiastest.Meta{Via: "rule", Rule: 7},
			escalate.Message{Role: escalate.RoleBot, Author: ana.Name, Email: ana.Email, Public: true, Auto: true},
		},
		{
			"a rule in nobody's name",
			helpdesktest.Message{Role: escalate.RoleBot, Public: true},
			gorgiastest.Meta{Via: "rule"},
			escalate.Message{Role: escalate.RoleBot, Author: "Gorgias", Public: true, Auto: true},
		},
		{
			"somebody with the bot's sign-in",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: gorgiastest.Me.ID, Public: true},
			gorgiastest.Meta{},
			escalate.Message{Role: escalate.RoleAgent, Author: gorgiastest.Me.Name, Email: gorgiastest.Me.Email, Public: true},
		},
		{
			"another integration's mark",
			helpdesktest.Message{Role: escalate.RoleAgent, Author: ana.ID, Public: true},
			gorgiastest.Meta{External: "aircall:77"},
			escalate.Message{Role: escalate.RoleAgent, Author: ana.Name, Email: ana.Email, Public: true},
		},
		{
			"a partner", participant("lab@partner.example", ""),
			gorgiastest.Meta{},
			escalate.Message{Role: escalate.RoleParticipant, Author: "lab@partner.example", Email: "lab@partner.example", Public: true},
		},
		{
			"a customer with our mark",
			helpdesktest.Message{Role: escalate.RoleCustomer, Author: ina.Email, Public: true},
			gorgiastest.Meta{External: "warmline:reply-1"},
			escalate.Message{Role: escalate.RoleCustomer, Author: ina.Name, Email: ina.Email, Public: true},
		},
	} {
		test.message.Body = "<p>Hello.</p>"
		made := fake.Writes(id, test.message, test.meta)
		got := last(t, c, id)
		test.want.ID, test.want.Text, test.want.At = escalate.MessageID(made), "Hello.", got.At
		if got.Files != nil || got.At.IsZero() {
			t.Errorf("%s: %+v", test.name, got)
		}
		got.Files = nil
		if got.ID != test.want.ID || got.Role != test.want.Role || got.Author != test.want.Author || got.Email != test.want.Email ||
			got.Public != test.want.Public || got.Auto != test.want.Auto || got.Marker != "" || got.Text != test.want.Text {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

func TestWhereATicketIs(t *testing.T) {
	fake, c := account(t, nil)
	for channel, want := range map[string]string{
		"email": "email", "chat": "chat", "facebook-messenger": "chat", "whatsapp": "chat", "contact_form": "web", "phone": "phone", "facebook": "social", "new-one": "other",
	} {
		id := fake.Open(ina, channel)
		s := read(t, c, id)
		if s.Content.Channel != want || s.Stamp != "" || s.Merged != "" {
			t.Errorf("%s: %+v", channel, s)
		}
		if at, site := s.Content.URL, "/app/ticket/"+id; at[len(at)-len(site):] != site {
			t.Errorf("an agent opens it at %s", at)
		}
	}
}

// TestALongTicketIsReadInOrder has more messages than come with the ticket, and a list that lags behind it.
func TestALongTicketIsReadInOrder(t *testing.T) {
	fake, c := account(t, nil)
	id := fake.Open(ina, "email")
	for range 40 {
		fake.Says(id, "More.")
	}
	fake.Lag = 2 * 3e9 // two of the messages
	all := read(t, c, id).Content.Messages
	if len(all) < 39 {
		t.Errorf("read %d messages, want all but those that the list does not show yet", len(all))
	}
	fake.Lag = 0
	all = read(t, c, id).Content.Messages
	for i := 1; i < len(all); i++ {
		if all[i].At.Before(all[i-1].At) || all[i].ID == all[i-1].ID {
			t.Errorf("message %d is not behind the one before", i)
		}
	}
	if len(all) != 41 {
		t.Errorf("read %d messages, want 41", len(all))
	}
}
