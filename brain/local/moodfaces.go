package local

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// angryFaces are emoji and signs of anger, and how much they say.
var angryFaces = map[rune]float64{
	'😡': 1, '🤬': 1, '😠': 0.9, '👿': 0.9, '💢': 0.9, '🖕': 1, '😤': 0.7, '👎': 0.7, '🤮': 0.8, '💩': 0.7, '🙄': 0.6, '😒': 0.6, '😑': 0.4, '🤦': 0.5, '😾': 0.9, '🗑': 0.4, '🤡': 0.7, '😖': 0.4, '😣': 0.4,
}

const laughing = "😂🤣😄😆😁😊😍🥰😀😃🙂😉🎉❤💕👍🙏"

// emoticons are faces written with letters and signs.
var emoticons = []struct {
	text     string
	strength float64
}{{">:(", 0.9}, {">:-(", 0.9}, {">_<", 0.6}, {"-_-", 0.6}, {":@", 0.7}, {"ಠ_ಠ", 0.8}, {":-/", 0.3}}

// emoji finds faces in the message's own part.
func emoji(l *line) (angry []hit, laughs int) {
	from := max(strings.Index(l.Text, l.text), 0)
	text := clip(l.Text[from:], len(l.text))
	for i, r := range text {
		if r < 0x2000 {
			continue
		}
		if s := angryFaces[r]; s > 0 && len(angry) < maxEvidence {
			angry = append(angry, hit{from + i, from + i + utf8.RuneLen(r), s})
		} else if strings.ContainsRune(laughing, r) {
			laughs++
		}
	}
	for _, e := range emoticons {
		if i := strings.Index(text, e.text); i >= 0 {
			angry = append(angry, hit{from + i, from + i + len(e.text), e.strength})
		}
	}
	return angry, laughs
}

// capitals is the share of words in capitals. Short words in capitals are names and codes, and one alone is too.
func capitals(text string) float64 {
	upper, words := 0, 0
	for w := range strings.FieldsSeq(text) {
		letters, caps := 0, 0
		for _, r := range w {
			if unicode.IsLetter(r) {
				letters++
				if unicode.IsUpper(r) {
					caps++
				}
			} else if unicode.IsDigit(r) {
				letters = -99
			}
		}
		if letters >= 3 {
			words++
			if caps == letters {
				upper++
			}
		}
	}
	if upper < 2 {
		return 0
	}
	return float64(upper) / float64(words)
}

// marks counts what is shouted: exclamation marks from the second on, and questions that were asked twice in one.
func marks(text string) float64 {
	n := strings.Count(text, "!") + strings.Count(text, "！")
	if n == 1 {
		n = 0
	}
	n += strings.Count(text, "?!") + strings.Count(text, "??") + strings.Count(text, "？？")
	return float64(min(n, 5))
}
