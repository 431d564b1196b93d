package llm

import (
	"embed"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a summary that is used, in bytes.
const (
	minUsed = 20
	maxUsed = 600
)

// summary returns the first summary in which every number, name and id stands in the ticket, or "".
func (p *page) summary(readings []*reading) string {
	for _, r := range readings {
		s := strings.Join(strings.Fields(r.Summary), " ")
		if len(s) < minUsed || len(s) > maxUsed || !plain(s, "") || !p.sayable(s) {
			continue
		}
		if s = p.vault.Restore(s); p.faithful(s) {
			return s
		}
	}
	return ""
}

// faithful reports whether a summary names nothing that the ticket does not hold. Where a script has no capitals nobody can
// tell a name, so there it never does.
func (p *page) faithful(s string) bool {
	for _, link := range linkLike.FindAllString(s, -1) {
		if !hasWord(p.thread, strings.TrimRight(link, ".,;:!?)")) {
			return false
		}
	}
	if !numbersHold(s, p.thread) {
		return false
	}
	first := true
	for w := range strings.FieldsSeq(s) {
		word := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
		for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) }) {
			if !p.known(part, first) {
				return false
			}
			first = false
		}
		first = strings.ContainsAny(w[len(w)-1:], ".!?:")
	}
	return true
}

// known reports whether a word is no name, or one that the ticket holds.
func (p *page) known(word string, first bool) bool {
	r, _ := utf8.DecodeRuneInString(word)
	lower := strings.ToLower(word)
	switch {
	case unicode.IsLetter(r) && !unicode.IsUpper(r) && !unicode.IsLower(r):
		return false
	case strings.ToLower(word) == word: // no capital anywhere
		return true
	case general[lower], first && starters[lower]:
		return true
	}
	return hasWord(p.thread, word)
}

var (
	starters = wordSet("starters", strings.Fields)
	general  = wordSet("general", strings.Fields)
	courtesy = wordSet("courtesy", func(line string) []string { return []string{line} })
)

//go:embed words/*.txt
var wordFiles embed.FS

// wordSet reads a list: what parts makes of each line. Lines that begin with # say what the list is.
func wordSet(name string, parts func(line string) []string) map[string]bool {
	b, err := wordFiles.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err) // it is embedded
	}
	m := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		for _, w := range parts(line) {
			m[w] = true
		}
	}
	return m
}
