package demo

import "time"

// Company is everything the demo knows. The fields up to AutoTopics come from company.yaml, the others from the JSONL
// file of the same name.
type Company struct {
	Name       string    `yaml:"name"`
	About      string    `yaml:"about"` // one paragraph
	People     []Person  `yaml:"people"`
	Groups     []Group   `yaml:"groups"`
	Channels   []Channel `yaml:"channels"`
	Routes     Routes    `yaml:"routes"`
	AutoTopics []string  `yaml:"auto_topics"` // topics promoted to auto; each is the topic of a macro

	Macros   []Macro   `yaml:"-"`
	Articles []Article `yaml:"-"`
	History  []Ticket  `yaml:"-"` // solved tickets, oldest first
	Live     []Arrival `yaml:"-"` // three tickets, one for each way: auto, draft, escalate
	More     []Arrival `yaml:"-"` // a stream to follow them
}

// Person is somebody with a Slack account. Role is agent, lead, specialist, manager or other; other may press nothing.
type Person struct {
	Name     string `yaml:"name"`
	RealName string `yaml:"real_name"`
	Email    string `yaml:"email"`
	Role     string `yaml:"role"`
}

// Group is a Slack user group; Members are names of People.
type Group struct {
	Handle  string   `yaml:"handle"`
	Name    string   `yaml:"name"`
	Members []string `yaml:"members"`
}

// Channel is a Slack channel; Members are names of People.
type Channel struct {
	Name    string   `yaml:"name"`
	Topic   string   `yaml:"topic"`
	Members []string `yaml:"members"`
}

// Routes name the channel of each kind of hand-off. Topics is keyed by topic and is asked before Default.
type Routes struct {
	Default  string            `yaml:"default"`
	HighRisk string            `yaml:"high_risk"`
	Safety   string            `yaml:"safety"`
	VIPAnger string            `yaml:"vip_anger"`
	Topics   map[string]string `yaml:"topics"`
}

// Macro is a reply that agents send; {{placeholders}} stand for what is the customer's own.
type Macro struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Body     string   `json:"body"`
	Topic    string   `json:"topic"`
	HighRisk []string `json:"high_risk,omitempty"`
}

// Article is a page of the help centre.
type Article struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"`
	Lang  string `json:"lang"` // ISO 639-1
}

// Ticket is a past conversation and what is known of its outcome.
type Ticket struct {
	ID        string    `json:"id"`
	Channel   string    `json:"channel"` // email or chat
	Lang      string    `json:"lang"`    // ISO 639-1
	CreatedAt time.Time `json:"created_at"`
	Subject   string    `json:"subject"`
	Customer  Customer  `json:"customer"`
	Tags      []string  `json:"tags"` // the topic
	Status    string    `json:"status"`
	Messages  []Message `json:"messages"`
	Gold      Gold      `json:"gold"`
}

// Customer is who wrote. Tags say plus, trade or vip.
type Customer struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Tags  []string `json:"tags,omitempty"`
}

// Message is one turn; Role is customer, agent or bot.
type Message struct {
	Role string    `json:"role"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Gold is the known outcome. AnswerID is the macro or article that solved the ticket; it is empty exactly when InScope
// is false, for a question that nothing on file answers and a person answered in their own words.
type Gold struct {
	AnswerID string   `json:"answer_id,omitempty"`
	InScope  bool     `json:"in_scope"`
	Triggers Triggers `json:"triggers"`
}

// Triggers says which of them a careful reader finds in the ticket.
type Triggers struct {
	HumanRequest  bool     `json:"human_request"`
	Anger         bool     `json:"anger"`
	RepeatFailure bool     `json:"repeat_failure,omitempty"`
	HighRisk      []string `json:"high_risk"` // refund, billing_dispute, chargeback, legal, cancellation, account_security, privacy
}

// Arrival is a ticket to be created while the demo runs. Expect is auto, draft or escalate: what should become of it.
// Reason is the trigger that should be named first, and is set for most escalations.
type Arrival struct {
	Subject  string   `json:"subject"`
	Customer Customer `json:"customer"`
	Text     string   `json:"text"`
	Expect   string   `json:"expect"`
	Reason   string   `json:"reason,omitempty"`
}
