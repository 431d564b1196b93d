package local

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A lexicon file holds sections of phrases, one a line, compared word by word without case and accents:
//
//	@ human_request 0.95 en     name, strength, language (the language is for readers)
//	= who human|agent|person    a name for alternatives, good to the end of the file
//	speak|talk to ~ <who>       words; | parts alternatives, <who> stands for those of that name; ~ is up to three words, ~5 up to five
//	lost|stolen <> card         both orders, with up to four words between
//	^ human please? $           ^ and $ are the ends of a sentence; ? may be missing
//	call me now|today|$         $ among alternatives: one of the words, or nothing more
//	cancel* *konto              * matches the rest of a word, at its end or at its beginning
//	! user agent                a veto: what touches these words matches nothing in this name
//	% refund person !refine     words that are also read with one slip of the key (see slips.go); ! is a word of its own, no slip
//	人工~客服                    scripts without blanks match anywhere; ~ is up to six characters, ~9 up to nine
//
// A strength is the probability that who writes this means it. Under one half it does not fire: a sign for what learns from
// a team's own labels.
//
//go:embed lexicon/*.txt
var files embed.FS

var lexicons, slips = mustLoad("human_en", "human", "safety_en", "safety", "refund", "billing", "chargeback", "legal", "cancellation", "security", "privacy",
	"suspicious", "mood", "mood_en", "mood_world", "mood_more", "failure", "routine", "facts")

// gap is how many words may stand where a phrase has a bare ~, around is how many between the sides of <>.
const (
	gap    = 3
	around = 4
)

// loader reads lexicon files one after another.
type loader struct {
	out      map[string]*lexicon
	slips    speller
	cur      *lexicon
	strength float64
	groups   map[string]string
	own      []string // words that are no slip of another
}

func mustLoad(names ...string) (map[string]*lexicon, speller) {
	ld := &loader{out: make(map[string]*lexicon), slips: speller{}}
	for _, n := range names {
		data, err := files.ReadFile("lexicon/" + n + ".txt")
		if err == nil {
			err = ld.read(string(data))
		}
		if err != nil {
			panic(fmt.Sprintf("local: lexicon %s: %v", n, err)) // embedded: a test would have met it
		}
	}
	ld.slips.forget(ld.out, ld.own)
	return ld.out, ld.slips
}

