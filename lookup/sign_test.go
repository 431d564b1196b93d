package lookup

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"warmline/helpdesk"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const (
	newKey = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDE="
	oldKey = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtMDI="
)

func atNoon(t *testing.T, keys ...string) *Client {
	t.Helper()
	c, err := New(Options{URL: "https://shop.example/", Secrets: helpdesk.Secrets{Keys: keys, Now: func() time.Time { return noon }}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The signatures are openssl's: printf '%s' "$id.$timestamp.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:… -binary | base64.
func TestSignaturesAreThoseOfTheStandard(t *testing.T) {
	c, header := atNoon(t, newKey, oldKey), http.Header{}
	question := `{"email":"ina@shop.example","ticket":"17","want":["order_status"],"mentioned":["4711"]}`
	if err := c.sign(header, "wl_known", []byte(question)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"webhook-id": "wl_known", "webhook-timestamp": "1772452800",
		"webhook-signature": "v1,Q7cuwfhojrkGLbbUCXDo0zEccCrLkski+PbMhZeJTqc= v1,9uVLnna417HKL4qlqwVuw3sB8oqIm1F1nlNEpcvAmRM=",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	answer := http.Header{}
	answer.Set("webhook-id", "wl_known")
	answer.Set("webhook-timestamp", "1772452860")
	answer.Set("webhook-signature", "v1,3SPqS/c+1wtU2ZVyg1jIu8Y675IwSd+lwZe5GaX8lL4=") // with the old key
	said := `{"facts":[{"name":"order_status","type":"text","value":"shipped"}]}`
	if facts, err := c.read(answer, "wl_known", []byte(said)); err != nil || len(facts) != 1 {
		t.Errorf("read %s, %v", facts, err)
	}
	if _, err := atNoon(t, newKey).read(answer, "wl_known", []byte(said)); err == nil {
		t.Error("a key that was taken away still counts")
	}
	if _, err := c.read(header, "wl_known", []byte(question)); outcomeOf(err) != outcomeBadAnswer {
		t.Errorf("the question itself passes for an answer: %v", err)
	}
}

func TestAnAddressOrASecretThatIsNoneIsRefusedAtTheStart(t *testing.T) {
	for name, o := range map[string]Options{
		"no address":        {},
		"not encrypted":     {URL: "http://shop.example/"},
		"a private network": {URL: "http://10.0.0.1/"},
		"no host":           {URL: "https://"},
		"another scheme":    {URL: "file:///etc/passwd"},
		"a password":        {URL: "https://ina:hunter2@shop.example/"},
		"no secret":         {URL: "https://shop.example/", Secrets: helpdesk.Secrets{Keys: []string{}}},
		"an empty secret":   {URL: "https://shop.example/", Secrets: helpdesk.Secrets{Keys: []string{""}}},
		"one of two":        {URL: "https://shop.example/", Secrets: helpdesk.Secrets{Keys: []string{newKey, "hunter2"}}},
	} {
		if o.Secrets.Keys == nil {
			o.Secrets.Keys = []string{newKey}
		}
		if _, err := New(o); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, u := range []string{"https://shop.example/x?y=1", "http://127.0.0.1:9000/", "http://[::1]/", "http://localhost/x"} {
		if _, err := New(Options{URL: u, Secrets: helpdesk.Secrets{Keys: []string{newKey}}}); err != nil {
			t.Errorf("%s: %v", u, err)
		}
	}
}
