package local_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheDraftIsInTheCustomersLanguageOrTrustedLess(t *testing.T) {
	b := newBrain(t, knowledge(t))
	tk := ticket("c: Wo bleibt meine Bestellung? Mein Paket ist noch nicht angekommen")
	a := assess(t, b, tk)
	if a.Answer == nil || a.Answer.ID != "track" || !strings.HasPrefix(a.Answer.Text, "Guten Tag Ina Berg,") {
		t.Fatalf("draft %+v", a.Answer)
	}
	for _, name := range []string{"Ben", "Tom", "Mara", "Eva", "Otis"} {
		if strings.Contains(a.Answer.Text, name) {
			t.Errorf("the draft names somebody else: %q", a.Answer.Text)
		}
	}
	a = assess(t, b, ticket("c: Ich brauche bitte eine invoice als PDF, wie mache ich den invoice download? Need invoice with company name."))
	if a.Answer == nil || a.Answer.ID != "invoice" || a.Lang != "de" || a.Confidence > 0.45 {
		t.Errorf("an English draft for a German customer (%q) has confidence %v: %+v", a.Lang, a.Confidence, a.Answer)
	}
	a = assess(t, b, ticket("c: Ich habe mein Passwort vergessen und kann mich nicht anmelden"))
	if a.Confidence > 0.6 {
		t.Errorf("common German words alone reach confidence %v: %+v %s", a.Confidence, a.Factors, a.Answer.Text)
	}
}

// The address in the draft is the new customer's own.
func TestALearnedReplyHidesWhatWasThatCustomers(t *testing.T) {
	a := assess(t, newBrain(t, knowledge(t)), ticket("c: The battery of my sensor does not charge any more"))
	if a.Answer == nil || a.Answer.ID != "battery-swap" {
		t.Fatalf("answer %+v", a.Answer)
	}
	if regexp.MustCompile(`C-7\d{4}|\d@kunde|\d+ August|Ana`).MatchString(a.Answer.Text) {
		t.Errorf("the draft leaks: %q", a.Answer.Text)
	}
	if !strings.HasPrefix(a.Answer.Text, "Hi Ina,") || !strings.Contains(a.Answer.Text, "charge it for two hours") {
		t.Errorf("draft %q", a.Answer.Text)
	}
	if diff := cmp.Diff([]string{"number", "date"}, a.Answer.Unfilled); diff != "" {
		t.Errorf("unfilled: %s\n%q", diff, a.Answer.Text)
	}
}

func TestAnOrderNumberIsFilledInWhenThereIsExactlyOne(t *testing.T) {
	b := newBrain(t, knowledge(t))
	one := assess(t, b, ticket("c: Where is my parcel? Order 49311, call +49 30 1234567, bought on 3 August 2026"))
	if !strings.Contains(one.Answer.Text, "order 49311 leaves") || len(one.Answer.Unfilled) != 0 {
		t.Errorf("one number: %q, unfilled %v", one.Answer.Text, one.Answer.Unfilled)
	}
	two := assess(t, b, ticket("c: Where is my parcel? Order 49311 or order 49312"))
	if diff := cmp.Diff([]string{"order_number"}, two.Answer.Unfilled); diff != "" {
		t.Errorf("two numbers: %s", diff)
	}
	tk := ticket("c: Where is my parcel? Order 49311")
	tk.Content.Customer.Name = "Click https://evil.example"
	if a := assess(t, b, tk); strings.Contains(a.Answer.Text, "evil") || !slices.Contains(a.Answer.Unfilled, "customer_name") {
		t.Errorf("a name that is none went into the draft: %q", a.Answer.Text)
	}
}
