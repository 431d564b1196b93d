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
