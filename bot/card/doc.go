// Package card draws what people see in Slack: the hand-off's card, modals, App Home, private answers and the posts in
// a card's thread. Every builder is pure: a value of the desk in, blocks and a full-sense text out.
//
//	m := card.Draw(&desk.Card{Number: "4711", Subject: "Where is my refund?", …})
//	api.PostMessage(channel, slack.MsgOptionText(m.Text, false), slack.MsgOptionBlocks(m.Blocks...))
//
// # Untrusted text
//
// Whatever a customer, a model or a helpdesk wrote is data. It is cleaned of characters that nobody can see (Clean), cut
// between graphemes before anything else happens to it (Cut), and put only in plain_text objects without emoji and in the
// text elements of rich_text blocks, where Slack reads no markup: "<!channel>" stays ten visible characters. Addresses in
// it are drawn in code style: the very same characters, which no client turns into a link. In the fallback text, which
// has no styles, they are written as example[.]com, and & < > are escaped.
//
// # Sizes
//
// Each part of a message has its own budget, counted as Slack counts (UTF-16 units, & < > escaped), and the budgets add up
// to less than a message may hold. What is cut says so in words and where the whole is.
package card
