package zendesk_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/zendesk"
	"warmline/helpdesk/zendesk/zendesktest"
)

func TestOptionsAreChecked(t *testing.T) {
	for _, tc := range []struct {
		change func(map[string]string)
		says   string // "" when it is fine
	}{
		{func(map[string]string) {}, ""},
		{func(s map[string]string) { s["url"] = "acme" }, ""},
		{func(s map[string]string) { s["url"] = "https://support.acme.example/api/v2/" }, ""},
		{func(s map[string]string) { s["url"] = "http://127.0.0.1:8080" }, ""},
		{func(s map[string]string) { delete(s, "email") }, ""}, // an OAuth token
		{func(s map[string]string) { s["url"] = "" }, "the account's address"},
		{func(s map[string]string) { s["url"] = "http://acme.zendesk.com" }, "https"},
		{func(s map[string]string) { s["url"] = "https://user:secret@acme.zendesk.com" }, "the account's address"},
		{func(s map[string]string) { s["url"] = "ftp://acme.zendesk.com" }, "https"},
		{func(s map[string]string) { delete(s, "token") }, "Admin Center"},
		{func(s map[string]string) { s["email"] = "warmline" }, "as whom the token acts"},
		{func(s map[string]string) { s["category_field"] = "Topic" }, "category field"},
		{func(s map[string]string) { s["value_field"] = "Amount" }, "value field"},
		{func(s map[string]string) { s["per_minute"] = "many" }, "per_minute"},
		{func(s map[string]string) { s["per_minute"] = "0" }, "per_minute"},
	} {
		settings := map[string]string{"url": "https://acme.zendesk.com", "email": "warmline@acme.example", "token": "s3cret-token"}
		tc.change(settings)
		_, err := zendesk.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: settings})
		switch {
		case tc.says == "" && err != nil, tc.says != "" && (err == nil || !strings.Contains(err.Error(), tc.says)):
			t.Errorf("%v: got %v, want %q", settings, err, tc.says)
		case err != nil && strings.Contains(err.Error(), "s3cret"):
			t.Errorf("the error tells the token: %v", err)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	o := zendesk.Options{Name: "shop", URL: "acme", Email: "warmline@acme.example", Token: "s3cret-token"}
	c, err := zendesk.Connect(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprint(o), fmt.Sprintf("%+v %#v", o, o), fmt.Sprintf("%+v", c)} {
		if strings.Contains(text, "s3cret") {
			t.Errorf("the token stands in %s", text)
		}
	}
	for _, s := range zendesk.Vendor.Settings {
		if (s.Name == "token") != s.Secret || s.Help == "" {
			t.Errorf("setting %+v", s)
		}
	}
}

// TestAnOAuthTokenIsABearer, and an API token's user is "…/token", however it is given.
func TestCredentialsAreInZendesksForm(t *testing.T) {
	var got string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		name, password, _ := r.BasicAuth()
		got = name + ":" + password + r.Header.Get("Authorization")[:6]
	}))
	t.Cleanup(server.Close)
	for _, tc := range []struct{ email, want string }{
		{"warmline@acme.example", "warmline@acme.example/token:tokBasic "},
		{"warmline@acme.example/token", "warmline@acme.example/token:tokBasic "},
		{"", ":Bearer"},
	} {
		c, err := zendesk.Vendor.Connect(helpdesk.Account{Name: "shop", Settings: map[string]string{"url": server.URL, "email": tc.email, "token": "tok"}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Check(t.Context())
		if got != tc.want {
			t.Errorf("%q: sent %q, want %q", tc.email, got, tc.want)
		}
	}
	w := start(t)
	w.connect(func(o *zendesk.Options) { o.Email, o.Token, o.Bearer = "", "", zendesktest.OAuth })
	w.read(w.create())
}
