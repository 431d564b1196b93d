package main

import (
	"net/http"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

func TestNoSecretOfAnyVendorShows(t *testing.T) {
	for _, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			v, err := vendorOf(o.name)
			if err != nil {
				t.Fatal(err)
			}
			helpdesktest.RunSecrets(t, helpdesktest.SecretsFixture{
				Vendor: v, Derived: []string{"access_token"},
				Open: func() (http.Handler, func(string) helpdesk.Account, func(helpdesk.Connector) helpdesktest.Fixture) {
					fake := o.open(&helpdesktest.Book{Agents: []helpdesktest.Agent{{ID: "77", Name: "Ana Ruiz", Email: "ana@shop.example"}}})
					return fake, func(url string) helpdesk.Account { return fake.Account(o.name, url) }, fake.Fixture
				},
			})
		})
	}
}
