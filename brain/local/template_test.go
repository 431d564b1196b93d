package local_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/escalate"
)

// replyKinds are what an invented team says. What stands in braces is the customer's.
var replyKinds = []struct{ ask, say string }{
	{
		"the pump of my {item} hums and gives no water",
		"I had a look at order {number} for you, {name}. The pump of the {item} is covered by the warranty, so a new one is on its way to {street} in {town}. It left on {date} and you can follow it at {link}. Please keep the old hose, because the new pump comes without one. The fitting takes about 20 minutes.",
	},
	{
		"why was my account charged twice for {item}",
		"The second entry of {amount} is only a reservation. The bank lets it go within 7 days without your doing anything. Should it still be there after {date}, please send the statement to {email} and mention case {number}. We return the money to the card that ends in {digits} the same day.",
	},
	{
		"can somebody else collect {item} at the store",
		"Yes, {friend} may collect the {item} at our shop in {town}. The person needs the code {number} and an identity card.\n\n1. Go to the counter on the ground floor.\n2. Show the code and the card.\n3. Sign for the parcel.\n\nWe keep it until {date}; after that it goes back to the warehouse.",
	},
}

var (
	slot     = regexp.MustCompile(`\{(\w+)\}`)
	teamHi   = []string{"Hi %s,\n\n", "Hello %s,\n\n", "Dear %s,\n\n", "Good morning %s,\n\n", ""}
	teamMore = []string{"", "", "", "I hope that helps you further! ", "My colleague %s in the workshop told me so as well. ", "Sorry that the answer took a moment. "}
	teamBye  = []string{"\n\nBest regards\n%s", "\n\nBest,\n%s", "\n\nKind regards,\n%s", "\n\nThanks\n%s", "\n\n--\n%s\nGarden support"}
)

// invented makes words that nobody has used before.
type invented struct {
	r    *rand.Rand
	used map[string]bool
}

func (v *invented) word() string {
	for {
		var w strings.Builder
		for range 3 {
			w.WriteString(string("bdfgklmnprstvz"[v.r.IntN(14)]) + string("aeiou"[v.r.IntN(5)]))
		}
		if !v.used[w.String()] {
			v.used[w.String()] = true
			return w.String()
		}
	}
}

func (v *invented) name() string {
	w := v.word()
	return strings.ToUpper(w[:1]) + w[1:]
}

func (v *invented) fill(name string) string {
	switch name {
	case "number":
		return fmt.Sprintf("%s-%05d", strings.ToUpper(v.word()[:2]), v.r.IntN(99999))
	case "digits":
		return fmt.Sprintf("%04d", v.r.IntN(9999))
	case "street":
		return fmt.Sprintf("%d %s Road", 100+v.r.IntN(800), v.name())
	case "date":
		return fmt.Sprintf("%d %s", 1+v.r.IntN(28), []string{"March", "May", "July", "October"}[v.r.IntN(4)])
	case "amount":
		return fmt.Sprintf("%d.%02d EUR", 100+v.r.IntN(800), v.r.IntN(100))
	case "link":
		return "https://follow.example/" + v.word()
	case "email":
		return v.word() + "@kunde.example"
	case "item":
		return v.word() + " " + v.word()
	}
	return v.name()
}

// served is one customer: what they asked, what they were told, and every word that is theirs alone.
type served struct {
	past brain.Past
	own  []string
}

func (v *invented) serve(kind int, id string) served {
	name := v.name() + " " + v.name()
	value := map[string]string{"name": strings.Fields(name)[0]}
	put := func(s string) string {
		return slot.ReplaceAllStringFunc(s, func(m string) string {
			key := slot.FindStringSubmatch(m)[1]
			if value[key] == "" {
				value[key] = v.fill(key)
			}
			return value[key]
		})
	}
	pick := func(from []string) string {
		s := from[v.r.IntN(len(from))]
		if strings.Contains(s, "%s") {
			s = fmt.Sprintf(s, v.name())
		}
		return s
	}
	k := replyKinds[kind]
	hi := teamHi[v.r.IntN(len(teamHi))]
	if hi != "" {
		hi = fmt.Sprintf(hi, value["name"])
	}
	ask, say := put(k.ask), hi+pick(teamMore)+put(k.say)+pick(teamBye)
	out := served{past: brain.Past{ID: id, Lang: "en", Gold: brain.Gold{AnswerID: fmt.Sprintf("kind-%d", kind)}, Content: escalate.Content{
		Customer: escalate.Customer{Name: name, Email: v.word() + "@kunde.example"},
		Messages: []escalate.Message{
			{ID: "0", Role: escalate.RoleCustomer, Text: ask, Public: true}, {ID: "1", Role: escalate.RoleAgent, Text: say, Public: true},
		},
	}}}
	for _, val := range append(value2list(value), name) {
		for _, w := range strings.FieldsFunc(val, func(r rune) bool { return strings.ContainsRune(" @/:.-", r) }) {
			if v.used[strings.ToLower(w)] || len(w) > 2 && strings.ContainsAny(w, "0123456789") {
				out.own = append(out.own, w)
			}
		}
	}
	return out
}

