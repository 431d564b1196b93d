package main

import (
	"slices"
	"testing"

	"warmline/helpdesk"
	"warmline/helpdesk/helpdesktest"
)

// lacking is what each vendor does not offer, or not to programs. Everything else its connector can: a row that is lost shows here.
// Why is what `warmline connect` and `warmline doctor` print.
var lacking = map[string][]helpdesk.Row{
	"zendesk":   nil,
	"freshdesk": {helpdesk.RowStamp, helpdesk.RowRegister},
	"gorgias":   {helpdesk.RowStamp, helpdesk.RowDeadlines, helpdesk.RowMerges, helpdesk.RowValue},
	"helpscout": {helpdesk.RowStamp, helpdesk.RowDeadlines},
	"front":     {helpdesk.RowStamp, helpdesk.RowPriority, helpdesk.RowDeadlines, helpdesk.RowRegister},
	"hubspot":   {helpdesk.RowStamp, helpdesk.RowMacros, helpdesk.RowRegister},
	"jira":      {helpdesk.RowStamp, helpdesk.RowMacros, helpdesk.RowArticles, helpdesk.RowMerges},
	"rt":        {helpdesk.RowStamp, helpdesk.RowRegister}, // as it comes, without our extension
	// What a mapping cannot say; the invented helpdesk's says all else.
	"generic": {helpdesk.RowMacros, helpdesk.RowArticles, helpdesk.RowFiles, helpdesk.RowRegister, helpdesk.RowOpen},
}

func TestEveryVendorLacksNoMoreThanItsAPIDoes(t *testing.T) {
	for _, o := range vendorFakes {
		t.Run(o.name, func(t *testing.T) {
			v, err := vendorOf(o.name)
			if err != nil {
				t.Fatal(err)
			}
			c, err := v.Connect(o.open(&helpdesktest.Book{}).Account(o.name, "http://127.0.0.1:1"))
			if err != nil {
				t.Fatal(err)
			}
			var lacks []helpdesk.Row
			for _, a := range c.Abilities() {
				if !a.Has {
					lacks = append(lacks, a.Row)
					t.Logf("no %s: %s", a.Row, a.Says)
				}
			}
			want, known := lacking[o.name]
			if !known {
				t.Fatalf("what %s lacks is not written down here; it lacks %q", o.name, lacks)
			}
			if !slices.Equal(lacks, want) {
				t.Errorf("it lacks %q, want %q", lacks, want)
			}
		})
	}
}
