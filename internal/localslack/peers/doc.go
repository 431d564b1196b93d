// Package peers holds apps on Slack's official JavaScript clients and runs them against the workspace in a box. They are
// the proof that it speaks Slack's protocol and not a private one between it and our own bot: bolt.mjs on Slack's
// framework, plain.mjs on its Socket Mode and Web API clients, and a type check of the payloads in the bot's golden
// files by Slack's published types.
//
//	make peers
//
// installs what package-lock.json pins and runs the tests; without Node they are skipped. The apps know nothing of the
// workspace but its address, and the workspace nothing of them.
package peers
