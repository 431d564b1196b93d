// Package escalate is the domain: what a ticket is, which of three ways it goes, and what happens to it.
//
// It is pure. Decide and Apply take the time as an argument, do no I/O, and return everything there is to do:
//
//	decision := escalate.Decide(now, policy, ticket, assessment, world)
//	effects, err := ticket.Apply(now, escalate.Decided{Decision: decision, Handoff: id})
//
// A ticket is three machines that move independently: the Conversation mirrors the helpdesk, the Handoff says whose
// it is, and each Reply is one intent to tell the customer something. docs/state-machine.md is their table.
package escalate
