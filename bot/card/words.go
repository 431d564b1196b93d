package card

import (
	"fmt"
	"strings"

	"warmline/escalate"
	"warmline/escalate/desk"
)

// languages names the languages that tickets come in; others are shown by their code.
var languages = map[string]string{
	"ar": "Arabic", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
	"es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
	"hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
	"lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish", "pt": "Portuguese",
	"ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
	"tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}

func language(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if name, ok := languages[base]; ok {
		return name
	}
	return line(tag, 12)
}

// moodTurn is the change of sentiment from which it is worth a word.
const moodTurn = 0.2

// calm is the mood that is not worth a word unless it turned.
const calm = "calm"

// mood says a sentiment and its turn, as in "Customer is upset, and it is getting worse".
func mood(m escalate.Mood) string {
	word := line(m.Word, 30)
	if word == "" {
		return ""
	}
	switch {
	case m.Turn <= -moodTurn:
		return "Customer is " + word + ", and it is getting worse."
	case m.Turn >= moodTurn:
		return "Customer is " + word + ", and it is getting better."
	case word == calm:
		return ""
	}
	return "Customer is " + word + "."
}

// list joins untrusted words: the first few, and how many more there are.
func list(items []string, most, each int) string {
	var out []string
	for i, s := range items {
		if i == most {
			out = append(out, fmt.Sprintf("and %d more", len(items)-most))
			break
		}
		out = append(out, line(s, each))
	}
	return strings.Join(out, ", ")
}

// percent writes a probability for people; never a certainty that nobody has.
func percent(p float64) string {
	switch {
	case !(p > 0.01): // NaN too
		return "under 1 %"
	case p >= 0.99:
		return "over 99 %"
	}
	return fmt.Sprintf("%.0f %%", p*100)
}

// who says on which side an attempt was made.
func who(r escalate.Role) string {
	switch r {
	case escalate.RoleBot:
		return "The AI"
	case escalate.RoleAgent:
		return "An agent"
	case escalate.RoleCustomer:
		return "The customer"
	default:
		return "Someone else"
	}
}

// what says what a reply is for.
func what(p escalate.Purpose) string {
	switch p {
	case escalate.PurposeAck:
		return "acknowledgement"
	case escalate.PurposeHold:
		return "line that we look at it"
	case escalate.PurposeWarm:
		return "update to the waiting customer"
	default:
		return "reply"
	}
}

func customer(c *desk.Card) string {
	for _, s := range []string{c.Customer.Name, c.Customer.Email} {
		if s = line(s, 80); s != "" {
			return s
		}
	}
	return "an unknown customer"
}

func subject(c *desk.Card, n int) string {
	if s := line(c.Subject, n); s != "" {
		return s
	}
	return "(no subject)"
}

// reason is the primary reason in words. A hand-off without one began as a draft.
func reason(c *desk.Card, n int) string {
	if len(c.Reasons) > 0 {
		if s := line(c.Reasons[0].Words, n); s != "" {
			return s
		}
		return line(c.Reasons[0].Kind.Words(), n)
	}
	switch {
	case !c.Handoff.Active():
		return "Drafted answer"
	case !hasDraft(c):
		return "Needs an answer"
	}
	return "Draft to approve"
}
