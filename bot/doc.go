// Package bot is Warmline's side of Slack: what people press comes in over Socket Mode and is handed to the desk, and what
// the desk wants shown goes out through the Web API.
//
//	b, err := bot.New(bot.Options{BotToken: "xoxb-…", AppToken: "xapp-…", Desk: service})
//	if err != nil {
//		return err // an *AuthError says which token is wrong, and what to do
//	}
//	return b.Run(ctx) // until ctx ends
//
// # Coming in
//
// Slack sends each envelope to one of our sockets and wants it acknowledged within three seconds. Two sockets run side by
// side, staggered, because slack-go closes a socket as soon as Slack warns that it will, and what comes while it dials must
// find another one. (What Slack sends there before it sees the socket closed, one round trip every few hours, slack-go
// drops: an event comes again, a click shows the person an error.)
//
// A dispatcher per socket only sorts: it hands envelopes to a bounded pool and never waits, since a reader that waits
// answers no pings and is cut off. A worker commits the press with the desk and acknowledges then; what could not be
// committed is not acknowledged, so that Slack tells the person, or sends the event again.
//
// # Going out
//
// Bot implements the desk's Room, Board, Messenger, Courier and Directory. Each call has a deadline and is tried once: a repeated post is
// the desk's decision, which first looks for the key that every card and thread post carries in its metadata.
package bot
