package slackstory

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Message is what the workspace shows of one message.
type Message struct {
	TS        string           `json:"ts"`
	ThreadTS  string           `json:"thread_ts"`
	User      string           `json:"user"`
	Text      string           `json:"text"`
	Blocks    []map[string]any `json:"blocks"`
	Metadata  json.RawMessage  `json:"metadata"`
	Ephemeral bool             `json:"ephemeral"`
	Subtype   string           `json:"subtype"`
	To        string           `json:"to"`
	ReplyTo   string           `json:"parent_user_id"`
}

// Shows reports whether the text is in what people read: the blocks, or the
// top-level text where there are none. Case does not matter.
func (m Message) Shows(text string) bool {
	return strings.Contains(strings.ToLower(m.Visible()), strings.ToLower(text))
}

// Visible is all text that people read in the message, a line for each piece.
func (m Message) Visible() string {
	if len(m.Blocks) == 0 {
		return m.Text
	}
	return visible(m.Blocks)
}

func visible(blocks []map[string]any) string {
	var lines []string
	for _, b := range blocks {
		lines = append(lines, textsOf(b)...)
	}
	return strings.Join(lines, "\n")
}

// textsOf collects the strings under "text" keys in reading order; runs of a
// rich text section join into one line.
func textsOf(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, textsOf(item)...)
		}
	case map[string]any:
		if s, ok := v["text"].(string); ok {
			out = append(out, s)
		}
		for _, k := range []string{"title", "text", "label", "fields", "accessory", "elements", "element", "hint", "placeholder", "options"} {
			if _, plain := v[k].(string); !plain {
				out = append(out, textsOf(v[k])...)
			}
		}
		if v["type"] == "rich_text_section" || v["type"] == "rich_text_quote" || v["type"] == "rich_text_preformatted" {
			return []string{strings.Join(out, "")}
		}
	}
	return out
}

// String is a line or more for a failure report.
func (m Message) String() string {
	mark := ""
	if m.Ephemeral {
		mark = " (only for " + m.To + ")"
	}
	indent := "  "
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		indent = "    ↳ "
	}
	s := fmt.Sprintf("%s%s %s%s: %s\n", indent, m.TS, m.User, mark, strings.ReplaceAll(m.Visible(), "\n", " / "))
	if labels := labelsOf(m.Blocks); len(labels) > 0 {
		s += indent + "  buttons: " + strings.Join(labels, " · ") + "\n"
	}
	return s
}

// element is something to act on, with its block.
type element struct {
	block, action, kind, label, value string
	options                           map[string]string // visible text to value
}

// elementsOf lists what can be acted on, in order.
func elementsOf(blocks []map[string]any) []element {
	var all []element
	for _, b := range blocks {
		candidates, _ := b["elements"].([]any)
		for _, e := range append(slices.Clone(candidates), b["accessory"], b["element"]) {
			o, ok := e.(map[string]any)
			if id, _ := o["action_id"].(string); ok && id != "" {
				all = append(all, newElement(b, o))
			}
		}
	}
	return all
}

func newElement(block, o map[string]any) element {
	str := func(m map[string]any, k string) string { s, _ := m[k].(string); return s }
	inner := func(m map[string]any, k string) string {
		t, _ := m[k].(map[string]any)
		return str(t, "text")
	}
	e := element{
		block: str(block, "block_id"), action: str(o, "action_id"), kind: str(o, "type"), value: str(o, "value"),
		label: inner(o, "text"), options: map[string]string{},
	}
	if e.label == "" {
		e.label = inner(o, "placeholder")
	}
	if e.label == "" {
		e.label = inner(block, "label")
	}
	groups, _ := o["option_groups"].([]any)
	for _, list := range append(slices.Clone(groups), o) {
		g, _ := list.(map[string]any)
		options, _ := g["options"].([]any)
		for _, v := range options {
			option, _ := v.(map[string]any)
			e.options[inner(option, "text")] = str(option, "value")
		}
	}
	return e
}

func labelsOf(blocks []map[string]any) []string {
	var labels []string
	for _, e := range elementsOf(blocks) {
		if e.label != "" {
			labels = append(labels, e.label)
		}
		for text := range e.options {
			labels = append(labels, "["+text+"]")
		}
	}
	return labels
}

// find returns the element that shows the label: its own text, or one of its
// options, whose value comes with it.
func find(blocks []map[string]any, label string) (e element, value string, ok bool) {
	for _, e := range elementsOf(blocks) {
		if v, isOption := e.options[label]; isOption {
			return e, v, true
		}
		if e.label == label {
			return e, e.value, true
		}
	}
	return element{}, "", false
}
