// Package helpdesk is what every connected helpdesk has in common: calls over HTTP whose errors say whether they were
// applied (HTTP), the intake of signed webhooks (Webhook), and the poll that finds every change even when all webhooks
// are lost (Poller). One sub-package per helpdesk turns these into a desk.Helpdesk.
//
// A webhook is a hint and a poll is the truth; both end in the same Receive, which commits a notice:
//
//	verify, err := helpdesk.StandardWebhooks(helpdesk.Secrets{Keys: []string{"whsec_…"}})
//	…
//	hook, err := helpdesk.Webhook(helpdesk.WebhookOptions{Desk: "shop", Verify: verify, Receive: service.Receive})
//	…
//	mux.Handle("POST /webhooks/shop", hook)
//	poller := helpdesk.Poller{Desk: "shop", Changes: connector.Changes, Load: load, Save: save, Receive: service.Receive}
//	err = poller.Run(ctx)
package helpdesk
