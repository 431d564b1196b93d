package desk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"warmline/escalate"
)

// linkToken is what the link button carries. It names nothing: whoever presses it links themselves.
const linkToken = "link"

func (a *act) notLinked(text string) Answer {
	return Answer{Text: text, Lines: []Line{{Text: text}, {Text: "Or type:"}, {Text: "/escalate link you@company.example", Code: true}}, Actions: []Action{ActLink}, Token: linkToken}
}

// link shows a person's account in the helpdesk, links another, or takes it off: "", "ana@company.example", "off", "off @ana".
func (a *act) link(ctx context.Context, args []string) error {
	switch {
	case len(args) == 0:
		return a.linked(ctx)
	case strings.EqualFold(args[0], "off"):
		return a.unlink(ctx, args[1:])
	case len(args) == 1 && isAddress(address(args[0])):
		return a.startLink(ctx, address(args[0]))
	}
	return a.misread(ctx, "Say the e-mail address of your helpdesk account.")
}

// linked shows the accounts that count as the person's.
func (a *act) linked(ctx context.Context) error {
	desks := a.s.desks()
	if len(desks) != 1 {
		return a.linkedInEach(ctx, desks)
	}
	acc := a.who.Accounts[desks[0]]
	switch {
	case acc.Link == LinkOff:
		return a.answer(ctx, a.notLinked("You took your helpdesk account off. What you claim is yours here; the helpdesk does not show it."))
	case acc.Agent == "":
		return a.answer(ctx, a.notLinked("I know no helpdesk account of yours: there is none with the address that Slack has, "+a.who.Email+"."))
	}
	return a.answer(ctx, Answer{
		Text: "You are linked to helpdesk account " + string(acc.Agent) + ".",
		Lines: []Line{
			{Head: "Your helpdesk account", Text: a.accountWords(acc) + "."},
			{Head: "To take it off", Text: "/escalate link off", Code: true},
		},
		Actions: []Action{ActLink}, Token: linkToken,
	})
}

// linkedInEach shows each helpdesk with who the person is there.
func (a *act) linkedInEach(ctx context.Context, desks []string) error {
	ans := Answer{Text: "Your helpdesk accounts.", Actions: []Action{ActLink}, Token: linkToken}
	for _, desk := range desks {
		ans.Lines = append(ans.Lines, Line{Head: "Your account in " + desk, Text: a.accountWords(a.who.Accounts[desk]) + "."})
	}
	ans.Lines = append(ans.Lines,
		Line{Head: "To link another", Text: "/escalate link you@company.example", Code: true},
		Line{Head: "To take them off", Text: "/escalate link off", Code: true})
	return a.answer(ctx, ans)
}

// accountWords says which account the person has, and how they came to it.
func (a *act) accountWords(acc Account) string {
	switch {
	case acc.Link == LinkOff:
		return "you took it off; what you claim is yours here, and not shown there"
	case acc.Agent == "":
		return "none: there is none with the address that Slack has, " + a.who.Email
	case acc.Link == LinkLead:
		return string(acc.Agent) + "; a lead confirmed it"
	}
	return string(acc.Agent) + "; the helpdesk has the address that Slack has, " + a.who.Email
}

// unlink takes the accounts off: one's own, or as a lead somebody else's. What they have claimed stays assigned as it is.
func (a *act) unlink(ctx context.Context, args []string) error {
	p := &a.who.Person
	if len(args) > 0 {
		if !a.who.role.atLeast(RoleLead) {
			return a.refuse(ctx, a.notAllowed(RoleLead))
		}
		var err error
		if p, err = a.someone(ctx, strings.Join(args, " "), "link off"); p == nil {
			return err
		}
	}
	was, changed := a.takeOff(p)
	if !changed {
		return a.say(ctx, "%s has no helpdesk account linked; nothing was changed.", p.Name)
	}
	if err := a.tx.SavePerson(ctx, p); err != nil {
		return err
	}
	if err := a.audit(ctx, personSubject(p.ID), outcomeDone, "unlinked from agent "+was); err != nil {
		return err
	}
	return a.say(ctx, "%s is not linked to a helpdesk account any more. To link one again: /escalate link", p.Name)
}

// takeOff takes every account off a person, and keeps the connected helpdesks from being looked in again. It says which they were, and
// whether anything is another than before.
func (a *act) takeOff(p *Person) (was string, changed bool) {
	desks := slices.Concat(a.s.desks(), slices.Sorted(maps.Keys(p.Accounts)))
	slices.Sort(desks)
	var all []string
	for _, desk := range slices.Compact(desks) {
		acc := p.Accounts[desk]
		if acc.Agent != "" {
			all = append(all, string(acc.Agent)+a.s.in(desk))
		}
		changed = changed || acc != Account{Link: LinkOff}
		p.setAccount(desk, Account{Link: LinkOff})
	}
	return strings.Join(all, ", "), changed
}

// personSubject names a person in the audit log.
func personSubject(id escalate.PersonID) string { return "person " + string(id) }

// address takes an e-mail address out of what Slack makes of it: <mailto:ana@company.example|ana@company.example>.
func address(typed string) string {
	if rest, ok := strings.CutPrefix(typed, "<mailto:"); ok {
		typed, _, _ = strings.Cut(strings.TrimSuffix(rest, ">"), "|")
	}
	return strings.TrimSpace(typed)
}

// isAddress reports whether a text could be an e-mail address; the helpdesk knows whether it is one.
func isAddress(s string) bool {
	name, host, ok := strings.Cut(s, "@")
	return ok && name != "" && strings.Contains(host, ".") && len(s) <= 254 && !strings.ContainsAny(s, " \t\r\n<>|,;\"")
}
