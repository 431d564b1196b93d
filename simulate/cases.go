package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
)

// Case is one ticket as a report shows it.
type Case struct {
	ID          string       `json:"id"`
	Topic       string       `json:"topic,omitempty"`
	Confidence  float64      `json:"confidence"`
	Way         escalate.Way `json:"way"` // with the recommended thresholds
	Reasons     []string     `json:"reasons,omitempty"`
	Question    string       `json:"question"`
	Answer      string       `json:"answer,omitempty"` // its id
	AnswerTitle string       `json:"answer_title,omitempty"`
	AnswerText  string       `json:"answer_text,omitempty"`
	Truth       string       `json:"truth,omitempty"` // the id of the answer that solved it
	TruthTitle  string       `json:"truth_title,omitempty"`
	Human       string       `json:"human,omitempty"` // what the person really wrote
	Judged      bool         `json:"judged"`
	Right       bool         `json:"right"`
	New         bool         `json:"new"`  // nothing that the brain had answers it
	Left        bool         `json:"left"` // because its answer was left out, to see what happens to questions that are new

	Source  *escalate.Source `json:"source,omitempty"`  // what the answer rests on
	Alike   int              `json:"alike,omitempty"`   // of wrong answers: how many more went wrong in the same way
	Fix     string           `json:"fix,omitempty"`     // of wrong answers: what to do with the source
	Exclude string           `json:"exclude,omitempty"` // of wrong answers: the command that keeps the topic from the AI
}

const (
	mostWrong   = 20
	mostSamples = 12
	longText    = 400 // characters of a ticket's text that are shown
)

func (r *Result) newCase(row *Row, d *escalate.Decision) Case {
	c := Case{
		ID: row.ID, Topic: row.Topic, Confidence: row.Confidence, Way: d.Way, Question: shorten(row.text, longText),
		Answer: row.Answer, AnswerTitle: r.macros[row.Answer], Truth: row.Truth, TruthTitle: r.macros[row.Truth],
		Human: shorten(row.past.Reply(), longText), Judged: row.Judged, Right: row.Right,
		New: row.Judged && !row.Known, Left: row.Left && !row.Known,
	}
	for i := range d.Reasons {
		c.Reasons = append(c.Reasons, d.Reasons[i].Words())
	}
	if row.seen.Answer != nil {
		c.AnswerText = shorten(row.seen.Answer.Text, longText)
	}
	if len(row.seen.Sources) > 0 {
		s := row.seen.Sources[0]
		s.Title, s.Passage = shorten(s.Title, longText), shorten(s.Passage, longText)
		c.Source = &s
	}
	return c
}

// wrong lists the most confident wrong answers that nothing but a threshold keeps back. Of those that one source misled in the
// same way the most confident stands for all.
func (r *Result) wrong(then []escalate.Decision) []Case {
	var at []int
	for i := range r.Rows {
		row, d := &r.Rows[i], &then[i]
		held := len(d.Reasons) > 0 && d.Primary().Kind != escalate.LowConfidence
		if row.Shown && row.Judged && !row.Right && row.Answer != "" && !held {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(r.Rows[b].Confidence, r.Rows[a].Confidence) })
	first := map[string]int{}
	list := []Case{}
	for _, i := range at {
		key := r.Rows[i].Answer + "\x00" + r.Rows[i].group
		if n, ok := first[key]; ok {
			list[n].Alike++
			continue
		}
		first[key] = len(list)
		c := r.newCase(&r.Rows[i], &then[i])
		c.Fix, c.Exclude = remedy(&c)
		list = append(list, c)
	}
	return list[:min(len(list), mostWrong)]
}

// remedy says what to do about a wrong answer: mend what misled, or keep the topic from the AI.
func remedy(c *Case) (fix, exclude string) {
	name := "“" + cmp.Or(c.AnswerTitle, c.Answer) + "”"
	if c.Source != nil {
		name = fmt.Sprintf("%s %s “%s”", c.Source.Kind, c.Source.ID, cmp.Or(c.Source.Title, c.AnswerTitle))
	}
	fix = fmt.Sprintf("Say in %s how it differs from “%s”, or check which of them is right", name, cmp.Or(c.TruthTitle, c.Truth))
	if c.New {
		fix = "Say in " + name + " what it is not for, or write an answer to this question"
	}
	if c.Topic != "" {
		exclude = "/escalate exclude add topic " + oneLine(c.Topic)
	}
	return fix, exclude
}

// samples draws tickets to be read side by side with what the person wrote.
func (r *Result) samples(then []escalate.Decision) []Case {
	var at []int
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Shown && row.Answer != "" && (row.Judged || row.past.Reply() != "") {
			at = append(at, i)
		}
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Compare(hash64(r.seed, "sample", r.Rows[a].ID), hash64(r.seed, "sample", r.Rows[b].ID))
	})
	list := []Case{}
	for _, i := range at[:min(len(at), mostSamples)] {
		list = append(list, r.newCase(&r.Rows[i], &then[i]))
	}
	return list
}

// shorten cuts a text at a character, not in the middle of one, and says so.
func shorten(s string, most int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > most {
			return strings.TrimSpace(s[:i]) + " …"
		}
	}
	return s
}

// oneLine puts a text on one line, without anything that a terminal or a chat could take for a command, and without the
// characters that turn the direction of what follows.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
}