func (ld *loader) read(data string) error {
	ld.cur, ld.groups = nil, map[string]string{}
	for n, line := range strings.Split(data, "\n") {
		if err := ld.line(strings.TrimSpace(line)); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

func (ld *loader) line(line string) error {
	if line == "" {
		return nil
	}
	rest := strings.TrimSpace(line[1:])
	switch line[0] {
	case '#':
	case '@':
		return ld.section(strings.Fields(rest))
	case '=':
		name, words, _ := strings.Cut(rest, " ")
		words, err := ld.expand(strings.TrimSpace(words))
		ld.groups["<"+name+">"] = words
		return err
	case '%':
		for w := range strings.FieldsSeq(rest) {
			if own, ok := strings.CutPrefix(w, "!"); ok {
				ld.own = append(ld.own, fold(own))
			} else {
				ld.slips.add(fold(w))
			}
		}
	case '!':
		return ld.phrase(rest, true)
	default:
		return ld.phrase(line, false)
	}
	return nil
}

func (ld *loader) section(f []string) (err error) {
	if len(f) != 3 {
		return fmt.Errorf("a section is @ name strength language, not %q", f)
	}
	if ld.strength, err = strconv.ParseFloat(f[1], 64); err != nil {
		return fmt.Errorf("read strength: %w", err)
	}
	if ld.cur = ld.out[f[0]]; ld.cur == nil {
		ld.cur = newLexicon()
		ld.cur.vetoes = newLexicon()
		ld.out[f[0]] = ld.cur
	}
	return nil
}

// expand puts the alternatives of <name> in its place.
func (ld *loader) expand(line string) (string, error) {
	for name, words := range ld.groups {
		line = strings.ReplaceAll(line, name, words)
	}
	if i := strings.IndexByte(line, '<'); i >= 0 && !strings.HasPrefix(line[i:], "<>") {
		return "", fmt.Errorf("no alternatives have the name at %q", line[i:])
	}
	return line, nil
}

func (ld *loader) phrase(line string, veto bool) error {
	line, err := ld.expand(line)
	if err != nil {
		return err
	}
	if ld.cur == nil {
		return fmt.Errorf("phrase %q stands before the first section", line)
	}
	into := ld.cur
	if veto {
		into = into.vetoes
	}
	if a, b, ok := strings.Cut(line, " <> "); ok {
		between := fmt.Sprintf(" ~%d ", around)
		if err := into.add(b+between+a, ld.strength); err != nil {
			return err
		}
		line = a + between + b
	}
	return into.add(line, ld.strength)
}

func (l *lexicon) add(line string, strength float64) error {
	if r := []rune(strings.Trim(line, "^$ ")); len(r) > 0 && (isCJK(r[0]) || isCJK(r[len(r)-1])) {
		return l.addDense(line, strength)
	}
	p := &phrase{strength: strength}
	fields := strings.Fields(line)
	if fields[0] == "^" {
		p.atStart, fields = true, fields[1:]
	}
	if n := len(fields); n > 0 && fields[n-1] == "$" {
		p.end, fields = true, fields[:n-1]
	}
	for _, f := range fields {
		it, err := parseItem(f)
		if err != nil {
			return fmt.Errorf("phrase %q: %w", line, err)
		}
		p.items = append(p.items, it)
	}
	for len(p.items) > 1 && p.items[0].optional { // filed under both words that it may begin with
		full := *p
		full.items = slices.Clone(p.items)
		full.items[0].optional = false
		l.index(&full)
		p.items = p.items[1:]
	}
	if len(p.items) == 0 || p.items[0].gap > 0 || p.items[0].optional {
		return fmt.Errorf("phrase %q must begin with a word", line)
	}
	l.index(p)
	return nil
}

func (l *lexicon) addDense(line string, strength float64) error {
	p := &densePhrase{strength: strength, atStart: line[0] == '^', atEnd: strings.HasSuffix(line, "$")}
	for i, part := range strings.Split(plainHan(strings.Trim(line, "^$ ")), "~") {
		words := strings.TrimLeft(part, "0123456789")
		n := denseGap
		if digits := part[:len(part)-len(words)]; digits != "" && i > 0 {
			var err error
			if n, err = strconv.Atoi(digits); err != nil {
				return fmt.Errorf("phrase %q: %w", line, err)
			}
		} else {
			words = part
		}
		p.parts = append(p.parts, strings.Split(words, "|"))
		p.gaps = append(p.gaps, n)
	}
	for _, w := range p.parts[0] {
		r, _ := utf8.DecodeRuneInString(w)
		l.dense[r] = append(l.dense[r], denseStart{w, p})
	}
	return nil
}

func parseItem(f string) (item, error) {
	if n, ok := strings.CutPrefix(f, "~"); ok {
		if n == "" {
			return item{gap: gap}, nil
		}
		wide, err := strconv.Atoi(n)
		if err != nil || wide < 1 || wide > 9 {
			return item{}, fmt.Errorf("a gap is ~ or ~1 to ~9, not %q", f)
		}
		return item{gap: wide}, nil
	}
	var it item
	it.optional = strings.HasSuffix(f, "?")
	for w := range strings.SplitSeq(strings.TrimSuffix(f, "?"), "|") {
		word := fold(strings.Trim(w, "*"))
		switch {
		case w == "$":
			it.end = true
		case word == "":
			return item{}, fmt.Errorf("%q has an empty alternative", f)
		case strings.Contains(w, "*") && len(word) < affix:
			return item{}, fmt.Errorf("%q leaves too little of a word", w)
		case strings.HasSuffix(w, "*"):
			it.prefixes = append(it.prefixes, word)
		case strings.HasPrefix(w, "*"):
			it.suffixes = append(it.suffixes, word)
		default:
			it.words = append(it.words, word)
		}
	}
	return it, nil
}
