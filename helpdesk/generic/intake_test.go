package generic_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/generic"
	"warmline/helpdesk/generic/generictest"
	"warmline/helpdesk/helpdesktest"
)

// mapping is a mapping that is right, with changes to its text.
func mapping(t *testing.T, source string, oldNew ...string) *generic.Mapping {
	t.Helper()
	m, faults := generic.CheckMapping([]byte(changed(t, source, oldNew...)))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return m
}

func changed(t *testing.T, source string, oldNew ...string) string {
	t.Helper()
	for i := 0; i < len(oldNew); i += 2 {
		if !strings.Contains(source, oldNew[i]) {
			t.Fatalf("the mapping has no %q", oldNew[i])
		}
		source = strings.ReplaceAll(source, oldNew[i], oldNew[i+1])
	}
	return source
}

func hooks(mapping string) func([]string, func() time.Time) (helpdesk.Intake, error) {
	return func(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
		return generic.Vendor.Intake(helpdesk.Account{Name: "shop", HookSecrets: secrets, Now: now, Settings: map[string]string{"mapping": mapping}})
	}
}

func TestIntakeOfStandardWebhooks(t *testing.T) {
	fake := generictest.New(&helpdesktest.Book{})
	id := fake.Open(ina, "mail")
	const today, before, foreign = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "whsec_YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjAx", "whsec_enp6enp6enp6enp6enp6enp6enp6enp6"
	_, body := fake.Hook(today, "evt_1", time.Now(), id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: hooks(generictest.Rich),
		Sign: func(secret string, at time.Time, body []byte) http.Header {
			header := http.Header{}
			if err := helpdesk.SignWebhook(header, secret, "evt_1", at, body); err != nil {
				t.Fatal(err)
			}
			return header
		},
		Body: body, Tickets: []string{id}, Signature: "Webhook-Signature", TimeHeader: "Webhook-Timestamp",
		Secret: today, Older: before, Foreign: foreign,
	})
}

// TestIntakeOfSHA256 flips bits of the signature in hexadecimal, where the case of a letter says the same: that is the encoding's.
func TestIntakeOfSHA256(t *testing.T) {
	fake := generictest.NewPoor(&helpdesktest.Book{})
	id := fake.Open(ina, "mail")
	_, body := fake.Hook("secret-of-today", "d-1", time.Now(), id)
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: hooks(generictest.Poor),
		Sign: func(secret string, _ time.Time, body []byte) http.Header {
			return generictest.Signed(secret, "d-1", body)
		},
		Body: body, Tickets: []string{id}, Signature: "X-Desk-Signature",
		Secret: "secret-of-today", Older: "secret-of-yesterday", Foreign: "secret-of-others",
	})
}

func tokenMapping(t *testing.T) string {
	t.Helper()
	return changed(t, generictest.Poor, "style: sha256", "style: token", "X-Desk-Signature", "X-Desk-Token", "  prefix: sha256=\n", "", "header X-Desk-Delivery", "body")
}

func TestIntakeOfTokens(t *testing.T) {
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: hooks(tokenMapping(t)),
		Sign: func(secret string, _ time.Time, _ []byte) http.Header {
			header := http.Header{}
			header.Set("X-Desk-Token", secret)
			return header
		},
		Body: []byte(`{"ticket": 1042, "what": "post"}`), Tickets: []string{"1042"}, Signature: "X-Desk-Token", Unsigned: true,
		Secret: "token-of-today", Older: "token-of-yesterday", Foreign: "token-of-others",
	})
}

