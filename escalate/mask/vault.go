package mask

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Vault knows which stand-in stands for what. One vault serves one ticket: a value has the same stand-in in each of its
// texts. It is not safe for concurrent use.
type Vault struct {
	kinds  Kinds
	names  []string
	counts map[Kinds]int
	tokens map[string]string // value to stand-in
	values map[string]string // stand-in to value
	of     map[string]Kinds  // stand-in to kind
	trie   trie
}

// New makes a vault that masks the given kinds, and these names wherever they stand as whole words; of a name of several
// words each word, too. Names longer than 80 bytes are none.
func New(kinds Kinds, names ...string) *Vault {
	return &Vault{
		kinds: kinds &^ literal, names: nameParts(names), counts: map[Kinds]int{},
		tokens: map[string]string{}, values: map[string]string{}, of: map[string]Kinds{},
	}
}

// Mask masks one text and returns the vault that can restore it.
func Mask(text string, kinds Kinds, names ...string) (string, *Vault) {
	v := New(kinds, names...)
	return v.Mask(text), v
}

// Mask puts stand-ins in the place of what it finds, and of what it found in earlier texts. A value that only a later text
// gives away ("my password is …") stays in an earlier one: mask all texts of a ticket twice where that matters.
func (v *Vault) Mask(text string) string {
	spans := find(text, v.kinds|literal, v.names)
	for _, s := range spans {
		v.keep(s.Kind, text[s.Start:s.End])
	}
	if len(v.values) == 0 {
		return text
	}
	var b strings.Builder
	done := 0
	for _, s := range spans {
		v.known(&b, text, done, s.Start)
		b.WriteString(v.tokens[text[s.Start:s.End]])
		done = s.End
	}
	v.known(&b, text, done, len(text))
	return b.String()
}

// known writes the bytes from start to end of a text, with stand-ins for the values in it that are known already.
func (v *Vault) known(b *strings.Builder, text string, start, end int) {
	done := start
	for i := start; i < end; {
		n := v.trie.longest(text, i, end)
		if n == 0 {
			i++
			continue
		}
		b.WriteString(text[done:i])
		b.WriteString(v.tokens[text[i:i+n]])
		i += n
		done = i
	}
	b.WriteString(text[done:end])
}

// keep gives a value its stand-in.
func (v *Vault) keep(kind Kinds, value string) {
	if v.tokens[value] != "" {
		return
	}
	v.counts[kind]++
	t := "[" + words[kind] + "_" + strconv.Itoa(v.counts[kind]) + "]"
	v.tokens[value], v.values[t], v.of[t] = t, value, kind
	if kind != literal { // which is found wherever it stands
		v.trie.add(value)
	}
}

// Restore puts back what the vault took out. Stand-ins that it did not make stay as they are, and what it puts back is not
// read again.
func (v *Vault) Restore(text string) string {
	return standIn.ReplaceAllStringFunc(text, func(t string) string {
		if value, ok := v.values[t]; ok {
			return value
		}
		return t
	})
}

// Uses returns the kinds of stand-ins in a text, and whether the vault made all of them.
func (v *Vault) Uses(text string) (kinds Kinds, made bool) {
	made = true
	for _, t := range standIn.FindAllString(text, -1) {
		kind, ok := v.of[t]
		made = made && ok
		kinds |= kind &^ literal
	}
	return kinds, made
}

// trie finds the longest known value at a place, in time that does not depend on how many there are.
type trie struct {
	next map[step]int32
	ends map[int32]bool
	size int32
}

type step struct {
	node int32
	b    byte
}

func (t *trie) add(value string) {
	if t.next == nil {
		t.next, t.ends = map[step]int32{}, map[int32]bool{}
	}
	node := int32(0)
	for i := range len(value) {
		to, ok := t.next[step{node, value[i]}]
		if !ok {
			t.size++
			to = t.size
			t.next[step{node, value[i]}] = to
		}
		node = to
	}
	t.ends[node] = true
}

// longest returns the length of the longest value that stands at i as a whole word, ending by end; 0 when none does.
func (t *trie) longest(text string, i, end int) int {
	if !utf8.RuneStart(text[i]) {
		return 0
	}
	node, best := int32(0), 0
	for j := i; j < end; j++ {
		to, ok := t.next[step{node, text[j]}]
		if !ok {
			break
		}
		node = to
		if t.ends[node] && bounded(text, i, j+1) {
			best = j + 1 - i
		}
	}
	return best
}

// Blank puts one text in the place of everything that it finds: for what nobody will restore.
func Blank(text string, kinds Kinds, with string, names ...string) string {
	spans := find(text, kinds&^literal, nameParts(names))
	var b strings.Builder
	done := 0
	for _, s := range spans {
		b.WriteString(text[done:s.Start])
		b.WriteString(with)
		done = s.End
	}
	b.WriteString(text[done:])
	return b.String()
}
