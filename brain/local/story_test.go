package local_test

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"warmline/brain"
	"warmline/escalate"
)

func TestBankDetailsAreGivenButNotListed(t *testing.T) {
	a := assess(t, newBrain(t, brain.Knowledge{}), ticket("c: Where is my refund?", "b: We need your account.", "c: Here it is: DE89 3704 0044 0532 0130 00 and card 4111 1111 1111 1111. When will it come?"))
	if diff := cmp.Diff([]string{"bank details", "card number"}, a.Given); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(a.Summary, "Given") {
		t.Errorf("the summary lists them: %q", a.Summary)
	}
}

func TestTheStorySaysWhatWasAskedGivenAndTried(t *testing.T) {
	tk := ticket(
		"c: Hi,\n\nmy sensor lost its connection on 3 August 2026. Order number 48211, I use Firefox 128. A photo is attached. Can you send a new one?\n\nIna",
		"b: Please hold the button for five seconds. Then wait.", "c: That didn't help, it is still offline. What shall I do now?")
	tk.Content.Subject = "Sensor offline"
	a := assess(t, newBrain(t, knowledge(t)), tk)
	if diff := cmp.Diff([]string{"order number", "date", "device or browser", "photo"}, a.Given); diff != "" {
		t.Errorf("given: %s", diff)
	}
	want := []escalate.Attempt{{
		Message: "2", By: "bot", Text: "Please hold the button for five seconds.", Reaction: "That didn't help, it is still offline.", Failed: true,
	}}
	if diff := cmp.Diff(want, a.Attempts); diff != "" {
		t.Errorf("attempts: %s", diff)
	}
	if a.Ask != "What shall I do now?" || !strings.Contains(a.Summary, "48211") || !strings.Contains(a.Summary, "Sensor offline") {
		t.Errorf("ask %q, summary %q", a.Ask, a.Summary)
	}
	if a.NextStep == "" {
		t.Error("no next step")
	}
}

func TestEveryNameAndNumberOfTheSummaryStandsInTheThread(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	for i := range k.Past {
		tk := k.Past[i].Ticket()
		a := assess(t, b, tk)
		for _, w := range foreignWords(a.Summary, tk) {
			t.Errorf("%s: %q of the summary stands nowhere: %s", tk.ID, w, a.Summary)
		}
		for _, w := range foreignWords(a.Ask, tk) {
			t.Errorf("%s: %q of the ask stands nowhere: %s", tk.ID, w, a.Ask)
		}
	}
}

// headings are the words that a summary puts in front of what stands in the thread.
var headings = regexp.MustCompile(`^(The (customer (is complaining|is asking|says|replied)|(bot|agent) (asks|updated) the customer)|Given|Asks|Also asks): `)

// foreignWords returns the words with a digit, and those with a capital inside a sentence, that stand nowhere in the thread as they
// are written.
func foreignWords(text string, tk *escalate.Ticket) []string {
	var thread strings.Builder
	thread.WriteString(tk.Content.Subject)
	for _, m := range tk.Content.Messages {
		thread.WriteString("\n" + m.Text)
	}
	all := thread.String() + html.UnescapeString(thread.String())
	var out []string
	for line := range strings.Lines(text) {
		first := true
		for w := range strings.FieldsSeq(headings.ReplaceAllString(line, "")) {
			bare := strings.Trim(w, ".,;:!?…()\"'“”’‘")
			r, _ := utf8.DecodeRuneInString(bare)
			if (strings.ContainsFunc(bare, unicode.IsDigit) || unicode.IsUpper(r) && !first) && !strings.Contains(all, bare) {
				out = append(out, bare)
			}
			first = strings.ContainsAny(w[len(w)-1:], ".?!:") || strings.HasSuffix(w, "…")
		}
	}
	return out
}

func TestWhatWasGivenIsNamedOnce(t *testing.T) {
	k := brain.Knowledge{Macros: []brain.Macro{{ID: "w", Title: "Warranty", Body: "Please send the serial number (it starts with SP or HB) and a photo."}}}
	b := newBrain(t, k)
	for _, c := range []struct {
		text, summary string
		want          []string
	}{
		{"A photo of the light is attached.", "", []string{"photo"}},
		{"The log is attached.", "", []string{"attachment"}},
		{"Do you need a photo?", "", nil},
		{"The hub is dead. Order MB-47812, serial number HB-20417-C.", "order MB-47812, serial number HB-20417-C", []string{"order number", "serial number"}},
		{"The light is red. It is SP-77120, bought last year in your shop.", "", []string{"serial number"}},
		{"Das Ventil ist undicht. Meine Seriennummer ist 88123-X, Bestellung 49311.", "order 49311, serial number 88123-X", []string{"order number", "serial number"}},
		{"Device RL-20417-C is broken.", "", []string{"serial number"}},
		{"<@U0000001> please read", "", nil},
		{"The app shows nothing at all. It is order 49311 of 3 August 2026, ina@kunde.example, Firefox 128.", "order 49311, ina@kunde.example, 3 August 2026", []string{"order number", "e-mail address", "date", "device or browser"}},
	} {
		a := assess(t, b, ticket("c: "+c.text))
		if diff := cmp.Diff(c.want, a.Given); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
		if c.summary != "" && !strings.Contains(a.Summary, "Given: "+c.summary) {
			t.Errorf("%q: summary %q", c.text, a.Summary)
		}
	}
}

