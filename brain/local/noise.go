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
	// handle matches the name of an account that a post is addressed to, and the initials of an agent who is answered.
	handle = regexp.MustCompile(`^(\.?@[\w.-]+[:,]?|[\^*]\pL{1,3})$`)
	// careName matches what companies call the accounts that answer.
	careName = regexp.MustCompile(`^\w+(Support|Help|Helps|Helpers|Helpline|Care|Cares|Service|Services|Assist|Hilft|Ayuda|Aide)$`)
	// initials matches how agents sign posts and chats: ^JS, *KrystnYogi, -Harini, /CK.
	initials = regexp.MustCompile(`()\s[*^/–—-]\s?\pL{1,14}\.?$|()[*^]\pL{1,14}$`)
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
	if ours && len(text) > minSignedPost {
		text = trimBack(cutTail(cutTail(text, letters), initials))
	}
	return cutTail(text, partOf)
}

// minSignedPost is the shortest post that is signed, maxTail how much of the end is looked at, in bytes.
const (
	minSignedPost = 30
	maxTail       = 24
)

// cutTail takes off what an expression matches at the end, but keeps its first group.
func cutTail(text string, re *regexp.Regexp) string {
	tail := clipFront(text, maxTail)
	at := re.FindStringSubmatchIndex(tail)
	if at == nil {
		return text
	}
	return text[:len(text)-len(tail)+max(at[0], at[3])]
}

// pictured reports whether a rune is an emoji or belongs to one.
func pictured(r rune) bool {
	return r >= 0x1f000 && r < 0x20000 || r >= 0x2600 && r < 0x27c0 || r == 0xfe0f || r == 0x200d || r == 0x20e3 || r >= 0xe0000 && r < 0xe0080
}

// saysNothing reports whether a word at the edge of a sentence is a handle, a link or a hashtag; in front also whether it is what a
// company calls its account.
func saysNothing(word string, front bool) bool {
	switch {
	case word == "":
		return false
	case strings.ContainsRune("@.^*", rune(word[0])):
		return handle.MatchString(word)
	case strings.ContainsRune("#<hHwW", rune(word[0])) && edgeLink.MatchString(word):
		return true
	}
	return front && mixed(word) && careName.MatchString(word)
}

// trimFront takes off handles, and the name of the company's account where no handle sign is left.
func trimFront(text string) string {
	for {
		word, rest, ok := strings.Cut(text, " ")
		if !ok || !saysNothing(word, true) {
			return strings.TrimLeft(text, " .,:;!-–—·")
		}
		text = strings.TrimSpace(rest)
	}
}

// openers are what a sentence begins with and does not need, before a comma or a point: salutations, which a name may follow, and
// interjections, thanks and conjunctions, which none follows.
var (
	hails  = folded("hi hiya hello hey heya hallo moin bonjour bonsoir salut hola buenas ciao buongiorno salve olá oi hoi cześć witam")
	asides = folded("also well ok okay oh hm hmm hmmm uh um yeah yep so and anyway plus btw fyi gotcha alright dang lol wow right sure sorry " +
		"thanks danke merci gracias grazie obrigado obrigada " +
		"bedankt dziękuję nun ja naja tja achso bon alors bueno pues vale bom então bem allora beh dunque nou dus więc")
	asidePairs = wordPairs("got it, sure thing, no problem, no worries, thank you, many thanks, vielen dank, besten dank, eh bien, no więc, good " +
		"morning, good afternoon, guten tag, guten morgen, bom dia, " +
		"boa tarde, buenos días, buenas tardes, dzień dobry")
)

// listHead matches the mark of a list's item.
var listHead = regexp.MustCompile(`^(\d{1,2}[.):]|[-*•–])\s+`)

// partOf matches the count of posts that belong together.
var partOf = regexp.MustCompile(`([.!?…])\s*\(?\d/\d\)?$|\s\(cont\)$`)

// wordPairs returns phrases of two words as a set, as tokens spell them.
func wordPairs(phrases string) map[string]bool {
	out := map[string]bool{}
	for p := range strings.SplitSeq(phrases, ", ") {
		first, second, _ := strings.Cut(p, " ")
		out[fold(first)+" "+fold(second)] = true
	}
	return out
}

// maxOpener is the longest opener, in bytes.
const maxOpener = 40

// trimOpeners takes off what a sentence could begin without, as long as something is left.
func trimOpeners(s string) string {
	for range 3 {
		n := opener(s)
		if n == 0 || len(s)-n < 8 {
			return s
		}
		s = s[n:]
	}
	return s
}

// opener returns how many bytes of a sentence are an opener or the mark of a list's item.
func opener(s string) int {
	if c, _ := utf8.DecodeRuneInString(s); unicode.IsDigit(c) || strings.ContainsRune("-*•–", c) {
		if at := listHead.FindStringIndex(clip(s, 8)); at != nil {
			return at[1]
		}
		return 0
	}
	end := strings.IndexAny(clip(s, maxOpener), ",.!:;…，、！")
	if end < 0 {
		return 0
	}
	words := strings.Fields(s[:end])
	if len(words) == 0 || len(words) > 3 {
		return 0
	}
	first := fold(words[0])
	switch {
	case len(words) == 1 && (hails[first] || asides[first]):
	case len(words) == 2 && asidePairs[first+" "+fold(words[1])]:
	case len(words) > 1 && hails[first] && areNames(words[1:]):
	default:
		return 0
	}
	rest := strings.TrimLeft(s[end:], ",.!:;… -–")
	if rest == s[end:] {
		rest = strings.TrimLeft(rest, "，、！")
	}
	return len(s) - len(rest)
}

// areNames reports whether the words behind a salutation name those who are greeted.
func areNames(words []string) bool {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) && !greeted[fold(w)] {
			return false
		}
	}
	return true
}

var greeted = folded("there guys team all folks everyone again zusammen miteinander nochmal à tous a tutti allemaal")

// trimBack takes off links, handles and hashtags at the end.
func trimBack(text string) string {
	for {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
		i := strings.LastIndexFunc(text, unicode.IsSpace)
		if i < 0 {
			return text
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		if !saysNothing(text[i+size:], false) {
			return text
		}
		text = text[:i]
	}
}
