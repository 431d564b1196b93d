package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Judgements keeps what people said of answers: what a promise and the ladder rest on.
type Judgements interface {
	// SaveJudgement keeps a judgement at its instant, the transaction's when it has none; an earlier one of the same reply is
	// replaced.
	SaveJudgement(ctx context.Context, j escalate.Judgement) error
	// Judgement returns the judgement of a reply, or ErrNotFound.
	Judgement(ctx context.Context, r escalate.ReplyID) (*escalate.Judgement, error)
	// Judgements returns the judgements of a topic, or of all topics when it is "", since an instant, newest first, at most
	// limit; void ones too.
	Judgements(ctx context.Context, topic string, since time.Time, limit int) ([]escalate.Judgement, error)
	// JudgementMark returns what the same judgements come to, which differs when one of them does. It costs far less.
	JudgementMark(ctx context.Context, topic string, since time.Time, limit int) (JudgementMark, error)
}

// JudgementMark tells one set of judgements from another: a judgement that changes is the newest one.
type JudgementMark struct {
	Count, Right, Wrong int
	Newest              time.Time // zero when there are none
}

// Asks keeps questions that wait for one click. The token is all that a button carries, and nobody can guess it.
type Asks interface {
	// PutAsk keeps a question; the same token again replaces it.
	PutAsk(ctx context.Context, a *Ask) error
	// Ask returns a question, or ErrNotFound.
	Ask(ctx context.Context, token string) (*Ask, error)
	// NewestAsk returns the newest question of a kind about a subject since an instant, or ErrNotFound.
	NewestAsk(ctx context.Context, kind, subject string, since time.Time) (*Ask, error)
	// CountAsks counts the questions of a kind about a subject since an instant.
	CountAsks(ctx context.Context, kind, subject string, since time.Time) (int, error)
	// ForgetAsks removes rows older than before. It returns how many.
	ForgetAsks(ctx context.Context, before time.Time) (int, error)
}

// Ask is a question that waits for one click.
type Ask struct {
	Token   string
	Kind    string // "policy", "review"
	Subject string // what it is counted by: a topic, a person
	At      time.Time
	Body    []byte // JSON; what the click does. It holds no customer text.
}

// Board tells a whole channel something: our own words, with or without buttons. Calls that return *Refused were certainly
// not applied; other errors leave it open.
type Board interface {
	// PostNotice posts to a channel, by name, under a key. What does not fit one message is left out.
	PostNotice(ctx context.Context, channel, key string, a Answer) (Place, error)
	// FindNotice looks for the message with a key that was posted after an instant; ErrNotFound when it is certainly not there.
	FindNotice(ctx context.Context, channel, key string, since time.Time) (Place, error)
	// UpdateNotice redraws a message of ours; ErrNotFound when it is gone.
	UpdateNotice(ctx context.Context, at Place, key string, a Answer) error
}

// Backtest knows how past tickets would have been answered.
type Backtest interface {
	// Outcomes returns what came of a topic's past tickets, each answered by a brain that had not seen it. It is called within
	// a transaction: it must answer from memory, at once. The slice is not changed by the caller, nor later by the callee.
	Outcomes(topic string) []escalate.Outcome
}
