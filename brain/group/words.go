package group

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxReply bounds how much of one reply is read, in bytes.
const maxReply = 8 << 10

var (
	quoted   = regexp.MustCompile(`(?i)^\s*(>|-{2,}\s*original|_{10,}$|(on|am|le|el|il|em|op)\b.{4,120}(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\b.{0,80}:\s*$)`)
	salutes  = regexp.MustCompile(`(?i)^\s*(hi|hello|hey|dear|good (morning|afternoon|evening|day)|greetings|hallo|guten (tag|morgen|abend)|moin|sehr geehrte[rs]?|liebe[rs]?|bonjour|bonsoir|cher|chère|hola|buen(os|as)? (días|tardes)|estimad[oa]|ciao|buongiorno|gentile|olá|prezad[oa]|beste|geachte|hej|dzień dobry)\b[^\n.!?:;]{0,50}([,!.:]\s*|$)`)
	closes   = regexp.MustCompile(`(?i)^\s*(--\s*$|—\s*$|((with )?(best|kind|kindest|warm|many) (regards|wishes|thanks)|regards|cheers|sincerely|yours( truly| sincerely| faithfully)?|thanks( again| so much)?|thank you( again)?|best|take care|all the best|(mit )?(freundlichen?|besten?|viele[nr]?|liebe[nr]?|herzliche[nr]?) (grüße[n]?|gruß|dank)|mfg|vg|lg|(bien )?cordialement|bonne journée|merci|(un )?(cordial saludo|saludos( cordiales)?)|atentamente|gracias|cordiali saluti|distinti saluti|grazie|saluti|cumprimentos|atenciosamente|met vriendelijke groet(en)?|groet(en|jes)?|pozdrawiam)[\s,.!]*$)`)
	courtesy = regexp.MustCompile(`(?i)(thank(s| you)[^.!?]{0,20} for (contacting|reaching|writing|getting in touch|your (message|e-?mail|patience|request|question|interest|understanding))|(hope|trust) (this|that) (helps|answers|clears)|let (me|us) know if|(any|more|further|other) (more |further |other )?questions|happy to help|glad to help|here to help|have a (nice|great|good|lovely|wonderful)|(sorry|apologi[sz]e)[^.!?]{0,20} for (the|any) (inconvenience|trouble|delay|wait)|(do not|don't) hesitate|you( are|'re) welcome|please see (the )?attached|(feel free|just) to? ?reply|` +
		`danke[^.!?]{0,20} für (ihre|deine) (nachricht|anfrage|geduld)|vielen dank für|weitere fragen|helfe(n)? (ihnen |dir )?gern|gern(e)? geschehen|unannehmlichkeiten|zögern sie nicht|` +
		`merci (de|pour|d')|n'hésitez pas|à votre disposition|bonne journée|gracias por|no dude en|cualquier (otra )?(duda|pregunta)|un placer|grazie per|non esiti|obrigad[oa] por)`)
	links   = regexp.MustCompile(`(?i)\b(https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.-]+\b|\b[a-z0-9-]{2,}(\.[a-z0-9-]+)*\.[a-z]{2,12}(/\S*)?\b`)
	blanks  = regexp.MustCompile(`\{\{[^{}]{0,60}\}\}|\{[a-zA-Z_. ]{1,40}\}|\[[A-Z][a-zA-Z_ ]{1,30}\]|<[A-Z_ ]{2,30}>|%[a-z_]{2,30}%`)
	calends = words("january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday " +
		"januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag " +
		"janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi dimanche " +
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado domingo")
	negations = words("not no never cannot can't don't doesn't didn't won't isn't aren't wasn't couldn't unable without nicht kein keine keinen keiner nie ohne pas jamais sans nunca sin non")
)

// gap stands between words that do not stand together: at a blank of a macro, or where something was left out.
const gap = ""

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// reader parts replies into what they say. It remembers sentences, because teams say the same ones all day.
type reader struct{ seen map[string][]string }

// Bounds on what is remembered.
const (
	maxSeen     = 1 << 16 // sentences
	maxSeenText = 400     // bytes of each
)

// words returns a sentence's words, none for a courtesy.
func (r *reader) words(s string) []string {
	if ws, ok := r.seen[s]; ok {
		return ws
	}
	ws := wordsOf(s)
	if len(ws) <= maxCourtesy && isCourtesy(s) {
		ws = nil
	}
	if len(r.seen) < maxSeen && len(s) <= maxSeenText {
		r.seen[strings.Clone(s)] = ws
	}
	return ws
}

// without leaves gaps where words of the customer's own stood; ws is not changed.
func without(ws []string, own map[string]bool) []string {
	if !slices.ContainsFunc(ws, func(w string) bool { return own[w] }) {
		return ws
	}
	var out []string
	said := false
	for _, w := range ws {
		if w != gap && !own[w] {
			out, said = append(out, w), true
		} else if len(out) > 0 && out[len(out)-1] != gap {
			out = append(out, gap)
		}
	}
	if !said {
		return nil
	}
	return trimGap(out)
}

func trimGap(ws []string) []string {
	if ws[len(ws)-1] == gap {
		return ws[:len(ws)-1]
	}
	return ws
}

// sentences returns what a reply says, a list of lower-case words a sentence: no quoted mail, greeting, signature and
// courtesies, and no words that are the customer's.
func (r *reader) sentences(reply, customer string) [][]string {
	if len(reply) > maxReply {
		reply = strings.ToValidUTF8(reply[:maxReply], "")
	}
	own := words(strings.ToLower(customer))
	var out [][]string
	begun := false
	for line := range strings.SplitSeq(reply, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case strings.ContainsAny(line[:1], ">-_") && quoted.MatchString(line), strings.HasSuffix(line, ":") && quoted.MatchString(line):
			if !strings.HasPrefix(line, ">") {
				return out
			}
			continue
		case begun && len(line) < 60 && closes.MatchString(line):
			return out
		case !begun:
			line = salutes.ReplaceAllString(line, "")
			begun = strings.TrimSpace(line) != ""
		}
		for _, s := range split(line) {
			if ws := without(r.words(s), own); len(ws) > 0 {
				out = append(out, ws)
			}
		}
	}
	return out
}

