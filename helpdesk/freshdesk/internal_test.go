package freshdesk

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFilesMayLieWhereFreshdeskKeepsThem(t *testing.T) {
	for host, keeps := range map[string]bool{
		"s3.amazonaws.com": true, "attachment.freshdesk.com": true, "acme.example": false, "freshdesk.com.evil.example": false, "evilfreshdesk.com": false,
	} {
		if keepsFiles(host) != keeps {
			t.Errorf("%s: want %v", host, keeps)
		}
	}
}

func TestAccountsAreNamedInManyWays(t *testing.T) {
	for domain, want := range map[string]string{
		"acme": "https://acme.freshdesk.com", " acme.freshdesk.com ": "https://acme.freshdesk.com", "https://acme.freshdesk.com/a/tickets": "https://acme.freshdesk.com",
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://localhost:8080/": "http://localhost:8080",
		"": "", "http://acme.freshdesk.com": "", "ftp://acme.freshdesk.com": "", "https://": "", "https://a:b@acme.freshdesk.com": "", "ac me": "", "://": "",
		"help.acme.example": "", "https://help.acme.example": "", "https://freshdesk.com": "", "https://acme.freshdesk.com.evil.example": "", "https://evilfreshdesk.com": "",
	} {
		site, err := siteOf(domain)
		if got := fmt.Sprint(site); (err == nil) != (want != "") || err == nil && got != want {
			t.Errorf("%q: %s, %v; want %q", domain, got, err, want)
		}
	}
}

func TestTheKeyIsNotPrinted(t *testing.T) {
	o := Options{Name: "shop", Domain: "acme", Key: "secret-key"}
	c, err := Connect(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprint(o), fmt.Sprintf("%+v", o), fmt.Sprintf("%#v", o), fmt.Sprintf("%v", c.site)} {
		if strings.Contains(printed, "secret-key") {
			t.Errorf("the key shows in %s", printed)
		}
	}
	if _, err := Connect(Options{Domain: "acme", Key: "  "}); err == nil {
		t.Error("an account without a key connects")
	}
}

func TestAnswersAreReadInAnyForm(t *testing.T) {
	for text, want := range map[string]ticket{
		`{}`: {}, `null`: {}, `{"id": null, "status": null, "tags": null, "due_by": null, "spam": null, "stats": null, "attachments": null}`: {},
		`{"id": 42, "status": "3", "requester_id": "43"}`: {ID: "42", Status: 3, RequesterID: "43"}, `{"status": 2.5, "priority": {}}`: {},
		`{"id": 90071992547409931234, "due_by": "later"}`: {ID: "90071992547409931234"},
	} {
		var got ticket
		if err := json.Unmarshal([]byte(text), &got); err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	noon := time.Date(2014, 7, 28, 10, 50, 3, 0, time.UTC)
	for _, text := range []string{"2014-07-28T16:20:03+05:30", "2014-07-28T10:50:03Z", "2014-07-28T16:20:03+0530", "2014-07-28 16:20:03 +0530", "2014-07-28T10:50:03.000Z", "2014-07-28T10:50:03"} {
		var got moment
		if err := json.Unmarshal([]byte(`"`+text+`"`), &got); err != nil || !got.Equal(noon) {
			t.Errorf("%s reads as %s, %v", text, got, err)
		}
	}
}

func TestStructuredTextIsReadInAnyForm(t *testing.T) {
	for raw, want := range map[string]string{
		`{"body_contents": [{"type": "text", "data": {"text": "Hi"}}, {"type": "text", "data": "there"}]}`: "Hi\nthere",
		`{"body_contents": [{"type": "image", "data": {"url": "x"}}, {"data": {"content": "Hi"}}]}`:        "Hi",
		`{"body_contents": null}`: "", `null`: "", `[]`: "", `"x"`: "", ``: "", `{"body_contents": [{"type": "text", "data": 5}]}`: "",
	} {
		if got := structured(json.RawMessage(raw)); got != want {
			t.Errorf("%s: %q, want %q", raw, got, want)
		}
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"id": 1, "body": "<div>Hi [ref:a]</div>", "user_id": 5, "source": 0, "created_at": "2016-05-19T05:36:14Z"}`)
	f.Add(`{"id": "1", "body_text": "Hi", "private": true, "incoming": true, "from_email": "Ina <ina@x.example>", "attachments": [{"id": 1, "size": -1}]}`)
	f.Add(`{"structured_body": {"body_contents": [{"data": "Hi\n\n— Ana\n\n[ref:k:signed]"}]}, "user_id": 7}`)
	f.Fuzz(func(t *testing.T, text string) {
		var one conversation
		if json.Unmarshal([]byte(text), &one) != nil {
			return
		}
		r := reading{me: &person{ID: "7"}, bot: "AI assistant", requester: contact{ID: "5"}, agents: map[ident]person{"8": {ID: "8"}}, refs: map[string]bool{}}
		m, ok := r.message(&one)
		switch {
		case !ok:
			return
		case m.Public && one.Private:
			t.Errorf("a private message reads as public: %+v", m)
		case m.Role == "":
			t.Errorf("nobody said it: %+v", m)
		case m.Marker != "" && (one.UserID != "7" && one.UserID != "8" || one.UserID == "8" && !m.Public):
			t.Errorf("the reference of somebody else counts: %+v", m)
		case strings.ContainsRune(m.Text, 0):
			t.Errorf("a NUL came through: %q", m.Text)
		}
	})
}

func FuzzHook(f *testing.F) {
	f.Add([]byte(`{"ticket": "1042", "source": "Chat"}`))
	f.Add([]byte(`{"ticket": 1042}`))
	f.Add([]byte(HookBody))
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := ParseHook(body)
		if err != nil {
			return
		}
		if len(hints) != 1 || strings.Trim(hints[0].Ticket, "0123456789") != "" || hints[0].Ticket == "" || hints[0].Ticket[0] == '0' {
			t.Errorf("%q names %+v", body, hints)
		}
	})
}
