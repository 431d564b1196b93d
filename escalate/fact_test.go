package escalate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"warmline/escalate"
)

func TestAFactIsOfItsTypeOrNone(t *testing.T) {
	for _, f := range []escalate.Fact{
		{"order_status", escalate.FactText, "on its way, with Post NL (parcel 2 of 3)"},
		{"order_status", escalate.FactText, "Größe 42 – an der Pforte"},
		{"a", escalate.FactText, strings.Repeat("ß", 200)},
		{"points", escalate.FactNumber, "0"},
		{"points", escalate.FactNumber, "-1234.5"},
		{"refund", escalate.FactMoney, "49.90 EUR"},
		{"refund", escalate.FactMoney, "1500 JPY"},
		{"delivery_date", escalate.FactDate, "2028-02-29"},
		{"tracking", escalate.FactLink, "https://track.shop.example/p/4711?lang=de#now"},
	} {
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
	for name, f := range map[string]escalate.Fact{
		"no name":           {"", escalate.FactText, "x"},
		"a long name":       {strings.Repeat("a", 61), escalate.FactText, "x"},
		"a name of another": {"Order", escalate.FactText, "x"},
		"no type":           {"a", "", "x"},
		"another type":      {"a", "html", "x"},
		"nothing":           {"a", escalate.FactText, ""},
		"blanks":            {"a", escalate.FactText, " "},
		"blanks around":     {"a", escalate.FactText, "x "},
		"two lines":         {"a", escalate.FactText, "x\ny"},
		"a line separator":  {"a", escalate.FactText, "x\u2028y"},
		"too long":          {"a", escalate.FactText, strings.Repeat("a", 201)},
		"invalid UTF-8":     {"a", escalate.FactText, "x\xff"},
		"turned around":     {"a", escalate.FactText, "x\u202ey"},
		"zero width":        {"a", escalate.FactText, "x\u200by"},
		"a soft hyphen":     {"a", escalate.FactText, "x\u00ady"},
		"a blank letter":    {"a", escalate.FactText, "x\u3164y"},
		"a selector":        {"a", escalate.FactText, "x\ufe0fy"},
		"a placeholder":     {"a", escalate.FactText, "{{customer_name}}"},
		"markup":            {"a", escalate.FactText, "<b>x</b>"},
		"a Markdown link":   {"a", escalate.FactText, "[x](y)"},
		"an address":        {"a", escalate.FactText, "see http://x.example"},
		"words":             {"a", escalate.FactNumber, "many"},
		"a comma":           {"a", escalate.FactNumber, "1,5"},
		"an exponent":       {"a", escalate.FactNumber, "1e9"},
		"leading zeros":     {"a", escalate.FactNumber, "007"},
		"no currency":       {"a", escalate.FactMoney, "49.90"},
		"a sign":            {"a", escalate.FactMoney, "49.90 €"},
		"no such day":       {"a", escalate.FactDate, "2026-02-29"},
		"an instant":        {"a", escalate.FactDate, "2026-02-28T10:00:00Z"},
		"not encrypted":     {"a", escalate.FactLink, "http://shop.example"},
		"a script":          {"a", escalate.FactLink, "javascript:alert(1)"},
		"no host":           {"a", escalate.FactLink, "https:///x"},
		"only a port":       {"a", escalate.FactLink, "https://:443/x"},
		"somebody's name":   {"a", escalate.FactLink, "https://shop.example@evil.example/"},
		"other letters":     {"a", escalate.FactLink, "https://šhop.example/"},
		"a blank in it":     {"a", escalate.FactLink, "https://shop.example/a b"},
		"an angle":          {"a", escalate.FactLink, "https://shop.example/<a>"},
		"a long link":       {"a", escalate.FactLink, "https://shop.example/" + strings.Repeat("a", 500)},
	} {
		err := f.Check()
		if err == nil {
			t.Errorf("%s passes: %+v", name, f)
		} else if v := f.Value; len(v) > 2 && strings.Contains(err.Error(), v) {
			t.Errorf("%s: the error shows the value: %v", name, err)
		}
	}
}

func TestAFactIsWrittenAsTheLanguageHasIt(t *testing.T) {
	for _, tc := range []struct {
		kind       escalate.FactType
		value      string
		lang, want string
	}{
		{escalate.FactText, "sent", "de", "sent"},
		{escalate.FactLink, "https://x.example", "fr", "https://x.example"},
		{escalate.FactNumber, "1234.5", "en", "1234.5"},
		{escalate.FactNumber, "1234.5", "de", "1234,5"},
		{escalate.FactNumber, "12345", "en", "12,345"},
		{escalate.FactNumber, "-1234567.25", "es", "-1.234.567,25"},
		{escalate.FactNumber, "123456", "fr", "123\u00a0456"},
		{escalate.FactNumber, "123456.5", "ja", "123456.5"},
		{escalate.FactMoney, "49.90 EUR", "en", "49.90\u00a0EUR"},
		{escalate.FactMoney, "10049.90 EUR", "de", "10.049,90\u00a0EUR"},
		{escalate.FactMoney, "49.90 PLN", "", "49.90\u00a0PLN"},
		{escalate.FactDate, "2026-05-12", "en", "12 May 2026"},
		{escalate.FactDate, "2026-03-01", "de", "1. März 2026"},
		{escalate.FactDate, "2026-12-31", "pt", "31 de dezembro de 2026"},
		{escalate.FactDate, "2026-05-12", "pl", "12 maja 2026"},
		{escalate.FactDate, "2026-05-12", "ko", "2026-05-12"},
	} {
		f := escalate.Fact{"x", tc.kind, tc.value}
		if err := f.Check(); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
		if got := f.Words(tc.lang); got != tc.want {
			t.Errorf("%s %q in %q is %q, want %q", tc.kind, tc.value, tc.lang, got, tc.want)
		}
	}
}

func TestEveryLanguageHasTwelveMonths(t *testing.T) {
	for lang := range strings.FieldsSeq("da de en es fr it nl pl pt sv tr") {
		seen := map[string]bool{}
		for month := range 12 {
			f := escalate.Fact{Name: "x", Type: escalate.FactDate, Value: fmt.Sprintf("2026-%02d-09", month+1)}
			seen[f.Words(lang)] = true
		}
		if len(seen) != 12 || seen["2026-01-09"] {
			t.Errorf("%s: %v", lang, seen)
		}
	}
}

func TestOnlyNamedPlaceholdersAskForFacts(t *testing.T) {
	got := escalate.FactsFor([]string{"customer_name", "Order status", "order-status", "date", "delivery.date", "größe", "link", "number", "detail"})
	if diff := cmp.Diff([]string{"order_status", "delivery_date"}, got); diff != "" {
		t.Errorf("asked for (-want +got):\n%s", diff)
	}
	if n := len(escalate.FactsFor(strings.Fields("a b c d e f g h i j k l"))); n != escalate.MaxFacts {
		t.Errorf("asked for %d facts", n)
	}
}

func TestTheHashOfFactsChangesWithAnyOfThem(t *testing.T) {
	a, b := escalate.Fact{"a", escalate.FactText, "1"}, escalate.Fact{"b", escalate.FactNumber, "1"}
	same := escalate.HashFacts("salt", []escalate.Fact{a, b})
	if escalate.HashFacts("salt", []escalate.Fact{b, a}) != same {
		t.Error("the order counts")
	}
	for name, other := range map[string]string{
		"another salt": escalate.HashFacts("salz", []escalate.Fact{a, b}), "one less": escalate.HashFacts("salt", []escalate.Fact{a}),
		"another value": escalate.HashFacts("salt", []escalate.Fact{a, {"b", escalate.FactNumber, "2"}}), "another type": escalate.HashFacts("salt", []escalate.Fact{a, {"b", escalate.FactText, "1"}}),
		"values that run together": escalate.HashFacts("salt", []escalate.Fact{{"a", escalate.FactText, `1" b number "1`}}),
	} {
		if other == same {
			t.Errorf("%s gives the same hash", name)
		}
	}
}

func FuzzFact(f *testing.F) {
	f.Add("order_status", "text", "on its way", "de")
	f.Add("a", "money", "10049.90 EUR", "fr")
	f.Add("a", "date", "2026-05-12", "es")
	f.Fuzz(func(t *testing.T, name, kind, value, lang string) {
		fact := escalate.Fact{name, escalate.FactType(kind), value}
		if fact.Check() != nil {
			return
		}
		if words := fact.Words(lang); words == "" || strings.ContainsAny(words, "\n\r<>{}") || len(words) > 1000 {
			t.Errorf("%+v is written %q", fact, words)
		}
	})
}
