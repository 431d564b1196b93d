package generic

import (
	"go.yaml.in/yaml/v4"
)

// Mapping says how one helpdesk is read and written. Its keys are described in docs/connecting/generic.md.
type Mapping struct {
	Auth     Auth      `yaml:"auth"`
	Check    Get       `yaml:"check"`
	Ticket   Ticket    `yaml:"ticket"`
	Messages Messages  `yaml:"messages"`
	Agents   *Agents   `yaml:"agents"`
	Changes  *Changes  `yaml:"changes"`
	Reply    *Action   `yaml:"reply"`
	Note     *Action   `yaml:"note"`
	Assign   *Action   `yaml:"assign"`
	Tags     *Action   `yaml:"tags"`
	Status   *Action   `yaml:"status"`
	Priority *Action   `yaml:"priority"`
	Webhook  *Incoming `yaml:"webhook"`

	checked bool // by CheckMapping, without a fault
}

// Auth is how calls prove whose they are: one header, in whose value {secret} is the account's secret.
type Auth struct {
	Header string `yaml:"header"` // default Authorization
	Value  string `yaml:"value"`  // default "Bearer {secret}"
}

// Get is one call that reads. Name is where the answer says whose credentials these are.
type Get struct {
	URL  string `yaml:"url"`
	Name Paths  `yaml:"name"`
}

// Ticket is where what stands in a ticket. Statuses and Priorities are the helpdesk's words with ours; an unknown status is open, so
// that somebody looks.
type Ticket struct {
	URL        string            `yaml:"url"`
	Number     Path              `yaml:"number"` // what agents call it, where that is not its id
	Subject    Path              `yaml:"subject"`
	Status     Path              `yaml:"status"`
	Statuses   map[string]string `yaml:"statuses"`
	Customer   Person            `yaml:"customer"`
	Assignee   Path              `yaml:"assignee"`
	Tags       Path              `yaml:"tags"`
	Priority   Path              `yaml:"priority"`
	Priorities map[string]string `yaml:"priorities"`
	Channel    Path              `yaml:"channel"`
	Chat       []string          `yaml:"chat"` // words at Channel by which somebody waits in a chat
	Category   Path              `yaml:"category"`
	Brand      Path              `yaml:"brand"` // by name, or its id
	Value      Path              `yaml:"value"` // what the matter is worth: a number
	Merged     Path              `yaml:"merged"`
	Stamp      Path              `yaml:"stamp"`
	Due        Due               `yaml:"due"`
	Page       string            `yaml:"page"` // where agents open it: an address with {ticket}
}

// Person is a name and an e-mail address.
type Person struct {
	Name  Paths `yaml:"name"`
	Email Path  `yaml:"email"`
}

// Due is where the helpdesk's own deadlines stand.
type Due struct {
	First      Path `yaml:"first_response"`
	Next       Path `yaml:"next_response"`
	Resolution Path `yaml:"resolution"`
}

// Messages is where the conversation is: in the ticket's own answer, or with a URL in one of its own.
type Messages struct {
	URL    string `yaml:"url"`
	List   Path   `yaml:"list"`
	Pages  Pages  `yaml:"pages"`
	Newest bool   `yaml:"newest_first"`
	Skip   Rule   `yaml:"skip"` // of entries that nobody wrote: "status changed"

	ID       Path     `yaml:"id"`
	At       Path     `yaml:"at"`
	Edited   Path     `yaml:"edited"`
	Author   Person   `yaml:"author"`
	Role     Roles    `yaml:"role"`
	Public   Public   `yaml:"public"`
	Text     Path     `yaml:"text"`
	Format   string   `yaml:"format"` // html, text or markdown
	FormatBy FormatBy `yaml:"format_by"`
	Marker   Path     `yaml:"marker"` // a hidden member in which {key} comes back; none: a visible reference
	Ours     Rule     `yaml:"ours"`   // of what our own account wrote
	Files    Files    `yaml:"files"`
}