// TestTheSameBodyAgainIsNoRepeatWhereTheIDDiffers: a helpdesk that says no more than which ticket changed sends the same body each
// time, and the second change must not count as the first.
func TestTheSameBodyAgainIsNoRepeatWhereTheIDDiffers(t *testing.T) {
	body := []byte(`{"ticket": 7}`)
	in, err := mapping(t, generictest.Poor).Intake([]string{"secret-of-today"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	first, err1 := in.Verify(generictest.Signed("secret-of-today", "d-1", body), body)
	second, err2 := in.Verify(generictest.Signed("secret-of-today", "d-2", body), body)
	if err1 != nil || err2 != nil || first == second {
		t.Errorf("deliveries %q and %q, %v, %v", first, second, err1, err2)
	}
	header := generictest.Signed("secret-of-today", "", body)
	if _, err := in.Verify(header, body); err == nil {
		t.Error("a delivery without the id that the mapping names passes")
	}
}

// TestABodyThatSaysWhenItWasSentGrowsOld holds the time to five minutes, where the mapping names it.
func TestABodyThatSaysWhenItWasSentGrowsOld(t *testing.T) {
	m := mapping(t, generictest.Poor, "id: header X-Desk-Delivery", "id: path event\n  at: sent")
	body := []byte(`{"ticket": 7, "event": "e-1", "sent": 1795435200}`)
	now := time.Unix(1795435200, 0)
	in, err := m.Intake([]string{"secret-of-today"}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	for off, taken := range map[time.Duration]bool{0: true, 299 * time.Second: true, -299 * time.Second: true, 301 * time.Second: false, -301 * time.Second: false} {
		now = time.Unix(1795435200, 0).Add(off)
		if id, err := in.Verify(generictest.Signed("secret-of-today", "x", body), body); (err == nil) != taken || taken && id != "id:e-1" {
			t.Errorf("%s off: %q, %v", off, id, err)
		}
	}
	without := []byte(`{"ticket": 7, "event": "e-1"}`)
	if _, err := in.Verify(generictest.Signed("secret-of-today", "x", without), without); err == nil {
		t.Error("a body that does not say when it was sent passes")
	}
}

func TestWebhooksNameTickets(t *testing.T) {
	in, err := mapping(t, generictest.Rich, "style: standard", "style: sha256\n  header: X-S\n  id: body\n  only: {path: event, is: [case.changed, cases.changed]}").Intake([]string{"secret-of-today"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string][]helpdesk.Hint{
		`{"event": "case.changed", "case": {"id": "CS-7", "channel": "livechat"}}`:                       {{Ticket: "CS-7", Urgent: true}},
		`{"event": "case.changed", "case": {"id": 12345678901234567890, "channel": null}, "cases": []}`:  {{Ticket: "12345678901234567890"}},
		`{"event": "cases.changed", "cases": [{"id": "a"}, {"id": null}, {}, {"id": "b"}, {"id": "a"}]}`: {{Ticket: "a"}, {Ticket: "b"}},
		`{"event": "agent.online", "agent": {"id": 7}}`:                                                  nil,
	} {
		got, err := in.Parse([]byte(body))
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %+v, %v", body, got, err)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %+v", body, got)
			}
		}
	}
	for _, body := range []string{
		``, `null x`, `{"event": "case.changed"}`, `{"event": "case.changed", "case": {"id": {"$oid": "7"}}}`, `{"event": "case.changed", "case": {"id": ""}}`,
		`{"event": "case.changed", "case": {"id": "` + strings.Repeat("9", 300) + `"}}`, `{"event": "cases.changed", "cases": [` + manyIDs(101) + `]}`,
	} {
		if got, err := in.Parse([]byte(body)); err == nil {
			t.Errorf("%.60s passes as %+v", body, got)
		}
	}
}

func manyIDs(n int) string {
	var out []string
	for i := range n {
		out = append(out, `{"id": "t`+strings.Repeat("i", i)+`"}`)
	}
	return strings.Join(out, ",")
}

func FuzzWebhook(f *testing.F) {
	f.Add([]byte(`{"case": {"id": "CS-7", "channel": "livechat"}}`))
	f.Add([]byte(`{"cases": [{"id": 1}, {"id": "2"}]}`))
	f.Add([]byte(`[[[[{}]]]]`))
	m, faults := generic.CheckMapping([]byte(generictest.Rich))
	if len(faults) > 0 {
		f.Fatal(faults)
	}
	in, err := m.Intake([]string{"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := in.Parse(body)
		if err == nil && len(hints) == 0 {
			t.Errorf("%q names no ticket, and passes", body)
		}
		for _, h := range hints {
			if len(h.Ticket) > 255 {
				t.Errorf("a ticket's id of %d bytes", len(h.Ticket))
			}
		}
	})
}
