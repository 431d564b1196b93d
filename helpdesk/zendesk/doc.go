// Package zendesk connects a Zendesk account.
//
//	c, err := zendesk.Connect(zendesk.Options{Name: "shop", URL: "https://acme.zendesk.com", Email: "bot@acme.example", Token: token})
//	…
//	ticket, err := c.Read(ctx, "4711")
//	_, err = c.Write(ctx, "4711", desk.Write{Kind: desk.WriteReply, Key: replyID, Stamp: ticket.Stamp, Text: "It ships today."})
//
// What it rests on, with the page of developer.zendesk.com that says so; docs/connecting/zendesk.md has what nobody could verify:
//
//   - One call writes everything: PUT tickets/{id} (Ticketing, Tickets). comment.public is always said, because its default is what
//     the ticket's first comment was.
//   - safe_update with updated_stamp makes a change to a ticket that moved a 409. A stamp is a second; see stamp.go for why one is
//     used only once its second is over.
//   - ticket.metadata comes back as metadata.custom of the comment: our marker, which no customer sees and none can write.
//   - incremental/tickets/cursor is the feed of changes; it holds back the newest minute, takes ten calls a minute and wants an admin.
package zendesk
