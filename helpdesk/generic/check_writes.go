package generic

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"warmline/escalate"
)

// byURL says that it is the address that tells a reply from a note.
const byURL = "url"

var inTexts = []string{"text", "html", "markdown"}

func (c *checker) writes() {
	said := []string{"ticket", "ticket.number", "text", "html", "markdown", "key", "stamp", "customer.email", "customer.name"}
	c.action("reply", c.m.Reply, append(said, "author")...)
	c.action("note", c.m.Note, slices.DeleteFunc(slices.Clone(said), func(s string) bool { return s == "stamp" })...)
	c.action("assign", c.m.Assign, "ticket", "ticket.number", "key", "agent", "agent.number")
	c.action("tags", c.m.Tags, "ticket", "ticket.number", "key", "tags")
	c.action("status", c.m.Status, "ticket", "ticket.number", "key", "status")
	c.action("priority", c.m.Priority, "ticket", "ticket.number", "key", "priority")
	for at, a := range map[string]*Action{"reply": c.m.Reply, "note": c.m.Note} {
		c.message(at, a)
	}
	c.visibility()
	c.fields()
	c.stamps()
}

// action checks what all calls that write have in common.
func (c *checker) action(at string, a *Action, known ...string) {
	if a == nil {
		return
	}
	c.method(at, a)
	c.readURL(at+".url", a.URL, true, without(known, append(inTexts, "tags", "author")...)...)
	for name, value := range a.Headers {
		c.header(at+".headers."+name, name)
		if strings.EqualFold(name, c.m.Auth.Header) {
			c.fault(at+".headers."+name, "this is the header of auth")
		}
		c.placeholders(at+".headers."+name, placeholdersIn(value), without(known, append(inTexts, "tags", "author", "customer.name")...))
	}
	if !c.isJSON(at+".body", a.Body) {
		return
	}
	c.placeholders(at+".body", placeholdersIn(a.Body), known)
	if !a.uses("ticket", "ticket.number") {
		c.fault(at, "neither its url nor its body names the {ticket}")
	}
	for what, is := range map[string]bool{
		"words": a.Words != nil && at != "status" && at != "priority", "replaces": a.Replaces && at != "tags",
		"visibility": a.Visibility != "" && at != "reply" && at != "note", "id": a.ID != "" && at != "reply" && at != "note",
	} {
		if is {
			c.fault(at+"."+what, "it has no meaning here")
		}
	}
}

// isJSON checks that a body holds nothing that JSON lacks.
func (c *checker) isJSON(at string, body any) bool {
	switch body := body.(type) {
	case nil, string, bool, int, int64, uint64, float64:
		return true
	case map[string]any:
		ok := true
		for name, member := range body {
			ok = c.isJSON(at+"."+name, member) && ok
		}
		return ok
	case []any:
		ok := true
		for _, element := range body {
			ok = c.isJSON(at, element) && ok
		}
		return ok
	}
	c.fault(at, "only texts, numbers, true, false, null, lists, and members with names are JSON; put it in quotes")
	return false
}

// message checks a reply or a note.
func (c *checker) message(at string, a *Action) {
	if a == nil {
		return
	}
	c.paths(at+".id", false, a.ID)
	n := 0
	for _, name := range placeholdersIn(a.Body) {
		if slices.Contains(inTexts, name) {
			n++
		}
	}
	if n == 0 {
		c.fault(at+".body", "it has no text: put one of {text}, {html} and {markdown} into it")
	}
	if c.m.Messages.Marker != "" && !slices.Contains(placeholdersIn(a.Body), "key") {
		c.fault(at+".body", "it has no {key}, though messages.marker says that it comes back; put it into the member that is read there")
	}
	if a.Visibility == "" {
		c.fault(at+".visibility", "it is missing: the member of body that says whether customers see it, such as private; url where the address alone says so")
	} else if a.Visibility != byURL {
		c.named(at, a)
	}
}

