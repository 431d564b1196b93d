package mask_test

import (
	"testing"

	"warmline/escalate/mask"
)

func TestRedactSaysWhatItHides(t *testing.T) {
	for text, want := range map[string]string{
		"My card 4111 1111 1111 1111 was charged.":        "My card [card …1111] was charged.",
		"Pay to DE89 3704 0044 0532 0130 00, please":      "Pay to [account …3000], please",
		"the key is sk_live_4eC39HqLyjWDarjtT1zdp7dc now": "the key is [secret hidden] now",
		"order 4711 of 2026-11-27, 49.90 EUR":             "order 4711 of 2026-11-27, 49.90 EUR",
		"my password is hunter2, thanks":                  "my password is [secret hidden], thanks",
		"":                                                "",
	} {
		got := mask.Redact(text, mask.Secrets)
		if got != want {
			t.Errorf("Redact(%q) = %q, want %q", text, got, want)
		}
		if again := mask.Redact(got, mask.Secrets); again != got {
			t.Errorf("Redact(%q) = %q: it changes what is redacted already", got, again)
		}
		if held := mask.Holds(text, mask.Secrets); held != (got != text) || mask.Holds(got, mask.Secrets) {
			t.Errorf("Holds(%q) = %v", text, held)
		}
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("card 4111111111111111 and DE89370400440532013000 sk_live_4eC39HqLyjWDarjtT1zdp7dc")
	f.Fuzz(func(t *testing.T, text string) {
		once := mask.Redact(text, mask.Secrets)
		if mask.Holds(once, mask.Secrets) {
			t.Errorf("%q still holds a secret", once)
		}
	})
}
