package local_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/brain"
	"warmline/brain/local"
	"warmline/escalate"
)

// said is one message of a story: after how long, and "c: text".
type said struct {
	after time.Duration
	text  string
}

func story(messages ...said) *escalate.Ticket {
	texts := make([]string, len(messages))
	for i, m := range messages {
		texts[i] = m.text
	}
	tk := ticket(texts...)
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for i, m := range messages {
		at = at.Add(m.after)
		tk.Content.Messages[i].At = at
	}
	return tk
}

// quotes returns the words that a trigger quotes.
func quotes(tk *escalate.Ticket, tr *escalate.Trigger) []string {
	var out []string
	for _, s := range tr.Evidence {
		out = append(out, tk.Content.Find(s.Message).Text[s.Start:s.End])
	}
	return out
}

// A thread has a course: whoever was glad and is not, or comes back again and again without an answer, is upset before
// they say so.
func TestTheCourseOfAThreadIsHeard(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	const hour = time.Hour
	for _, c := range []struct {
		name  string
		story *escalate.Ticket
		upset bool
		quote string // what the evidence must hold
	}{
		{"one question is calm", story(said{0, "c: Where is my parcel?"}), false, ""},
		{"a chat in pieces is one message", story(
			said{0, "c: hi"}, said{10 * time.Second, "c: my lamp"}, said{20 * time.Second, "c: it does not light up"}, said{9 * time.Second, "c: the small one"},
		), false, ""},
		{"a second mail is patience", story(said{0, "c: Where is my parcel?"}, said{24 * hour, "c: Could you tell me where the parcel is?"}), false, ""},
		{"a third mail that asks for the answer", story(
			said{0, "c: Where is my parcel?"}, said{24 * hour, "c: I would like to know about the parcel"}, said{24 * hour, "c: Hello? I am still waiting for an answer"},
		), true, "still waiting"},
		{"a fifth mail, however polite", story(
			said{0, "c: Where is my parcel?"}, said{24 * hour, "c: It has not come yet"}, said{24 * hour, "c: It did not come today either"},
			said{24 * hour, "c: The number is 4711"}, said{24 * hour, "c: Kindly look into the parcel"},
		), true, "Kindly look into the parcel"},
		{"an answer ends the waiting", story(
			said{0, "c: Where is my parcel?"}, said{24 * hour, "c: It has not come yet"}, said{24 * hour, "c: Any news?"},
			said{hour, "a: It is on its way and arrives tomorrow."}, said{24 * hour, "c: Any news on the invoice?"},
		), false, ""},
		{"rows of question marks, sent twice", story(
			said{0, "c: Where is my parcel??"}, said{hour, "c: Hello, any news???"},
		), true, "???"},
		{"the same words again", story(
			said{0, "c: Where is my parcel"}, said{hour, "c: Where is my parcel"}, said{hour, "c: Where is my parcel"},
		), true, "Where is my parcel"},
		{"glad at first, and now annoyed", story(
			said{0, "c: I love the lamp, great service! How do I pair it?"}, said{hour, "b: Hold the button for five seconds."},
			said{hour, "c: That is a bit annoying, it does nothing"},
		), true, "annoying"},
		{"angry at first, and now at peace", story(
			said{0, "c: This is ridiculous, nothing works!"}, said{hour, "a: I have sent you a new one."}, said{hour, "c: It came today and works great, thank you"},
		), false, ""},
		{"angry, and then a number", story(
			said{0, "c: This is outrageous, I want my money"}, said{5 * time.Second, "c: 4711"},
		), true, "outrageous"},
		{"angry, and then it was found", story(
			said{0, "c: This is outrageous, where is it"}, said{30 * time.Minute, "c: Found it, all good, thank you!"},
		), false, ""},
		{"a person answered, and the third mail after it is thanks", story(
			said{0, "c: Where is it??"}, said{hour, "a: On its way."}, said{hour, "c: Thanks!"}, said{hour, "c: Thanks again"}, said{hour, "c: Thank you!"},
		), false, ""},
		{"German, three mails", story(
			said{0, "c: Wo bleibt mein Paket?"}, said{24 * hour, "c: Ich wollte nochmal nach dem Paket fragen"}, said{24 * hour, "c: Ich habe immer noch keine Antwort bekommen"},
		), true, "keine Antwort"},
		{"Chinese, three messages", story(
			said{0, "c: 我的包裹在哪里"}, said{2 * hour, "c: 请问查到了么"}, said{2 * hour, "c: 有人吗？没人回"},
		), true, "有人吗"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := assess(t, b, c.story)
			tr := signal(a, escalate.Anger)
			got := tr != nil && tr.Strength >= escalate.FireStrength
			if got != c.upset {
				t.Fatalf("anger %v, want %v: %+v, mood %+v", got, c.upset, tr, a.Mood)
			}
			if !c.upset {
				return
			}
			if q := quotes(c.story, tr); !slices.ContainsFunc(q, func(s string) bool { return strings.Contains(s, c.quote) }) {
				t.Errorf("the evidence %q does not quote %q", q, c.quote)
			}
			if a.Mood.Word != "upset" && a.Mood.Word != "angry" || a.Mood.Score >= 0 {
				t.Errorf("the mood is %+v", a.Mood)
			}
		})
	}
}

