// Package hubspot connects a HubSpot account. A ticket is a record of the CRM; what is said on it is in the conversation threads that
// are associated with it. All that a record holds is a string, also its numbers and times.
//
//	c, err := hubspot.Connect(hubspot.Options{Name: "shop", Token: token, Sender: "assistant@shop.example"})
//	if err != nil {
//		return err
//	}
//	snapshot, err := c.Read(ctx, "21000001042")
//
// What HubSpot does otherwise than one would think, and what could not be tried without an account, is in docs/connecting/hubspot.md.
package hubspot
