package local

import (
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
)

// hidden matches what no customer types: chat templates, comments in markup, tags that claim to be the system's.
var hidden = regexp.MustCompile(`(?i)<!--|<\|[a-z_]+\|>|\[/?(inst|system|assistant)\]|</?(system|assistant|instructions?|prompt|admin|tool_call|function_call|ticket|context|user|untrusted\w*)\b[^>]{0,80}>|` +
	`(?m:^\s*#{2,}\s*(system|instructions?|assistant|new task)\b)|(?m:^\s*(system|assistant|developer)\s*(message|prompt)?\s*:)|display:\s*none|font-size:\s*0\b|<!(channel|here|everyone|subteam)|<@[UW][A-Z0-9]{2,}>|` +
	`\[internal note\b|slack\.com/app_redirect|"(action|confidence)"\s*:|https?://(169\.254\.|127\.0\.0\.1|localhost\b|\[::1\])|` +
	`!\[[^\]]{0,80}\]\(https?://[^)]{0,200}[?&][^)]{0,200}\)`)

// suspicious reads everything the customer's side sent, quoted parts and markup too, because that is where such text hides.
func (t *thread) suspicious() escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.Suspicious}
	var all []string
	for i := t.open; i < len(t.lines); i++ {
		l := &t.lines[i]
		if l.Role == escalate.RoleCustomer || l.Role == escalate.RoleParticipant {
			all = append(all, clip(l.Text, maxText))
			note(&tr, l.ID, instructions(all[len(all)-1]))
		}
	}
	// What belongs to no single message gives no span: the subject, the name, and a sentence cut in two by sending it twice.
	elsewhere := []string{clip(t.content.Subject, 500), clip(t.content.Customer.Name, 500)}
	if len(all) > 1 && tr.Strength == 0 {
		elsewhere = append(elsewhere, clip(strings.Join(all, ""), maxText))
	}
	for _, text := range elsewhere {
		for _, h := range instructions(text) {
			tr.Strength = max(tr.Strength, h.strength)
		}
	}
	return tr
}

// instructions finds what reads like orders to a machine, written openly, hidden or encoded.
func instructions(text string) []hit {
	out := plainly(text)
	out = append(out, disguised(text)...)
	if h, ok := invisible(text); ok {
		out = append(out, h)
	}
	if at := strings.Index(strings.ToLower(text), "rot13"); at >= 0 && at < len(text) {
		for _, h := range plainly(strings.Map(rot13, text)) {
			out = append(out, hit{h.start, h.end, 0.9})
		}
	}
	return out
}

func plainly(text string) []hit {
	out := lexicons["suspicious"].find(text, tokenize(text))
	if strings.ContainsAny(text, "<[#:!") {
		for _, at := range hidden.FindAllStringIndex(text, maxEvidence) {
			out = append(out, hit{at[0], at[1], 0.9})
		}
	}
	return out
}

// rot13 moves a letter half the alphabet on; every character keeps its length.
func rot13(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return 'a' + (r-'a'+13)%26
	case r >= 'A' && r <= 'Z':
		return 'A' + (r-'A'+13)%26
	}
	return r
}

// invisible finds letters that nobody sees, Unicode tags and words cut up by characters without width, and words that mix
// look-alikes of two scripts.
func invisible(text string) (hit, bool) {
	cuts, mixed, first := 0, 0, -1
	var before rune
	for i, r := range text {
		switch {
		case r >= 0xe0020 && r < 0xe007f && !flagBefore(text[:i]):
			return hit{i, i + len(string(r)), 0.95}, true
		case (r == 0x200b || r == 0x2060 || r == 0xfeff) && unicode.IsLetter(before) && letterAt(text, i+3):
			cuts++
		case r < 0x250 && unicode.IsLetter(r) && unicode.In(before, unicode.Cyrillic, unicode.Greek):
			mixed++
		default:
			before = r
			continue
		}
		if before = r; first < 0 {
			first = i
		}
		if cuts >= 6 || mixed >= 4 {
			return hit{first, i + len(string(r)), 0.8}, true
		}
	}
	return hit{}, false
}

var encoded = regexp.MustCompile(`[A-Za-z0-9+/]{40,1000}={0,2}`)

// disguised looks for instructions written in base64.
func disguised(text string) []hit {
	var out []hit
	if !longWord(text, 40) {
		return nil
	}
	for _, at := range encoded.FindAllStringIndex(text, 4) {
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text[at[0]:at[1]], "="))
		if err == nil && utf8.Valid(raw) && len(plainly(string(raw))) > 0 {
			out = append(out, hit{at[0], at[1], 0.9})
		}
	}
	return out
}

// longWord reports whether a run of n bytes without blanks is there: it spares most texts the search.
func longWord(text string, n int) bool {
	run := 0
	for i := range len(text) {
		if text[i] <= ' ' {
			run = 0
		} else if run++; run >= n {
			return true
		}
	}
	return false
}

// flagBefore reports whether tags follow the black flag, as those of England, Scotland and Wales do.
func flagBefore(before string) bool {
	return strings.Contains(clipFront(before, 24), "\U0001F3F4")
}
