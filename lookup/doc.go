// Package lookup asks a company's own service what it knows of a customer: an order, an invoice, a plan. Question and answer
// are signed with one secret, and the answer for this very question; docs/lookup.md is the contract.
//
//	client, err := lookup.New(lookup.Options{
//		URL: "https://shop.example/warmline", Secrets: helpdesk.Secrets{Keys: []string{"whsec_…"}},
//	})
//	facts, err := client.Facts(ctx, desk.FactQuery{Email: "ina@shop.example", Ticket: "17", Want: []string{"order_status"}})
package lookup
