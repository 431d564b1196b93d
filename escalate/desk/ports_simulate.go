package desk

import (
	"context"

	"warmline/escalate"
)

// Simulator replays past tickets through a policy. It is safe for concurrent use, though the desk runs one simulation at a time.
type Simulator interface {
	// Past returns how many past tickets there are. It is called within a transaction: it must answer from memory, at once.
	Past() int
	// Simulate says what a policy would have done with them. It takes seconds to minutes, and ends with ctx. The same policy,
	// options and past give the same simulation. An *Unmeasurable says that the past tells nothing, and what it lacks.
	Simulate(ctx context.Context, p *escalate.Policy, o SimulateOptions) (*Simulation, error)
}

// SimulateOptions says what is asked of a simulation.
type SimulateOptions struct {
	Budget float64          // the largest share of wrong answers among those that are sent, above 0 and below 1
	WhatIf *escalate.Policy // a change to show the effect of; nil shows none
}

// Unmeasurable says that nothing can be measured with the past tickets that there are.
type Unmeasurable struct {
	Why string // what is missing, for people
}

// Error implements error.
func (e *Unmeasurable) Error() string { return e.Why }

// Simulation is what a replay of past tickets says. Shares and rates are from 0 to 1.
type Simulation struct {
	Budget   float64
	Headline string // what is recommended, in one or two sentences
	Basis    string // what the figures rest on
	Auto     float64
	Wrong    WrongRate // of all that would be sent with the recommended thresholds

	All    SimulatedLine   // the threshold for every topic that has none of its own
	Topics []SimulatedLine // most tickets first
	Table  []SimulatedRow  // strictest first
	Now    SimulatedWays   // with the policy as it is
	Then   SimulatedWays   // with all that is recommended, every rung included

	Mistakes []Mistake // the most confident first
	Change   string    // what the what-if moves, in one sentence; "" without one
	Moves    []SimulatedMove

	Picture []byte // the risk–coverage curve, PNG; nil when it could not be drawn
	Alt     string // the same in words, at most 1,000 characters
}

// WrongRate is a share of wrong answers and the bound that it stays below with 95 %.
type WrongRate struct{ Estimate, AtMost float64 }

// Advice is what a simulation recommends for a topic.
type Advice string

// What is recommended.
const (
	AdviceOwn   Advice = "own"   // a threshold of its own
	AdviceAll   Advice = "all"   // the one for all topics
	AdviceDraft Advice = "draft" // nothing is sent
)

// SimulatedLine is a recommended threshold, for one topic or for all.
type SimulatedLine struct {
	Topic   string // "" for all, and for tickets without one
	Advice  Advice
	Why     string
	From    float64 // the threshold; 1 where nothing is sent
	Wrong   WrongRate
	Missing int // when nothing is sent: about how many more judged tickets would carry it; 0 or less: none would
	Tickets int // of the topic
	Auto    int // of them answered
}

// SimulatedRow is what one threshold for all topics would do with all questions.
type SimulatedRow struct {
	From, Auto, Draft, Escalate float64
	Wrong                       WrongRate
}

// SimulatedWays counts tickets by the way they go.
type SimulatedWays struct{ Tickets, Auto, Draft, Escalate, Nothing int }

// SimulatedMove is tickets that a change sends another way.
type SimulatedMove struct {
	From, To               escalate.Way
	Tickets, Judged, Right int // right: of the judged, how many of the machine's answers are
}

// Mistake is an answer that would have been wrong, though the machine was sure. Texts are as customers and sources have them.
type Mistake struct {
	Ticket     string
	Topic      string
	Confidence float64
	Question   string
	Source     string // what misled, with its kind and title
	Alike      int    // how many more went wrong in the same way
	Fix        string // what to do with the source
	Exclude    string // the command that keeps the topic from the machine; "" where there is no topic
}

// Courier brings one person what has to stay: the app's own direct messages with them. Calls that return *Refused were
// certainly not applied; other errors leave it open.
type Courier interface {
	// Deliver writes one message to a person under a key and returns where it stands. What does not fit is left out, and said to
	// be. ErrNotFound when the person cannot be written to.
	Deliver(ctx context.Context, p escalate.PersonID, key string, a Answer) (Place, error)
	// Upload hands over a picture that nobody can see yet, and returns its id. Once more makes another one.
	Upload(ctx context.Context, p Picture) (id string, err error)
	// Share shows uploaded pictures, at most ten, in one message: in a conversation, or in the thread of the message that stands at the
	// place. It introduces them with the first one's words. Their ids are the key: with again, which says that an earlier call may have
	// been applied, pictures that are not awaited any more count as shown. ErrNotFound when the message is gone.
	Share(ctx context.Context, at Place, p []Picture, again bool) error
}

// Picture is a picture with what is said about it. All of it is untrusted.
type Picture struct {
	ID    string `json:"id,omitempty"` // Slack's, once it is uploaded
	Name  string `json:"name"`         // of the file
	Title string `json:"title"`
	Alt   string `json:"alt"` // for those who do not see it, at most 1,000 characters
	Words string `json:"words"`
	Data  []byte `json:"data,omitempty"`
}
