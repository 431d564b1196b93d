package helpdesk_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"warmline/helpdesk"
)

// What stands before a helpdesk may repeat what it was sent.
func TestNoErrorRepeatsOurCredentials(t *testing.T) {
	for name, authorize := range map[string]func(*http.Request){
		"bearer": func(r *http.Request) { r.Header.Set("Authorization", "Bearer t0ken/of+ours") },
		"basic":  func(r *http.Request) { r.SetBasicAuth("t0ken/of+ours", "X") },
		"header": func(r *http.Request) { r.Header.Set("X-Api-Key", "t0ken/of+ours") },
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			user, _, _ := r.BasicAuth()
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprintf(w, `{"message":"bad: %s %s %s b0dy-secret t0ken%%2Fof%%2Bours"}`, user, r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"))
		}))
		err := client(t, helpdesk.HTTPOptions{BaseURL: server.URL, Authorize: authorize}).Do(t.Context(), helpdesk.Call{
			Op: "write", Method: http.MethodPost, Body: "b0dy-secret", Secrets: []string{"b0dy-secret"},
		}, nil)
		server.Close()
		if err == nil || !strings.Contains(err.Error(), "bad: ") || !strings.Contains(err.Error(), "[redacted]") {
			t.Errorf("%s: got %v", name, err)
		}
		for _, secret := range []string{"t0ken", "b0dy", "dDBrZW4"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s: it repeats %q: %v", name, secret, err)
			}
		}
	}
}

// A signed address is longer than most, and whoever follows it needs all of it; nobody needs to read it.
func TestARedirectKeepsItsAddressAndShowsNoQuery(t *testing.T) {
	where := "https://files.example/a?signature=" + strings.Repeat("s", 2000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, where, http.StatusFound) }))
	defer server.Close()
	err := client(t, helpdesk.HTTPOptions{BaseURL: server.URL}).Do(t.Context(), helpdesk.Call{Op: "open file"}, nil)
	moved, ok := errors.AsType[*helpdesk.RedirectError](err)
	if !ok || moved.Location != where {
		t.Fatalf("got %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		if said := fmt.Sprintf(verb, err); strings.Contains(said, "signature") || !strings.Contains(said, "https://files.example/a") {
			t.Errorf("%s says %s", verb, said)
		}
	}
}

// What an address asks for may name a customer, or be signed.
func TestALostConnectionShowsNoAddress(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer server.Close()
	err := client(t, helpdesk.HTTPOptions{BaseURL: server.URL}).Do(t.Context(), helpdesk.Call{
		Op: "find agent", Query: map[string][]string{"email": {"ina@customer.example"}},
	}, nil)
	if err == nil || strings.Contains(err.Error(), "customer.example") {
		t.Errorf("got %v", err)
	}
}
