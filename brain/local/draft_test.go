package local_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
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

// What is known of the customer fills the draft as its language has it, and is no gap any more.
func TestFactsFillTheDraftAndAreNamed(t *testing.T) {
	k := knowledge(t)
	for i := range k.Macros {
		if k.Macros[i].ID == "track" {
			k.Macros[i].Body += " {{Order status}}, {{delivery_date}}, {{refund_amount}}."
		}
	}
	b := newBrain(t, k)
	tk := ticket("c: Where is my parcel? Order 49311 or order 49312")
	before := assess(t, b, tk)
	if diff := cmp.Diff([]string{"49311", "49312"}, before.Orders); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
	tk.Facts = []escalate.Fact{
		{Name: "order_number", Type: escalate.FactText, Value: "49312"},
		{Name: "order_status", Type: escalate.FactText, Value: "$1 {{x}} \\0"}, // never taken for more than text
		{Name: "delivery_date", Type: escalate.FactDate, Value: "2026-05-12"},
		{Name: "refund_amount", Type: escalate.FactMoney, Value: "10049.90 EUR"},
		{Name: "customer_name", Type: escalate.FactText, Value: "Mallory"},
	}
	a := assess(t, b, tk)
	if !strings.HasSuffix(a.Answer.Text, ` $1 {{x}} \0, 12 May 2026, 10,049.90 EUR.`) || !strings.HasPrefix(a.Answer.Text, "Hello Ina,") {
		t.Errorf("the draft reads %q", a.Answer.Text)
	}
	if diff := cmp.Diff([]string{"order_number", "order_status", "delivery_date", "refund_amount"}, a.Answer.Facts); diff != "" || len(a.Answer.Unfilled) > 0 {
		t.Errorf("unfilled %v; facts (-want +got):\n%s", a.Answer.Unfilled, diff)
	}
	if before.Confidence >= a.Confidence || len(before.Answer.Facts) > 0 {
		t.Errorf("confidence with facts %v, without %v; facts without any: %v", a.Confidence, before.Confidence, before.Answer.Facts)
	}
}
