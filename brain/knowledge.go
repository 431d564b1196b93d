package brain

import (
	"encoding/json"
	"time"

	"warmline/escalate"
)

// Knowledge is what a team knows.
type Knowledge struct {
	Macros   []Macro
	Articles []Article
	Past     []Past // solved tickets, oldest first

	// More calls yield with further solved tickets, older than those of Past, oldest first: a past that is too long to be held.
	// It stops with yield's error, and may be called again. nil is none. Count is how many there are.
	More  func(yield func(*Past) error) error
	Count int
}

// Macro is a prepared reply. Several macros may share an id when each is in a language of its own.
type Macro struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Body     string   `json:"body"`
	Topic    string   `json:"topic,omitempty"`
	Lang     string   `json:"lang,omitempty"` // ISO 639-1; "" is told from the text
	HighRisk []string `json:"high_risk,omitempty"`

	Extra map[string]json.RawMessage `json:"-"` // keys of the file that are not ours
}

// Article is a page of the help centre.
type Article struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url,omitempty"`
	Topic string `json:"topic,omitempty"`
	Lang  string `json:"lang,omitempty"` // ISO 639-1; "" is told from the text

	Extra map[string]json.RawMessage `json:"-"`
}

// Past is a ticket of a file: a solved one to learn from, or one to decide. Gold is what is known of its outcome.
type Past struct {
	ID      string
	Lang    string // ISO 639-1; "" is told from the text
	Status  string
	Seq     int
	Created time.Time // zero when the file does not say
	Content escalate.Content
	Gold    Gold

	Extra map[string]json.RawMessage
}

// Gold is what is known of a ticket's outcome. What is missing is not known. Triggers has what people said of them, by
// escalate.TriggerKind: true or false, and for high_risk also the list of its topics, which is empty when there was no risk.
type Gold struct {
	AnswerID string                     `json:"answer_id,omitempty"` // the macro, article or answer that solved it
	InScope  *bool                      `json:"in_scope,omitempty"`  // false: a question that nothing on file answers
	Triggers map[string]json.RawMessage `json:"triggers,omitempty"`
}

// Unanswerable reports whether the ticket is known to have had no answer on file.
func (p *Past) Unanswerable() bool { return p.Gold.InScope != nil && !*p.Gold.InScope }

// Reply returns the newest public reply that a person gave, or "".
func (p *Past) Reply() string {
	if m := p.Content.LastFrom(escalate.RoleAgent); m != nil {
		return m.Text
	}
	return ""
}

// Ticket returns the ticket as a brain reads it.
func (p *Past) Ticket() *escalate.Ticket {
	return &escalate.Ticket{
		ID: escalate.TicketID(p.ID), Ref: escalate.Ref{Desk: "file", ID: p.ID}, Content: p.Content,
	}
}

// PastOf returns a solved ticket as knowledge; answerID is "" when nobody knows which answer solved it. Whoever knows what people
// said of its triggers may set Gold.Triggers.
func PastOf(t *escalate.Ticket, answerID string) Past {
	return Past{ID: string(t.ID), Content: t.Content, Gold: Gold{AnswerID: answerID}}
}
