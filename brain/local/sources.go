package local

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
	"warmline/escalate/desk"
)

var _ desk.Sources = (*Brain)(nil)

// textVersion is a hash of the words that an answer is taken from: a macro's or an article's text, the reply to a past ticket. A
// title, a line break and what that ticket's customer asked are no part of the answer.
//
// Of a past reply it is what the person wrote, not what the brain makes of it for others: which of its words become placeholders
// shifts with each ticket that is learned beside it, and nothing has been said anew.
func (d *doc) textVersion() string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(d.body), " ")))
	return hex.EncodeToString(sum[:8])
}

// SourcesNow implements desk.Sources.
func (b *Brain) SourcesNow(asked []escalate.Source) []escalate.Source {
	s := b.now.Load()
	out := make([]escalate.Source, len(asked))
	for i, was := range asked {
		out[i] = s.sourceNow(was)
	}
	return out
}

// sourceNow is a source as it reads now.
func (s *state) sourceNow(was escalate.Source) escalate.Source {
	var d *doc
	if was.Kind == "ticket" {
		d = s.pastTicket(was.ID)
	} else {
		d = s.preparedNow(&was)
	}
	if d == nil || strings.TrimSpace(d.body) == "" {
		was.Version, was.Passage = "", ""
		return was
	}
	now := was
	now.Kind, now.URL, now.Lang, now.Version = d.kind, d.url, d.lang, d.textVersion()
	if now.Version != was.Version {
		now.Passage = d.passageNow(was.Passage, s.ix)
	}
	if d.title != "" {
		now.Title = d.title
	}
	return now
}

// preparedNow finds the macro or article that stands for a source. An id has a text in each of some languages; one that reads as
// before is the same, whatever its language is taken for by now.
func (s *state) preparedNow(was *escalate.Source) (d *doc) {
	for _, i := range s.prepared[was.ID] {
		switch o := s.ix.docs[i]; {
		case o.textVersion() == was.Version:
			return o
		case d == nil || o.lang == was.Lang:
			d = o
		}
	}
	return d
}

// pastTicket finds a past ticket; nil when it is not known.
func (s *state) pastTicket(id string) *doc {
	for i, v := range slices.Backward(s.ix.docs) {
		if d := v; d.kind == "ticket" && d.id == id && !s.gone[i] {
			return d
		}
	}
	return nil
}

// passageNow shows what stands in place of a passage: the whole text where it is short, else the sentence most like the old
// one; where that is still there, the text's beginning. Of what was told to one customer it is a sentence, never all of it.
func (d *doc) passageNow(was string, ix *index) string {
	body := strings.TrimSpace(d.body)
	whole := d.kind != "ticket"
	if whole && utf8.RuneCountInString(body) <= maxPassage {
		return body
	}
	p := d.source(countTerms(nil, stemsOf(was, d.lang)), 0, ix).Passage
	if whole && p == was {
		return shorten(body, maxPassage)
	}
	return p
}
