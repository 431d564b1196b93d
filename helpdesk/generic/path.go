package generic

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"warmline/escalate"
	"warmline/helpdesk"
)

// Path is a place in a JSON document: names parted by dots, [n] for one element of a list, counted from 0, and [*] for all of them.
// "$" is the document itself, and may begin any path. There is nothing else: no filters, no functions, no way up.
//
//	data.customer.email    data.items[0].id    data.tags[*].name    $[*]
type Path string

// Bounds of a path, and of what it may find.
const (
	longestPath = 200
	mostSteps   = 16
	mostFound   = 10_000
)

// step goes from a value to its member, to one element, or to all.
type step struct {
	name  string
	index int // of an element; all is -1
	list  bool
}

const all = -1

// steps parses a path.
func (p Path) steps() ([]step, error) {
	rest := string(p)
	if len(rest) > longestPath {
		return nil, fmt.Errorf("a path has at most %d bytes", longestPath)
	}
	if after, ok := strings.CutPrefix(rest, "$"); ok {
		if rest = after; rest != "" && rest[0] != '.' && rest[0] != '[' {
			return nil, fmt.Errorf("%q: behind $ comes . or [", string(p))
		}
		rest = strings.TrimPrefix(rest, ".")
	} else if rest == "" {
		return nil, errors.New("the path is empty; $ is the whole document")
	}
	var out []step
	for named := false; rest != ""; named = true {
		s, after, err := nextStep(rest, named)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", string(p), err)
		}
		if out = append(out, s); len(out) > mostSteps {
			return nil, fmt.Errorf("%q: a path has at most %d steps", string(p), mostSteps)
		}
		rest = after
	}
	return out, nil
}

func nextStep(rest string, behind bool) (step, string, error) {
	if inside, ok := strings.CutPrefix(rest, "["); ok {
		text, after, closed := strings.Cut(inside, "]")
		n, err := strconv.Atoi(text)
		switch {
		case !closed:
			return step{}, "", errors.New("a [ is not closed")
		case text == "*":
			return step{list: true, index: all}, after, nil
		case err != nil || n < 0 || text != strconv.Itoa(n):
			return step{}, "", fmt.Errorf("[%s] is neither a number from 0 nor *", text)
		}
		return step{list: true, index: n}, after, nil
	}
	if behind {
		after, ok := strings.CutPrefix(rest, ".")
		if !ok {
			return step{}, "", errors.New("names are parted by dots")
		}
		rest = after
	}
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	name := rest[:end]
	if name == "" || strings.ContainsAny(name, "]*?@()'\"$ \t\n") {
		return step{}, "", fmt.Errorf("%q is no name of a member", name)
	}
	return step{name: name}, rest[end:], nil
}

// many reports whether a path may find more than one value.
func (p Path) many() bool { return strings.Contains(string(p), "[*]") }

// values are what stands at a path, in order. What is not there is left out; null is there.
func (p Path) values(doc any) []any {
	steps, err := p.steps()
	if err != nil {
		return nil // CheckMapping lets none of these through
	}
	found := []any{doc}
	for _, s := range steps {
		var next []any
		for _, v := range found {
			next = append(next, s.from(v)...)
			if len(next) >= mostFound {
				next = next[:mostFound]
				break
			}
		}
		found = next
	}
	return found
}

func (s step) from(v any) []any {
	if !s.list {
		object, _ := v.(map[string]any)
		if member, ok := object[s.name]; ok {
			return []any{member}
		}
		return nil
	}
	list, _ := v.([]any)
	switch {
	case s.index == all:
		return list
	case s.index < len(list):
		return list[s.index : s.index+1]
	}
	return nil
}

// text is the one value at a path as text; "" of what is not there, null, a list or an object.
func (p Path) text(doc any) string {
	if p == "" {
		return ""
	}
	if found := p.values(doc); len(found) > 0 {
		return textOf(found[0])
	}
	return ""
}

// amount is the one value at a path as an amount of money; 0 of what is none.
func (p Path) amount(doc any) float64 {
	if p == "" {
		return 0
	}
	found := p.values(doc)
	if len(found) == 0 {
		return 0
	}
	if n, ok := found[0].(json.Number); ok {
		return escalate.AmountOf(json.RawMessage(n))
	}
	text, _ := found[0].(string)
	return escalate.AmountIn(text)
}

// items is the list at a path: all that it finds, or the elements of the one list that it names. Whether it is there at all tells an
// empty list from an answer of another form.
func (p Path) items(doc any) (list []any, there bool) {
	found := p.values(doc)
	if p.many() {
		return found, true
	}
	if len(found) == 0 {
		return nil, false
	}
	if found[0] == nil {
		return nil, true
	}
	list, there = found[0].([]any)
	return list, there
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return helpdesk.Clean(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// Paths are several places, of which the texts are joined by a space: a first and a last name. In YAML one may stand alone.
type Paths []Path

func (p Paths) text(doc any) string {
	var parts []string
	for _, one := range p {
		if text := strings.TrimSpace(one.text(doc)); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// Rule is true of a document where a path finds one of some words. In YAML true, false and numbers are words, too.
type Rule struct {
	Path Path     `yaml:"path"`
	Is   []string `yaml:"is"`
}

func (r Rule) holds(doc any) bool { return r.Path != "" && slices.Contains(r.Is, r.Path.text(doc)) }

// decode reads one JSON document. Numbers stay as they are written, because ids of nineteen digits are no floats.
func decode(body []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind the JSON")
	}
	return doc, nil
}