func value2list(m map[string]string) []string {
	var out []string
	for _, key := range []string{"name", "number", "digits", "street", "town", "date", "amount", "link", "email", "item", "friend"} {
		out = append(out, m[key])
	}
	return out
}

var wholeWords = regexp.MustCompile(`[\pL\d]+`)

// Whatever customers were told, nobody else is told what was theirs: for groups of every size, asked as each of them asked.
func TestNoCustomersOwnWordGetsIntoSomebodyElsesDraft(t *testing.T) {
	kept, whole := 0, 0
	for round := range 12 {
		v := &invented{r: rand.New(rand.NewPCG(7, uint64(round))), used: map[string]bool{}} //nolint:gosec // the same customers in every run
		var k brain.Knowledge
		var all []served
		for kind := range replyKinds {
			for n := range 2 + v.r.IntN(19) {
				all = append(all, v.serve(kind, fmt.Sprintf("%d-%d", kind, n)))
				k.Past = append(k.Past, all[len(all)-1].past)
			}
		}
		b := newBrain(t, k)
		for _, s := range all {
			tk := ticket("c: " + s.past.Content.Messages[0].Text)
			a := assess(t, b, tk)
			if a.Answer == nil {
				t.Fatalf("no answer to %q", s.past.Content.Messages[0].Text)
			}
			// What the new customer asked is theirs: the same item may stand in their draft.
			text := a.Answer.Text
			has := map[string]bool{}
			for _, w := range wholeWords.FindAllString(text, -1) {
				has[w] = true
			}
			for _, o := range all {
				for _, w := range o.own {
					if has[w] {
						t.Fatalf("round %d: %q of %s is in the draft: %q", round, w, o.past.Content.Customer.Name, text)
					}
				}
			}
			for _, fixed := range slot.Split(replyKinds[kindOf(a.Answer.ID)].say, -1) {
				for _, w := range wholeWords.FindAllString(fixed, -1) {
					whole++
					if has[w] {
						kept++
					}
				}
			}
		}
	}
	if share := float64(kept) / float64(whole); share < 0.97 {
		t.Errorf("only %.3f of what is said to everybody stays", share)
	} else {
		t.Logf("%.4f of what is said to everybody stays", share)
	}
}

func kindOf(answer string) int { return int(answer[len(answer)-1] - '0') }

func TestARepliesOwnAdditionIsSaidToNobodyElse(t *testing.T) {
	reply := func(more string) string {
		return "Hold the round button for five seconds until the light blinks. " + more + "Then open the app and choose the new lamp.\n\nBest,\nTom"
	}
	var k brain.Knowledge
	for i, more := range []string{"", "The dog on your photo looks very friendly, by the way. ", "", "We already talked about the broken shade on the phone. "} {
		k.Past = append(k.Past, brain.Past{ID: strconv.Itoa(i), Lang: "en", Gold: brain.Gold{AnswerID: "pair"}, Content: escalate.Content{
			Messages: []escalate.Message{
				{Role: escalate.RoleCustomer, Text: "how do I pair lamp number " + strings.Repeat("x", i+1), Public: true},
				{Role: escalate.RoleAgent, Text: reply(more), Public: true},
			},
		}})
	}
	b := newBrain(t, k)
	for i := range k.Past {
		a := assess(t, b, ticket("c: "+k.Past[i].Content.Messages[0].Text))
		want := strings.TrimSuffix(reply(""), "\nTom")
		if a.Answer == nil || a.Answer.Text != want {
			t.Errorf("draft %+v, want %q", a.Answer, want)
		}
	}
}

func TestAReplyThatOneCustomerGotKeepsNoNamesAndNumbers(t *testing.T) {
	k := brain.Knowledge{Past: []brain.Past{{ID: "1", Lang: "en", Content: escalate.Content{
		Customer: escalate.Customer{Name: "Ada Quell", Email: "ada@kunde.example"},
		Messages: []escalate.Message{
			{Role: escalate.RoleCustomer, Text: "the gate of my greenhouse squeaks", Public: true},
			{Role: escalate.RoleAgent, Text: "Hi Ada,\n\nplease oil the gate. Our fitter Bertil comes to 12 Sandvik Lane on 3 May, case GX-2211, and it costs 45.00 EUR. See https://g.example/ada or write to bertil@g.example.", Public: true},
		},
	}}}}
	a := assess(t, newBrain(t, k), ticket("c: my greenhouse gate squeaks"))
	if a.Answer == nil || !strings.Contains(a.Answer.Text, "please oil the gate") {
		t.Fatalf("answer %+v", a.Answer)
	}
	if m := regexp.MustCompile(`(?i)\d|ada|bertil|sandvik|may\b|g\.example`).FindString(a.Answer.Text); m != "" {
		t.Errorf("%q of the first customer is in %q", m, a.Answer.Text)
	}
}

