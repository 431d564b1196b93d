package helpdesktest

import (
	"encoding/json"
	"regexp"

	"warmline/helpdesk"
)

func tellsBrand(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowBrand)
	if f.Brand == nil {
		t.Fatal("the fixture has no brands")
	}
	one, other := f.Create(t, first), f.Create(t, first)
	names := [2]string{f.Brand(t, one, 0), f.Brand(t, other, 1)}
	if names[0] == "" || names[0] == names[1] {
		t.Fatalf("the fixture's two brands are %q", names)
	}
	for range 2 { // the second time from memory
		want(t, "brand", read(t, f, one).Content.Brand, names[0])
		want(t, "brand of the other", read(t, f, other).Content.Brand, names[1])
	}
	f.Brand(t, one, 1)
	want(t, "brand of a ticket that was moved", read(t, f, one).Content.Brand, names[1])
}

func tellsValue(c *contract) {
	t, f := c.t, c.Fixture
	able(c, helpdesk.RowValue)
	if f.Value == nil {
		t.Fatal("the fixture has no field for what a ticket is worth")
	}
	id := f.Create(t, first)
	want(t, "value of a ticket of which nobody said it", read(t, f, id).Content.Value, 0)
	for _, one := range []struct {
		typed string
		is    float64
	}{
		{"1250.5", 1250.5},
		{"5000", 5000},
		{"0", 0},
		{"1.234,50", 0},
		{"1,234.50", 0},
		{"-5", 0},
		{"NaN", 0},
		{"1e999", 0},
		{"a lot", 0},
	} {
		id := f.Create(t, first)
		f.Value(t, id, one.typed)
		want(t, "value "+one.typed, read(t, f, id).Content.Value, one.is)
	}
}

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[0-9]+)?$`)

// Typed is what somebody typed as an answer shows it: a number as one, and all else as text.
func Typed(text string) any {
	if number.MatchString(text) {
		return json.Number(text)
	}
	return text
}
