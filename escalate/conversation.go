package escalate

import (
	"slices"
	"time"
)

// Status is a conversation's status in its helpdesk.
type Status string

// The statuses every helpdesk maps to.
const (
	StatusUnread  Status = ""        // not read yet
	StatusOpen    Status = "open"    // somebody has to answer
	StatusPending Status = "pending" // waits for the customer
	StatusOnHold  Status = "on_hold" // waits for a third party
	StatusSolved  Status = "solved"
	StatusClosed  Status = "closed" // for good
	StatusGone    Status = "gone"   // deleted or merged away
)

// ByHuman reports whether a person has the conversation: they replied, or were asked for, and did not give it back to the AI.
func (c *Conversation) ByHuman() bool { return c.HandsOff || c.HumanAt.After(c.FreedAt) }

// Ended reports whether nobody has to do anything any more.
func (s Status) Ended() bool { return s == StatusSolved || s == StatusClosed || s == StatusGone }

// Conversation mirrors the helpdesk's side of a ticket: the first of the three machines. The helpdesk is always
// right: whatever it says replaces what stands here.
type Conversation struct {
	Status   Status  `json:"status"`
	Assignee AgentID `json:"assignee,omitempty"`

	Newest   MessageID `json:"newest,omitempty"`   // newest message of any kind that is not ours
	Customer MessageID `json:"customer,omitempty"` // newest public message of the customer or a participant
	Human    MessageID `json:"human,omitempty"`    // newest public reply of a human agent

	CustomerAt   time.Time `json:"customer_at,omitzero"`
	WaitingSince time.Time `json:"waiting_since,omitzero"` // the first customer message no human has answered; zero when answered
	HumanAt      time.Time `json:"human_at,omitzero"`      // the newest human reply; zero before the first
	Edited       time.Time `json:"edited,omitzero"`        // when the customer or a participant last changed what they had written; zero: never

	Reopened bool      `json:"reopened,omitempty"`  // it came back after it had ended, and was not decided since
	HandsOff bool      `json:"hands_off,omitempty"` // a person was asked for: the AI never answers here again
	FreedAt  time.Time `json:"freed_at,omitzero"`   // when a person gave it back to the AI: what people did before binds it no more
	ReadAt   time.Time `json:"read_at,omitzero"`

	// Assigning are the agents whom we asked the helpdesk to give the ticket to and whom it has not shown yet, the newest last: when
	// it shows one of them, that is our own doing, and no person's.
	Assigning []AgentID `json:"assigning,omitempty"`
}

// asked notes that we ask the helpdesk to give the ticket to an agent.
func (c *Conversation) asked(agent AgentID) {
	if agent != "" { // one showing answers all that was asked of the same agent
		c.Assigning = append(slices.DeleteFunc(slices.Clone(c.Assigning), func(a AgentID) bool { return a == agent }), agent)
	}
}

// shows reports whether a new assignee is our own doing. Whoever was asked for before them has been passed over for good.
func (c *Conversation) shows(assignee AgentID) bool {
	i := slices.Index(c.Assigning, assignee)
	if i < 0 {
		return false
	}
	c.Assigning = slices.Clone(c.Assigning[i+1:])
	if len(c.Assigning) == 0 {
		c.Assigning = nil
	}
	return true
}

// Seen is what one reading of the helpdesk showed, without any text.
type Seen struct {
	Status       Status    `json:"status"`
	Assignee     AgentID   `json:"assignee,omitempty"`
	Newest       MessageID `json:"newest,omitempty"`
	Customer     MessageID `json:"customer,omitempty"`
	CustomerAt   time.Time `json:"customer_at,omitzero"`
	Human        MessageID `json:"human,omitempty"`
	HumanAt      time.Time `json:"human_at,omitzero"`
	WaitingSince time.Time `json:"waiting_since,omitzero"`
	Edited       time.Time `json:"edited,omitzero"`
}

// Look reduces content to what the machine needs to see. Internal notes and the bot's messages are no news, and only a
// person's public reply, written in the helpdesk or approved in Slack, moves a human clock. A customer who changes what a
// person has answered already waits again, as one who writes again does.
func (t *Ticket) Look(c *Content, status Status, assignee AgentID) Seen {
	s := Seen{Status: status, Assignee: assignee}
	for i := range c.Messages {
		m := &c.Messages[i]
		switch {
		case !m.Public:
		case m.Marker != "":
			if r := t.Reply(ReplyID(m.Marker)); r != nil && r.ByPerson() {
				s.HumanAt, s.WaitingSince = m.At, time.Time{}
			}
		case m.Role == RoleBot:
		case m.Role == RoleAgent:
			s.Newest, s.Human, s.HumanAt, s.WaitingSince = m.ID, m.ID, m.At, time.Time{}
		default:
			s.Newest, s.Customer, s.CustomerAt = m.ID, m.ID, m.At
			if at := m.EditedAt.UTC().Truncate(time.Microsecond); at.After(s.Edited) { // as precise as what comes back from a modal
				s.Edited = at
			}
			if s.WaitingSince.IsZero() {
				s.WaitingSince = m.At
			}
		}
	}
	if s.WaitingSince.IsZero() && s.Edited.After(s.HumanAt) {
		s.WaitingSince = s.Edited
	}
	return s
}
