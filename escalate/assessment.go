package escalate

import "time"

// Span points at words of a message, in bytes. History keeps spans, never the words.
type Span struct {
	Message MessageID `json:"message"`
	Start   int       `json:"start"`
	End     int       `json:"end"`
}

// Trigger is one sign that the AI must stop.
type Trigger struct {
	Kind     TriggerKind `json:"kind"`
	Strength float64     `json:"strength"`        // 0..1, a probability; it fires at FireStrength
	Topic    string      `json:"topic,omitempty"` // of a high_risk trigger: which risk
	Evidence []Span      `json:"evidence,omitempty"`
}

// FireStrength is the strength from which a trigger fires.
const FireStrength = 0.5

// Assessment is what the brain knows of a ticket. It supplies evidence; Decide decides.
type Assessment struct {
	ID      AssessmentID `json:"id"`
	Newest  MessageID    `json:"newest"`          // the newest message that was read
	Edited  time.Time    `json:"edited,omitzero"` // the newest edit of the customer that was read
	Lang    string       `json:"lang"`            // ISO 639-1; "" when it cannot tell
	Topic   string       `json:"topic"`
	Mood    Mood         `json:"mood"`
	Signals []Trigger    `json:"signals,omitempty"` // every trigger the brain looked for, fired or not

	Answer     *Answer  `json:"answer,omitempty"` // the best answer known; nil when nothing at all is known
	Confidence float64  `json:"confidence"`       // calibrated probability that Answer is right and sendable as it stands
	Factors    []Factor `json:"factors,omitempty"`
	Sources    []Source `json:"sources,omitempty"` // best first
	Similar    []Source `json:"similar,omitempty"` // solved tickets like this one, best first

	Summary  string    `json:"summary"`
	Ask      string    `json:"ask"`              // what the customer wants, in at most two lines
	Given    []string  `json:"given,omitempty"`  // what the customer already gave: "order number", "photo"
	Orders   []string  `json:"orders,omitempty"` // what looks like an order's number in the customer's words, at most MaxFacts
	Attempts []Attempt `json:"attempts,omitempty"`
	NextStep string    `json:"next_step,omitempty"`

	Automatic bool   `json:"automatic,omitempty"` // mail by a machine: auto-responder, bounce, our own echo
	Thanks    bool   `json:"thanks,omitempty"`    // nothing but a thank-you
	Fault     string `json:"fault,omitempty"`     // why the brain could not do its work; sets ai_error

	Lookup *Lookup `json:"lookup,omitempty"` // what was asked about the customer; nil when nothing was

	// Measured is what a brain measured, by name, so that its weights can be fitted again to how people judged the answer.
	Measured map[string]float64 `json:"measured,omitempty"`
	Model    string             `json:"model"` // name and version of the brain
}

// Mood is the customer's sentiment: Score from -1 (furious) to 1 (delighted), Turn its change over the thread.
type Mood struct {
	Score float64 `json:"score"`
	Turn  float64 `json:"turn"`
	Word  string  `json:"word"` // "angry", "upset", "worried", "calm", "happy"
}

// Answer is a reply as it would be sent.
type Answer struct {
	ID       string   `json:"id"` // the macro, article or learned answer it comes from
	Text     string   `json:"text"`
	Unfilled []string `json:"unfilled,omitempty"` // placeholders nobody could fill: never sent while any is left
	Facts    []string `json:"facts,omitempty"`    // names of the ticket's facts that stand in it
}

// Factor is one part of the confidence: what it measured and how far it pulled, in log-odds.
type Factor struct {
	Name  string  `json:"name"`
	Words string  `json:"words"` // for people: "37 of the last 40 like this were sent unedited"
	Pull  float64 `json:"pull"`
}

// Source is a passage that an answer rests on.
type Source struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"` // "macro", "article", "ticket", SourceLookup
	Title   string  `json:"title"`
	URL     string  `json:"url,omitempty"`
	Passage string  `json:"passage"`
	Score   float64 `json:"score"`   // 0..1: how well it matched
	Version string  `json:"version"` // hash of the source's text; a draft is fenced by it

	Lang string `json:"lang,omitempty"` // one id may have a text in each language
	Used bool   `json:"used,omitempty"` // the answer's words come from it: they are fenced by its Version
	// Shown lists other versions of which whoever typed the reply was told that they stand there now: those fence it no more.
	Shown []string `json:"shown,omitempty"`
}

// RestsOn lists where the sources stand that the answer's words come from; what was looked up is not among them.
func (a *Assessment) RestsOn() (at []int) {
	for i := range a.Sources {
		if a.Sources[i].Used {
			at = append(at, i)
		}
	}
	return at
}

// Attempt is something that was already tried, and what the customer said to it.
type Attempt struct {
	Message  MessageID `json:"message"`
	By       Role      `json:"by"`
	Text     string    `json:"text"`
	Reaction string    `json:"reaction,omitempty"` // the customer's words
	Failed   bool      `json:"failed,omitempty"`
}
