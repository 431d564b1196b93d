// Package archtest holds the project's architecture as tests: who may import whom, that the domain never reads a clock,
// that no folder grows unnoticed, and that the Slack manifest is one Slack accepts.
//
// A package is judged by the most specific rule of the table Rules. For example, the rule
//
//	{For: "brain/llm/...", May: []string{"escalate/...", "brain", "brain/llm/..."}, Libraries: true, Why: …}
//
// lets brain/llm import its parent and the domain, but not brain/local, which the wider rule for brain/... would allow.
// A package without a rule fails: a new folder is a decision, not an accident.
package archtest