// named checks that a body says who may read it, in a word that stands in the mapping.
func (c *checker) named(at string, a *Action) {
	value, there := member(a.Body, a.Visibility)
	text, isText := value.(string)
	switch {
	case !there:
		c.fault(at+".visibility", "body has no member %s", a.Visibility)
	case isText && (text == "" || placeholder.MatchString(text)):
		c.fault(at+".visibility", "%s must have one value, which stands in the mapping", a.Visibility)
	case value == nil || reflect.TypeOf(value).Kind() == reflect.Map || reflect.TypeOf(value).Kind() == reflect.Slice:
		c.fault(at+".visibility", "%s must be a word, a number, true or false", a.Visibility)
	}
}

// member is what stands at a dotted name in a body.
func member(body any, name string) (any, bool) {
	for one := range strings.SplitSeq(name, ".") {
		object, ok := body.(map[string]any)
		if !ok {
			return nil, false
		}
		if body, ok = object[one]; !ok {
			return nil, false
		}
	}
	return body, true
}

// visibility checks that a note can never be what a reply is.
func (c *checker) visibility() {
	reply, note := c.m.Reply, c.m.Note
	if reply == nil || note == nil || reply.Visibility == "" || note.Visibility == "" {
		return
	}
	if (reply.Visibility == byURL) != (note.Visibility == byURL) || reply.Visibility != byURL && reply.Visibility != note.Visibility {
		c.fault("note.visibility", "reply says %q: both must say it in the same place", reply.Visibility)
		return
	}
	if reply.Visibility == byURL {
		if path(reply.URL) == path(note.URL) {
			c.fault("note.visibility", "reply and note have the same address, which so says nothing: customers would read notes")
		}
		return
	}
	r, _ := member(reply.Body, reply.Visibility)
	n, _ := member(note.Body, note.Visibility)
	if encoded(r) == encoded(n) {
		c.fault("note.visibility", "%s has the same value in reply and note: customers would read notes", note.Visibility)
	}
}

func path(template string) string {
	place, _, _ := strings.Cut(template, "?")
	return place
}

func encoded(v any) string {
	b, _ := json.Marshal(v) // isJSON let it through
	return strings.ToLower(strings.Trim(string(b), `"`))
}

// fields checks the writes that set something.
func (c *checker) fields() {
	for _, f := range []struct {
		at    string
		a     *Action
		names []string
		read  Path
		words []string
	}{
		{"assign", c.m.Assign, []string{"agent", "agent.number"}, c.m.Ticket.Assignee, nil},
		{"tags", c.m.Tags, []string{"tags"}, c.m.Ticket.Tags, nil},
		{"status", c.m.Status, []string{"status"}, c.m.Ticket.Status, []string{string(escalate.StatusOpen), string(escalate.StatusPending), string(escalate.StatusSolved)}},
		{"priority", c.m.Priority, []string{"priority"}, c.m.Ticket.Priority, ourPriorities},
	} {
		if f.a == nil {
			continue
		}
		if !f.a.uses(f.names...) {
			c.fault(f.at, "neither its url nor its body has {%s}", f.names[0])
		}
		if f.read == "" {
			c.fault(f.at, "what is written must be read, too: where is it in ticket?")
		}
		for _, word := range f.words {
			if text := textOfWord(f.a.Words[word]); text == "" {
				c.fault(f.at+".words", "it has no word for %s: want a text or a number", word)
			} else if means := c.meaning(f.at, text); means != word {
				c.fault(f.at+".words."+word, "%q is %s, but read as %q in ticket", text, word, means)
			}
		}
		for _, word := range slices.Sorted(maps.Keys(f.a.Words)) {
			if !slices.Contains(append(ourStatuses, ourPriorities...), word) {
				c.fault(f.at+".words."+word, "%q is no word of ours", word)
			}
		}
	}
}

func (c *checker) meaning(at, word string) string {
	if at == "status" {
		return c.m.Ticket.Statuses[word]
	}
	return c.m.Ticket.Priorities[word]
}

// stamps checks that a version which is sent is one that was read.
func (c *checker) stamps() {
	if c.m.Reply.uses("stamp") && c.m.Ticket.Stamp == "" {
		c.fault("reply", "it sends a {stamp}, but ticket.stamp does not say where the version is read")
	}
}

func without(list []string, gone ...string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(gone, s) })
}
