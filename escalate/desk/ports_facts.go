package desk

import (
	"context"

	"warmline/escalate"
)

// Facts looks up what the company's own systems know of a customer: an order, an invoice, a plan.
type Facts interface {
	// Facts returns those of the wanted facts that are known, each once and checked; what is not known, or does not pass, is
	// left out. An error says that nobody knows what is true now; it holds neither address nor value. It returns within
	// seconds, may be repeated, and is safe for concurrent use.
	Facts(ctx context.Context, q FactQuery) ([]escalate.Fact, error)
}

// FactQuery asks for facts about one customer.
type FactQuery struct {
	Email     string   // the customer's address: whose facts they are
	Ticket    string   // the helpdesk's number
	Want      []string // names, at most escalate.MaxFacts
	Mentioned []string // what looks like an order's number in the customer's words: theirs to choose by, not proof of anything
}
