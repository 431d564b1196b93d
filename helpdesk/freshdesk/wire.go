package freshdesk

import (
	"bytes"
	"encoding/json"
	"strings"

	"warmline/helpdesk"
)

// Any member of an answer may be null or missing, and new ones come at any time: what is not known is passed over.

// ticket is a ticket as the API shows it.
type ticket struct {
	ID           ident           `json:"id"`
	Subject      string          `json:"subject"`
	Description  string          `json:"description"`
	Plain        string          `json:"description_text"`
	Structured   json.RawMessage `json:"structured_description"` // of web chats, where replies need the same form
	Status       number          `json:"status"`
	Priority     number          `json:"priority"`
	Source       number          `json:"source"`
	Type         string          `json:"type"`
	Tags         []string        `json:"tags"`
	ProductID    ident           `json:"product_id"`
	RequesterID  ident           `json:"requester_id"`
	ResponderID  ident           `json:"responder_id"`
	Spam         bool            `json:"spam"`
	Deleted      bool            `json:"deleted"`
	DueBy        moment          `json:"due_by"`
	FirstDueBy   moment          `json:"fr_due_by"`
	NextDueBy    moment          `json:"nr_due_by"`
	CreatedAt    moment          `json:"created_at"`
	UpdatedAt    moment          `json:"updated_at"`
	Requester    *contact        `json:"requester"` // with include=requester
	Stats        *stats          `json:"stats"`     // with include=stats
	Conversation []conversation  `json:"conversations"`
	Attachments  []attachment    `json:"attachments"`
	CustomFields own             `json:"custom_fields"`
}

// own are an account's own ticket fields, by name.
type own map[string]json.RawMessage

// UnmarshalJSON implements json.Unmarshaler. Of another form there are none, which keeps no ticket from being read.
func (o *own) UnmarshalJSON(raw []byte) error {
	*o = nil
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) == nil {
		*o = fields
	}
	return nil
}

// contact is a person as tickets and agents show one.
type contact struct {
	ID    ident  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type stats struct {
	FirstResponded moment `json:"first_responded_at"`
}

// conversation is a reply, a note, or something that the system tells.
type conversation struct {
	ID           ident           `json:"id"`
	Body         string          `json:"body"`
	Plain        string          `json:"body_text"`
	Structured   json.RawMessage `json:"structured_body"`
	Incoming     bool            `json:"incoming"`
	Private      bool            `json:"private"`
	UserID       ident           `json:"user_id"`
	Source       number          `json:"source"`
	FromEmail    string          `json:"from_email"`
	AutoResponse bool            `json:"auto_response"`
	Attachments  []attachment    `json:"attachments"`
	CreatedAt    moment          `json:"created_at"`
	EditedAt     moment          `json:"last_edited_at"`
}

type attachment struct {
	ID   ident  `json:"id"`
	Name string `json:"name"`
	Type string `json:"content_type"`
	Size number `json:"size"`
	URL  string `json:"attachment_url"`
}

// What comes in more forms than one.
type (
	ident  = helpdesk.ID
	number = helpdesk.Number
	moment = helpdesk.Time
)

// structured is the text of a web chat's message; "" when raw holds none. The form of a part's data is not documented for all
// parts: a text comes as a string, or as an object that holds one.
func structured(raw json.RawMessage) string {
	var body struct {
		Contents []struct {
			Type string          `json:"type"`
			Data json.RawMessage `json:"data"`
		} `json:"body_contents"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &body) != nil {
		return ""
	}
	var parts []string
	for _, part := range body.Contents {
		if text := textOf(part.Data); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n")
}

func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var object struct {
		Text    string `json:"text"`
		Content string `json:"content"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	if object.Text != "" {
		return object.Text
	}
	return object.Content
}

// isStructured reports whether a member that only web chats have is there.
func isStructured(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && raw[0] == '{'
}
