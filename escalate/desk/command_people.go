package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"warmline/escalate"
)

// names are what a person goes by: their whole name, the first one, and what stands before the @ of their address.
func (p *Person) names() []string {
	first, _, _ := strings.Cut(p.Name, " ")
	local, _, _ := strings.Cut(p.Email, "@")
	return []string{p.Name, first, local}
}

// someone finds the person whom a command names; it answers and returns nil when there is not exactly one. Names can be chosen
// freely, so two of the same name are never guessed between.
func (a *act) someone(ctx context.Context, typed, cmd string) (*Person, error) {
	if m := mentioned.FindStringSubmatch(typed); m != nil {
		p, err := a.tx.PersonRow(ctx, escalate.PersonID(m[1]))
		if errors.Is(err, ErrNotFound) {
			return nil, a.say(ctx, "I have not met %s yet: they are in none of the groups that I know, and have pressed nothing.", m[1])
		}
		return p, err
	}
	name := strings.TrimPrefix(typed, "@")
	all, err := a.tx.Everyone(ctx)
	if err != nil {
		return nil, err
	}
	var found []*Person
	var names []string
	for i := range all {
		names = append(names, all[i].names()...)
		if slices.ContainsFunc(all[i].names(), func(n string) bool { return strings.EqualFold(n, name) }) {
			found = append(found, &all[i])
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return nil, a.say(ctx, "%d people go by the name of %q. Mention the one you mean: type @ and pick them.", len(found), name)
	}
	meant := ""
	if near := closest(name, names); near != "" {
		meant = fmt.Sprintf(" Did you mean /escalate %s @%s?", cmd, near)
	}
	return nil, a.say(ctx, "I know nobody by the name of %q.%s", name, meant)
}
