package local

import (
	"strings"
	"testing"
)

func parse(t *testing.T, text string) *lexicon {
	t.Helper()
	ld := &loader{out: map[string]*lexicon{}, slips: speller{}}
	if err := ld.read("@ x 0.9 en\n" + text); err != nil {
		t.Fatal(err)
	}
	return ld.out["x"]
}

func TestAPhraseMatchesWhatItsLineSays(t *testing.T) {
	for _, c := range []struct {
		lexicon, text string
		want          string // what is quoted; "" when nothing matches
	}{
		{"talk to person", "I talk to a person", ""},
		{"talk to ~ person", "I talk to a nice person", "talk to a nice person"},
		{"talk to ~1 person", "I talk to a nice person", ""},
		{"talk to ~1 person", "I talk. To a person", ""},
		{"= who person|human\ntalk to ~1 <who>|agent", "talk to an agent", "talk to an agent"},
		{"= who person|human\n= all <who>|rep\nget <all>", "get human", "get human"},
		{"lost <> card", "my card, which I lost", "card, which I lost"},
		{"lost <> card", "I lost my new card", "lost my new card"},
		{"lost <> card", "lost one two three four five card", ""},
		{"call me now|$", "please call me", "call me"},
		{"call me now|$", "call me names", ""},
		{"call me ~2 now|$", "call me right away. Thanks", "call me right away"},
		{"^ human please? $", "Human, please!", "Human, please"},
		{"^ human please? $", "a human", ""},
		{"^ a? human $", "A human!", "A human"},
		{"cancel* order", "cancelling order", "cancelling order"},
		{"*konto löschen", "Kundenkonto löschen", "Kundenkonto löschen"},
		{"*konto löschen", "Kontoauszug löschen", ""},
		{"agent\n! user agent", "the user agent", ""},
		{"agent\n! user agent", "the user agent; an agent", "agent"},
		{"人工~客服", "转人工的客服", "人工的客服"},
		{"人工~1客服", "人工一二客服", ""},
		{"^ 人工|真人 $", "人工！", "人工"},
		{"^ 人工|真人 $", "人工草坪", ""},
		{"退款\n! 不用退款", "不用退款。我要退款", "退款"},
		{"转人工", "轉人工", "轉人工"},
		{"請求~4返金", "請求の返金", "請求の返金"},
		{"人工~客服", "人工。客服", ""},
	} {
		got := ""
		for _, h := range parse(t, c.lexicon).find(c.text, tokenize(c.text)) {
			got = c.text[h.start:h.end]
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", strings.ReplaceAll(c.lexicon, "\n", " / "), c.text, got, c.want)
		}
	}
}

func TestAFaultyLexiconIsRefused(t *testing.T) {
	for _, line := range []string{"~ word", "a || b", "<nobody> here", "*ab", "word ~0 x", "word ~x y", "word <nobody>", "@ y zero en", "@ y"} {
		ld := &loader{out: map[string]*lexicon{}, slips: speller{}}
		if err := ld.read("@ x 0.9 en\n" + line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
	ld := &loader{out: map[string]*lexicon{}, slips: speller{}}
	if err := ld.read("word"); err == nil {
		t.Error("a phrase before the first section was read")
	}
}

func TestOneSlipOfTheKeyIsReadAsTheWordMeant(t *testing.T) {
	for typed, want := range map[string]string{
		"refnd": "refund", "refudn": "refund", "reffund": "refund", "refubd": "refund", "erfund": "erfund",
		"perosn": "person", "agnet": "agent", "cancle": "cancle", // the lexicon itself knows that one
		"layers": "layers", "managed": "managed", "contract": "contract", "freezer": "freezer", "charge": "charge", "change": "change",
	} {
		if got := slips.read(tokenize(typed))[0].word; got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	tokens := tokenize("a refnd")
	if slips.read(tokens); tokens[1].word != "refnd" {
		t.Error("the tokens of the message were changed")
	}
}

// A greeting may go on into the matter; what is quoted before it is not the customer's.
func TestASalutationIsReadWithoutQuotes(t *testing.T) {
	for text, want := range map[string]string{
		"Hello I lost my card, ": "hello i lost my card", "> I lost my card\nHi there, ": "hi there", "> all of it": "", "": "",
	} {
		var got []string
		for _, tok := range greetingTokens(text) {
			got = append(got, tok.word)
			if text[tok.start:tok.end] == "" || fold(text[tok.start:tok.end]) != tok.word {
				t.Errorf("%q: %q does not lie at %d", text, tok.word, tok.start)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q reads %q, want %q", text, s, want)
		}
	}
}
