package richtext

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// TextOfADF returns a document in the Atlassian Document Format as readable plain text, in the manner of Text. The format has no
// white space but what is meant, so all of that is kept. null is no text; a JSON string is itself, which is how Jira's older
// interfaces give theirs. Nodes of a kind that is not known here give the text inside of them.
func TextOfADF(adf json.RawMessage) (string, error) {
	switch adf = bytes.TrimSpace(adf); {
	case len(adf) == 0 || string(adf) == "null":
		return "", nil
	case adf[0] == '"':
		var s string
		if err := json.Unmarshal(adf, &s); err != nil {
			return "", fmt.Errorf("read Atlassian document: %w", err)
		}
		return clean(s), nil
	}
	var doc node
	if err := json.Unmarshal(adf, &doc); err != nil {
		return "", fmt.Errorf("read Atlassian document: %w", err)
	}
	if doc.Type != "doc" {
		return "", fmt.Errorf("read Atlassian document: its type is %.40q, want \"doc\"", doc.Type)
	}
	r := adfReader{page: page{exact: true}}
	r.all(doc.Content)
	return r.String(), nil
}

type adfReader struct {
	page

	lists    int  // around
	numbered bool // the innermost is
	next     int  // number in it
}

func (r *adfReader) all(nodes []node) {
	for i := range nodes {
		r.node(&nodes[i])
	}
}

func (r *adfReader) node(n *node) {
	if r.full || r.inline(n) {
		return
	}
	switch n.Type {
	case "bulletList", "orderedList", "taskList", "decisionList":
		r.items(n)
	case "listItem", "taskItem", "decisionItem":
		r.item(n)
	case "blockquote":
		at := r.at
		r.apart(nextBlock)
		r.quote()
		r.block(n, nextBlock)
		r.at = at
	case "table":
		r.block(n, nextBlock)
	case "tableRow", "layoutSection", "layoutColumn":
		r.block(n, nextLine)
	case "tableCell", "tableHeader":
		r.cell(n)
	case "expand", "nestedExpand":
		r.apart(nextBlock)
		r.verbatim(attr(n, "title"))
		r.block(n, nextBlock)
	case "blockCard", "embedCard":
		r.apart(nextBlock)
		r.verbatim(attr(n, "url"))
		r.apart(nextBlock)
	default: // paragraph, heading, codeBlock, panel, rule, mediaSingle and what is not known
		r.block(n, nextBlock)
	}
}

// inline writes a node that stands in a line, and says whether it was one.
func (r *adfReader) inline(n *node) bool {
	switch n.Type {
	case "text":
		r.words(n)
	case "hardBreak":
		r.newline()
	case "mention", "status", "placeholder":
		r.verbatim(attr(n, "text"))
	case "emoji":
		r.verbatim(attr(n, "text", "shortName"))
	case "inlineCard":
		r.verbatim(attr(n, "url"))
	case "date":
		r.verbatim(date(attr(n, "timestamp")))
	case "media", "mediaInline":
		if n.Type == "media" {
			r.apart(nextLine)
		}
		r.verbatim(cmp.Or(attr(n, "alt"), "[image]"))
	default:
		return false
	}
	return true
}

func (r *adfReader) words(n *node) {
	r.verbatim(clean(n.Text))
	for i := range n.Marks {
		href := showable(attr(&n.Marks[i], "href"))
		if n.Marks[i].Type == "link" && href != "" && !sameAddress(n.Text, href) {
			r.word(" (" + href + ")")
		}
	}
}

// block writes what a node holds, apart from what is around it.
func (r *adfReader) block(n *node, how pending) {
	r.apart(how)
	r.all(n.Content)
	r.apart(how)
}

func (r *adfReader) items(n *node) {
	numbered, next := r.numbered, r.next
	how := nextBlock
	if r.lists > 0 {
		how = nextLine
		r.sublist()
	}
	r.lists++
	defer func() { r.lists-- }()
	r.numbered, r.next = n.Type == "orderedList", number(attr(n, "order"), 1)
	r.block(n, how)
	r.numbered, r.next = numbered, next
}

func (r *adfReader) item(n *node) {
	sign := "- "
	switch {
	case n.Type == "taskItem" && attr(n, "state") == "DONE":
		sign = "- [x] "
	case n.Type == "taskItem":
		sign = "- [ ] "
	case r.numbered:
		sign = strconv.Itoa(r.next) + ". "
		r.next++
	}
	at := r.at
	r.page.item(sign)
	line := r.lines
	r.all(n.Content)
	r.at = at
	r.endItem(line)
}

func (r *adfReader) cell(n *node) {
	r.nextCell()
	line := r.lines
	r.all(n.Content)
	r.endCell(line)
}

// attr returns the first of the named attributes that says something.
func attr(n *node, names ...string) string {
	for _, name := range names {
		switch v := n.Attrs[name].(type) {
		case string:
			if v != "" {
				return clean(v)
			}
		case float64:
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return ""
}

// date returns the day of a time in milliseconds, which is how the format keeps days: midnight in UTC.
func date(ms string) string {
	n, err := strconv.ParseInt(ms, 10, 64)
	if err != nil {
		return ms
	}
	return time.UnixMilli(n).UTC().Format(time.DateOnly)
}