func TestTheSummaryIsShortAndSaysNothingTwice(t *testing.T) {
	b := newBrain(t, knowledge(t))
	for _, c := range []struct{ subject, text, want string }{
		{"Where do I find my invoice?", "Hi, I need it for my tax return. Where can I download it?", "The customer is asking: Where do I find my invoice? I need it for my tax return.\nAsks: Where can I download it?"},
		{"Delivery time to Cork", "Hello, how many days is the delivery time to Cork?", "The customer is asking: How many days is the delivery time to Cork?"},
		{"red light", "My sensor fell off the wall yesterday. What now?", "The customer says: Red light. My sensor fell off the wall yesterday.\nAsks: What now?"},
		{"", "The Sprig is dead now. Serial number SP-77120-B, order MB-47000.", "The customer is complaining: The Sprig is dead now.\nGiven: order MB-47000, serial number SP-77120-B"},
		{"", "The hub lost its network. I have already unplugged it and waited for ten minutes. What now?", "The customer is complaining: The hub lost its network.\nAsks: What now?"},
		{"", "Das Gerät blinkt.", "The customer is complaining: Das Gerät blinkt."},
		{"Hub", "I am so angry about this terrible company and its service. The hub is dead.", "The customer is complaining: The hub is dead."},
	} {
		tk := ticket("c: " + c.text)
		tk.Content.Subject = c.subject
		if diff := cmp.Diff(c.want, assess(t, b, tk).Summary); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
	long := strings.Repeat("the sensor in the bed behind the house went off again and ", 6)
	tk := ticket("c: Order MB-47812, serial number HB-20417-C, ina@kunde.example. "+long, "b: "+long, "c: That did not help, "+long+"Can you help? "+long+"?")
	tk.Content.Subject = "Hub offline"
	a := assess(t, b, tk)
	if n := len(strings.Fields(a.Summary)); n > 45 || n < 35 {
		t.Errorf("%d words: %s", n, a.Summary)
	}
	for _, part := range []string{"Hub offline", "MB-47812", "HB-20417-C", "ina@kunde.example", "The bot updated the customer: ", "The customer replied: That did not help"} {
		if !strings.Contains(a.Summary, part) {
			t.Errorf("no %q in %q", part, a.Summary)
		}
	}
}

func TestTheSummaryNamesEveryOpenAsk(t *testing.T) {
	b := newBrain(t, knowledge(t))
	tk := ticket("c: The hub lost its network on Monday. How do I connect it again? Also, can I get an invoice for my last order? And please change the delivery address.")
	a := assess(t, b, tk)
	want := "The customer is complaining: The hub lost its network on Monday.\n" +
		"Asks: How do I connect it again? Can I get an invoice for my last order?\n" +
		"Also asks: And please change the delivery address."
	if diff := cmp.Diff(want, a.Summary); diff != "" {
		t.Error(diff)
	}
}

func TestTheHeadingIsTrueOfItsLine(t *testing.T) {
	b := newBrain(t, brain.Knowledge{})
	for text, want := range map[string]string{
		"My hub does not connect any more.":                 "The customer is complaining: ",
		"Why was I charged twice?":                          "The customer is complaining: ",
		"Mein Paket ist noch nicht angekommen.":             "The customer is complaining: ",
		"Mon colis est perdu.":                              "The customer is complaining: ",
		"La pantalla está rota.":                            "The customer is complaining: ",
		"Il pacco è danneggiato.":                           "The customer is complaining: ",
		"De pomp is kapot.":                                 "The customer is complaining: ",
		"Mam problem z pompą.":                              "The customer is complaining: ",
		"O ecrã está quebrado.":                             "The customer is complaining: ",
		"荷物が届いていない。":                                        "The customer is complaining: ",
		"包裹坏了。":                                             "The customer is complaining: ",
		"Which batteries does it take?":                     "The customer is asking: ",
		"Will it break if the lantern falls into the pond?": "The customer is asking: ",
		"What happens when my parcel is lost?":              "The customer is asking: ",
		"Please send me the invoice.":                       "The customer is asking: ",
		"能不能开发票？":                                           "The customer is asking: ",
		"I bought the lantern in May.":                      "The customer says: ",
		"There was no problem at all with the lantern.":     "The customer says: ",
	} {
		if got := assess(t, b, ticket("c: "+text)).Summary; !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
