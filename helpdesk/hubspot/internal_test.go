package hubspot

import (
	"encoding/json"
	"testing"
	"time"
)

func TestTimesComeInSeveralForms(t *testing.T) {
	want := time.Date(2026, 11, 23, 12, 0, 0, 123_000_000, time.UTC)
	for _, s := range []text{"2026-11-23T12:00:00.123Z", "1795435200123", "2026-11-23T13:00:00.123+0100", "2026-11-23T12:00:00.123", " 1795435200123 "} {
		if got := s.time(); !got.Equal(want) {
			t.Errorf("%q: got %s", s, got)
		}
	}
	for _, s := range []text{"", "yesterday", "-5", "0", "99999999999999999"} {
		if got := s.time(); !got.IsZero() {
			t.Errorf("%q: got %s", s, got)
		}
	}
}

func TestNullsAndNumbersAreTaken(t *testing.T) {
	var r record
	body := `{"id":21000000001,"properties":{"subject":null,"hs_lastmodifieddate":"2026-11-23T12:00:00.123Z","n":7,"b":true,"o":{}},"associations":null,"new":[1]}`
	if err := json.Unmarshal([]byte(body), &r); err != nil {
		t.Fatal(err)
	}
	if r.ID != "21000000001" || r.Properties["subject"] != "" || r.Properties["n"] != "7" || r.Properties["b"] != "true" || r.changed() != 1795435200123 {
		t.Errorf("%+v", r)
	}
	var m message
	if err := json.Unmarshal([]byte(`{"id":"m","type":"MESSAGE","client":null,"senders":null,"recipients":[{"deliveryIdentifier":null}],"attachments":null,"status":null,"text":null}`), &m); err != nil {
		t.Fatal(err)
	}
	if !m.inbound() || m.failed() || m.plain() != "" {
		t.Errorf("%+v", m)
	}
}

func TestWhoWroteAMessageThatDoesNotSayWhereItWent(t *testing.T) {
	for author, want := range map[text]bool{"V-1": true, "": true, "A-1": false, "B-1": false, "S-hubspot": false} {
		if got := (&message{Type: kindMessage, CreatedBy: author}).inbound(); got != want {
			t.Errorf("%q: inbound %t, want %t", author, got, want)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add([]byte(`{"id":"m","type":"MESSAGE","createdAt":"2026-11-23T12:00:00Z","client":{"clientType":"INTEGRATION","integrationAppId":1},"senders":[{"actorId":"A-1","name":null}],"richText":"<p>x<br>[ref:k]</p>","attachments":[{"type":"FILE","fileId":"1"}]}`))
	f.Add([]byte(`{"type":"COMMENT","text":"— Ana\n[ref:k]"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var m message
		if json.Unmarshal(body, &m) != nil {
			return
		}
		c := &Connector{sender: "bot@shop.example", now: time.Now, actors: map[string]actor{}}
		who, name := m.author()
		r := reading{c: c, refs: map[string]bool{}, customer: contact{id: "1", email: "ina@customer.example"}}
		if m.Type == kindComment && m.inbound() {
			t.Errorf("a comment came to us: %s", body)
		}
		s := cutSign(m.plain())
		if r.byApp(&m, s.key) && m.Client != nil && m.Client.Type != "" && m.Client.Type != "INTEGRATION" {
			t.Errorf("by an app: %s", body)
		}
		_, _, _, _ = who, name, filesOf(m.Attachments), m.truncated()
		for i := range m.Senders {
			_ = r.isCustomer(&m.Senders[i])
		}
	})
}
