package richtext

import (
	"encoding/json"
	"strings"
)

// ADF returns plain text as a document in the Atlassian Document Format that shows it as it is: a paragraph for each that one blank
// line ends, hard breaks for all other line ends. Bare http and https addresses become links. TextOfADF reads it back to the character,
// for a text that HTML could hold too.
func ADF(plain string) json.RawMessage {
	doc := node{Type: "doc", Version: 1}
	for _, paragraph := range paragraphs(clean(plain)) {
		doc.Content = append(doc.Content, adfParagraph(paragraph))
	}
	if doc.Content == nil {
		return json.RawMessage(`{"type":"doc","version":1,"content":[]}`)
	}
	raw, err := json.Marshal(doc)
	if err != nil {
		panic("richtext: " + err.Error()) // strings and numbers only
	}
	return raw
}

// node is one of a document, as far as we write and read it.
type node struct {
	Type    string         `json:"type"`
	Version int            `json:"version,omitempty"`
	Text    string         `json:"text,omitempty"`
	Attrs   map[string]any `json:"attrs,omitempty"`
	Content []node         `json:"content,omitempty"`
	Marks   []node         `json:"marks,omitempty"`
}

// paragraphs splits a text where exactly one blank line parts two lines that are not blank.
func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	var found []string
	start := 0
	for at := 0; at < len(text); {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			break
		}
		at += n
		breaks := len(text[at:]) - len(strings.TrimLeft(text[at:], "\n"))
		if breaks == 2 && at > start && at+breaks < len(text) {
			found = append(found, text[start:at])
			start = at + breaks
		}
		at += breaks
	}
	return append(found, text[start:])
}

func adfParagraph(text string) node {
	p := node{Type: "paragraph"}
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			p.Content = append(p.Content, node{Type: "hardBreak"})
		}
		for line != "" {
			start, end := findURL(line)
			if start > 0 {
				p.Content = append(p.Content, node{Type: "text", Text: line[:start]})
			}
			if url := line[start:end]; url != "" {
				mark := node{Type: "link", Attrs: map[string]any{"href": url}}
				p.Content = append(p.Content, node{Type: "text", Text: url, Marks: []node{mark}})
			}
			line = line[end:]
		}
	}
	return p
}
