// Package freshdesk connects a Freshdesk account through its API, version 2 (https://developers.freshdesk.com/api/).
//
//	c, err := freshdesk.Connect(freshdesk.Options{Name: "shop", Domain: "acme", Key: key})
//	…
//	s, err := c.Read(ctx, "1042")
//
// Freshdesk has no version stamps, no idempotency keys and nothing hidden with a message. What we write is found again by a
// reference at its end (helpdesk.WithRef), which the customer can see and which counts only where we can have written it; see
// refs.go. Lists are told only once their second is over, so that no change within it is lost; see changes.go.
package freshdesk
