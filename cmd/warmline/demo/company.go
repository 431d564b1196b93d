package demo

import "warmline/brain"

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

	Knowledge brain.Knowledge `yaml:"-"` // macros, articles and solved tickets
	Live      []Arrival       `yaml:"-"` // three tickets, one for each way: auto, draft, escalate
	More      []Arrival       `yaml:"-"` // a stream to follow them
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

// Customer is who wrote. Tags say plus, trade or vip.
type Customer struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Tags  []string `json:"tags,omitempty"`
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
