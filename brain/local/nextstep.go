package local

import (
	"fmt"
	"strings"

	"warmline/escalate"
)

// Below doubtful the best answer is a guess that is better not named; below likely a person must look whether it fits.
const (
	doubtful = 0.2
	likely   = 0.6
)

// theirs are placeholders that only the customer can fill; the rest a person looks up.
var theirs = set("order_number order_id order account_email customer_email email serial_number new_address address phone customer_name customer_first_name first_name")

// nextStep says what to do, from what solved tickets like this one. What was tried already is never suggested again.
func (s *state) nextStep(a *escalate.Assessment, v *vote, t *thread, want string) string {
	d := s.variant(v, want)
	switch {
	case fired(a.Signals, escalate.Safety):
		return "Answer in person at once; nothing prepared fits."
	case fired(a.Signals, escalate.Suspicious):
		return "Follow no instruction in the message; if a real question is left, answer it in person."
	case d == nil || a.Confidence < doubtful:
		return nothingFits(a)
	}
	name := d.name()
	was := s.tried(t, a.Answer, d.lang)
	switch {
	case was.answer && inPerson(a):
		return "Answer in person; the known answer " + name + " was tried already." + was.words() + s.instead(v, t, want)
	case was.answer:
		return "Find another answer; the known one, " + name + ", was tried already." + was.words() + s.instead(v, t, want)
	case inPerson(a):
		return "Answer in person; " + name + " may help" + v.like() + "." + was.words() + s.step(a, t, &was, d.lang)
	}
	return sendStep(a, name, v.like(), d.lang != want) + was.words() + s.step(a, t, &was, d.lang)
}

// stepLength is how much of a step is quoted, in characters.
const stepLength = 100

// step quotes of the answer the first step that the customer did not do, or of a text without steps the sentence that proposes most. A
// sentence with a gap is not quoted.
func (s *state) step(a *escalate.Assessment, t *thread, was *tried, lang string) string {
	quote := func(lead, text string) string {
		return " " + lead + ": “" + strings.TrimRight(shorten(text, stepLength), ".:") + "”."
	}
	deeds := t.deeds(lang)
	for i, step := range steps(a.Answer.Text) {
		if strings.Contains(step, "{{") || len(s.done([]string{step}, deeds, lang)) > 0 {
			continue
		}
		if i == 0 {
			return quote("First", step)
		}
		return quote("Next", step)
	}
	if len(was.steps) > 0 {
		return ""
	}
	best, most := "", 0.0
	l := line{Message: &escalate.Message{Role: escalate.RoleBot}, text: clean(a.Answer.Text)}
	for _, one := range l.says(0) {
		score := one.advice / (1 + replyDecay*float64(one.at))
		if score > most && !strings.Contains(one.text, "{{") && one.proposes() && len(s.done([]string{one.text}, deeds, lang)) == 0 {
			best, most = one.text, score
		}
	}
	if best == "" {
		return ""
	}
	return quote("It says", best)
}

// instead names the answer that most of the similar tickets had apart from the one that was tried, if several had it and it is new to
// the customer.
func (s *state) instead(v *vote, t *thread, want string) string {
	had := map[string]int{}
	best := ""
	for _, f := range v.found {
		d := s.ix.docs[f.doc]
		if d.kind != "ticket" || d.answer == "" || d.answer == v.answer || f.score < nearInstead*v.found[0].score {
			continue
		}
		if had[d.answer]++; had[d.answer] > had[best] {
			best = d.answer
		}
	}
	if had[best] < minInstead {
		return ""
	}
	other := *v
	other.answer = best
	d := s.variant(&other, want)
	if d == nil || s.tried(t, &escalate.Answer{ID: best, Text: d.body}, d.lang).answer {
		return ""
	}
	return fmt.Sprintf(" Of similar tickets, %d had the answer %s.", had[best], d.name())
}

// How many tickets must have had another answer for it to be worth a look, and how near they must be, as a share of the nearest.
const (
	minInstead  = 2
	nearInstead = 0.6
)

func nothingFits(a *escalate.Assessment) string {
	if inPerson(a) {
		return "Answer in person; nothing on file fits well."
	}
	return "Write the answer yourself; nothing on file fits well."
}

// inPerson reports whether the customer wants a person, or had enough of answers by a machine.
func inPerson(a *escalate.Assessment) bool {
	return fired(a.Signals, escalate.HumanRequest) || fired(a.Signals, escalate.RepeatFailure)
}

// sendStep says how the answer gets sent: what is missing first.
func sendStep(a *escalate.Assessment, name, like string, foreign bool) string {
	var ask, find []string
	for _, u := range a.Answer.Unfilled {
		if words := strings.ReplaceAll(u, "_", " "); theirs[strings.ToLower(u)] {
			ask = append(ask, words)
		} else {
			find = append(find, words)
		}
	}
	switch {
	case len(ask) > 0:
		return fmt.Sprintf("Ask for the %s, then send the answer %s%s.", listed(ask), name, like)
	case len(find) > 0:
		return fmt.Sprintf("Look up the %s, then send the answer %s%s.", listed(find), name, like)
	case foreign:
		return fmt.Sprintf("Put the answer %s into the customer's language and send it%s.", name, like)
	case a.Confidence < likely || fired(a.Signals, escalate.HighRisk):
		return fmt.Sprintf("Check whether the answer %s fits, then send it%s.", name, like)
	}
	return fmt.Sprintf("Send the answer %s%s.", name, like)
}

// like says how many similar tickets had the answer.
func (v *vote) like() string {
	switch v.agree {
	case 0:
		return ""
	case 1:
		return ", as in 1 similar ticket"
	}
	return fmt.Sprintf(", as in %d similar tickets", v.agree)
}

// name is what people know an answer by.
func (d *doc) name() string {
	switch {
	case d.kind == "ticket" && d.title != "":
		return fmt.Sprintf("given to “%s” (ticket %s)", shorten(d.title, 80), shorten(d.id, 30))
	case d.kind == "ticket":
		return "given in ticket " + shorten(d.id, 30)
	case d.title == "":
		return "“" + shorten(d.id, 60) + "”"
	}
	return "“" + shorten(d.title, 80) + "”"
}

// words names the steps that the customer did.
func (w tried) words() string {
	if len(w.steps) == 0 {
		return ""
	}
	quoted := make([]string, 0, 3)
	for _, s := range w.steps[:min(3, len(w.steps))] {
		quoted = append(quoted, "“"+strings.TrimRight(shorten(s, 60), ".")+"”")
	}
	return " The customer says they did: " + strings.Join(quoted, ", ") + "."
}

func listed(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return words[0]
}

func fired(signals []escalate.Trigger, kind escalate.TriggerKind) bool {
	for i := range signals {
		if signals[i].Kind == kind && signals[i].Strength >= escalate.FireStrength {
			return true
		}
	}
	return false
}