// told makes a history of one answer: a customer each, with what they were told.
func told(replies ...string) brain.Knowledge {
	var k brain.Knowledge
	for i, r := range replies {
		k.Past = append(k.Past, brain.Past{ID: strconv.Itoa(i), Lang: "en", Gold: brain.Gold{AnswerID: "moved"}, Content: escalate.Content{
			Customer: escalate.Customer{Email: fmt.Sprintf("c%d@kunde.example", i)},
			Messages: []escalate.Message{
				{Role: escalate.RoleCustomer, Text: "please change the delivery address " + strings.Repeat("z", i+1), Public: true},
				{Role: escalate.RoleAgent, Text: r, Public: true},
			},
		}})
	}
	return k
}

func drafted(t *testing.T, k brain.Knowledge, want string) {
	t.Helper()
	b := newBrain(t, k)
	for i := range k.Past {
		if a := assess(t, b, ticket("c: "+k.Past[i].Content.Messages[0].Text)); a.Answer == nil || a.Answer.Text != want {
			t.Errorf("draft %+v, want %q", a.Answer, want)
		}
	}
}

func TestWhatEachReplyFillsInItsOwnWayIsABlank(t *testing.T) {
	say := func(opener, address, bye string) string {
		return opener + "I have changed the delivery address of your order to:\n\n" + address + "\n\nThe parcel leaves our warehouse this evening and arrives within the week." + bye
	}
	drafted(t, told(
		say("Thanks for reaching out. ", "Mill Road near the old bakery", "\n\nAll the best to you and yours,\nTom of the garden team"),
		say("", "Behind the harbour office", ""),
		say("My name is Lea and I took over from Tom today. ", "Top floor of the station", ""),
		say("", "Blue house by the church", ""),
	), say("", "{{detail}}", ""))
}

func TestAGreetingKeepsNobodysName(t *testing.T) {
	say := func(hello string) string {
		return hello + "the lamp is repaired and waits for you at the counter. Bring the slip with you."
	}
	k := told(say("hi bertil,\n\n"), say("hello mrs quell,\n\n"), say("hey there old friend from malta,\n\n"))
	b := newBrain(t, k)
	for i := range k.Past {
		a := assess(t, b, ticket("c: "+k.Past[i].Content.Messages[0].Text))
		if a.Answer == nil || regexp.MustCompile("bertil|quell|malta").MatchString(a.Answer.Text) || !strings.HasSuffix(a.Answer.Text, say("")) {
			t.Errorf("draft %+v", a.Answer)
		}
	}
}

func TestAnAmountThatTwoCustomersShareByChanceDoesNotStay(t *testing.T) {
	say := func(amount string) string {
		return "We have sent you " + amount + " for the broken lamp. The bank needs 5 working days to show it on your account."
	}
	drafted(t, told(say("89.00 EUR"), say("89.00 EUR"), say("12.50 EUR"), say("7.00 EUR")), say("{{amount}}"))
	// Of two replies alone nobody can tell what is said to everybody.
	drafted(t, told(say("89.00 EUR"), say("89.00 EUR")),
		strings.Replace(say("{{amount}}"), "5 working", "{{number}} working", 1))
}

// FuzzLearnedReply holds that whatever people replied, learning from it neither panics nor tells one customer's address to another.
func FuzzLearnedReply(f *testing.F) {
	f.Add("Hi Ana,\n\nyour parcel {{x}} left on 3 May.\n\nBest, Tom", "hello, your parcel left\n--\nTom", "Ana Ruiz")
	f.Add("{{{{customer_name}}", "\xff\xfe 1. 2. 3.", "{{")
	f.Add("人工客服已经处理。请稍等！", "a\n\n\n\nb", "人")
	f.Fuzz(func(t *testing.T, one, two, name string) {
		k := told(one+" write to first@kunde.example", two, one+" write to third@kunde.example")
		for i := range k.Past {
			k.Past[i].Content.Customer.Name = name
		}
		b := newBrain(t, k)
		for i := range k.Past {
			a := assess(t, b, ticket("c: "+k.Past[i].Content.Messages[0].Text))
			if a.Answer != nil && (strings.Contains(a.Answer.Text, "first@") || strings.Contains(a.Answer.Text, "third@")) {
				t.Fatalf("draft %q", a.Answer.Text)
			}
		}
	})
}
