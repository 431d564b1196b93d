package local

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentences parts a cleaned text. A point inside a number, an address or after an abbreviation ends nothing, and neither
// does a line that a mail program broke because it was full.
func sentences(text string) []string {
	var out []string
	start := 0
	for i, r := range text {
		end := i + len(string(r))
		switch {
		case r == '\n' && !wrapped(text[start:i], text[end:]), strings.ContainsRune("。！？", r):
		case strings.ContainsRune("!?", r) && !continues(text, end):
		case r == '.' && !continues(text, end) && !abbreviated(text[start:i]) && !trailsOff(text[start:i], text[end:]):
		default:
			continue
		}
		if s := strings.TrimSpace(text[start:end]); s != "" {
			out = append(out, s)
		}
		start = end
	}
	if s := strings.TrimSpace(text[start:]); s != "" {
		out = append(out, s)
	}
	return out
}

// fullLine is the length, in bytes, from which a line without an end was broken by a program and not by its author.
const fullLine = 50

func wrapped(before, after string) bool {
	line := strings.TrimRight(before[strings.LastIndexByte(before, '\n')+1:], " \t\r")
	if len(line) < fullLine || strings.HasSuffix(line, ":") {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(line)
	next, _ := utf8.DecodeRuneInString(after)
	return !isCJK(last) && unicode.IsLetter(next)
}

func continues(text string, i int) bool {
	return i < len(text) && !strings.ContainsRune(" \t\r\n\"')", rune(text[i]))
}

// trailsOff reports whether the points are three and the sentence goes on after them in small letters.
func trailsOff(before, after string) bool {
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " \t"))
	return strings.HasSuffix(before, "..") && unicode.IsLower(next)
}

var abbreviations = set("mr mrs ms dr st no nr z.b e.g i.e d.h bzw ca etc vs tel art abs inc ltd sr sra mme mlle p.ej u.a evtl ggf bspw inkl zzgl hr fr str prof approx max min " +
	"u.s a.m p.m env réf ref ex num núm pág aprox ud uds vd vds av avda rue no nº std usw sog ges jan feb aug sept oct nov dec okt dez")

func abbreviated(before string) bool {
	word := before[strings.LastIndexAny(before, " \n(")+1:]
	day := len(word) <= 2 && word != "" && digitsIn(word) == len(word) // "5. August", "1. Press"
	return day || len(word) == 1 && word[0] > '9' || abbreviations[strings.ToLower(word)]
}

// begin has a sentence begin with a capital: behind a salutation customers write on in small letters. What is spelt like
// iPhone stays.
func begin(s string) string {
	s = strings.TrimLeft(s, " -*•–\t")
	word, _, _ := strings.Cut(s, " ")
	if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) || strings.ContainsRune("@./:", r) }) {
		return s
	}
	r, size := utf8.DecodeRuneInString(s)
	if !unicode.IsLower(r) {
		return s
	}
	return string(unicode.ToUpper(r)) + s[size:]
}
