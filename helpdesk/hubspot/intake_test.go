package hubspot_test

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
	"warmline/helpdesk/hubspot"
	"warmline/helpdesk/hubspot/hubspottest"
)

const address = "https://hooks.shop.example/hooks/shop"

func intakeOf(secrets []string, now func() time.Time) (helpdesk.Intake, error) {
	return hubspot.Vendor.Intake(helpdesk.Account{Name: "shop", HookURL: address, HookSecrets: secrets, Now: now})
}

func TestIntake(t *testing.T) {
	fake := hubspottest.New(&helpdesktest.Book{Now: func() time.Time { return noon }})
	_, body := fake.Hook(address, "client-secret-1", "21000000001", "21000000002", "21000000001")
	helpdesktest.RunIntake(t, helpdesktest.IntakeFixture{
		Intake: intakeOf,
		Sign: func(secret string, at time.Time, body []byte) http.Header {
			return hubspottest.Sign(address, secret, at, body)
		},
		Body: body, Tickets: []string{"21000000001", "21000000002"}, Signature: "X-Hubspot-Signature-V3", TimeHeader: "X-Hubspot-Request-Timestamp",
		Secret: "client-secret-1", Older: "client-secret-0", Foreign: "client-secret-x",
	})
}

// HubSpot signs the address, so without knowing it to the letter nothing can be verified, and nothing starts.
func TestWithoutAnAddressThereIsNoIntake(t *testing.T) {
	for _, bad := range []string{"", "hooks.shop.example/hooks/shop", "ftp://hooks.shop.example", "https://hooks.shop.example/h%6Foks", "https://u@hooks.shop.example/", "https://hooks.shop.example/#x", "https:///x"} {
		if _, err := hubspot.Vendor.Intake(helpdesk.Account{Name: "shop", HookURL: bad, HookSecrets: []string{"client-secret-1"}}); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestADeliverySignedForAnotherAddressIsRefused(t *testing.T) {
	in, err := intakeOf([]string{"client-secret-1"}, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`[]`)
	for _, other := range []string{address + "/", "http://hooks.shop.example/hooks/shop", "https://hooks.shop.example/hooks/other", ""} {
		if _, err := in.Verify(hubspottest.Sign(other, "client-secret-1", noon, body), body); err == nil {
			t.Errorf("one for %q passes", other)
		}
	}
	h := hubspottest.Sign(address, "client-secret-1", noon, body)
	if _, err := in.Verify(h, body); err != nil {
		t.Error(err)
	}
}

// vectors are known answers: the first two are printed by HubSpot, in its older versions, the third is made from its formula.
var vectors = []struct{ name, url, body, ms, expected string }{
	{
		"hubspot_v1", "", `[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation",` +
			`"attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]`, "", "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de",
	},
	{"hubspot_v2", "https://www.example.com/webhook_uri", `{"example_field":"example_value"}`, "", "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"},
	{"hubspot_v3", "https://www.example.com/webhook_uri", `{"example_field":"example_value"}`, "1764000000000", "iAAr/vm9iLVYRV+5o2mXGvGuMFgZpiu3UjfFa2OswfU="},
}

const vectorSecret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"

func TestKnownSignatures(t *testing.T) {
	in, err := hubspot.Vendor.Intake(helpdesk.Account{
		HookURL: "https://www.example.com/webhook_uri", HookSecrets: []string{vectorSecret}, Now: func() time.Time { return time.UnixMilli(1764000000000) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		h := http.Header{}
		if v.ms != "" {
			h.Set("X-HubSpot-Signature-v3", v.expected)
			h.Set("X-HubSpot-Request-Timestamp", v.ms)
			if _, err := in.Verify(h, []byte(v.body)); err != nil {
				t.Errorf("%s: %v", v.name, err)
			}
			continue
		}
		// The older versions are neither taken under their own header nor under the new one.
		sum, err := hex.DecodeString(v.expected)
		if err != nil || len(sum) != 32 {
			t.Fatal(err)
		}
		h.Set("X-HubSpot-Signature", v.expected)
		h.Set("X-HubSpot-Signature-Version", v.name[8:])
		h.Set("X-HubSpot-Request-Timestamp", "1764000000000")
		if _, err := in.Verify(h, []byte(v.body)); err == nil {
			t.Errorf("%s passes", v.name)
		}
		h.Set("X-HubSpot-Signature-v3", v.expected)
		if _, err := in.Verify(h, []byte(v.body)); err == nil {
			t.Errorf("%s passes as the third version", v.name)
		}
	}
}

// The vectors that lie beside the project are those above, or more.
func TestKnownSignaturesAreTheSharedOnes(t *testing.T) {
	folder := os.Getenv("WARMLINE_FIXTURES")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "fixtures")
	}
	raw, err := os.ReadFile(filepath.Join(folder, "webhook-signature-vectors.json"))
	if err != nil {
		t.Skip("SKIPPED: webhook-signature-vectors.json is not here; WARMLINE_FIXTURES names its folder")
	}
	all := make(map[string]struct {
		Secret, Body, Expected, URL string
		MS                          string `json:"timestamp_ms"`
	})
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		s := all[v.name]
		if s.Secret != vectorSecret || s.Body != v.body || s.Expected != v.expected || s.URL != v.url || s.MS != v.ms {
			t.Errorf("%s: got %+v, want %+v", v.name, s, v)
		}
	}
}

func TestARepeatedDeliveryHasTheSameID(t *testing.T) {
	in, err := intakeOf([]string{"client-secret-1"}, func() time.Time { return noon })
	if err != nil {
		t.Fatal(err)
	}
	id := func(body string) string {
		got, err := in.Verify(hubspottest.Sign(address, "client-secret-1", noon, []byte(body)), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	first := id(`[{"eventId":1,"attemptNumber":0,"occurredAt":5,"subscriptionType":"ticket.creation","objectId":7}]`)
	equal(t, "the second attempt", id(`[{"eventId":1,"attemptNumber":1,"occurredAt":5,"subscriptionType":"ticket.creation","objectId":7}]`), first)
	for _, other := range []string{
		`[{"eventId":1,"attemptNumber":0,"occurredAt":6,"subscriptionType":"ticket.creation","objectId":7}]`,
		`[{"eventId":1,"attemptNumber":0,"occurredAt":5,"subscriptionType":"ticket.creation","objectId":8}]`, `[]`, `x`,
	} {
		if id(other) == first {
			t.Errorf("%s has the same id", other)
		}
	}
}

func TestWhichTicketsAnEventIsAbout(t *testing.T) {
	for body, want := range map[string][]string{
		`[{"subscriptionType":"ticket.propertyChange","objectId":7,"propertyName":"hs_last_message_received_at","new":null}]`:      {"7"},
		`[{"subscriptionType":"ticket.deletion","objectId":"7"},{"subscriptionType":"ticket.restore","objectId":8}]`:               {"7", "8"},
		`[{"subscriptionType":"ticket.merge","objectId":9,"primaryObjectId":7,"mergedObjectIds":[8],"newObjectId":9}]`:             {"9", "7", "8"},
		`[{"subscriptionType":"ticket.associationChange","associationType":"TICKET_TO_CONTACT","fromObjectId":7,"toObjectId":51}]`: {"7"},
		`[{"subscriptionType":"ticket.associationChange","associationType":"CONTACT_TO_TICKET","fromObjectId":51,"toObjectId":7}]`: {"7"},
		`[{"subscriptionType":"object.propertyChange","objectTypeId":"0-5","objectId":7}]`:                                         {"7"},
		`[{"subscriptionType":"object.propertyChange","objectTypeId":"0-1","objectId":7}]`:                                         nil,
		`[{"subscriptionType":"conversation.newMessage","objectId":721,"messageId":"m1"}]`:                                         nil,
		`[{"subscriptionType":"contact.creation","objectId":1}]`:                                                                   nil,
		`[{"subscriptionType":"ticket.creation","objectId":"../x"}]`:                                                               nil,
		`[]`: nil,
	} {
		hints, err := hubspot.ParseHook([]byte(body))
		var got []string
		for _, h := range hints {
			got = append(got, h.Ticket)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v; want %q", body, got, err, want)
		}
	}
	for _, body := range []string{`{}`, `"x"`, `[{}]`, `[1]`, ``, `[] []`} {
		if hints, err := hubspot.ParseHook([]byte(body)); err == nil {
			t.Errorf("%s: got %+v, want an error", body, hints)
		}
	}
}

func FuzzParseHook(f *testing.F) {
	f.Add([]byte(`[{"subscriptionType":"ticket.merge","objectId":9,"primaryObjectId":7,"mergedObjectIds":[8,null],"newObjectId":"9"}]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := hubspot.ParseHook(body)
		for _, h := range hints {
			if err != nil || h.Ticket == "" {
				t.Errorf("hint %+v with %v", h, err)
			}
			for _, c := range h.Ticket {
				if c < '0' || c > '9' {
					t.Errorf("ticket %q is no id", h.Ticket)
				}
			}
		}
	})
}
