package desk

import "context"

// Attachments reads what people attached in Slack.
type Attachments interface {
	// FetchFile returns a file that somebody attached in a window of ours: its bytes, at most so many. ErrNotFound when it was deleted,
	// or never was for us; ErrTooLarge when it has more. *Refused says that Slack will not give it; other errors may pass. It asks
	// Slack alone, whatever address Slack names.
	FetchFile(ctx context.Context, id string, most int64) ([]byte, error)
}

// Attached is a file in Slack that a person attached to what they wrote, as Slack told of it then. Name and Type are untrusted.
type Attached struct {
	ID   string `json:"id"` // Slack's
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Size int64  `json:"size"`
	Hash string `json:"hash,omitempty"` // SHA-256 of its bytes; "" until they were read, then they must stay the same
}
