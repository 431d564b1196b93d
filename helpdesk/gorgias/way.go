package gorgias

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// way is how a reply gets to the customer.
type way struct {
	channel     string
	source      newSource
	integration ident
}

// direct are the channels by which a reply goes back as it came: a conversation between two. Elsewhere a reply would stand in public,
// below a post.
var direct = []string{email, chat, "sms", "whatsapp", "facebook-messenger", "instagram-direct-message", "twitter-direct-message"}

// mailed are the channels that only come in; their customers are answered by e-mail.
var mailed = []string{"", "api", "contact_form", "help-center", "form", "self_service", "offline_capture"}

// wayTo finds the way by which the customer last wrote. What others wrote meanwhile does not change it, or a reply would go to them.
func (c *Connector) wayTo(t *ticket) (*way, error) {
	customer := t.customer()
	channel := t.Channel
	for _, m := range slices.Backward(t.Messages) {
		if is(m.FromAgent) || !m.isPublic() || !writtenBy(&m, customer) {
			continue
		}
		channel = m.Channel
		from, to := m.Source.V.From.Address, m.Source.V.To
		if slices.Contains(direct, channel) && from != "" && len(to) > 0 && to[0].Address != "" {
			return &way{channel: channel, integration: m.IntegrationID, source: newSource{
				Type: cmp.Or(m.Source.V.Type, channel), From: t.ownOf(to, channel), To: []address{{Name: customer.called(), Address: from}},
			}}, nil
		}
		break
	}
	if channel != email && !slices.Contains(mailed, channel) {
		return nil, &desk.Refused{Op: "send reply", Why: fmt.Sprintf("nothing can be sent by %q from here; answer it in Gorgias", helpdesk.Clipped(channel))}
	}
	return c.byMail(t, customer)
}

func writtenBy(m *message, customer party) bool {
	return m.Sender == nil || m.Sender.ID == customer.ID || m.Sender.Email != "" && strings.EqualFold(m.Sender.Email, customer.Email)
}

// ownOf is the account's own address among those that a message went to.
func (t *ticket) ownOf(to []address, channel string) address {
	if channel == email {
		for _, one := range to {
			if slices.ContainsFunc(t.Integrations.V, func(in inbox) bool { return strings.EqualFold(in.Address, one.Address) }) {
				return address{Address: one.Address}
			}
		}
	}
	return address{Address: to[0].Address}
}

// byMail writes to the customer's e-mail address, from the address of the ticket's inbox or the one that is set.
func (c *Connector) byMail(t *ticket, customer party) (*way, error) {
	from := c.from
	for _, in := range t.Integrations.V {
		if from == "" && slices.Contains([]string{email, "gmail", "outlook"}, in.Type) {
			from = in.Address
		}
	}
	switch {
	case customer.Email == "":
		return nil, &desk.Refused{Op: "send reply", Why: "the customer has no e-mail address, and wrote in no other way that can be answered from here"}
	case from == "":
		return nil, &desk.Refused{Op: "send reply", Why: "the ticket does not say which of the account's addresses an e-mail goes out from; set the setting from"}
	}
	return &way{channel: email, source: newSource{
		Type: email, From: address{Address: from}, To: []address{{Name: customer.called(), Address: customer.Email}},
	}}, nil
}
