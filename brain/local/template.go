package local

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxWitnesses bounds how many other replies are read to tell what is said to everyone.
const maxWitnesses = 50

var (
	bareLinks = regexp.MustCompile(`\b[a-zA-Z0-9-]{2,}(\.[a-zA-Z0-9-]+)*\.[a-z]{2,12}\b(/[^\s<>"']*)?`)
	numbers   = regexp.MustCompile(`#?[\p{L}\d_-]*\d[\p{L}\d_-]*([.,:/]\d+)*%?`)
	listMark  = regexp.MustCompile(`(?m)^\s*\d{1,2}[.)]\s`)
	titled    = regexp.MustCompile(`(?m)^\s*(Sehr geehrte[rs]? (Herr|Frau)|Guten Tag,? (Herr|Frau)|Liebe[rs]? (Herr|Frau)|Hallo (Herr|Frau))( (Dr\.|Prof\.))*\s+[\p{Lu}][\p{L}'’ -]*`)
	titledEn  = regexp.MustCompile(`(?m)^\s*Dear (Mr|Mrs|Ms|Miss|Dr)\.?\s+[\p{Lu}][\p{L}'’ -]*`)
	addressed = regexp.MustCompile(`(?m)^(\s*(?:Hi|Hello|Hey|Dear|Hallo|Liebe[rs]?|Guten Tag|Guten Morgen|Moin|Bonjour|Cher|Chère|Hola|Estimad[oa]|Buenos días|Ciao|Gentile|Buongiorno|Olá|Prezad[oa]|Beste|Dag|Hej|Cześć|Dzień dobry)) +[\p{Lu}][\p{L}'’-]*( [\p{Lu}][\p{L}'’-]*){0,2}\s*([,!:]|$)`)
	repeated  = regexp.MustCompile(`(\{\{customer_name\}\})([ .-]*\{\{customer_name\}\})+`)
)

// template turns a reply that a person once gave into one for anybody: what was that customer's becomes a placeholder.
// A number, date, amount, link or address stays only where a reply to somebody else, or a macro, says the same.
func (s *state) template(d *doc) string {
	text := cutSignature(d.body)
	text = titled.ReplaceAllString(text, "Guten Tag {{customer_name}}")
	text = titledEn.ReplaceAllString(text, "Dear {{customer_name}}")
	text = addressed.ReplaceAllString(text, "$1 {{customer_name}}$3")
	text = hideNames(text, d.owner.name)
	said := s.witnesses(d)
	hide := func(name string, re *regexp.Regexp) {
		text = outside(text, re, func(m string) string {
			if containsWhole(said, m) {
				return m
			}
			return "{{" + name + "}}"
		})
	}
	hide("email", emails)
	hide("link", links)
	hide("link", bareLinks)
	hide("amount", amounts)
	hide("date", dates)
	hide("phone", phones)
	hide("number", numbers)
	return strings.TrimSpace(s.hideRare(text, d))
}

// outside replaces matches that lie in no placeholder and are no list's own numbers.
func outside(text string, re *regexp.Regexp, with func(string) string) string {
	kept := append(placeholder.FindAllStringIndex(text, -1), listMark.FindAllStringIndex(text, -1)...)
	var b strings.Builder
	at := 0
	for _, m := range re.FindAllStringIndex(text, -1) {
		if overlaps(kept, m) {
			continue
		}
		b.WriteString(text[at:m[0]])
		b.WriteString(with(text[m[0]:m[1]]))
		at = m[1]
	}
	return b.String() + text[at:]
}

// containsWhole reports whether text holds s with no letter and no digit right beside it: 5 does not stand in 15.
func containsWhole(text, s string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], s)
		if i < 0 {
			return false
		}
		i += at
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(s):])
		if !wordRune(before) && !wordRune(after) {
			return true
		}
		at = i + len(s)
	}
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// cutSignature keeps the closing words and drops the name below them: another person signs.
func cutSignature(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if i > 0 && signOff.MatchString(l) {
			if strings.HasPrefix(strings.TrimSpace(l), "--") {
				return strings.Join(lines[:i], "\n")
			}
			return strings.Join(lines[:i+1], "\n")
		}
	}
	return text
}

// hideNames replaces the customer's name, whole or in part.
func hideNames(text, name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return text
	}
	words := strings.Fields(name)
	for _, n := range append([]string{name}, words...) {
		if utf8.RuneCountInString(n) < 2 {
			continue
		}
		re, err := regexp.Compile(`(?i)(^|[^\p{L}\p{N}{_])` + regexp.QuoteMeta(n) + `($|[^\p{L}\p{N}}_])`)
		if err != nil { // QuoteMeta leaves nothing that fails, save invalid UTF-8
			continue
		}
		text = re.ReplaceAllString(text, "${1}{{customer_name}}$2")
		text = re.ReplaceAllString(text, "${1}{{customer_name}}$2") // names that share the blank between them
	}
	return repeated.ReplaceAllString(text, "$1")
}

// witnesses is what was said for the same answer in macros, articles and to other customers.
func (s *state) witnesses(d *doc) string {
	var b strings.Builder
	for _, i := range s.prepared[d.answer] {
		b.WriteString(s.ix.docs[i].title + "\n" + s.ix.docs[i].body + "\n")
	}
	replies := s.replies[d.answer]
	for n := len(replies) - 1; n >= max(0, len(replies)-maxWitnesses); n-- {
		if o := s.ix.docs[replies[n]]; o != d && (o.owner.email == "" && o.owner.name == "" || o.owner != d.owner) {
			b.WriteString(o.body + "\n")
		}
	}
	return b.String()
}

// hideRare hides capitalised words that the customer used and no other document knows: other people's names, streets, towns.
func (s *state) hideRare(text string, d *doc) string {
	asked := map[string]bool{}
	for _, t := range tokenize(d.asked + "\n" + d.title) {
		asked[t.word] = true
	}
	kept := placeholder.FindAllStringIndex(text, -1)
	var b strings.Builder
	at := 0
	for _, t := range tokenize(text) {
		r, _ := utf8.DecodeRuneInString(text[t.start:])
		if t.first || t.cjk || !unicode.IsUpper(r) || !asked[t.word] || overlaps(kept, []int{t.start, t.end}) || s.common(t.word, d) {
			continue
		}
		b.WriteString(text[at:t.start] + "{{name}}")
		at = t.end
	}
	return b.String() + text[at:]
}

// common reports whether a word stands in some document besides d.
func (s *state) common(word string, d *doc) bool {
	for _, term := range stemsOf(word, d.lang) {
		found := false
		s.ix.holders(term, func(o *doc) bool {
			found = o != d && (o.owner.email == "" || o.owner != d.owner)
			return !found
		})
		if found {
			return true
		}
	}
	return false
}