// A courtesy has at most maxCourtesy words, and at most maxBeside beside the phrase that tells it. What is longer says
// something. A reply of fewer than minWords words in all says nothing.
const (
	maxCourtesy = 16
	maxBeside   = 8
	minWords    = 3
)

// hints are pieces of which every courtesy holds one. They are looked for first, because most sentences hold none.
var hints = []string{
	"thank", "hope", "trust", "let ", "question", " to help", "have a ", "sorry", "apolog", "hesitate", "welcome", "attached", "reply",
	"dank", "frage", "gern", "unannehm", "zögern", "merci", "hésitez", "disposition", "bonne", "gracias", "dude ", "duda", "pregunta", "placer",
	"grazie", "esiti", "obrigad",
}

// Courtesy reports whether a sentence is a courtesy and nothing else: "Thanks for reaching out.", "I hope this helps!".
func Courtesy(sentence string) bool {
	return len(strings.Fields(sentence)) <= maxCourtesy && isCourtesy(sentence)
}

func isCourtesy(s string) bool {
	low := strings.ToLower(s)
	for _, h := range hints {
		if strings.Contains(low, h) {
			m := courtesy.FindStringIndex(low)
			return m != nil && len(strings.Fields(low[:m[0]]))+len(strings.Fields(low[m[1]:])) <= maxBeside
		}
	}
	return false
}

// split parts a line into sentences: at a mark that a blank follows, and at the marks of scripts without blanks.
func split(line string) []string {
	var out []string
	start := 0
	for i, r := range line {
		end := i + utf8.RuneLen(r)
		switch {
		case strings.ContainsRune("。！？", r):
		case strings.ContainsRune(".!?:", r) && end < len(line) && line[end] == ' ' && i-start > 3:
		default:
			continue
		}
		out = append(out, line[start:end])
		start = end
	}
	return append(out, line[start:])
}

// wordsOf returns a sentence's words. What was one customer's leaves a gap: two gaps never meet.
func wordsOf(s string) []string {
	if strings.ContainsAny(s, "{[<%") {
		s = blanks.ReplaceAllString(s, " 0 ")
	}
	if i := strings.IndexAny(s, ".@:"); i >= 0 && i < len(s)-1 {
		s = links.ReplaceAllString(s, " 0 ")
	}
	var out []string
	said := false
	for w := range strings.FieldsFuncSeq(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' && r != '-' && r != '_' && r != '/'
	}) {
		w = strings.Trim(strings.ToLower(strings.ReplaceAll(w, "’", "'")), "'-_/")
		if w == "" || strings.ContainsFunc(w, unicode.IsDigit) || calends[w] {
			if w != "" && len(out) > 0 && out[len(out)-1] != gap {
				out = append(out, gap)
			}
			continue
		}
		said = true
		out = appendWord(out, w)
	}
	if !said {
		return nil
	}
	return trimGap(out)
}

// appendWord adds a word; of a script that is written without blanks every character is one.
func appendWord(to []string, w string) []string {
	if !strings.ContainsFunc(w, blankless) {
		return append(to, w)
	}
	for _, r := range w {
		to = append(to, string(r))
	}
	return to
}

func blankless(r rune) bool {
	return r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

// tooFew reports whether the sentences hold fewer words than an answer has.
func tooFew(sentences [][]string) bool {
	n := 0
	for _, ws := range sentences {
		for _, w := range ws {
			if w != gap {
				n++
			}
		}
	}
	return n < minWords
}
