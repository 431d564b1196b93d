// Package gorgias connects a Gorgias account through its REST API (https://developers.gorgias.com/reference).
//
//	c, err := gorgias.Connect(gorgias.Options{Name: "shop", Account: "acme", Email: "bot@acme.example", Key: key})
//	…
//	s, err := c.Read(ctx, "1042")
//
// What we write carries a hidden marker, the message's external_id, which only the API sets; see mark.go. Gorgias sends replies
// some time after it has taken them, so a reply that is there may yet fail, and one that failed never counts as sent; see send.go.
// The list of tickets has no filter by time of change: it is read from the newest down to where we stopped; see walk.go.
package gorgias
