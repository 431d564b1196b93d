package localslack

import (
	"errors"
	"fmt"
	"strings"
)

// Validate reports every fault at once, each with the path of its field.
func (c Config) Validate() error {
	full := c.withDefaults()
	f := &problems{}
	people := map[string]bool{}
	ids, handles, tokens := uniqueSet{}, uniqueSet{}, uniqueSet{}
	for i, u := range full.Users {
		at := fmt.Sprintf("users[%d]", i)
		f.need(at+".name", u.Name)
		f.unique(ids, at+".id", u.ID)
		f.unique(handles, at+".name", u.Name)
		people[u.ID], people[u.Name] = true, true
	}
	for i, ch := range full.Channels {
		at := fmt.Sprintf("channels[%d]", i)
		f.need(at+".name", ch.Name)
		f.unique(ids, at+".id", ch.ID)
		f.unique(handles, at+".name", "#"+ch.Name)
		f.known(people, at+".members", ch.Members)
	}
	for i, g := range full.Groups {
		at := fmt.Sprintf("groups[%d]", i)
		f.need(at+".handle", g.Handle)
		f.unique(ids, at+".id", g.ID)
		f.unique(handles, at+".handle", g.Handle)
		f.known(people, at+".users", g.Users)
	}
	commands := uniqueSet{}
	for i, a := range full.Apps {
		at := fmt.Sprintf("apps[%d]", i)
		f.need(at+".name", a.Name)
		f.unique(ids, at+".id", a.ID)
		f.prefix(at+".bot_token", a.BotToken, "xoxb-")
		f.prefix(at+".app_token", a.AppToken, "xapp-")
		f.unique(tokens, at+".bot_token", a.BotToken)
		f.unique(tokens, at+".app_token", a.AppToken)
		for j, cmd := range a.Commands {
			field := fmt.Sprintf("%s.commands[%d].command", at, j)
			f.prefix(field, cmd.Command, "/")
			f.unique(commands, field, cmd.Command)
		}
		f.shortcuts(at, a.Shortcuts)
	}
	return errors.Join(f.list...)
}

type uniqueSet map[string]string

type problems struct{ list []error }

func (f *problems) add(field, format string, args ...any) {
	f.list = append(f.list, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

func (f *problems) need(field, value string) {
	if value == "" {
		f.add(field, "is missing")
	}
}

func (f *problems) prefix(field, value, prefix string) {
	if !strings.HasPrefix(value, prefix) || value == prefix {
		f.add(field, "must start with %q and have something after it", prefix)
	}
}

func (f *problems) unique(seen uniqueSet, field, value string) {
	if first, dup := seen[value]; dup {
		f.add(field, "is the same as %s", first)
		return
	}
	seen[value] = field
}

func (f *problems) known(people map[string]bool, field string, names []string) {
	for i, n := range names {
		if !people[n] {
			f.add(fmt.Sprintf("%s[%d]", field, i), "no user %q", n)
		}
	}
}

func (f *problems) shortcuts(at string, all []Shortcut) {
	ids := uniqueSet{}
	for i, s := range all {
		field := fmt.Sprintf("%s.shortcuts[%d]", at, i)
		f.need(field+".name", s.Name)
		f.need(field+".callback_id", s.CallbackID)
		f.unique(ids, field+".callback_id", s.CallbackID)
		if s.Type != "message" && s.Type != "global" {
			f.add(field+".type", "must be message or global, not %q", s.Type)
		}
	}
}
