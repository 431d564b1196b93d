package generic

import (
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate"
)

var (
	ourStatuses   = []string{string(escalate.StatusOpen), string(escalate.StatusPending), string(escalate.StatusOnHold), string(escalate.StatusSolved), string(escalate.StatusClosed), string(escalate.StatusGone)}
	ourPriorities = []string{string(escalate.PriorityLow), string(escalate.PriorityNormal), string(escalate.PriorityHigh), string(escalate.PriorityUrgent)}
)

// notOurs are headers that belong to the call itself.
var notOurs = []string{"Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Accept", "Accept-Encoding"}

func (c *checker) header(at, name string) {
	if name == "" || strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) {
		c.fault(at, "%q is no name of a header", name)
	} else if slices.Contains(notOurs, textproto.CanonicalMIMEHeaderKey(name)) {
		c.fault(at, "%s belongs to the call itself", name)
	}
}

func (c *checker) auth() {
	a := &c.m.Auth
	if a.Header == "" {
		a.Header = "Authorization"
	}
	if a.Value == "" {
		a.Value = "Bearer {secret}"
	}
	c.header("auth.header", a.Header)
	if !strings.Contains(a.Value, "{secret}") {
		c.fault("auth.value", `it has no {secret}; the secret itself is a setting, and does not belong into a mapping: "token {secret}"`)
	}
	c.placeholders("auth.value", placeholdersIn(a.Value), []string{"secret"})
}

func (c *checker) ticket() {
	t := &c.m.Ticket
	c.readURL("ticket.url", t.URL, true, "ticket")
	if t.URL != "" && !slices.Contains(placeholdersIn(t.URL), "ticket") {
		c.fault("ticket.url", "it has no {ticket}")
	}
	c.need("ticket.subject", false, t.Subject)
	c.need("ticket.status", false, t.Status)
	c.paths("ticket.customer.name", false, t.Customer.Name...)
	c.need("ticket.customer.email", false, t.Customer.Email)
	for at, p := range map[string]Path{
		"ticket.number": t.Number, "ticket.assignee": t.Assignee, "ticket.priority": t.Priority, "ticket.channel": t.Channel, "ticket.category": t.Category, "ticket.brand": t.Brand, "ticket.value": t.Value, "ticket.merged": t.Merged,
		"ticket.stamp": t.Stamp, "ticket.due.first_response": t.Due.First, "ticket.due.next_response": t.Due.Next, "ticket.due.resolution": t.Due.Resolution,
	} {
		c.paths(at, false, p)
	}
	c.paths("ticket.tags", true, t.Tags)
	c.words("ticket.statuses", t.Statuses, ourStatuses)
	c.words("ticket.priorities", t.Priorities, ourPriorities)
	if len(t.Statuses) == 0 {
		c.fault("ticket.statuses", "it is missing: the helpdesk's words with ours, such as {New: open, Resolved: solved}")
	}
	if t.Priority != "" && len(t.Priorities) == 0 {
		c.fault("ticket.priorities", "it is missing: the helpdesk's words with low, normal, high and urgent")
	}
	if t.Page == "" {
		return
	}
	c.placeholders("ticket.page", placeholdersIn(t.Page), []string{"ticket"})
	if u, err := url.Parse(strings.ReplaceAll(t.Page, "{ticket}", "1")); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		c.fault("ticket.page", "%q is no address of a page, such as https://desk.example.com/tickets/{ticket}", t.Page)
	}
}

// words checks a table from the helpdesk's words to ours.
func (c *checker) words(at string, table map[string]string, ours []string) {
	for word, means := range table {
		if !slices.Contains(ours, means) {
			c.fault(at+"."+word, "%q is none of: %s", means, strings.Join(ours, ", "))
		}
	}
}

func (c *checker) messages() {
	m := &c.m.Messages
	c.readURL("messages.url", m.URL, false, "ticket", "page")
	if m.URL != "" && !slices.Contains(placeholdersIn(m.URL), "ticket") {
		c.fault("messages.url", "it has no {ticket}; leave url out where messages come with the ticket")
	}
	c.pages("messages.pages", m.URL, m.Pages)
	if m.URL == "" && m.Pages.Next != "" {
		c.fault("messages.pages", "messages that come with the ticket have no pages")
	}
	c.need("messages.list", true, m.List)
	c.need("messages.id", false, m.ID)
	c.need("messages.at", false, m.At)
	c.need("messages.text", false, m.Text)
	c.need("messages.role.path", false, m.Role.Path)
	c.need("messages.public.path", false, m.Public.Path)
	for at, p := range map[string]Path{
		"messages.edited": m.Edited, "messages.author.email": m.Author.Email, "messages.marker": m.Marker, "messages.format_by.path": m.FormatBy.Path,
		"messages.files.id": m.Files.ID, "messages.files.name": m.Files.Name, "messages.files.type": m.Files.Type, "messages.files.size": m.Files.Size,
	} {
		c.paths(at, false, p)
	}
	c.paths("messages.files.list", true, m.Files.List)
	if m.Files.List != "" && (m.Files.ID == "" || m.Files.Name == "") {
		c.fault("messages.files", "list needs id and name as well")
	}
	c.paths("messages.author.name", false, m.Author.Name...)
	c.rule("messages.skip", m.Skip)
	c.rule("messages.ours", m.Ours)
	c.oneOf("messages.format", m.Format, "html", "text", "markdown")
	c.sides()
}

