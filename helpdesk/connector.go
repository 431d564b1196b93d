package helpdesk

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"warmline/escalate/desk"
)

// Connector is a connected account, as all vendors' are. What only some vendors offer are the small interfaces below, desk.Opener
// and desk.FileReader.
type Connector interface {
	desk.Helpdesk
	// Changes reads the account's feed of changes; see Poller.Changes.
	Changes(ctx context.Context, cursor string) (notices []desk.Notice, next string, err error)
	// Abilities says of every row of the capability matrix how this vendor does it, or what it lacks. It calls nobody.
	Abilities() []Ability
	// Check asks the account whose credentials these are and what they may do. It changes nothing.
	Check(ctx context.Context) ([]Finding, error)
}

// MacroReader is a helpdesk whose macros, or saved replies, can be read.
type MacroReader interface {
	// Macros returns one page of the macros that are in use, and the cursor of the next; "" begins and ends. It is read whole each
	// time: a macro that is gone is in no page.
	Macros(ctx context.Context, cursor string) (page []Macro, next string, err error)
}

// Macro is a ready-made reply.
type Macro struct {
	ID, Title, Body string // Body is plain text; {{…}} stands for what differs by customer, in our words or the vendor's
	Topic           string
}

// ArticleReader is a helpdesk with a help centre.
type ArticleReader interface {
	// Articles returns one page of the articles that everybody may read, and the cursor of the next; "" begins and ends. Drafts, and
	// what only some people may read, are never among them.
	Articles(ctx context.Context, cursor string) (page []Article, next string, err error)
}

// Article is a page of a help centre. Body is plain text.
type Article struct{ ID, Title, Body, URL, Lang string }

// Archive is a helpdesk whose past tickets can be listed.
type Archive interface {
	// Past returns the ids of one page of tickets that changed since an instant, oldest change first, and the cursor of the next
	// page; "" begins and ends. A ticket that changes meanwhile may come twice.
	Past(ctx context.Context, since time.Time, cursor string) (ids []string, next string, err error)
}

// Registrar is a helpdesk in which we can register our webhook ourselves.
type Registrar interface {
	// Register makes the account send its changes to url, signed with secret where we choose it, and returns the secret that it
	// signs with. Registering the same url again changes the one that is there.
	Register(ctx context.Context, url, secret string) (signsWith string, err error)
}

// Finding is one thing that was checked.
type Finding struct {
	What string // "the API token"
	OK   bool
	Says string // what was found; of a fault, also how to mend it
}

// Row names a row of the capability matrix.
type Row string

// The rows of the capability matrix, in the order in which they are shown.
const (
	RowPoll      Row = "poll"      // changes since a cursor
	RowWebhook   Row = "webhook"   // changes told by signed webhooks
	RowRead      Row = "read"      // the full conversation
	RowNote      Row = "note"      // an internal note
	RowReply     Row = "reply"     // a public reply
	RowMarker    Row = "marker"    // what we wrote is found again
	RowStamp     Row = "stamp"     // a reply to a ticket that moved is refused
	RowAssign    Row = "assign"    // the assignee
	RowTags      Row = "tags"      // tags are added, none lost
	RowStatus    Row = "status"    // open, pending, solved
	RowPriority  Row = "priority"  // low to urgent
	RowAgents    Row = "agents"    // found by e-mail
	RowMacros    Row = "macros"    // read for the brain
	RowArticles  Row = "articles"  // public ones, read for the brain
	RowDeadlines Row = "deadlines" // its own SLA
	RowFiles     Row = "files"     // attachments both ways
	RowMerges    Row = "merges"    // a merged ticket is followed to where it went
	RowRegister  Row = "register"  // we can register the webhook
	RowPast      Row = "past"      // old tickets are imported
	RowOpen      Row = "open"      // new tickets are opened from Slack
	RowBrand     Row = "brand"     // whose the ticket is, where an account serves several
	RowValue     Row = "value"     // what the matter is worth
)

// Rows are all rows, in order.
func Rows() []Row {
	return []Row{
		RowPoll, RowWebhook, RowRead, RowNote, RowReply, RowMarker, RowStamp, RowAssign, RowTags, RowStatus, RowPriority, RowAgents,
		RowMacros, RowArticles, RowDeadlines, RowFiles, RowMerges, RowRegister, RowPast, RowOpen, RowBrand,
		RowValue,
	}
}

// Ability says how an account does one row, or what it lacks and what takes its place.
type Ability struct {
	Row  Row
	Has  bool
	Says string // "a tag of the name takes its place"
}

// Describe says of every row, in order, how an account does it, or else what it lacks.
func Describe(has, lacks map[Row]string) []Ability {
	out := make([]Ability, 0, len(Rows()))
	for _, row := range Rows() {
		says, can := has[row]
		if !can {
			says = lacks[row]
		}
		out = append(out, Ability{Row: row, Has: can, Says: says})
	}
	return out
}

// Vendor is a kind of helpdesk that can be connected: everything that the commands need to know of it.
type Vendor struct {
	Name     string // "zendesk": as it is typed
	Title    string // "Zendesk"
	Settings []Setting
	// Connect makes a connector from settings, which it checks; it calls nobody.
	Connect func(Account) (Connector, error)
	// Intake returns how the account's webhooks are verified and read; nil when the vendor has none.
	Intake func(Account) (Intake, error)
	// Paste says what to enter where in the vendor's pages so that its webhooks reach url; "" when Register does it all.
	Paste func(url string) string
}

// Setting is one thing that must be known to connect an account.
type Setting struct {
	Name     string // "token"
	Help     string // where to find it
	Example  string
	Secret   bool // comes from the environment or a file, never from a command line, and is never shown
	Optional bool
}

// Account is one account that is to be connected.
type Account struct {
	Name     string            // Ref.Desk of its tickets
	Settings map[string]string // by Setting.Name
	// HookURL is the public address of its webhooks; "" when there is none. HubSpot signs it.
	HookURL string
	// HookSecrets are what may have signed a webhook: the new one first, then the one before it.
	HookSecrets []string
	// BotName signs replies and notes that are in nobody's name; default "AI assistant".
	BotName string
	// Settle is how long after a lost answer a call may still be applied; 0 is the vendor's own.
	Settle time.Duration
	// Client makes the calls; default a new one.
	Client *http.Client
	// Now reads the clock; default time.Now.
	Now func() time.Time
}

// String keeps the secrets out of logs and errors.
func (a Account) String() string { return a.Name }

// GoString keeps the secrets out of %#v.
func (a Account) GoString() string { return a.Name }

// LogValue keeps the secrets out of logs that are JSON.
func (a Account) LogValue() slog.Value { return slog.StringValue(a.Name) }

// Intake is how webhooks come in; see WebhookOptions.
type Intake struct {
	Verify Verify
	Parse  func(body []byte) ([]Hint, error)
	// Challenge answers a delivery that only asks whether we are there; nil when the vendor asks nothing.
	Challenge func(header http.Header, body []byte) (answer string, asked bool)
}
