package desk

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPersonsAccountOfBeforeThereWereSeveralHelpdesksIsTheFirstOnes(t *testing.T) {
	for body, want := range map[string]map[string]Account{
		`{"ID":"U1","Name":"Ina"}`:                                                     nil,
		`{"ID":"U1","Name":"Ina","Agent":"","Link":""}`:                                nil,
		`{"ID":"U1","Name":"Ina","Agent":"7","Link":""}`:                               {"main": {Agent: "7"}},
		`{"ID":"U1","Name":"Ina","Agent":"7","Link":"lead"}`:                           {"main": {Agent: "7", Link: LinkLead}},
		`{"ID":"U1","Name":"Ina","Agent":"","Link":"off"}`:                             {"main": {Link: LinkOff}},
		`{"ID":"U1","Name":"Ina","Accounts":{"second":{"Agent":"8","Link":"lead"}}}`:   {"second": {Agent: "8", Link: LinkLead}},
		`{"ID":"U1","Name":"Ina","Accounts":{"main":{"Agent":"","Link":"off"}},"X":1}`: {"main": {Link: LinkOff}},
	} {
		var got, again Person
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if diff := cmp.Diff(Person{ID: "U1", Name: "Ina", Accounts: want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
		written, err := json.Marshal(&got)
		if err == nil {
			err = json.Unmarshal(written, &again)
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Errorf("%s, written as %s, comes back as another (-want +got):\n%s", body, written, diff)
		}
	}
}

func TestACopyOfAPersonKeepsItsAccounts(t *testing.T) {
	p := Person{ID: "U1"}
	p.setAccount("main", Account{Agent: "7"})
	other := p
	other.setAccount("main", Account{})
	other.setAccount("second", Account{Agent: "8"})
	if p.agentIn("main") != "7" || p.agentIn("second") != "" || other.agentIn("main") != "" || other.agentIn("second") != "8" {
		t.Errorf("%v and %v", p.Accounts, other.Accounts)
	}
}
