// Package front connects a Front account: conversations become tickets, comments are notes, and replies are sent through Front's Core API
// as its specification and https://dev.frontapp.com have it.
//
//	c, err := front.Connect(front.Options{Name: "shop", Token: os.Getenv("FRONT_TOKEN")})
//	…
//	ticket, err := c.Read(ctx, "cnv_yo1kg5q")
//	_, err = c.Write(ctx, "cnv_yo1kg5q", desk.Write{Kind: desk.WriteReply, Key: "01JD9F…", Text: "Hold the button for five seconds."})
//
// What Front does otherwise than one would think, and what is done about it:
//
//   - A reply archives its conversation unless it says options.archive false, so every reply says it.
//   - A reply is accepted (202) and sent later; nothing hidden is kept with it. Its marker stands at its end, "[ref:…]", and is looked
//     for after ninety seconds when an answer was lost.
//   - A merged conversation answers 301 at every address of its own; Read says where it went, and writes are refused.
//   - Comments are Markdown and have no paging; messages are HTML.
//   - Without ticketing there is no "waiting", and there are no priorities at all: tags take their place, for all to see.
package front
