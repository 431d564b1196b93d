package desk

import (
	"context"
	"time"

	"warmline/escalate"
)

// Store keeps everything that must survive.
//
// Update runs fn in one transaction. When it returns nil, all that fn wrote is durable (it survives a power cut); when
// it returns an error, none of it is there, save for ErrOutcomeUnknown. fn may run more than once and must do no I/O
// and no nested Update. View runs fn on a consistent snapshot; it may lag an Update that returned in another process.
// Both are safe for concurrent use.
type Store interface {
	Update(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction. It is valid until fn returns and must stay on fn's goroutine. In a View, writes fail.
type Tx interface {
	// Now is the transaction's instant, in whole microseconds of UTC. All times written come from it.
	Now() time.Time

	Tickets
	Texts
	Cards
	Presses
	People
	Policies
	Judgements
	Asks
	Solutions
	Models
	Audits
	Jobs
	Settings
	Homes
	Alerts
	Results
	Overrides
	Offering
	Presences
	Waits
	Trials
	Care
	Loosened
	Queries
}

// Settings keeps small facts: cursors, the instant of go-live, keys made at first start.
type Settings interface {
	// Setting returns a value, or "" when there is none.
	Setting(ctx context.Context, key string) (string, error)
	// PutSetting sets a value.
	PutSetting(ctx context.Context, key, value string) error
}

// Tickets keeps tickets, their content and their history.
type Tickets interface {
	// AddNotice keeps a notice; false when its delivery is there already. Rows older than 30 days may be forgotten.
	AddNotice(ctx context.Context, n Notice) (bool, error)
	// Ticket loads a ticket with its content. In Update it is locked until the end. ErrNotFound when there is none.
	Ticket(ctx context.Context, id escalate.TicketID) (*escalate.Ticket, error)
	// TicketByRef is Ticket by the helpdesk's name for it.
	TicketByRef(ctx context.Context, ref escalate.Ref) (*escalate.Ticket, error)
	// CreateTicket adds a ticket that Update has not seen; when the ref is there already it returns that ticket's id
	// and false.
	CreateTicket(ctx context.Context, t *escalate.Ticket) (escalate.TicketID, bool, error)
	// SaveTicket writes a ticket loaded in this transaction, and the events that led from what was loaded to it, to
	// the history. ErrStale when someone else wrote in between.
	SaveTicket(ctx context.Context, t *escalate.Ticket, events []Happened) error
	// SaveContent replaces the ticket's erasable text.
	SaveContent(ctx context.Context, id escalate.TicketID, c *escalate.Content) error
	// History returns a ticket's events, oldest first.
	History(ctx context.Context, id escalate.TicketID) ([]Happened, error)
}

// Happened is an event as history keeps it.
type Happened struct {
	Seq   int64 // 1 for a ticket's first
	At    time.Time
	Actor string // a PersonID, or "warmline", "policy", "helpdesk"
	Event escalate.Event
}

// Texts keeps customer text apart from the history, so that it can be erased.
type Texts interface {
	// PutText keeps a text under a key; the same key and ticket again replaces it.
	PutText(ctx context.Context, id escalate.TicketID, key, text string) error
	// Text returns a text, or ErrNotFound.
	Text(ctx context.Context, id escalate.TicketID, key string) (string, error)
	// PutAssessment keeps what the brain said.
	PutAssessment(ctx context.Context, id escalate.TicketID, a *escalate.Assessment) error
	// Assessment returns it, or ErrNotFound.
	Assessment(ctx context.Context, id escalate.TicketID, a escalate.AssessmentID) (*escalate.Assessment, error)
}

// Cards keeps where each hand-off's card is and what it shows. One row per hand-off: a hand-off has one card.
type Cards interface {
	// Card returns a hand-off's card row, or ErrNotFound.
	Card(ctx context.Context, h escalate.HandoffID) (*CardRow, error)
	// CardByToken returns the row that a button's token names, or ErrNotFound.
	CardByToken(ctx context.Context, token string) (*CardRow, error)
	// CardAt returns the row of the card that stands at a place, or ErrNotFound.
	CardAt(ctx context.Context, at Place) (*CardRow, error)
	// SaveCard inserts or replaces a row.
	SaveCard(ctx context.Context, c *CardRow) error
	// LaggingCards returns cards drawn at an older version than their ticket has, at most limit.
	LaggingCards(ctx context.Context, limit int) ([]CardRow, error)
}

// CardRow says where a card is and which version of the ticket it shows.
type CardRow struct {
	Handoff escalate.HandoffID
	Ticket  escalate.TicketID
	Token   string // opaque; what its buttons carry
	Channel string // Slack channel name
	Place   Place  // zero until posted
	// Posting is when a post began whose outcome is not known: a card may be there unseen. 0 when there is none.
	Posting escalate.UnixMicro
	Drawn   int64 // the ticket's version that it shows
	// Fold is the token of the message for many that shows the hand-off; "" when it has a card of its own.
	Fold string
	// Thread is the newest message already copied to the thread; Threading the messages whose post has begun.
	Thread    escalate.MessageID
	Threading escalate.MessageID
}

// Place is where a message stands in Slack: the channel's id and the message's ts.
type Place struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// Presses keeps what people pressed, so that each press counts once.
type Presses interface {
	// AddPress keeps a press; when its id is there already it returns the row as it stands and false.
	AddPress(ctx context.Context, p *PressRow) (*PressRow, bool, error)
	// SavePress updates a row: its acknowledgement, and its state.
	SavePress(ctx context.Context, p *PressRow) error
	// PressRow returns a press, or ErrNotFound.
	PressRow(ctx context.Context, id string) (*PressRow, error)
	// ForgetPresses removes rows older than before. It returns how many.
	ForgetPresses(ctx context.Context, before time.Time) (int, error)
}

// PressRow is a press as kept for 24 hours.
type PressRow struct {
	ID    string
	At    time.Time
	Body  []byte // the Press, as JSON
	Ack   []byte // what was, or is to be, acknowledged
	State string // "applied", "waiting", "refused"
}

// People keeps who is who in Slack, and who belongs to which user group.
type People interface {
	// SavePerson inserts or replaces a person.
	SavePerson(ctx context.Context, p *Person) error
	// PersonRow returns a person, or ErrNotFound.
	PersonRow(ctx context.Context, id escalate.PersonID) (*Person, error)
	// PersonByAgent returns who has an account in a helpdesk, or ErrNotFound. Two people never have the same one.
	PersonByAgent(ctx context.Context, desk string, agent escalate.AgentID) (*Person, error)
	// Everyone returns all people there are rows of.
	Everyone(ctx context.Context) ([]Person, error)
	// SaveGroups replaces all groups and memberships by a reading that was begun at an instant; a reading begun before
	// the kept one is ignored.
	SaveGroups(ctx context.Context, begun time.Time, groups []Group) error
	// Groups returns the handles ("@support-agents") of a person's groups, and when the reading they come from began;
	// the zero time when there is none yet.
	Groups(ctx context.Context, id escalate.PersonID) (handles []string, begun time.Time, err error)
	// ChangeMember applies one change of membership that Slack told of.
	ChangeMember(ctx context.Context, groupID string, id escalate.PersonID, member bool) error
}

// Person is someone in Slack.
type Person struct {
	ID    escalate.PersonID
	Team  string // Slack workspace id
	Name  string // as shown
	Email string
	Zone  string // IANA time zone
	Guest bool
	Bot   bool
	Gone  bool // deactivated
	// Accounts are the same person's in the helpdesks, by the name that escalate.Ref.Desk carries.
	Accounts map[string]Account `json:",omitempty"`
	Nudged   time.Time          // when they were last told that they are not linked
	ReadAt   time.Time
}

// Group is a Slack user group.
type Group struct {
	ID      string
	Handle  string // with the @
	Members []escalate.PersonID
}

// Policies keeps every version of the policy, and the pause switch.
type Policies interface {
	// Policy returns the newest version, or ErrNotFound.
	Policy(ctx context.Context) (*escalate.Policy, error)
	// PolicyVersion returns one version, or ErrNotFound.
	PolicyVersion(ctx context.Context, v int64) (*escalate.Policy, error)
	// PolicyLog returns the newest versions, newest first, at most limit.
	PolicyLog(ctx context.Context, limit int) ([]PolicyEntry, error)
	// SavePolicy adds the next version; p.Version must be the newest plus one, else ErrStale.
	SavePolicy(ctx context.Context, p *escalate.Policy, by, why string) error
	// Pauses returns what is paused: the scope ("" is everything, else a topic) and who did it.
	Pauses(ctx context.Context) (map[string]string, error)
	// SetPause starts (by not empty) or ends a pause of a scope.
	SetPause(ctx context.Context, scope, by string) error
	// TopicRecord returns how people judged a topic's drafts so far.
	TopicRecord(ctx context.Context, topic string) (escalate.Record, error)
	// AddFeedback keeps one judgement of a draft: "approved", "edited", "rejected:tone".
	AddFeedback(ctx context.Context, f Feedback) error
}

// PolicyEntry is one version of the policy with who made it, when and why.
type PolicyEntry struct {
	Policy *escalate.Policy
	At     time.Time
	By     string // a PersonID, or "warmline"
	Why    string
}

// Feedback is a person's judgement of a draft. Reply makes it unique: the newest judgement stands.
type Feedback struct {
	Ticket  escalate.TicketID
	Reply   escalate.ReplyID
	Topic   string
	By      escalate.PersonID
	Verdict string
}

// Audits keeps who did what, and who was refused. Rows are never changed; one sealing job chains them by hash.
type Audits interface {
	// Audit adds a row in the same transaction as what it tells of.
	Audit(ctx context.Context, a AuditRow) error
	// SealAudit chains rows that are not chained yet, at most limit, and returns how many.
	SealAudit(ctx context.Context, limit int) (int, error)
	// AuditRows returns the newest rows that a filter lets through, newest first.
	AuditRows(ctx context.Context, f AuditFilter) ([]AuditRow, error)
}

// AuditFilter narrows the audit log; its zero value is the newest 20 rows.
type AuditFilter struct {
	Person  escalate.PersonID `json:"person,omitempty"`  // what they did, and what was done about them
	Subject string            `json:"subject,omitempty"` // of exactly this
	Policy  bool              `json:"policy,omitempty"`  // of a version of the policy, whichever
	Before  string            `json:"before,omitempty"`  // older than the row with this id
	Limit   int               `json:"limit,omitempty"`
}

// AuditRow is one line of the audit log. It holds no customer text.
type AuditRow struct {
	ID      string // sorts by time; the store gives it
	At      time.Time
	Actor   string
	Action  string
	Subject string // ticket id, "policy 7", …
	Outcome string // "done", "refused", "no effect"
	Detail  string
}

// Jobs is the durable queue as a transaction sees it.
type Jobs interface {
	// Enqueue adds a job. With a Key, a job of the same kind and key that still waits is kept instead, at the earlier
	// of the two instants; a running one does not count, so a change during its run is never swallowed.
	Enqueue(ctx context.Context, j Job) error
	// Reschedule moves the waiting job of a kind and key to another instant; false when none waits.
	Reschedule(ctx context.Context, kind, key string, at time.Time) (bool, error)
	// CancelJobs removes the waiting jobs of a kind and key.
	CancelJobs(ctx context.Context, kind, key string) error
	// Finish removes a leased job in this transaction, so that what it did and its end are one commit. ErrStale when the lease was lost: the transaction must then
	// not commit, another runner has the job.
	Finish(ctx context.Context, j Leased) error
}

// Job is work that must be done, at least once, at or after At.
type Job struct {
	Kind    string
	Key     string    // unique among waiting jobs of the kind; "" is not unique
	Group   string    // one at a time, in order, at the group's pace; "" has none
	At      time.Time // zero: now
	Payload []byte
	// Urgent jobs go before others that are due: what a person waits for.
	Urgent bool
}

// Leased is a job that this process holds for a while, fenced by lease and attempt.
type Leased struct {
	Job
	ID      string
	Attempt int // 1 for the first run
	Owner   string
}

// Queries reads what people ask for.
type Queries interface {
	// Queue returns active hand-offs, most urgent first.
	Queue(ctx context.Context, f QueueFilter) ([]QueueRow, error)
	// QueueTally counts the active hand-offs of each channel and topic, in their order: how many are due by an instant, and how
	// many are a person's, too.
	QueueTally(ctx context.Context, owner escalate.PersonID, dueBy time.Time) ([]QueueTally, error)
	// Counts returns today's figures.
	Counts(ctx context.Context, since time.Time) (Counts, error)
	// Topics returns the topics of tickets decided so far, in any order.
	Topics(ctx context.Context) ([]string, error)
	// TopicCounts returns how the tickets of each topic went that were decided since an instant, by topic in ascending order.
	TopicCounts(ctx context.Context, since time.Time) ([]TopicCount, error)
	// AutoCount counts the tickets of one topic that were answered by themselves, decided since an instant.
	AutoCount(ctx context.Context, topic string, since time.Time) (int, error)
	// AnsweredWith returns the tickets of a topic, decided since an instant, to which a known answer went out by itself, those
	// decided last first, at most limit, without their content. It looks at the newest 1,000 tickets of the topic.
	AnsweredWith(ctx context.Context, topic, answer string, since time.Time, limit int) ([]*escalate.Ticket, error)
	// ActiveTickets returns tickets that people have, in the order of their ids, beginning after one; "" begins with the first.
	ActiveTickets(ctx context.Context, after escalate.TicketID, limit int) ([]escalate.TicketID, error)
	// CountAlike counts the open hand-offs of a channel, topic and primary reason ("" for drafts) that opened since an instant.
	CountAlike(ctx context.Context, channel, topic string, reason escalate.TriggerKind, since time.Time) (int, error)
	// FindTicket finds a ticket by what people type: the helpdesk's id or what agents call it, in any case, with or without "#".
	// ErrNotFound.
	FindTicket(ctx context.Context, typed string) (*escalate.Ticket, error)
}

// QueueFilter narrows the queue; its zero value is all unended hand-offs, up to 50.
type QueueFilter struct {
	Owner     escalate.PersonID
	Unclaimed bool
	Offered   escalate.PersonID // open, and offered to them
	Draft     bool              // an answer waits for approval
	DueBy     time.Time         // something is due by then
	Channel   string            // Slack channel name
	Topic     string
	Limit     int
	Offset    int // how many to pass over
}

// QueueRow is one hand-off in the queue.
type QueueRow struct {
	Ticket  escalate.TicketID
	Ref     escalate.Ref
	Handoff escalate.Handoff
	Subject string
	Reason  escalate.TriggerKind
	Waiting bool   // the customer waits for an answer
	Draft   bool   // an answer waits for approval
	Token   string // what its card's buttons carry; "" while it has no card
	Place   Place  // where its card is; zero until posted
}

// Counts are figures since an instant.
type Counts struct {
	Tickets, Auto, Draft, Escalate int
	Open, Claimed, Sent, Waiting   int           // waiting: jobs due but not done
	Stuck                          int           // jobs given up, or failing for more than 15 minutes
	Late                           time.Duration // how long the job that has been due for longest waits
}

// TopicCount is how a topic's tickets went; those that were only noted went none of the three ways.
type TopicCount struct {
	Topic                          string
	Tickets, Auto, Draft, Escalate int
}

// Refused says that a helpdesk, or Slack, cleanly refused a call: it was certainly not applied.
type Refused struct {
	Op         string        // what was tried
	Why        string        // the other side's own word, or ours where Status is 0
	Status     int           // HTTP status of the answer that refused it; 0: there was none
	Moved      bool          // the ticket is no longer at the stamp
	NoChannel  bool          // the Slack channel is not there, or not for us
	Content    bool          // what was sent was not accepted: the same again will not be either
	RetryAfter time.Duration // when to try again; 0: trying again does not help
}

// Room is Slack as the domain sees it. Calls that return *Refused were certainly not applied; other errors leave it
// open.
type Room interface {
	// PostCard posts a card with its hand-off's id as key and returns where it stands.
	PostCard(ctx context.Context, c *Card) (Place, error)
	// FindCard looks for a hand-off's card in its channel; ErrNotFound when it is certainly not there.
	FindCard(ctx context.Context, channel string, h escalate.HandoffID, since time.Time) (Place, error)
	// UpdateCard redraws a card; ErrNotFound when the message is gone.
	UpdateCard(ctx context.Context, at Place, c *Card) error
	// PostThread posts conversation messages below a card, in order, each with its message id as key. Keys that are
	// there already are not posted again when repeat is set.
	PostThread(ctx context.Context, at Place, posts []ThreadPost, repeat bool) error
}

// ThreadPost is one message in a card's thread. Text is untrusted.
type ThreadPost struct {
	Key     string
	Head    string // "Ina Berg, customer · 14:02" or our own words
	Text    string
	Note    bool                // an internal note, or our own words: never shown to the customer
	Mention escalate.PersonID   // tell this person
	Leads   []escalate.PersonID `json:",omitempty"` // and these, who answer for it
	// Broadcast shows it in the channel as well.
	Broadcast bool `json:",omitempty"`
	At        time.Time
	Wrote     time.Time // of what was edited at At: when it was written; zero: this is no edit
	Files     []FileLine
	URL       string // where an agent opens what is not shown here; "" when nobody knows

	message escalate.MessageID // whose post it is; "" of our own words
}

// FileLine tells of a file that is not shown itself. Name and Type are untrusted.
type FileLine struct {
	Ref  string // names it in a window; "" where it cannot be chosen
	Name string
	Type string // MIME type; "" when nobody says
	Size int64  // bytes; 0 when nobody says
	Here bool   // it is brought here as well
}

// Messenger tells people something in private.
type Messenger interface {
	// Tell shows someone an answer that nobody else sees. ErrNotFound when there is no way left to reach them.
	Tell(ctx context.Context, to Recipient, a Answer) error
	// PublishHome draws a person's App Home.
	PublishHome(ctx context.Context, p escalate.PersonID, h *Home) error
}

// Recipient says how to reach one person: through the response URL of what they pressed while it lives, else by an
// ephemeral message in a channel.
type Recipient struct {
	Person  escalate.PersonID `json:"person"`
	URL     string            `json:"url,omitempty"`
	Channel string            `json:"channel,omitempty"` // Slack channel id
	Thread  string            `json:"thread,omitempty"`  // ts of the thread, "" for the channel
}

// Directory is Slack's own view of people and groups, always read afresh.
type Directory interface {
	// ReadGroups returns every user group with its members.
	ReadGroups(ctx context.Context) ([]Group, error)
	// ReadPerson returns one person, or ErrNotFound.
	ReadPerson(ctx context.Context, id escalate.PersonID) (*Person, error)
	// ReadPresence says of people whether they are there. Who is not known is missing.
	ReadPresence(ctx context.Context, ids []escalate.PersonID) ([]Presence, error)
}

// Brain reads tickets. It is safe for concurrent use and never blocks for longer than ctx allows.
type Brain interface {
	// Assess says what is known of a ticket. An error is the brain's failure, never the ticket's; the ticket then
	// goes to a human with ai_error.
	Assess(ctx context.Context, now time.Time, t *escalate.Ticket) (escalate.Assessment, error)
}
