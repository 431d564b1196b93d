package local

import (
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// edgeLink matches a link, a placeholder for one or a run of hashtags, where a sentence could stand without it.
	edgeLink = regexp.MustCompile(`(?i)^(https?://\S+|www\.\S+|<(link|url)>|#[\pL\d_]+)$`)
	// handle matches the name of an account that a post is addressed to.
	handle = regexp.MustCompile(`^\.?@[\w.-]+[:,]?$`)
	// careName matches what companies call the accounts that answer.
	careName = regexp.MustCompile(`^\w+(Support|Help|Helps|Helpers|Helpline|Care|Cares|Service|Services|Assist|Hilft|Ayuda|Aide)$`)
	// initials matches how agents sign posts and chats: ^JS, *KrystnYogi, -Harini, /CK.
	initials = regexp.MustCompile(`\s?[*^/–—-]\s?\pL{1,14}\.?$`)
	// letters matches a signature of two letters behind the end of a sentence.
	letters = regexp.MustCompile(`([.!?…])\s?(\p{Lu}{2}|\p{Ll}{2})$`)
)

// plain takes off a message what says nothing to a person who reads the thread: the handles in front, the links and hashtags at
// the end, pictures made of signs, and the initials by which an agent signs. Nothing is put in.
func plain(text string, ours bool) string {
	if strings.ContainsRune(text, '&') {
		text = html.UnescapeString(text)
	}
	if strings.ContainsFunc(text, pictured) {
		text = strings.Map(func(r rune) rune {
			if pictured(r) {
				return -1
			}
			return r
		}, text)
	}
	text = trimBack(trimFront(strings.TrimSpace(text)))
	if ours && len(text) > 30 {
		if m := letters.FindStringSubmatchIndex(text); m != nil {
			text = text[:m[3]]
		} else if m := initials.FindStringIndex(text); m != nil {
			text = text[:m[0]]
		}
		text = trimBack(text)
	}
	if at := partOf.FindStringSubmatchIndex(text); at != nil {
		text = text[:max(at[0], at[3])]
	}
	return text
}

// pictured reports whether a rune is an emoji or belongs to one.
func pictured(r rune) bool {
	return r >= 0x1f000 && r < 0x20000 || r >= 0x2600 && r < 0x27c0 || r == 0xfe0f || r == 0x200d || r == 0x20e3 || r >= 0xe0000 && r < 0xe0080
}

// trimFront takes off handles, and the name of the company's account where no handle sign is left.
func trimFront(text string) string {
	for {
		word, rest, ok := strings.Cut(text, " ")
		if !ok || !handle.MatchString(word) && !careName.MatchString(word) && !edgeLink.MatchString(word) {
			return strings.TrimLeft(text, " .,:;!-–—·")
		}
		text = strings.TrimSpace(rest)
	}
}

// opener matches what a sentence begins with and does not need: a salutation, an interjection, a conjunction before a comma.
var opener = regexp.MustCompile(`(?i)^(` +
	`(hi|hiya|hello|hey|heya|hallo|moin|bonjour|bonsoir|salut|hola|buenas|buenos días|buenas tardes|ciao|buongiorno|salve|olá|oi|bom dia|boa tarde|hoi|goedemiddag|cześć|dzień dobry|witam)( (there|guys|team|all|folks|everyone|again|zusammen|miteinander|nochmal|à tous|a tutti|allemaal|\p{Lu}\pL+))?` +
	`|also|well|ok|okay|oh|hmm+|uh|um|yeah|yep|so|and|anyway|plus|btw|fyi|gotcha|got it|alright|dang|lol|wow|right|sure|sure thing|no problem|no worries` +
	`|(many |vielen )?(sorry|thanks|thank you|danke|dank|merci|gracias|grazie|obrigad[oa]|bedankt|dziękuję)|(also|nun|ja|naja|tja|achso|okay)|(bon|alors|eh bien)|(bueno|pues|vale)|(bom|então|bem)|(allora|beh|dunque)|(nou|dus)|(no więc|więc))` +
	`(\s?[,!.:;…-]+\s+|\s?[,，、!！]+)`)

// listHead matches the mark of a list's item.
var listHead = regexp.MustCompile(`^(\d{1,2}[.):]|[-*•–])\s+`)

// partOf matches the count of posts that belong together.
var partOf = regexp.MustCompile(`([.!?…])\s*\(?\d/\d\)?$|\s\(cont\)$`)

// trimOpeners takes off what a sentence could begin without, as long as something is left.
func trimOpeners(s string) string {
	for range 3 {
		at := listHead.FindStringIndex(s)
		if at == nil {
			at = opener.FindStringIndex(s)
		}
		if at == nil || len(s)-at[1] < 8 {
			return s
		}
		s = s[at[1]:]
	}
	return s
}

// trimBack takes off links, handles and hashtags at the end.
func trimBack(text string) string {
	for {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		i := strings.LastIndexFunc(text, unicode.IsSpace)
		if i < 0 {
			return text
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		if !edgeLink.MatchString(text[i+size:]) && !handle.MatchString(text[i+size:]) {
			return text
		}
		text = text[:i]
	}
}
