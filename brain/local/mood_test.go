package local_test

import (
	"testing"

	"warmline/brain/local"
	"warmline/escalate"
)

// A card that says "calm" beside "customer is upset" helps nobody.
func TestMoodAndAngerNeverContradict(t *testing.T) {
	b, err := local.New(local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"I know you mean well, and thank you, but I am quite upset by now.",
		"Danke, sehr nett, aber ich bin wirklich verärgert.",
		"Thanks for the quick answer, it works great now!",
		"This is ridiculous. I am furious!!!",
		"Where is my parcel?",
	} {
		a := assess(t, b, ticket("c: "+text))
		upset := a.Mood.Word == "upset" || a.Mood.Word == "angry"
		if fired := strength(a, escalate.Anger) >= escalate.FireStrength; fired && !upset {
			t.Errorf("%q: anger %.2f, but the mood is %q", text, strength(a, escalate.Anger), a.Mood.Word)
		}
	}
	if a := assess(t, b, ticket("c: I know you mean well, and thank you, but I am quite upset by now.")); a.Mood.Word != "upset" {
		t.Errorf("politely upset is %q", a.Mood.Word)
	}
}

// The word says what the triggers say: nobody is upset without a sign of it, happy beside a reason to stop, or calm in
// danger.
func TestTheMoodAgreesWithTheTriggers(t *testing.T) {
	b, err := local.New(local.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"Thanks for the quick answer, it works great now!", "happy"},
		{"Thank you so much!", "happy"},
		{"Bonjour, le voyant clignote bleu. Comment on fait ? merci, Maëlle", "calm"},
		{"Hello, the light is red. Thanks, Ina", "calm"},
		{"The app is great, I love it, but please let me speak to a human", "calm"},
		{"I am a bit disappointed that the cap is loose.", "upset"},
		{"This is ridiculous. I am furious!!!", "angry"},
		{"You took my money. I will come over and somebody is going to get hurt.", "upset"},
		{"I am worried that the frost kills it, please hurry", "worried"},
		{"Where is my parcel?", "calm"},
	} {
		a := assess(t, b, ticket("c: "+c.text))
		if a.Mood.Word != c.want {
			t.Errorf("%q is %q, want %q (%+v)", c.text, a.Mood.Word, c.want, a.Mood)
		}
		bad := a.Mood.Word == "upset" || a.Mood.Word == "angry"
		if sign := strength(a, escalate.Anger) >= escalate.FireStrength || strength(a, escalate.Safety) >= escalate.FireStrength; bad != sign || bad && a.Mood.Score >= 0 {
			t.Errorf("%q: mood %+v, but a trigger of it fired: %v", c.text, a.Mood, sign)
		}
	}
}