// Whatever fires says why: a trigger without a quotation cannot be checked by a person.
func TestAngerIsNeverWithoutAQuotation(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for _, text := range []string{
		"WHERE IS MY ORDER??? I WANT IT NOW!!!", "😡", "👎👎👎 never again", "Fuck.", "ふざけるな", ">:(", "Hi,\n\nthis is unacceptable.\n\nBest regards\nIna", "> quoted\n\nuseless service 🤬",
	} {
		tk := ticket("c: " + text)
		tr := signal(assess(t, b, tk), escalate.Anger)
		if tr == nil || tr.Strength < escalate.FireStrength || len(tr.Evidence) == 0 {
			t.Errorf("%q: %+v", text, tr)
			continue
		}
		for _, q := range quotes(tk, tr) {
			if strings.TrimSpace(q) == "" || strings.Contains(q, "quoted") {
				t.Errorf("%q quotes %q", text, q)
			}
		}
	}
}

// A message in two words says too little to send its author away for the language they write in.
func TestTwoWordsNeverFireUnsupportedLanguage(t *testing.T) {
	k := brain.Knowledge{Macros: []brain.Macro{{ID: "parcel", Title: "Where is my parcel", Body: "Your parcel is on its way and will arrive within three days.", Lang: "en"}}}
	b, err := local.New(local.Options{Knowledge: k, Seed: "1", Team: "test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"hi there", "any update", "parcel missing", "refund please", "wrong size", "Hotel Roma", "Giovanni Rossi", "no signal", "lamp defect", "cancel subscription", "order 4711", "menu problem", "PIN error", "ok",
		"Dear Müller", "test test", "de facto", "a la carte",
	} {
		if s := strength(assess(t, b, ticket("c: "+text)), escalate.UnsupportedLanguage); s > 0 {
			t.Errorf("%q: %.2f", text, s)
		}
	}
	for _, text := range []string{
		"Gdzie jest moja paczka, czekam od tygodnia", "Minulta veloitettiin kahdesti, mitä teen", "Hvor er pakken min, jeg har ikke fått den", "Hol van a csomagom, már egy hete várok", "Де моя посилка?", "أين طلبي؟", "Πού είναι το δέμα μου;", "주문한 상품이 아직 안 왔어요",
	} {
		if s := strength(assess(t, b, ticket("c: "+text)), escalate.UnsupportedLanguage); s < escalate.FireStrength {
			t.Errorf("%q: %.2f, and nothing on file is in that language", text, s)
		}
	}
}
