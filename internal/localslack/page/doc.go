// Package page is the web page of the workspace in a box: a Slack that one person can look at and act in as anybody.
// It is plain HTML, ES modules and CSS, embedded in the binary; it talks only to the control API below /_control/ of
// the server that serves it.
//
//	mux.Handle("/slack/", page.Handler())
//
// Addresses: /slack/?as=ana&channel=support opens a channel as a person, /slack/?as=ana&home=warmline an app's Home
// tab, and #support/1700000000.000100 (or #C0SUPPORT/p1700000000000100) shows and marks one message. Permalinks of the
// form …/archives/CHANNEL/pTS inside messages are followed within the page.
//
// Where to look: app.js holds the state and reads again whatever the change stream names; actions.js acts; blocks.js, elements.js,
// mrkdwn.js, markdown.js and richtext.js draw messages; modal.js, home.js, thread.js and channel.js are the places
// where they appear; toolbar.js is what one does to a message, status.js what one says of oneself; form.js keeps what was
// filled in while a surface is redrawn.
//
// Everything that a customer, a model or an app wrote reaches the page as text nodes. The content security policy
// forbids inline script and, through Trusted Types, every way of turning a string into markup.
package page