// Roles are the words for the sides of a conversation. Any other word is a participant.
type Roles struct {
	Path     Path     `yaml:"path"`
	Customer []string `yaml:"customer"`
	Agent    []string `yaml:"agent"`
	Bot      []string `yaml:"bot"`
}

// Public are the words for who may read a message. With any other word a customer's message is public, and everything else is not.
type Public struct {
	Path Path     `yaml:"path"`
	Yes  []string `yaml:"yes"`
	No   []string `yaml:"no"`
}

// FormatBy is for helpdesks whose messages say what they are written in; any other word is Messages.Format.
type FormatBy struct {
	Path     Path     `yaml:"path"`
	HTML     []string `yaml:"html"`
	Text     []string `yaml:"text"`
	Markdown []string `yaml:"markdown"`
}

// Files are what a message says of its files. They are named, never opened.
type Files struct {
	List Path `yaml:"list"`
	ID   Path `yaml:"id"`
	Name Path `yaml:"name"`
	Type Path `yaml:"type"`
	Size Path `yaml:"size"`
}

// Pages is how a list goes on: by the link at Next, or by {page} in its URL, counted from First (default 1) until a page has less
// than Size, or its number is the one at Last.
type Pages struct {
	Next  Path `yaml:"next"`
	First *int `yaml:"first"`
	Size  int  `yaml:"size"`
	Last  Path `yaml:"last"`
}

// Agents is how an agent is found by {email}; of a URL without it, the whole list is read.
type Agents struct {
	URL    string `yaml:"url"`
	List   Path   `yaml:"list"`
	ID     Path   `yaml:"id"`
	Email  Path   `yaml:"email"`
	Active Rule   `yaml:"active"`
	Pages  Pages  `yaml:"pages"`
}

// Changes is how the tickets are listed that changed.
type Changes struct {
	URL     string `yaml:"url"`
	List    Path   `yaml:"list"`
	ID      Path   `yaml:"id"`
	Updated Path   `yaml:"updated"`
	Urgent  Rule   `yaml:"urgent"`
	Order   string `yaml:"order"`  // oldest, newest, cursor
	Since   string `yaml:"since"`  // how {since} is written: rfc3339 (default), unix, unix_ms
	Cursor  Path   `yaml:"cursor"` // of order cursor: where the answer has the next {cursor}
	Lag     int    `yaml:"lag"`    // seconds after which the list has every change; default 2
	Pages   Pages  `yaml:"pages"`
}

// Action is one call that writes.
type Action struct {
	Method     string            `yaml:"method"` // default POST
	URL        string            `yaml:"url"`
	Headers    map[string]string `yaml:"headers"`
	Body       any               `yaml:"body"`
	Visibility string            `yaml:"visibility"` // of reply and note: the member of Body that says who may read it, or "url"
	ID         Path              `yaml:"id"`         // of reply and note: where the answer has the message's id
	Words      map[string]any    `yaml:"words"`      // of status and priority: ours with the helpdesk's
	Replaces   bool              `yaml:"replaces"`   // of tags: what is sent takes the place of all there are
}

// Incoming is how webhooks are verified and read.
type Incoming struct {
	Style   string `yaml:"style"` // standard, sha256, token
	Header  string `yaml:"header"`
	Prefix  string `yaml:"prefix"`
	Base64  bool   `yaml:"base64"`
	ID      string `yaml:"id"` // sha256 and token: "header X-Delivery", "path event.id", or "body": every body differs
	At      Path   `yaml:"at"` // sha256: when it was sent, in the signed body
	Only    Rule   `yaml:"only"`
	Tickets Paths  `yaml:"tickets"` // the first path that finds any counts
	Urgent  Rule   `yaml:"urgent"`
}

// UnmarshalYAML takes one path alone, too.
func (p *Paths) UnmarshalYAML(node *yaml.Node) error {
	var list []Path
	if node.Kind == yaml.ScalarNode {
		list = []Path{Path(node.Value)}
	} else if err := node.Decode(&list); err != nil {
		return err
	}
	*p = list
	return nil
}
