package local_test

import (
	"regexp"
	"strings"
	"testing"

	"warmline/brain"
	"warmline/escalate"
)

// bad matches words that only speak against an answer, and good those that only speak for it. A card puts "Speaks for it" or
// "Speaks against it" before them.
var (
	bad  = regexp.MustCompile(`^only |^none |another answer|partly|nothing|never|in nothing|no past|nearly as well|more often wrong|wrong more often|with other answers`)
	good = regexp.MustCompile(`^(the )?\d+ (of|most|past)|^the most similar|^\d+ % .* occurs where|nearly the same|much the same|close to|right more often`)
)

func TestTheWordsOfAFactorSpeakToItsSide(t *testing.T) {
	k := knowledge(t)
	b := newBrain(t, k)
	tks := []*escalate.Ticket{
		ticket("c: How do I pair the sensor with Modbus?"), ticket("c: xyzzy plugh"), ticket("c: sensor"), ticket("c: Do you sponsor football clubs?"),
		ticket("c: How long does a full battery last?"), ticket("c: Ich habe mein Passwort vergessen"),
	}
	for i := range k.Past {
		tks = append(tks, k.Past[i].Ticket())
	}
	favour, against := 0, 0
	for _, tk := range tks {
		for _, f := range assess(t, b, tk).Factors {
			switch {
			case f.Pull < 0 && good.MatchString(f.Words) && !strings.Contains(f.Words, "another answer"):
				t.Errorf("pulls %v and says %q", f.Pull, f.Words)
			case f.Pull >= 0 && bad.MatchString(f.Words):
				t.Errorf("pulls %v and says %q", f.Pull, f.Words)
			case f.Pull < 0:
				against++
			default:
				favour++
			}
		}
	}
	if favour < 20 || against < 20 {
		t.Errorf("%d factors for and %d against show little", favour, against)
	}
	if f := assess(t, newBrain(t, brain.Knowledge{}), ticket("c: Where is it?")).Factors; len(f) != 1 || f[0].Pull >= 0 {
		t.Errorf("nothing on file does not speak against the answer: %+v", f)
	}
}

func TestAStrangeWordIsShownAsTheCustomerWroteIt(t *testing.T) {
	b := newBrain(t, knowledge(t))
	for _, c := range []struct{ text, want, not string }{
		{"How do I pair the sensor in the Greenhouses?", "“Greenhouses”", "greenhous”"},
		{"How do I pair it with ZigBee 900017788?", "“ZigBee”", "900017788"},
		{"Pair the sensor with Modbus, Ina", "“Modbus”", "“Ina”"},
		{"Kann ich den Sensor im Gewächshaus koppeln?", "“Gewächshaus”", "gewachshaus"},
	} {
		var words strings.Builder
		for _, f := range assess(t, b, ticket("c: "+c.text)).Factors {
			words.WriteString(f.Words + "\n")
		}
		got := words.String()
		if !strings.Contains(got, c.want) || strings.Contains(got, c.not) {
			t.Errorf("%q: want %s, not %s, in\n%s", c.text, c.want, c.not, got)
		}
	}
}
