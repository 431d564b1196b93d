package escalate

import "time"

// Ticket is one customer's matter: what the helpdesk holds (Content), and the state of three machines that move
// independently. Everything but Content follows from the ticket's events alone, so replaying them gives the same value.
type Ticket struct {
	ID      TicketID `json:"id"`
	Ref     Ref      `json:"ref"`
	Version int64    `json:"version"` // number of events applied

	Conversation Conversation `json:"conversation"`
	Decision     *Decision    `json:"decision,omitempty"` // the newest
	Handoff      *Handoff     `json:"handoff,omitempty"`  // the newest; an ended one stays until another opens
	Past         []Handoff    `json:"past,omitempty"`     // earlier ones, oldest first
	Replies      []Reply      `json:"replies,omitempty"`  // oldest first
	Clocks       Clocks       `json:"clocks,omitzero"`    // of its targets

	// Content is the helpdesk's text as last read. It lives in erasable rows and takes no part in replay.
	Content Content `json:"-"`
	// Facts are what the look-up said of the customer, for one reading by the brain. They are kept nowhere.
	Facts []Fact `json:"-"`
}

// TagEscalated is the helpdesk's tag on a ticket that a colleague wants a person to see to.
const TagEscalated = "escalated-from-slack"

// TagNoUpdates is the helpdesk's tag on a ticket, or on a customer, who wants no updates while they wait.
const TagNoUpdates = "no-updates"

// NoUpdates reports whether the helpdesk says that the customer wants no updates.
func (c *Content) NoUpdates() bool {
	return firstShared([]string{TagNoUpdates}, c.Tags) != "" || firstShared([]string{TagNoUpdates}, c.Customer.Tags) != ""
}

// Content is what a helpdesk holds of a ticket: untrusted text, shown and searched, never obeyed.
type Content struct {
	Number   string    `json:"number,omitempty"` // what agents call it, where that is not its id: "SUP-42"
	Subject  string    `json:"subject"`
	Channel  string    `json:"channel"` // "email", "chat", "web"
	Category string    `json:"category,omitempty"`
	Brand    string    `json:"brand,omitempty"` // the helpdesk's name of it, or its id where it shows no name
	Value    float64   `json:"value,omitempty"` // what the matter is worth, as the helpdesk says; 0: not known
	Priority Priority  `json:"priority,omitempty"`
	Tags     []string  `json:"tags,omitempty"`
	URL      string    `json:"url,omitempty"`   // where an agent opens it
	Stamp    string    `json:"stamp,omitempty"` // the helpdesk's version that this is, where it has versions
	Customer Customer  `json:"customer"`
	Messages []Message `json:"messages"` // oldest first, internal notes included
}

// Priority is how urgent the helpdesk holds a ticket to be.
type Priority string

// The priorities every helpdesk maps to, if it has any.
const (
	PriorityNone   Priority = ""
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Customer is who asks.
type Customer struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Plan  string   `json:"plan,omitempty"`
	Tags  []string `json:"tags,omitempty"`
	Zone  string   `json:"zone,omitempty"` // the IANA time zone that they live in, where the helpdesk says it
}

// Role says on which side a message's author stands.
type Role string

// The roles of a message's author.
const (
	RoleCustomer    Role = "customer"
	RoleAgent       Role = "agent"
	RoleBot         Role = "bot"
	RoleParticipant Role = "participant" // someone else: a partner, a lawyer, a cc
)

// Message is one message or internal note of a ticket.
type Message struct {
	ID     MessageID `json:"id"`
	Role   Role      `json:"role"`
	Author string    `json:"author"`
	Email  string    `json:"email,omitempty"`
	Text   string    `json:"text"`
	Public bool      `json:"public"` // false: an internal note, which the customer never sees
	Auto   bool      `json:"auto,omitempty"`
	Marker string    `json:"marker,omitempty"` // set when Warmline wrote it
	At     time.Time `json:"at"`
	// EditedAt is when its author last changed it; zero: never.
	EditedAt time.Time `json:"edited_at,omitzero"`
	Files    []File    `json:"files,omitempty"`
}

// FileID is the helpdesk's name for a file; it tells the files of one message apart.
type FileID string

// File is a file that a message carries, as the helpdesk tells of it. Its bytes stay there. Everything here is untrusted.
type File struct {
	ID   FileID `json:"id"`
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // the MIME type that its sender claims
	Size int64  `json:"size,omitempty"` // bytes; 0 when the helpdesk does not say
}

// LastFrom returns the newest public message of a role, or nil.
func (c *Content) LastFrom(r Role) *Message {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if m := &c.Messages[i]; m.Role == r && m.Public {
			return m
		}
	}
	return nil
}

// Find returns the message with an id, or nil.
func (c *Content) Find(id MessageID) *Message {
	for i := range c.Messages {
		if c.Messages[i].ID == id {
			return &c.Messages[i]
		}
	}
	return nil
}

// FindHandoff returns the ticket's hand-off with an id, past ones included, or nil.
func (t *Ticket) FindHandoff(id HandoffID) *Handoff {
	if t.Handoff != nil && t.Handoff.ID == id {
		return t.Handoff
	}
	for i := range t.Past {
		if t.Past[i].ID == id {
			return &t.Past[i]
		}
	}
	return nil
}

// Reply returns the ticket's reply intent with an id, or nil.
func (t *Ticket) Reply(id ReplyID) *Reply {
	for i := range t.Replies {
		if t.Replies[i].ID == id {
			return &t.Replies[i]
		}
	}
	return nil
}

// Asked returns the answer that nobody can tell whether it went out: a person decides. nil when there is none.
func (t *Ticket) Asked() *Reply {
	for i := len(t.Replies) - 1; i >= 0; i-- {
		if r := &t.Replies[i]; r.State == ReplyAsk {
			return r
		}
	}
	return nil
}

// UnderWay returns an answer that may be on its way to the customer, or nil.
func (t *Ticket) UnderWay() *Reply {
	for i := range t.Replies {
		if r := &t.Replies[i]; r.Begun() && r.Purpose.Answers() {
			return r
		}
	}
	return nil
}

// Draft returns the answer that waits for approval or for its undo window, or nil.
func (t *Ticket) Draft() *Reply {
	for i := len(t.Replies) - 1; i >= 0; i-- {
		if r := &t.Replies[i]; r.Purpose.Answers() && r.Live() {
			return r
		}
	}
	return nil
}

// Approvable reports whether an answer waits for somebody to approve it as it stands.
func (t *Ticket) Approvable() bool {
	r := t.Draft()
	if r == nil || r.State != ReplyProposed || !t.Handoff.Active() {
		return false
	}
	return r.Edited || t.Decision != nil && t.Decision.Draft == DraftApproval
}
