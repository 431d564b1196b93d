package desk

import (
	"context"
	"io"
	"time"

	"warmline/escalate"
)

// Helpdesk is one connected helpdesk account.
//
// Errors: ErrNotFound when the ticket is gone; *Refused when the call was cleanly refused and certainly not applied;
// anything else, a lost answer included, may have been applied.
type Helpdesk interface {
	// Read returns the ticket whole, as it stands.
	Read(ctx context.Context, ticket string) (*Snapshot, error)
	// Write performs one write. Write.Key makes a repeat harmless where the helpdesk can, and is kept as the marker
	// of the message written, so that Read shows it.
	Write(ctx context.Context, ticket string, w Write) (escalate.MessageID, error)
	// AgentByEmail returns the agent with an e-mail address, or ErrNotFound.
	AgentByEmail(ctx context.Context, email string) (escalate.AgentID, error)
	// Limits says what this helpdesk can do and how long a lost call may still be applied.
	Limits() Limits
}

// FileReader is a helpdesk whose messages carry files that can be read.
type FileReader interface {
	// OpenFile returns a file's bytes as a reader that the caller bounds and closes; it ends with ctx. Errors are those of
	// Helpdesk: ErrNotFound when the ticket, its message or the file is gone. Credentials never leave the helpdesk's own
	// host, wherever a file's address points.
	OpenFile(ctx context.Context, ticket string, m escalate.MessageID, f escalate.FileID) (io.ReadCloser, error)
}

// Untagger is a helpdesk from whose tickets tags can be taken.
type Untagger interface {
	// Untag takes tags from a ticket; those that it has not are no fault, so that a repeat is harmless. Errors are those of Helpdesk.
	Untag(ctx context.Context, ticket string, tags []string) error
}

// Opener is a helpdesk that takes new tickets from us, too.
type Opener interface {
	// Open makes a ticket as its customer would and returns its id. The same key again returns the same ticket. Errors are those
	// of Helpdesk.
	Open(ctx context.Context, o Opening) (ticket string, err error)
}

// Opening is a ticket to be made. Subject and Text are untrusted.
type Opening struct {
	Key      string // marks it for ever
	Subject  string
	Text     string
	Customer escalate.Customer // name and e-mail address
	Tags     []string
}

// Snapshot is a ticket as a helpdesk showed it at one instant.
type Snapshot struct {
	Status   escalate.Status
	Assignee escalate.AgentID
	Stamp    string
	Content  escalate.Content
	// Merged is the id of the ticket that this one went into; "" when it did not. The status is then StatusGone.
	Merged string
	// Deadlines are the helpdesk's own; the zero time where it has none.
	Deadlines Deadlines
}

// Deadlines are when a helpdesk's SLA wants what.
type Deadlines struct {
	FirstResponse, NextResponse, Resolution time.Time
}

// WriteKind is what a write does.
type WriteKind string

// The kinds of write.
const (
	WriteReply  WriteKind = "reply"  // a public message to the customer
	WriteNote   WriteKind = "note"   // an internal note
	WriteAssign WriteKind = "assign" // the assignee
	WriteTags   WriteKind = "tags"   // add tags
	WriteStatus WriteKind = "status"

	WritePriority WriteKind = "priority"
)

// Write is one write to a ticket.
type Write struct {
	Kind   WriteKind
	Key    string // marker and idempotency key: a reply's id, or the job's
	Stamp  string // reply only: refuse unless the ticket still stands at this version; "" asks for no check
	Author string // reply only: in whose name; "" is the bot's
	Text   string
	Agent  escalate.AgentID
	Tags   []string
	Status escalate.Status
	// Priority is one of the four that every helpdesk maps to, if it has any.
	Priority escalate.Priority
	Files    []Upload // reply and note only, in the same call as the text: both arrive or neither does
}

// Upload is a file on its way into a helpdesk.
type Upload struct {
	Name string // a plain file name, without a path
	Type string // MIME type
	Body []byte
}

// Limits are a helpdesk's abilities.
type Limits struct {
	Stamps bool          // it refuses a reply to a ticket that moved: a repeat with the same stamp can never double
	Settle time.Duration // how long after a lost answer a call may still be applied; read back only after it
	// Newer reports whether stamp a is later than stamp b. A reading with a newer stamp that lacks a reply proves that
	// the reply, sent with the older one, can never arrive. nil when stamps have no order.
	Newer func(a, b string) bool
	// MaxFiles is how many files a reply or note may carry, MaxUpload how many bytes they may have together. 0: this helpdesk
	// takes none from us.
	MaxFiles  int
	MaxUpload int64
}
