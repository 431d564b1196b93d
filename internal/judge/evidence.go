package judge

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"warmline/internal/localslack"
)

// Evidence is all that the judge looks at. There is one helpdesk: tickets are told apart by its numbers alone.
type Evidence struct {
	Slack []localslack.Record
	Desk  []DeskRecord
	DB    *sql.DB
	// At is when the evidence was taken. What was due Grace earlier is stuck; default 10 s.
	At    time.Time
	Grace time.Duration
}

// DeskRecord is what the judge reads of a line in the helpdesk's journal.
type DeskRecord struct {
	Seq     int64        `json:"seq"`
	At      time.Time    `json:"at"`
	Kind    string       `json:"kind"`
	Ticket  string       `json:"ticket"`
	Created *DeskTicket  `json:"created"`
	Message *DeskMessage `json:"message"`
	Patch   *DeskPatch   `json:"patch"`
}

// DeskTicket is a ticket when it was created.
type DeskTicket struct {
	Status string `json:"status"`
}

// DeskMessage is a message or an internal note.
type DeskMessage struct {
	ID     string `json:"id"`
	Role   string `json:"role"` // customer, agent, bot, participant
	Text   string `json:"text"`
	Public bool   `json:"public"`
	Marker string `json:"marker"`
}

// DeskPatch is a change of a ticket's fields.
type DeskPatch struct {
	Status *string `json:"status"`
}

// ReadDesk reads the helpdesk's journal. A last line without its end was never answered for and is left out.
func ReadDesk(path string) ([]DeskRecord, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open desk journal: %w", err)
	}
	defer func() { _ = f.Close() }()
	var all []DeskRecord
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read desk journal %s: %w", path, err)
		}
		var r DeskRecord
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("read desk journal %s: line %d: %w", path, len(all)+1, err)
		}
		all = append(all, r)
	}
}

// conversation is a ticket as the helpdesk's journal adds up.
type conversation struct {
	ref      string
	status   string
	messages []DeskMessage
}

func conversations(records []DeskRecord) []*conversation {
	var all []*conversation
	byRef := map[string]*conversation{}
	for _, r := range records {
		c := byRef[r.Ticket]
		if r.Created != nil {
			c = &conversation{ref: r.Ticket, status: r.Created.Status}
			byRef[r.Ticket] = c
			all = append(all, c)
		}
		if c == nil {
			continue
		}
		if r.Message != nil {
			c.messages = append(c.messages, *r.Message)
		}
		if r.Patch != nil && r.Patch.Status != nil {
			c.status = *r.Patch.Status
		}
	}
	return all
}

func (c *conversation) ended() bool {
	return c.status == "solved" || c.status == "closed" || c.status == "gone"
}

// byCustomer reports whether someone on the other side wrote a message.
func (m *DeskMessage) byCustomer() bool {
	return m.Public && (m.Role == "customer" || m.Role == "participant")
}

// toCustomer reports whether our side wrote a message that the customer reads.
func (m *DeskMessage) toCustomer() bool { return m.Public && (m.Role == "bot" || m.Role == "agent") }

// newestOf is the id of the customer's newest message.
func (c *conversation) newestOf() string {
	for i := len(c.messages) - 1; i >= 0; i-- {
		if c.messages[i].byCustomer() {
			return c.messages[i].ID
		}
	}
	return ""
}
