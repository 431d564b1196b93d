package local

import "strings"

// region is a part of a text, in bytes.
type region struct{ start, end int }

// row is one line of a text, in bytes, with its end of line.
type row struct {
	region

	text string // without the end of line
}

// rowsOf parts a text into lines, as far as it is read.
func rowsOf(text string) []row {
	text = clip(text, maxText)
	out := make([]row, 0, 16)
	for at := 0; at < len(text); {
		end := at + strings.IndexByte(text[at:], '\n') + 1
		if end <= at {
			end = len(text)
		}
		out = append(out, row{region{at, end}, strings.TrimRight(text[at:end], "\r\n")})
		at = end
	}
	return out
}

// maxSignOff is the longest line, in bytes, that can begin a signature; maxName the longest that is a name.
const (
	maxSignOff    = 90
	maxName       = 40
	minSigned     = 20 // a message shorter than this, in bytes, is not signed by a bare name
	maxSignature  = 12 // lines of a signature that are looked at
	maxSalutation = 9  // words
)

// own returns the parts of a message that its author wrote for this occasion: no quoted or forwarded mail, no signature, no
// disclaimer, no salutation. What is written between or under the lines of a quote counts. When nothing would be left it returns all of it.
func own(text string) []region {
	rows := rowsOf(text)
	var out []region
	kept := 0 // bytes that are the author's
	for i := 0; i < len(rows); i++ {
		r := &rows[i]
		bare := strings.TrimSpace(r.text)
		if strings.HasPrefix(bare, ">") {
			continue
		}
		if n := quoteHead(rows, i); n > 0 {
			if kept > 0 && !marked(rows, i+n) {
				break
			}
			i += n - 1
			continue
		}
		if kept > 0 && signs(rows, i, bare, kept) {
			if i = postscript(rows, i+1); i < 0 {
				break
			}
			r, bare = &rows[i], strings.TrimSpace(rows[i].text)
		}
		kept += len(bare)
		if n := len(out); n > 0 && out[n-1].end == r.start {
			out[n-1].end = r.end
		} else {
			out = append(out, r.region)
		}
	}
	return orAll(trimGreeting(text, out), text)
}

// marked reports whether the quote that begins here marks its lines, so that what is not marked is the author's again.
func marked(rows []row, i int) bool {
	for ; i < len(rows); i++ {
		if bare := strings.TrimSpace(rows[i].text); bare != "" {
			return strings.HasPrefix(bare, ">")
		}
	}
	return false
}

// signs reports whether a line begins the end of a message: a signature, a disclaimer, or a name under a blank line.
func signs(rows []row, i int, bare string, kept int) bool {
	switch {
	case len(bare) < maxSignOff && signOff.MatchString(bare):
		return !asksBelow(rows, i+1)
	case disclaimer.MatchString(clip(bare, maxHead)):
		return true
	}
	return kept > minSigned && signsLast(rows, i)
}

// asksBelow reports whether one of the next lines asks something: then "Thanks!" was no farewell.
func asksBelow(rows []row, i int) bool {
	for n := 0; n < maxSignature && i+n < len(rows) && quoteHead(rows, i+n) == 0; n++ {
		if bare := strings.TrimSpace(rows[i+n].text); strings.HasSuffix(bare, "?") || strings.HasSuffix(bare, "？") {
			return !strings.HasPrefix(bare, ">")
		}
	}
	return false
}

// signsLast reports whether this line is a name under a blank line, and the last of the author's.
func signsLast(rows []row, i int) bool {
	if len(rows[i].text) > maxName || i == 0 || strings.TrimSpace(rows[i-1].text) != "" || !nameLine.MatchString(rows[i].text) {
		return false
	}
	for i++; i < len(rows); i++ {
		if bare := strings.TrimSpace(rows[i].text); bare != "" && !strings.HasPrefix(bare, ">") {
			return quoteHead(rows, i) > 0
		}
	}
	return true
}

// postscript returns the line behind a signature that begins a postscript, -1 when there is none before the next mail.
func postscript(rows []row, i int) int {
	for n := 0; n < maxSignature && i+n < len(rows) && quoteHead(rows, i+n) == 0; n++ {
		if postscripts.MatchString(clip(rows[i+n].text, 20)) {
			return i + n
		}
	}
	return -1
}

// trimGreeting takes the salutation off the first region, unless nothing else is there.
func trimGreeting(text string, rs []region) []region {
	for range 3 {
		if len(rs) == 0 {
			return rs
		}
		head := clip(text[rs[0].start:rs[0].end], 200)
		n := salutation(head)
		if n == 0 || len(rs) == 1 && strings.TrimSpace(text[rs[0].start+n:rs[0].end]) == "" {
			return rs
		}
		rs[0].start += n
	}
	return rs
}

// salutation returns how many bytes of a text's head greet somebody. "Hi my parcel is late." greets nobody by that name.
func salutation(head string) int {
	if at := greetingDense.FindStringIndex(head); at != nil {
		return at[1]
	}
	at := greeting.FindStringIndex(head)
	if at == nil {
		return 0
	}
	words := tokenize(head[:at[1]])
	stops := strings.HasSuffix(strings.TrimSpace(head[:at[1]]), ".")
	for _, w := range words {
		if notNames[w.word] || stops && articleWords[w.word] {
			return 0
		}
	}
	if len(words) > maxSalutation {
		return 0
	}
	return at[1]
}

func orAll(rs []region, text string) []region {
	for _, r := range rs {
		if strings.TrimSpace(text[r.start:r.end]) != "" {
			return rs
		}
	}
	return []region{{0, len(clip(text, maxText))}}
}

// clean returns what the author wrote for this occasion, as one text.
func clean(text string) string {
	return joined(text, own(text))
}

// joined returns the parts of a text as one.
func joined(text string, rs []region) string {
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(text[r.start:min(r.end, len(text))])
	}
	return strings.TrimSpace(strings.ToValidUTF8(b.String(), "\uFFFD"))
}

// tokensOf returns the words of a text's parts, with offsets into the whole.
func tokensOf(text string, rs []region) []token {
	var out []token
	for _, r := range rs {
		for _, t := range tokenize(text[r.start:r.end]) {
			t.start, t.end = t.start+r.start, t.end+r.start
			out = append(out, t)
		}
	}
	return out
}
