package local

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
)

// A lexicon file holds sections of phrases, one a line, compared word by word without case and accents:
//
//	@ human_request 0.95 en     name, strength, language (the language is for readers)
//	speak|talk to ~ person      words; | parts alternatives
//	^ human please? $           ^ and $ are the ends of a sentence; ? may be missing; ~ is up to three words
//	cancel* my order            * matches the rest of a word
//	! user agent                a veto: words inside it match nothing in this name
//	人工~客服                    scripts without blanks match anywhere; ~ is up to six characters
//
//go:embed lexicon/*.txt
var files embed.FS

var lexicons = mustLoad("human", "safety", "risk", "suspicious", "mood", "mood_en", "mood_world", "mood_more", "failure", "routine", "facts")

func mustLoad(names ...string) map[string]*lexicon {
	out := make(map[string]*lexicon)
	for _, n := range names {
		data, err := files.ReadFile("lexicon/" + n + ".txt")
		if err == nil {
			err = parseLexicon(out, string(data))
		}
		if err != nil {
			panic(fmt.Sprintf("local: lexicon %s: %v", n, err)) // embedded: a test would have met it
		}
	}
	return out
}

func parseLexicon(out map[string]*lexicon, data string) error {
	var cur *lexicon
	var strength float64
	for n, line := range strings.Split(data, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '@':
			f := strings.Fields(line)
			if len(f) != 4 {
				return fmt.Errorf("line %d: a section is @ name strength language", n+1)
			}
			s, err := strconv.ParseFloat(f[2], 64)
			if err != nil {
				return fmt.Errorf("line %d: %w", n+1, err)
			}
			if out[f[1]] == nil {
				out[f[1]] = &lexicon{first: map[string][]*phrase{}, vetoes: &lexicon{first: map[string][]*phrase{}}}
			}
			cur, strength = out[f[1]], s
		case cur == nil:
			return fmt.Errorf("line %d: a phrase before the first section", n+1)
		default:
			into := cur
			if line[0] == '!' {
				into, line = cur.vetoes, strings.TrimSpace(line[1:])
			}
			if err := into.add(line, strength); err != nil {
				return fmt.Errorf("line %d: %w", n+1, err)
			}
		}
	}
	return nil
}

func (l *lexicon) add(line string, strength float64) error {
	if r := []rune(line); isCJK(r[0]) || isCJK(r[len(r)-1]) {
		var p densePhrase
		for part := range strings.SplitSeq(line, "~") {
			p.parts = append(p.parts, strings.Split(part, "|"))
		}
		p.strength = strength
		l.dense = append(l.dense, p)
		return nil
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
		p.items = append(p.items, parseItem(f))
	}
	if len(p.items) == 0 || p.items[0].gap || p.items[0].optional {
		return fmt.Errorf("phrase %q must begin with a word", line)
	}
	for _, w := range p.items[0].words {
		l.first[w] = append(l.first[w], p)
	}
	if len(p.items[0].prefixes) > 0 {
		l.prefix = append(l.prefix, p)
	}
	return nil
}

func parseItem(f string) item {
	if f == "~" {
		return item{gap: true}
	}
	var it item
	it.optional = strings.HasSuffix(f, "?")
	for w := range strings.SplitSeq(strings.TrimSuffix(f, "?"), "|") {
		if p, ok := strings.CutSuffix(w, "*"); ok {
			it.prefixes = append(it.prefixes, fold(p))
		} else {
			it.words = append(it.words, fold(w))
		}
	}
	return it
}
