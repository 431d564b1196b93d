package richtext

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// CheckADF returns why Jira would refuse a document, or nil. Jira's OpenAPI file allows anything where a document is wanted; this is the
// part of the format's published schema that text needs: which nodes may be in which, which attributes they must have, and that no
// field is unknown. It is for tests and for servers that stand in for Jira; a document with a node of a kind that is not known here is refused.
func CheckADF(adf json.RawMessage) error {
	var doc checked
	if err := doc.read(adf); err != nil {
		return fmt.Errorf("check Atlassian document: %w", err)
	}
	switch {
	case doc.Type != "doc":
		return fmt.Errorf(`check Atlassian document: its type is %.40q, want "doc"`, doc.Type)
	case doc.Version == nil || *doc.Version != 1:
		return errors.New("check Atlassian document: its version must be 1")
	case doc.Content == nil:
		return errors.New(`check Atlassian document: it has no "content"; an empty one is []`)
	case doc.Text != nil || doc.Attrs != nil || doc.Marks != nil:
		return errors.New("check Atlassian document: it may have a type, a version and content, nothing else")
	}
	if err := checkContent("doc", kinds["doc"], doc.Content); err != nil {
		return fmt.Errorf("check Atlassian document: %w", err)
	}
	return nil
}

// checked is a node in which what is missing can be told from what is empty.
type checked struct {
	Type    string         `json:"type"`
	Version *float64       `json:"version"`
	Text    *string        `json:"text"`
	Attrs   map[string]any `json:"attrs"`
	Content []checked      `json:"content"`
	Marks   []checked      `json:"marks"`
}

