// Package llm has a language model read a ticket beside the built-in brain: any endpoint that speaks OpenAI's protocol.
//
//	b, err := llm.New(llm.Options{BaseURL: "http://127.0.0.1:11434/v1", Model: "qwen3:8b", Fallback: builtIn})
//	…
//	a, err := b.Assess(ctx, now, ticket)
//	// when the model hangs, a is what builtIn said, within the timeout
//
// The model decides nothing. It names an answer, quotes what the answer rests on, reports triggers with the words that show
// them, and writes a summary and a draft; each is checked here, and what fails its check is not there. Several readings that
// differ from the built-in brain's lower the confidence (weigh.go); no default weight can raise it. A trigger that it sees
// adds a human, and none removes one.
//
// Before anything leaves the machine it is masked (escalate/mask), and the text is fenced as data by a mark that nobody can
// guess. A ticket that Allow refuses is never sent.
package llm
