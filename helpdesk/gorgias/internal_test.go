package gorgias

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
)

// members are the names under which a shape reads what an answer holds.
func members(v any) (names []string) {
	shape := reflect.TypeOf(v)
	for field := range shape.Fields() {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// TestEveryMemberMayBeNull decodes what has nothing in it, in every form.
func TestEveryMemberMayBeNull(t *testing.T) {
	decoded := map[string]any{"ticket": &ticket{}, "message": &message{}, "user": &user{}, "macro": &macro{}, "integration": &integration{}, "attachment": &attachment{}}
	for name, into := range decoded {
		nulls := map[string]any{"new_member": map[string]any{"a": 1}}
		for _, member := range members(reflect.ValueOf(into).Elem().Interface()) {
			nulls[member] = nil
		}
		body, err := json.Marshal(nulls)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(body, into); err != nil {
			t.Errorf("%s of nulls: %v", name, err)
		}
	}
	r := &reading{me: &user{party: party{ID: "1"}}}
	if m := r.message(&message{}); m.Role != escalate.RoleCustomer || !m.Public {
		t.Errorf("a message of nulls is %+v", m)
	}
	yes := true
	if m := r.message(&message{FromAgent: &yes}); m.Public {
		t.Error("a message of the account's that does not say that it is public is")
	}
}

func TestOddForms(t *testing.T) {
	var m message
	body := `{"id": "77", "ticket_id": 1, "source": "none", "last_sending_error": "bounced", "sender": {"id": "5", "name": null, "firstname": "Ina", "lastname": null},
		"external_id": 12, "created_datetime": "2024-11-05T10:12:13.5", "attachments": [{"url": null, "size": "784554"}, {"url": "https://x.example/a", "name": null, "content_type": null}]}`
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		t.Fatal(err)
	}
	if m.ID != "77" || m.ExternalID != "12" || m.Sender.called() != "Ina" || m.why() != "bounced" || len(filesOf(m.Attachments)) != 1 ||
		!m.CreatedAt.Equal(time.Date(2024, 11, 5, 10, 12, 13, 5e8, time.UTC)) {
		t.Errorf("it reads as %+v", m)
	}
	want := time.Date(2024, 11, 5, 10, 12, 13, 0, time.UTC)
	for _, text := range []string{`"2024-11-05T10:12:13"`, `"2024-11-05T10:12:13+00:00"`, `"2024-11-05T12:12:13+0200"`, `"2024-11-05 10:12:13"`, `"2024-11-05T10:12:13Z"`} {
		var at moment
		if err := json.Unmarshal([]byte(text), &at); err != nil || !at.Equal(want) {
			t.Errorf("%s is %s, %v", text, at, err)
		}
	}
	for _, text := range []string{`null`, `""`, `"soon"`, `0`, `{}`, `[]`, `true`} {
		var at moment
		if err := json.Unmarshal([]byte(text), &at); err != nil || !at.IsZero() {
			t.Errorf("%s is %s, %v", text, at, err)
		}
	}
}

// TestALaterAttemptCountsMore has messages that failed and were then sent, and the other way round.
func TestALaterAttemptCountsMore(t *testing.T) {
	early, late := moment{Time: time.Unix(1, 0)}, moment{Time: time.Unix(2, 0)}
	for _, test := range []struct {
		sent, failed moment
		want         bool
	}{{moment{}, moment{}, false}, {early, moment{}, false}, {moment{}, early, true}, {late, early, false}, {early, late, true}} {
		m := message{SentAt: test.sent, FailedAt: test.failed}
		if got := m.failed(); got != test.want {
			t.Errorf("sent %v, failed %v: %v", test.sent, test.failed, got)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	o := Options{Name: "shop", Account: "acme", Email: "bot@acme.example", Key: "s3cret-key"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, o); strings.Contains(got, "s3cret") {
			t.Errorf("%s prints %s", format, got)
		}
	}
}

// TestAKnownReaderSeesTheMembersThatWeRead holds what we read against the schemas of a reader of real accounts, which are no part of
// this project. What only this project reads is listed with where it stands.
func TestAKnownReaderSeesTheMembersThatWeRead(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	elsewhere := map[string]bool{
		"ticket.spam": true, "ticket.trashed_datetime": true, // reference, "Update a ticket"
		"ticket.messages":     true, // reference, "The Ticket object"; the reader takes them from the list
		"message.attachments": true, // reference, "The TicketMessage object"; the reader leaves files out
	}
	for name, shape := range map[string]any{"tickets": ticket{}, "messages": message{}} {
		raw, err := os.ReadFile(filepath.Join(folder, "gorgias", "tap-schemas", "tap_gorgias", "schemas", name+".json"))
		if err != nil {
			t.Skipf("SKIPPED: no schema of %s; WARMLINE_FIXTURES names the folder that has it", name)
		}
		var schema struct {
			Properties map[string]json.RawMessage `json:"properties"`
		}
		if err := json.Unmarshal(raw, &schema); err != nil || len(schema.Properties) == 0 {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(name, "s")
		for _, member := range members(shape) {
			if _, known := schema.Properties[member]; known == elsewhere[kind+"."+member] {
				t.Errorf("%s.%s: known %v", kind, member, known)
			}
		}
	}
}

func FuzzParseHook(f *testing.F) {
	f.Add([]byte(`{"ticket": "1042", "channel": "chat"}`))
	f.Add([]byte(`{"ticket": 1e9, "channel": null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := ParseHook(body)
		if err == nil && (len(hints) != 1 || !numeric(hints[0].Ticket)) {
			t.Errorf("%q names %+v", body, hints)
		}
	})
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"id": 1, "from_agent": true, "public": true, "external_id": "warmline:k:signed", "body_html": "<p>a</p>", "failed_datetime": "2024-11-05T10:12:13"}`))
	f.Add([]byte(`{"channel": "internal-note", "public": true, "from_agent": true, "external_id": "warmline:k", "stripped_text": "a\u0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var m message
		if json.Unmarshal(body, &m) != nil {
			return
		}
		r := &reading{me: &user{party: party{ID: "1"}}, customer: party{ID: "2"}, bot: "AI"}
		got := r.message(&m)
		switch {
		case got.Public && (m.Channel == internalNote || m.failed()):
			t.Errorf("%s is public", body)
		case got.Marker != "" && (!is(m.FromAgent) || m.failed()):
			t.Errorf("%s counts as sent by us", body)
		case strings.ContainsRune(got.Text, 0) || strings.ContainsRune(got.Author, 0):
			t.Errorf("%s keeps a NUL", body)
		}
		if m.why() == "" {
			t.Error("no reason")
		}
	})
}
