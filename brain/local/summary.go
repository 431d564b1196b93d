package local

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// summaryWords is how long a summary may be, headings included: what is read in five seconds.
const summaryWords = 45

// issueWords is how much of the customer's problem is shown when there is more to say, in words.
const issueWords = 22

// story is the thread in short. Every word of it but the headings stands in the thread.
type story struct {
	summary, ask string
	attempts     []escalate.Attempt
}

// part is one line of a summary. Values is set where it is a list, of which whole items are dropped.
type part struct {
	head, text string
	values     []string
	words      int // at most; 0 is no bound of its own
}

// tell picks sentences; it makes none up. The headings are true of what stands behind them.
func (t *thread) tell(s *state, f *facts, lang string) story {
	theirs, ours := t.says(true), t.says(false)
	ask, asks := t.lastAsk(theirs)
	st := story{ask: ask, attempts: t.attempts(s)}
	last := lastReply(ours)
	apart := ask // what is asked has a line of its own unless somebody answered it
	if last != nil || !asks {
		apart = ""
	}
	is := t.issue(theirs, apart, lang)
	var parts []part
	if is.text != "" {
		parts = append(parts, part{head: is.head, text: is.text})
		if last != nil {
			parts[0].words = issueWords
		}
	}
	if given := f.beyond(is.text); len(given) > 0 {
		parts = append(parts, part{head: "Given: ", values: given})
	}
	if last == nil {
		if apart != "" && !strings.Contains(is.text, apart) {
			parts = append(parts, part{head: "Asks: ", text: apart})
		}
	} else {
		parts = append(parts, part{head: t.heading(last), text: last.text, words: replyWords})
		if open := t.since(theirs); open != nil {
			parts = append(parts, part{head: "The customer replied: ", text: open.text, words: openWords})
		}
	}
	if more := also(t.topics(), parts); more != "" {
		parts = append(parts, part{head: "Also asks: ", text: more})
	}
	st.summary = share(parts, summaryWords)
	return st
}

// beyond returns the facts that a text does not show already.
func (f *facts) beyond(text string) []string {
	var out []string
	for _, v := range f.shown {
		bare := v
		for _, label := range labels {
			bare = strings.TrimPrefix(bare, label+" ")
		}
		if !strings.Contains(text, bare) {
			out = append(out, v)
		}
	}
	return out
}

// share gives every part its words where all of them fit, and else shares what there is: what a short part leaves, the long
// ones get.
func share(parts []part, words int) string {
	left, open := words, len(parts)
	sizes := make([]int, len(parts))
	order := make([]int, len(parts))
	for i := range parts {
		p := &parts[i]
		order[i] = i
		sizes[i] = wordsIn(p.text + strings.Join(p.values, " "))
		if p.words > 0 {
			sizes[i] = min(sizes[i], p.words)
		}
		left -= wordsIn(p.head)
	}
	slices.SortStableFunc(order, func(a, b int) int { return sizes[a] - sizes[b] })
	for _, i := range order {
		sizes[i] = min(sizes[i], left/open)
		left -= sizes[i]
		open--
	}
	lines := make([]string, len(parts))
	for i := range parts {
		lines[i] = parts[i].head + parts[i].cut(sizes[i])
	}
	return strings.Join(lines, "\n")
}

// cut returns the part in at most n words; of a list at least the first item.
func (p *part) cut(n int) string {
	if p.values == nil {
		return cutWords(p.text, n)
	}
	for i, v := range p.values {
		if n -= wordsIn(v); n < 0 && i > 0 {
			return strings.Join(p.values[:i], ", ")
		}
	}
	return strings.Join(p.values, ", ")
}