// sides checks what tells a customer from an agent, and a message from a note: what is guessed wrong here leaks.
func (c *checker) sides() {
	m := &c.m.Messages
	if m.Role.Path != "" && (len(m.Role.Customer) == 0 || len(m.Role.Agent) == 0) {
		c.fault("messages.role", "customer and agent need a word each")
	}
	apart := func(at string, lists ...[]string) {
		seen := make(map[string]bool)
		for _, word := range slices.Concat(lists...) {
			if seen[word] {
				c.fault(at, "%q is said to mean two things", word)
			}
			seen[word] = true
		}
	}
	apart("messages.role", m.Role.Customer, m.Role.Agent, m.Role.Bot)
	if m.Public.Path != "" && (len(m.Public.Yes) == 0 || len(m.Public.No) == 0) {
		c.fault("messages.public", "yes and no need a word each: by which customers see a message, and by which they never do")
	}
	apart("messages.public", m.Public.Yes, m.Public.No)
	apart("messages.format_by", m.FormatBy.HTML, m.FormatBy.Text, m.FormatBy.Markdown)
	if m.Ours.Path == "" && m.Marker == "" && (c.m.Reply != nil || c.m.Note != nil) {
		c.fault("messages.ours", "it is missing: what we write ends with a visible reference then, which anybody can copy, and so counts only in messages of our own account; say how they are told, such as {path: author.email, is: [bot@example.com]}, or name a hidden member as messages.marker")
	}
}

func (c *checker) agents() {
	a := c.m.Agents
	if a == nil {
		return
	}
	c.readURL("agents.url", a.URL, true, "email", "page")
	c.pages("agents.pages", a.URL, a.Pages)
	c.need("agents.list", true, a.List)
	c.need("agents.id", false, a.ID)
	c.need("agents.email", false, a.Email)
	c.rule("agents.active", a.Active)
}

func (c *checker) changes() {
	ch := c.m.Changes
	if ch == nil {
		return
	}
	known := []string{"since", "page"}
	if ch.Order == "cursor" {
		known = []string{"since", "cursor"}
	}
	c.readURL("changes.url", ch.URL, true, known...)
	used := placeholdersIn(ch.URL)
	c.oneOf("changes.order", ch.Order, "oldest", "newest", "cursor")
	switch since, cursor := slices.Contains(used, "since"), slices.Contains(used, "cursor"); {
	case ch.Order == "oldest" && !since:
		c.fault("changes.url", "with the oldest change first it needs {since}, or it would begin at the beginning each time")
	case ch.Order == "cursor" && (!since || !cursor || ch.Cursor == ""):
		c.fault("changes", "order cursor needs {since}, with which it begins, {cursor} in url, and cursor: where the answer has the next one")
	case ch.Order != "cursor" && ch.Cursor != "":
		c.fault("changes.cursor", "it is for order: cursor")
	}
	c.pages("changes.pages", ch.URL, ch.Pages)
	c.need("changes.list", true, ch.List)
	c.need("changes.id", false, ch.ID)
	c.need("changes.updated", false, ch.Updated)
	c.paths("changes.cursor", false, ch.Cursor)
	c.rule("changes.urgent", ch.Urgent)
	if ch.Since == "" {
		ch.Since = "rfc3339"
	}
	c.oneOf("changes.since", ch.Since, "rfc3339", "unix", "unix_ms")
	if ch.Lag == 0 {
		ch.Lag = 2
	}
	if ch.Lag < 1 || ch.Lag > 600 {
		c.fault("changes.lag", "want seconds, 1 to 600")
	}
}

func (c *checker) webhook() {
	w := c.m.Webhook
	if w == nil {
		return
	}
	c.oneOf("webhook.style", w.Style, "standard", "sha256", "token")
	c.signing(w)
	c.rule("webhook.only", w.Only)
	c.rule("webhook.urgent", w.Urgent)
	if len(w.Tickets) == 0 {
		c.fault("webhook.tickets", "it is missing: where in a body the ticket's id stands")
	}
	c.paths("webhook.tickets", true, w.Tickets...)
}

// signing checks what each style needs and knows.
func (c *checker) signing(w *Incoming) {
	switch w.Style {
	case "standard":
		if w.Header != "" || w.Prefix != "" || w.ID != "" || w.At != "" || w.Base64 {
			c.fault("webhook", "style standard has its own headers: leave out header, prefix, base64, id and at")
		}
		return
	case "token":
		if w.Prefix != "" || w.At != "" || w.Base64 {
			c.fault("webhook", "style token compares the header as it is: leave out prefix, base64 and at")
		}
		fallthrough
	case "sha256":
		c.header("webhook.header", w.Header)
		if kind, rest, _ := strings.Cut(w.ID, " "); kind == "path" {
			c.need("webhook.id", false, Path(rest))
		} else if kind == "header" {
			c.header("webhook.id", rest)
		} else if w.ID != "body" {
			c.fault("webhook.id", `want "header X-Delivery-Id", "path event.id", or "body" where no two bodies are the same; a second delivery with the same id is not looked at`)
		}
	}
	c.paths("webhook.at", false, w.At)
}

func (c *checker) method(at string, a *Action) {
	if a.Method == "" {
		a.Method = http.MethodPost
	}
	c.oneOf(at+".method", a.Method, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete)
}
