package escalate

import "cmp"

// TriggerKind is a typed reason why a human is needed.
type TriggerKind string

// The triggers, in the order in which the primary reason is picked.
const (
	Safety              TriggerKind = "safety"
	HumanRequest        TriggerKind = "human_request"
	Excluded            TriggerKind = "excluded"
	Suspicious          TriggerKind = "suspicious"
	HighRisk            TriggerKind = "high_risk"
	Anger               TriggerKind = "anger"
	RepeatFailure       TriggerKind = "repeat_failure"
	Participant         TriggerKind = "participant"
	UnsupportedLanguage TriggerKind = "unsupported_language"
	VIP                 TriggerKind = "vip"
	SLARisk             TriggerKind = "sla_risk"
	LowConfidence       TriggerKind = "low_confidence"
	AIError             TriggerKind = "ai_error"
)

// Triggers lists every trigger in order of precedence.
var Triggers = []TriggerKind{
	Safety, HumanRequest, Excluded, Suspicious, HighRisk, Anger, RepeatFailure,
	Participant, UnsupportedLanguage, VIP, SLARisk, LowConfidence, AIError,
}

// High-risk topics: each is a topic of its own, matched deterministically and by the model.
const (
	RiskRefund       = "refund"
	RiskBilling      = "billing_dispute"
	RiskChargeback   = "chargeback"
	RiskLegal        = "legal"
	RiskCancellation = "cancellation"
	RiskSecurity     = "account_security"
	RiskPrivacy      = "privacy"
)

// Risks lists every high-risk topic.
var Risks = []string{RiskRefund, RiskBilling, RiskChargeback, RiskLegal, RiskCancellation, RiskSecurity, RiskPrivacy}

var triggerWords = map[TriggerKind]string{
	Safety:              "Someone may be in danger",
	HumanRequest:        "Asks for a person",
	Excluded:            "Kept from the AI by a rule",
	Suspicious:          "Tries to instruct the AI",
	HighRisk:            "High-risk topic",
	Anger:               "Customer is upset",
	RepeatFailure:       "Earlier answers did not help",
	Participant:         "Someone other than the customer wrote",
	UnsupportedLanguage: "No knowledge in this language",
	VIP:                 "Important customer",
	SLARisk:             "Close to its deadline",
	LowConfidence:       "Not sure enough",
	AIError:             "The AI could not read it",
}

// Words says a trigger in words that a tired agent understands.
func (k TriggerKind) Words() string { return triggerWords[k] }

var riskWords = map[string]string{
	RiskRefund: "refund", RiskBilling: "billing dispute", RiskChargeback: "chargeback", RiskLegal: "legal",
	RiskCancellation: "cancellation", RiskSecurity: "account security", RiskPrivacy: "privacy request",
}

// Words says a reason in words: which rule, which risk, which deadline.
func (r *Reason) Words() string {
	switch {
	case r.Kind == HighRisk && r.Topic != "":
		return "High-risk topic: " + cmp.Or(riskWords[r.Topic], r.Topic)
	case r.Kind == AIError && r.Detail != "":
		return "The AI failed: " + r.Detail
	case r.Detail != "":
		return r.Kind.Words() + ": " + r.Detail
	}
	return r.Kind.Words()
}

// rank is a trigger's place in the precedence; unknown ones come last.
func (k TriggerKind) rank() int {
	for i, t := range Triggers {
		if t == k {
			return i
		}
	}
	return len(Triggers)
}
