package local

import (
	"slices"
	"strings"

	"warmline/escalate"
)

// maxEvidence bounds the spans of one trigger.
const maxEvidence = 8

// signals looks for every trigger that text can show. Those that found nothing have strength 0; a risk is there only when
// something spoke for it.
func (t *thread) signals(s *state, g guess, m mood) []escalate.Trigger {
	r := t.unanswered()
	out := []escalate.Trigger{
		r.look(escalate.Safety, "safety"), r.look(escalate.HumanRequest, "human_request"), t.suspicious(),
	}
	for _, risk := range escalate.Risks {
		if tr := r.look(escalate.HighRisk, "risk:"+risk); tr.Strength > 0 {
			tr.Topic = risk
			out = append(out, tr)
		}
	}
	return append(out, m.anger(), t.repeatFailure(), t.participant(), unsupported(s, g))
}

// pending is what the customer wrote since a human last replied, with slips of the key put right, and the subject of a
// ticket that no human has answered.
type pending struct {
	lines   []readLine
	subject passage
}

type readLine struct {
	id escalate.MessageID
	passage
}

func (t *thread) unanswered() pending {
	var r pending
	for _, l := range t.customer(t.open) {
		r.lines = append(r.lines, readLine{l.ID, newPassage(l.Text, slips.read(l.all()))})
	}
	if t.open == 0 {
		r.subject = newPassage(t.content.Subject, slips.read(t.subject))
	}
	return r
}

// greetingTokens returns the words of a greeting, which may hold more than that: "Hello I lost my card, what now?". Quoted lines
// before it are not the customer's.
func greetingTokens(before string) []token {
	at := 0
	if i := strings.LastIndexByte(before, '>'); i >= 0 {
		if at = i + strings.IndexByte(before[i:], '\n'); at < i {
			return nil
		}
	}
	out := tokenize(before[at:])
	for i := range out {
		out[i].start, out[i].end = out[i].start+at, out[i].end+at
	}
	return out
}

// look finds a lexicon's phrases. A subject belongs to no message, so it gives no span.
func (r *pending) look(kind escalate.TriggerKind, name string) escalate.Trigger {
	tr := escalate.Trigger{Kind: kind}
	lex := lexicons[name]
	for _, l := range r.lines {
		note(&tr, l.id, lex.in(l.passage))
	}
	for _, h := range lex.in(r.subject) {
		tr.Strength = max(tr.Strength, h.strength)
	}
	return tr
}

func note(tr *escalate.Trigger, id escalate.MessageID, hits []hit) {
	for _, h := range hits {
		tr.Strength = max(tr.Strength, h.strength)
		span := escalate.Span{Message: id, Start: h.start, End: h.end}
		if len(tr.Evidence) < maxEvidence && !slices.Contains(tr.Evidence, span) {
			tr.Evidence = append(tr.Evidence, span)
		}
	}
}

// participant fires when somebody else has written since a human last replied.
func (t *thread) participant() escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.Participant}
	for i := t.open; i < len(t.lines); i++ {
		if l := &t.lines[i]; l.Role == escalate.RoleParticipant {
			note(&tr, l.ID, []hit{{0, len(clip(l.Text, 200)), 1}})
		}
	}
	return tr
}

// unsupported fires when the language is certain and nothing on file is in it.
func unsupported(s *state, g guess) escalate.Trigger {
	tr := escalate.Trigger{Kind: escalate.UnsupportedLanguage}
	if len(s.ix.docs) > 0 && g.lang != "" && g.p >= sureLang && !s.langs[g.lang] {
		tr.Strength = g.p
	}
	return tr
}
