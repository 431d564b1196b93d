// Package local is the built-in brain: it needs no network and no key, gives the same answer for the same knowledge and
// seed, and reads a ticket in well under a millisecond.
//
//	b, err := local.New(local.Options{Knowledge: knowledge, Seed: "1", Team: "acme"})
//	…
//	a, err := b.Assess(ctx, now, ticket)
//	// a.Confidence is a probability, fitted on the team's own past with some answers left out
//
// Triggers come from phrase lists (lexicon/*.txt) and, where people labelled enough past tickets (Gold.Triggers), from heads that
// learned what this team calls a risk, a request for a person or anger (triggertrain.go); they carry the words that fired them.
// Answers come from the macros, articles and solved tickets nearest by BM25 (index.go), which vote (evidence.go); how far a vote
// can be trusted was learned by replaying the past (trust.go). Summaries only quote.
package local