func (c *checked) read(adf json.RawMessage) error {
	if raw := bytes.TrimSpace(adf); len(raw) == 0 || raw[0] != '{' {
		return errors.New("it is no JSON object; Jira takes no plain text here")
	}
	decoder := json.NewDecoder(bytes.NewReader(adf))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(c); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// kind is what the schema says of a type of node.
type kind struct {
	holds  []string       // the types of nodes in it; nil allows no content at all
	least  int            // nodes in it
	most   int            // nodes in it; 0 is no limit
	first  []string       // what the first one may be, if not all that it holds
	needs  map[string]any // attributes that must be there, with a value of the type that it must have
	marks  bool
	isText bool
}

var (
	inlineNodes = []string{"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "mediaInline"}
	listNodes   = []string{"bulletList", "orderedList"}
	blockNodes  = slices.Concat(listNodes, []string{
		"paragraph", "heading", "codeBlock", "blockquote", "rule", "panel", "table", "mediaSingle", "mediaGroup", "expand", "taskList",
		"decisionList", "blockCard",
	})
	cellNodes = slices.DeleteFunc(slices.Concat(blockNodes, []string{"nestedExpand"}), func(s string) bool { return s == "table" || s == "expand" })
	itemNodes = slices.Concat(listNodes, []string{"paragraph", "codeBlock", "mediaSingle", "taskList"})
)

const (
	aString = ""
	aNumber = 0.0
)

var kinds = map[string]kind{
	"doc":          {holds: blockNodes},
	"paragraph":    {holds: inlineNodes, marks: true},
	"heading":      {holds: inlineNodes, needs: map[string]any{"level": aNumber}, marks: true},
	"bulletList":   {holds: []string{"listItem"}, least: 1},
	"orderedList":  {holds: []string{"listItem"}, least: 1},
	"listItem":     {holds: itemNodes, least: 1, first: []string{"paragraph", "codeBlock", "mediaSingle"}},
	"taskList":     {holds: []string{"taskItem", "taskList"}, least: 1, first: []string{"taskItem"}, needs: map[string]any{"localId": aString}},
	"taskItem":     {holds: inlineNodes, needs: map[string]any{"localId": aString, "state": aString}},
	"decisionList": {holds: []string{"decisionItem"}, least: 1, needs: map[string]any{"localId": aString}},
	"decisionItem": {holds: inlineNodes, needs: map[string]any{"localId": aString, "state": aString}},
	"blockquote":   {holds: slices.Concat(listNodes, []string{"paragraph", "codeBlock", "mediaSingle", "mediaGroup"}), least: 1},
	"codeBlock":    {holds: []string{"text"}},
	"panel": {
		holds: slices.Concat(listNodes, []string{"paragraph", "heading", "codeBlock", "rule", "taskList", "decisionList", "mediaSingle", "mediaGroup", "blockCard"}),
		least: 1, needs: map[string]any{"panelType": aString},
	},
	"table":        {holds: []string{"tableRow"}, least: 1},
	"tableRow":     {holds: []string{"tableCell", "tableHeader"}, least: 1},
	"tableCell":    {holds: cellNodes, least: 1},
	"tableHeader":  {holds: cellNodes, least: 1},
	"expand":       {holds: cellNodes, least: 1},
	"nestedExpand": {holds: cellNodes, least: 1},
	"mediaSingle":  {holds: []string{"media"}, least: 1, most: 1},
	"mediaGroup":   {holds: []string{"media"}, least: 1},
	"media":        {needs: map[string]any{"type": aString}, marks: true},
	"mediaInline":  {needs: map[string]any{"id": aString, "collection": aString}, marks: true},
	"text":         {isText: true, marks: true},
	"mention":      {needs: map[string]any{"id": aString}},
	"emoji":        {needs: map[string]any{"shortName": aString}},
	"date":         {needs: map[string]any{"timestamp": aString}},
	"status":       {needs: map[string]any{"text": aString, "color": aString}},
	"inlineCard":   {},
	"blockCard":    {},
	"hardBreak":    {},
	"rule":         {},
}

// textMarks are what a text may be marked with, and the attribute that each needs.
var textMarks = map[string]string{
	"strong": "", "em": "", "strike": "", "underline": "", "code": "", "link": "href", "subsup": "type", "textColor": "color",
	"backgroundColor": "color", "annotation": "id",
}

func checkContent(path string, k kind, nodes []checked) error {
	if len(nodes) < k.least {
		return fmt.Errorf("%s: it must hold at least %d of %s", path, k.least, strings.Join(k.holds, ", "))
	}
	if k.most > 0 && len(nodes) > k.most {
		return fmt.Errorf("%s: it must hold at most %d of %s", path, k.most, strings.Join(k.holds, ", "))
	}
	for i := range nodes {
		n := &nodes[i]
		may := k.holds
		if i == 0 && k.first != nil {
			may = k.first
		}
		where := fmt.Sprintf("%s.content[%d]", path, i)
		if !slices.Contains(may, n.Type) {
			return fmt.Errorf("%s: a node of type %.40q may not be here; allowed: %s", where, n.Type, strings.Join(may, ", "))
		}
		if err := n.check(where); err != nil {
			return err
		}
	}
	return nil
}

func (c *checked) check(path string) error {
	k := kinds[c.Type]
	switch {
	case c.Version != nil:
		return fmt.Errorf("%s: only the document has a version", path)
	case k.isText && (c.Text == nil || *c.Text == ""):
		return fmt.Errorf("%s: a text must not be empty", path)
	case !k.isText && c.Text != nil:
		return fmt.Errorf("%s: a %s has no text of its own; it holds nodes of type text", path, c.Type)
	case c.Content != nil && k.holds == nil:
		return fmt.Errorf("%s: a %s has no content", path, c.Type)
	case len(c.Marks) > 0 && !k.marks:
		return fmt.Errorf("%s: a %s has no marks", path, c.Type)
	}
	if err := needs(path, k.needs, c.Attrs); err != nil {
		return err
	}
	if level, ok := c.Attrs["level"].(float64); c.Type == "heading" && (!ok || level < 1 || level > 6) {
		return fmt.Errorf("%s: a heading's level is 1 to 6", path)
	}
	if err := c.checkMarks(path); err != nil {
		return err
	}
	return checkContent(path, k, c.Content)
}

func needs(path string, wanted, attrs map[string]any) error {
	for name, like := range wanted {
		v, ok := attrs[name]
		_, isString := v.(string)
		_, isNumber := v.(float64)
		if !ok || like == aString && !isString || like == aNumber && !isNumber {
			return fmt.Errorf("%s: it needs the attribute %q, as a %s", path, name, map[bool]string{true: "string", false: "number"}[like == aString])
		}
	}
	return nil
}

func (c *checked) checkMarks(path string) error {
	if c.Type != "text" {
		return nil
	}
	types := map[string]bool{}
	for _, m := range c.Marks {
		attribute, known := textMarks[m.Type]
		if !known {
			return fmt.Errorf("%s: no text can have the mark %.40q", path, m.Type)
		}
		if value, _ := m.Attrs[attribute].(string); attribute != "" && value == "" {
			return fmt.Errorf("%s: the mark %s needs the attribute %q", path, m.Type, attribute)
		}
		types[m.Type] = true
	}
	if types["code"] {
		for t := range types {
			if t != "code" && t != "link" && t != "annotation" {
				return fmt.Errorf("%s: the mark code goes with link and annotation only, not with %s", path, t)
			}
		}
	}
	return nil
}
