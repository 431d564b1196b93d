// Package helpscout connects a Help Scout account through its Inbox API, version 2 (https://developer.helpscout.com/mailbox-api/), and
// its Docs API, version 1 (https://developer.helpscout.com/docs-api/).
//
//	c, err := helpscout.Connect(helpscout.Options{Name: "shop", AppID: id, AppSecret: secret})
//	…
//	s, err := c.Read(ctx, "291938")
//
// Help Scout has no version stamps, no idempotency keys and nothing hidden with a message. What we write is found again by a
// reference at its end (helpdesk.WithRef), which the customer can see and which counts only where we can have written it; see
// refs.go. Calls carry a token of two days, which is asked for once however many wait for it; see token.go. Lists are told only once
// their second is over, so that no change within it is lost; see changes.go.
package helpscout
