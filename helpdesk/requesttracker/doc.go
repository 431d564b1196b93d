// Package requesttracker connects a Request Tracker 5 through its REST 2.0 interface (https://docs.bestpractical.com/rt/5.0/RT/REST2.html).
//
//	c, err := requesttracker.Connect(requesttracker.Options{Name: "support", URL: "https://rt.acme.example", Token: token})
//	…
//	s, err := c.Read(ctx, "1042")
//
// A message is a transaction with its attachments: a correspondence is public, a comment is internal. What we write carries a hidden
// marker, a comment in its HTML; see mark.go. RT reads the dates of a query in the time zone of whoever asks, so changes are read by the
// numbers of transactions instead; see changes.go. It answers a change that it refused with 200 and a sentence, so what was
// changed is read again; see set.go. It checks If-Match for a ticket's fields, and for replies with our extension; see rt/Warmline.pm.
package requesttracker
