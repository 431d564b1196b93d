// Package richtext turns our plain text into what helpdesks store (HTML, Front's Markdown, Atlassian's document format, Jira's wiki markup) and
// what they store into plain text that people, models and search can read.
//
// What we write is text that a person typed or a macro holds. It reaches the reader as it is and never becomes markup: HTML, ADF, Markdown and
// Wiki escape it, and their readers give it back to the character. So a connector can tell its own message by its text.
// What we read is anybody's: Text and its siblings keep its structure in signs and drop what nobody sees. All of them take time linear in their
// input and give at most 1 MiB.
//
//	body := richtext.HTML("Hi Jo,\n\n  - your mug: 5 < 6 €")
//	// <div dir="auto">Hi Jo,<br><br>&nbsp;&nbsp;- your mug: 5 &lt; 6 €</div>
//	richtext.Text(body) // the same text again
//	richtext.Text(`<p>Hi,</p><ul><li>see <a href="https://shop.test/1">order 1</a></ul><style>p{}</style>`)
//	// Hi,
//	//
//	// - see order 1 (https://shop.test/1)
package richtext
