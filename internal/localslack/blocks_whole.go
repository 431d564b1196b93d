package localslack

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxMarkdown is what all markdown blocks of a message hold together, in
// characters. https://docs.slack.dev/reference/block-kit/blocks/markdown-block
const maxMarkdown = 12_000

// whole checks what only all blocks of a message together can break: Slack
// turns a markdown block into blocks of its own and counts those, allows one
// table, and bounds the markdown.
func (v *checking) whole(at pointer, items []any) {
	blocks, tables, markdown := 0, 0, 0
	for i, item := range items {
		b, _ := item.(obj)
		switch b["type"] {
		case "markdown":
			text, _ := b["text"].(string)
			n, withTables := expanded(text)
			blocks, tables, markdown = blocks+n, tables+withTables, markdown+utf8.RuneCountInString(text)
		case "table":
			blocks, tables = blocks+1, tables+1
		default:
			blocks++
		}
		switch here := at.item(i); {
		case markdown > maxMarkdown:
			v.fault(here, "maxLength", maxMarkdown, "markdown blocks hold no more than %d characters together", maxMarkdown)
			return
		case tables > 1:
			v.fault(here, "maxItems", 1, "only_one_table_allowed")
			return
		}
	}
	if limit := v.surface.maxBlocks(); blocks > limit {
		v.fault(at, "maxItems", limit, "no more than %d items allowed: markdown makes them %d", limit, blocks)
	}
}

var (
	mdHeading = regexp.MustCompile(`^ {0,3}#{1,6}(\s|$)`)
	mdRule    = regexp.MustCompile(`^ {0,3}(-\s*){3,}$|^ {0,3}(\*\s*){3,}$|^ {0,3}(_\s*){3,}$`)
	mdTable   = regexp.MustCompile(`^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$`)
	mdFence   = regexp.MustCompile("^ {0,3}(```|~~~)")
)

// expanded counts the blocks that markdown becomes: one for each heading, rule
// and table, and one for each run of anything else between those.
func expanded(text string) (blocks, tables int) {
	running, fenced, inTable := false, false, false
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		switch {
		case mdFence.MatchString(line):
			fenced = !fenced
		case fenced:
		case inTable && strings.Contains(line, "|"):
			continue
		case mdHeading.MatchString(line), mdRule.MatchString(line):
			blocks, running, inTable = blocks+1, false, false
			continue
		case strings.Contains(line, "|") && i+1 < len(lines) && mdTable.MatchString(lines[i+1]):
			blocks, tables, running, inTable = blocks+1, tables+1, false, true
			continue
		case strings.TrimSpace(line) == "":
			inTable = false
			continue
		}
		inTable = false
		if !running {
			blocks, running = blocks+1, true
		}
	}
	return blocks, tables
}
