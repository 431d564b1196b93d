package builtin

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Bounds of what comes in.
const (
	longestSubject = 500     // characters
	longestText    = 200_000 // bytes
	longestName    = 320     // bytes; an e-mail address has at most 254
	mostTags       = 50
	dearest        = 1e15
)

var (
	ticketID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	channels = []string{"email", "chat", "web"}
	roles    = []escalate.Role{escalate.RoleCustomer, escalate.RoleAgent, escalate.RoleBot, escalate.RoleParticipant}
	statuses = []escalate.Status{
		escalate.StatusOpen, escalate.StatusPending, escalate.StatusOnHold, escalate.StatusSolved, escalate.StatusClosed,
	}
)

// outside reports whether a role stands on the customer's side.
func outside(r escalate.Role) bool {
	return r == escalate.RoleCustomer || r == escalate.RoleParticipant
}

func (n *NewTicket) check() error {
	for _, s := range []*string{&n.Subject, &n.Text, &n.Customer.Name, &n.Customer.Email, &n.Customer.Plan, &n.Customer.Zone, &n.Plan, &n.Category, &n.Brand} {
		*s = helpdesk.Clean(*s)
	}
	n.Subject = strings.Join(strings.Fields(n.Subject), " ")
	n.Brand = strings.TrimSpace(n.Brand)
	n.Customer.Name, n.Customer.Email = strings.TrimSpace(n.Customer.Name), strings.TrimSpace(n.Customer.Email)
	if n.Plan != "" {
		n.Customer.Plan = n.Plan
	}
	if n.Channel == "" {
		n.Channel = "email"
	}
	switch {
	case n.ID != "" && !ticketID.MatchString(n.ID):
		return invalid("id %q: want up to 64 letters, digits, _ and -", firstRunes(n.ID, 64))
	case utf8.RuneCountInString(n.Subject) > longestSubject:
		return invalid("subject is longer than %d characters; shorten it", longestSubject)
	case n.Customer.Email == "" && (n.Channel != "chat" || n.Customer.Name == ""): // who chats may be known by name alone
		return invalid("customer.email is missing; say who writes")
	case !slices.Contains(channels, n.Channel):
		return invalid("channel %q: want one of %s", firstRunes(n.Channel, 40), strings.Join(channels, ", "))
	}
	if err := checkBody(n.Text, n.Files); err != nil {
		return err
	}
	if err := checkShort(n.Customer.Name, n.Customer.Email, n.Customer.Plan, n.Customer.Zone, n.Category, n.Brand); err != nil {
		return err
	}
	if err := checkValue(n.Value); err != nil {
		return err
	}
	if n.Customer.Name == "" {
		n.Customer.Name, _, _ = strings.Cut(n.Customer.Email, "@")
	}
	if err := checkTags(n.Customer.Tags); err != nil {
		return err
	}
	return checkTags(n.Tags)
}

func (n *NewMessage) check() error {
	for _, s := range []*string{&n.Text, &n.Author, &n.AuthorEmail, &n.Marker} {
		*s = helpdesk.Clean(*s)
	}
	if !slices.Contains(roles, n.Role) {
		return invalid("role %q: want one of customer, agent, bot, participant", firstRunes(string(n.Role), 40))
	}
	if public := outside(n.Role); n.Public == nil && public {
		n.Public = &public
	}
	switch {
	case n.Public == nil:
		return invalid("public is missing; say true (the customer sees it) or false (an internal note)")
	case n.Role == escalate.RoleCustomer && !*n.Public:
		return invalid("a customer's message cannot be internal; leave public out")
	}
	if err := checkBody(n.Text, n.Files); err != nil {
		return err
	}
	return checkShort(n.Author, n.AuthorEmail, n.Marker)
}

func (p *Patch) check(agents []Agent) error {
	if p.Status != nil && !slices.Contains(statuses, *p.Status) {
		return invalid("status %q: want one of open, pending, on_hold, solved, closed", firstRunes(string(*p.Status), 40))
	}
	known := func(a Agent) bool { return a.ID == *p.Assignee }
	if p.Assignee != nil && *p.Assignee != "" && !slices.ContainsFunc(agents, known) {
		return invalid("assignee %q is no agent's id; GET /desk/api/agents lists them", firstRunes(*p.Assignee, 64))
	}
	if p.Brand != nil {
		brand := strings.TrimSpace(helpdesk.Clean(*p.Brand))
		if err := checkShort(brand); err != nil {
			return err
		}
		p.Brand = &brand
	}
	if p.Value != nil {
		if err := checkValue(*p.Value); err != nil {
			return err
		}
	}
	return errors.Join(checkTags(p.AddTags), checkTags(p.DropTags))
}

// checkValue refuses what is no amount: whatever is worth more than dearest is a mistake.
func checkValue(value float64) error {
	if !(value >= 0 && value < dearest) { // also of NaN
		return invalid("value %v: want a number from 0 to less than %.0f", value, dearest)
	}
	return nil
}

func checkText(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return invalid("text is empty; write something")
	case len(text) > longestText:
		return invalid("text is longer than %d bytes; shorten it", longestText)
	}
	return nil
}

func checkShort(values ...string) error {
	for _, v := range values {
		if len(v) > longestName {
			return invalid("%q is longer than %d bytes; shorten it", firstRunes(v, 40), longestName)
		}
	}
	return nil
}

func checkTags(tags []string) error {
	if len(tags) > mostTags {
		return invalid("%d tags; at most %d at once", len(tags), mostTags)
	}
	for i, tag := range tags {
		tags[i] = strings.TrimSpace(helpdesk.Clean(tag))
		if tags[i] == "" || len(tag) > 100 {
			return invalid("tag %q: want 1 to 100 bytes", firstRunes(tag, 40))
		}
	}
	return nil
}
