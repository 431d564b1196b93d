package generic

import (
	"reflect"
	"strings"
	"testing"
)

const doc = `{"data": {"id": 12345678901234567890, "name": "Ina", "gone": null, "tags": [{"name": "a"}, {"name": "b"}, {}, "odd"], "flag": false, "x.y": 1}, "list": [["a", "b"], ["c"]]}`

func TestPathsFindWhatTheyName(t *testing.T) {
	tree, err := decode([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[Path][]string{
		"data.id": {"12345678901234567890"}, "$.data.name": {"Ina"}, "data.gone": {""}, "data.none": nil, "data.name.first": nil, "data.tags[*].name": {"a", "b"},
		"data.tags[1].name": {"b"}, "data.tags[9].name": nil, "data.flag": {"false"}, "list[*][*]": {"a", "b", "c"}, "$[0]": nil, "list[1][0]": {"c"}, "data[0]": nil,
	} {
		if _, err := path.steps(); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		var got []string
		for _, v := range path.values(tree) {
			got = append(got, textOf(v))
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s finds %q, want %q", path, got, want)
		}
	}
	if list, there := Path("$").items([]any{"a"}); !there || len(list) != 1 {
		t.Errorf("the document itself: %v, %v", list, there)
	}
	if list, there := Path("data.gone").items(tree); !there || len(list) != 0 {
		t.Errorf("null for a list: %v, %v", list, there)
	}
	if _, there := Path("data.name").items(tree); there {
		t.Error("a text passes for a list")
	}
}

func TestPathsAreAClosedDialect(t *testing.T) {
	for _, path := range []Path{
		"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[-1]", "a[01]", "a[1:2]", "a[?(@.b)]", "a.*", "a b", "$a", "$$", "a]", "a['b']", "..a", "a[+1]", "length(a)",
		Path(strings.Repeat("a.", 20) + "a"), Path(strings.Repeat("a", 300)),
	} {
		if _, err := path.steps(); err == nil {
			t.Errorf("%q passes", path)
		}
	}
}

// TestPathsFindABoundedNumber: three of [*] over lists of a thousand would find a thousand million.
func TestPathsFindABoundedNumber(t *testing.T) {
	row := make([]any, 1000)
	for i := range row {
		row[i] = "x"
	}
	square := make([]any, 1000)
	for i := range square {
		square[i] = row
	}
	cube := make([]any, 1000)
	for i := range cube {
		cube[i] = square
	}
	if got := len(Path("$[*][*][*]").values(cube)); got != mostFound {
		t.Errorf("found %d, want %d", got, mostFound)
	}
}

func TestInstantsAreReadAsHelpdesksWriteThem(t *testing.T) {
	const want = "2026-11-23T08:00:00Z"
	for _, text := range []string{
		"2026-11-23T08:00:00Z", "2026-11-23T09:00:00+01:00", "2026-11-23T09:00:00.000+0100", "2026-11-23 08:00:00", "2026-11-23T08:00:00", "2026-11-23 08:00:00 UTC", "2026-11-23 09:00:00 +0100",
		"1795420800", "1795420800000", "1795420800.0", "Mon, 23 Nov 2026 08:00:00 GMT", " 2026-11-23T08:00:00.000000Z ",
	} {
		at, err := instant(text)
		if err != nil || at.UTC().Format("2006-01-02T15:04:05Z07:00") != want {
			t.Errorf("%q is %s, %v", text, at, err)
		}
	}
	for _, text := range []string{"yesterday", "-1", "NaN", "Inf", "1e300", "23.11.2026", "2026-13-01"} {
		if at, err := instant(text); err == nil {
			t.Errorf("%q is %s", text, at)
		}
	}
	if at, err := instant(""); err != nil || !at.IsZero() {
		t.Errorf("nothing is %s, %v", at, err)
	}
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"data.tags[*].name", "$[0]", "a[", "list[1][0]"} {
		f.Add(seed, doc)
	}
	f.Fuzz(func(t *testing.T, path, source string) {
		tree, err := decode([]byte(source))
		if err != nil {
			return
		}
		if found := Path(path).values(tree); len(found) > mostFound {
			t.Errorf("%q finds %d", path, len(found))
		}
		_, _ = Path(path).items(tree)
	})
}
