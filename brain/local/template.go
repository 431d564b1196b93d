package local

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	bareLinks = regexp.MustCompile(`\b[a-zA-Z0-9-]{2,}(\.[a-zA-Z0-9-]+)*\.[a-z]{2,12}\b(/[^\s<>"']*)?`)
	numbers   = regexp.MustCompile(`#?[\p{L}\d_-]*\d[\p{L}\d_-]*([.,:/]\d+)*%?`)
	listMark  = regexp.MustCompile(`(?m)^\s*\d{1,2}[.)]\s`)
	titled    = regexp.MustCompile(`(?m)^\s*(Sehr geehrte[rs]? (Herr|Frau)|Guten Tag,? (Herr|Frau)|Liebe[rs]? (Herr|Frau)|Hallo (Herr|Frau))( (Dr\.|Prof\.))*\s+[\p{Lu}][\p{L}'’ -]*`)
	titledEn  = regexp.MustCompile(`(?m)^\s*Dear (Mr|Mrs|Ms|Miss|Dr)\.?\s+[\p{Lu}][\p{L}'’ -]*`)
	addressed = regexp.MustCompile(`(?m)^(\s*(?:Hi|Hello|Hey|Dear|Hallo|Liebe[rs]?|Guten Tag|Guten Morgen|Moin|Bonjour|Cher|Chère|Hola|Estimad[oa]|Buenos días|Ciao|Gentile|Buongiorno|Olá|Prezad[oa]|Beste|Dag|Hej|Cześć|Dzień dobry)) +[\p{Lu}][\p{L}'’-]*( [\p{Lu}][\p{L}'’-]*){0,2}\s*([,!:]|$)`)
	repeated  = regexp.MustCompile(`(\{\{customer_name\}\})([ .-]*\{\{customer_name\}\})+`)
)

// template turns a reply that a person once gave into one for anybody: what was that customer's becomes a placeholder, and
// what was said to that customer only goes. It is worked out once per reply and state.
func (s *state) template(d *doc) string {
	if t, ok := s.templates.Load(d); ok {
		return t.(string)
	}
	t := s.newTemplate(d)
	s.templates.Store(d, t)
	return t
}

// newTemplate asks what was said for the same answer to others. A number, date, amount, link or address stays only where nearly
// all of them, or a prepared text, have it too; of the other words those stay that stand at the same place for most of them.
func (s *state) newTemplate(d *doc) string {
	said := s.witnesses(d)
	text := cutSignature(d.body)
	hide := func(name string, re *regexp.Regexp) {
		text = outside(text, re, func(m string) string {
			if said.keep(m) {
				return m
			}
			return "{{" + name + "}}"
		})
	}
	// Addresses and links go whole, before the names that may stand in them.
	hide("email", emails)
	hide("link", links)
	hide("link", bareLinks)
	text = titled.ReplaceAllString(text, "Guten Tag {{customer_name}}")
	text = titledEn.ReplaceAllString(text, "Dear {{customer_name}}")
	text = addressed.ReplaceAllString(text, "$1 {{customer_name}}$3")
	text = hideNames(text, d.owner.name)
	hide("amount", amounts)
	hide("date", dates)
	hide("phone", phones)
	hide("number", numbers)
	text = said.align(text)
	return strings.TrimSpace(s.hideRare(text, d, &said))
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

// cutSignature keeps the closing words and drops the name beside or below them: another person signs.
func cutSignature(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if i == 0 || !signOff.MatchString(l) {
			continue
		}
		words := closing(l)
		if words == nil {
			return strings.Join(lines[:i], "\n")
		}
		rest := l[words[1]:]
		lines[i] = l[:words[1]+len(rest)-len(strings.TrimLeft(rest, ",.!。"))]
		return strings.Join(lines[:i+1], "\n")
	}
	return text
}

// closing returns where the closing words of a line that begins a signature stand; nil when it holds none.
func closing(line string) []int {
	m := signOff.FindStringSubmatchIndex(line)
	if i := 2 * signOff.SubexpIndex("closing"); m != nil && m[i] >= 0 {
		return m[i : i+2]
	}
	return nil
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

// witnesses is what was said for the same answer: in macros and articles, and to other customers.
type witnesses struct {
	prepared string
	replies  []string // to different people, none of them the customer whose reply is read; newest first
}

// Bounds on how many replies testify, and how many are looked at to find that many different people.
const (
	maxWitnesses = 20
	maxLooked    = 200
)

func (s *state) witnesses(d *doc) witnesses {
	var w witnesses
	var b strings.Builder
	for _, i := range s.prepared[d.answer] {
		b.WriteString(s.ix.docs[i].title + "\n" + s.ix.docs[i].body + "\n")
	}
	w.prepared = b.String()
	met := []person{d.owner}
	replies := s.replies[d.answer]
	for n := len(replies) - 1; n >= max(0, len(replies)-maxLooked) && len(w.replies) < maxWitnesses; n-- {
		o := s.ix.docs[replies[n]]
		if o == d || o.lang != d.lang || slices.ContainsFunc(met, o.owner.same) {
			continue
		}
		if o.owner != (person{}) {
			met = append(met, o.owner)
		}
		w.replies = append(w.replies, cutSignature(clip(o.body, maxText)))
	}
	return w
}

// same reports whether both are known to be one person.
func (p person) same(q person) bool {
	return p.email != "" && strings.EqualFold(p.email, q.email) || p.name != "" && strings.EqualFold(p.name, q.name)
}

// keep reports whether something is said to everybody: a prepared text has it, or at least two others were told it, and they
// are nearly all. That one other customer was told the same amount may be chance.
func (w *witnesses) keep(s string) bool {
	if containsWhole(w.prepared, s) {
		return true
	}
	n := 0
	for _, r := range w.replies {
		if containsWhole(r, s) {
			n++
		}
	}
	return n >= 2 && 5*n >= 4*len(w.replies)
}

// hideRare hides capitalised words that no other document knows: other people's names, streets, towns. Where nobody else got
// the answer that is all there is to go by; where others did, only words that the customer used are in doubt.
func (s *state) hideRare(text string, d *doc, said *witnesses) string {
	asked := map[string]bool{}
	for _, t := range tokenize(d.asked + "\n" + d.title) {
		asked[t.word] = true
	}
	alone := len(said.replies) == 0 && d.lang != "de" // German writes every noun with a capital
	kept := append(placeholder.FindAllStringIndex(text, -1), frame(text)...)
	var b strings.Builder
	at := 0
	for _, t := range tokenize(text) {
		r, _ := utf8.DecodeRuneInString(text[t.start:])
		if t.first || t.cjk || !unicode.IsUpper(r) || !asked[t.word] && !alone || overlaps(kept, []int{t.start, t.end}) ||
			s.common(t.word, d) || said.keep(text[t.start:t.end]) {
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
