package generic

import (
	"reflect"
	"testing"
)

func TestAnAddressIsWhatItsTemplateSays(t *testing.T) {
	path, query, err := values{"ticket": "7/8 ?"}.address("/a%20b/x{ticket}?filter=%5B1%2B2%5D&since={since}&q=t:{ticket}&flag")
	if err != nil || !reflect.DeepEqual(path, []string{"a b", "x7/8 ?"}) || query.Encode() != "filter=%5B1%2B2%5D&flag=&q=t%3A7%2F8+%3F" {
		t.Errorf("%q, %q, %v", path, query.Encode(), err)
	}
}

func TestABodyKeepsItsTypesAndLeavesOutWhatIsAbsent(t *testing.T) {
	v := values{"tags": []string{"a"}, "text": `"}{key}`, "agent.number": integer("12345678901234567")}
	got, _, err := v.build(map[string]any{"tags": "{tags}", "text": "> {text}", "n": "{agent.number}", "who": "{author}", "to": []any{"{customer.email}"}, "private": false})
	want := map[string]any{"tags": []string{"a"}, "text": `> "}{key}`, "n": integer("12345678901234567"), "to": []any{}, "private": false}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, %v", got, err)
	}
	for _, id := range []string{"", "7a", "-1", "01", "1e3", "7, 8"} {
		if _, _, err := (values{"agent.number": integer(id)}).build("{agent.number}"); err == nil {
			t.Errorf("%q passes for a number", id)
		}
	}
}
