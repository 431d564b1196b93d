package builtin_test

import (
	"os"
	"path/filepath"
	"testing"

	"warmline/helpdesk/builtin"
)

func TestBrandAndValueAreKeptAndOnlyAnAmountIsTaken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.journal")
	d, err := builtin.New(builtin.Options{Journal: path})
	if err != nil {
		t.Fatal(err)
	}
	post := func(method, at, body string) int {
		t.Helper()
		status, _ := call(t, d.Handler(), method, at, body)
		return status
	}
	const tickets, customer = "/desk/api/tickets", `"customer":{"email":"ina@customer.example"},"text":"Dark."`
	if status := post("POST", tickets, `{"id":"a","brand":" North Lamps ","value":1250.5,`+customer+`}`); status != 201 {
		t.Fatalf("a ticket with both: %d", status)
	}
	if status := post("POST", tickets, `{"id":"b",`+customer+`}`); status != 201 {
		t.Fatalf("a ticket with neither: %d", status)
	}
	for _, value := range []string{`-5`, `1e15`, `1e999`, `"1250.5"`, `"1.234,50"`, `true`} {
		if status := post("POST", tickets, `{"value":`+value+`,`+customer+`}`); status != 400 {
			t.Errorf("value %s of a new ticket: %d, want it refused", value, status)
		}
		if status := post("PATCH", tickets+"/a", `{"value":`+value+`}`); status != 400 {
			t.Errorf("value %s: %d, want it refused", value, status)
		}
	}
	stamp := get(t, d, "a").Stamp
	if status := post("PATCH", tickets+"/a", `{"brand":"North Lamps","value":1250.5}`); status != 200 || get(t, d, "a").Stamp != stamp {
		t.Errorf("what is so already: %d, stamp %s after %s", status, get(t, d, "a").Stamp, stamp)
	}
	if status := post("PATCH", tickets+"/b", `{"brand":"South Lamps","value":7}`); status != 200 {
		t.Errorf("patched: %d", status)
	}
	if _, seen := call(t, d.Handler(), "GET", tickets+"/a?view=customer", ""); seen["value"] != nil || seen["brand"] != "North Lamps" {
		t.Errorf("a customer sees %v", seen)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, builtin.Options{Journal: path})
	for id, want := range map[string]builtin.Ticket{"a": {Brand: "North Lamps", Value: 1250.5}, "b": {Brand: "South Lamps", Value: 7}} {
		if got := get(t, again, id); got.Brand != want.Brand || got.Value != want.Value {
			t.Errorf("after a restart %s has %q and %v", id, got.Brand, got.Value)
		}
	}
}

func TestAJournalFromBeforeThereWereBrandsIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.journal")
	const lines = `{"seq":1,"at":"2026-10-01T08:00:00Z","kind":"ticket_created","ticket":"1001","created":{"id":"1001","subject":"Dark","status":"open","assignee":"",` +
		`"tags":[],"channel":"email","customer":{"name":"Ina","email":"ina@customer.example"},"stamp":"","created_at":"2026-10-01T08:00:00Z","updated_at":"0001-01-01T00:00:00Z"},` +
		`"message":{"id":"m1","role":"customer","author":"Ina","text":"Dark.","public":true,"at":"2026-10-01T08:00:00Z"}}` + "\n" +
		`{"seq":2,"at":"2026-10-01T08:01:00Z","kind":"ticket_patched","ticket":"1001","patch":{"add_tags":["lamp"]}}` + "\n"
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := get(t, open(t, builtin.Options{Journal: path}), "1001"); got.Brand != "" || got.Value != 0 || len(got.Tags) != 1 || got.Stamp != "2" {
		t.Errorf("it is %+v", got)
	}
}
