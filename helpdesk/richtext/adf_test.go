package richtext_test

import (
	"encoding/json"
	"strings"
	"testing"

	"warmline/helpdesk/richtext"
)

// fullADF has a node of every kind that Jira's editor makes.
const fullADF = `{"type":"doc","version":1,"content":[
{"type":"heading","attrs":{"level":2},"content":[{"type":"text","text":"Steps"}]},
{"type":"paragraph","content":[{"type":"text","text":"Hi ","marks":[{"type":"strong"}]},{"type":"mention","attrs":{"id":"a1","text":"@Kim"}},{"type":"text","text":" "},
 {"type":"emoji","attrs":{"shortName":":smile:","text":"😄"}},{"type":"hardBreak"},{"type":"text","text":"see "},
 {"type":"text","text":"the page","marks":[{"type":"link","attrs":{"href":"https://a.test/x"}}]},{"type":"text","text":" by "},{"type":"date","attrs":{"timestamp":"1795392000000"}},
 {"type":"text","text":" "},{"type":"status","attrs":{"text":"OPEN","color":"blue"}},{"type":"text","text":" "},{"type":"inlineCard","attrs":{"url":"https://a.test/y"}}]},
{"type":"paragraph"},
{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"one"}]},
 {"type":"orderedList","attrs":{"order":3},"content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"deep"}]}]}]}]},
 {"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"two"}]}]}]},
{"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"said"}]},{"type":"paragraph","content":[{"type":"text","text":"so"}]}]},
{"type":"codeBlock","attrs":{"language":"go"},"content":[{"type":"text","text":"if x {\n  y()\n}"}]},
{"type":"rule"},
{"type":"panel","attrs":{"panelType":"info"},"content":[{"type":"paragraph","content":[{"type":"text","text":"note"}]}]},
{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"Item"}]}]},
 {"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"Price"}]}]}]},
 {"type":"tableRow","content":[{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"Mug"}]}]},{"type":"tableCell","content":[{"type":"paragraph","content":[{"type":"text","text":"5 €"}]}]}]}]},
{"type":"taskList","attrs":{"localId":"t"},"content":[{"type":"taskItem","attrs":{"localId":"t1","state":"DONE"},"content":[{"type":"text","text":"call"}]},
 {"type":"taskItem","attrs":{"localId":"t2","state":"TODO"},"content":[{"type":"text","text":"write"}]}]},
{"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file","id":"m","collection":"c","alt":"lid.jpg"}}]},
{"type":"expand","attrs":{"title":"More"},"content":[{"type":"paragraph","content":[{"type":"text","text":"inside"}]}]},
{"type":"blockCard","attrs":{"url":"https://a.test/z"}}]}`

const fullText = `Steps

Hi @Kim 😄
see the page (https://a.test/x) by 2026-11-23 OPEN https://a.test/y

- one
  3. deep
- two

> said
>
> so

if x {
  y()
}

note

Item | Price
Mug | 5 €

- [x] call
- [ ] write

lid.jpg

More

inside

https://a.test/z`

func TestTextReadsADF(t *testing.T) {
	if err := richtext.CheckADF([]byte(fullADF)); err != nil {
		t.Errorf("the document is valid: %v", err)
	}
	for _, tc := range []struct{ adf, want string }{
		{fullADF, fullText},
		{"", ""},
		{"null", ""},
		{" null ", ""},
		{`"plain\r\n <b>"`, "plain\n <b>"},
		{`{"type":"doc","version":1}`, ""},
		{`{"type":"doc","content":[{"type":"new","content":[{"type":"paragraph","content":[{"type":"text","text":"a"},{"type":"newer"}]}]}]}`, "a"},
	} {
		got, err := richtext.TextOfADF(json.RawMessage(tc.adf))
		if err != nil || got != tc.want {
			t.Errorf("%.60s:\n got %q, %v\nwant %q", tc.adf, got, err, tc.want)
		}
	}
	for _, bad := range []string{"{", "[]", "7", `{"type":"paragraph"}`, `"`, `{"type":"doc","content":7}`} {
		if got, err := richtext.TextOfADF(json.RawMessage(bad)); err == nil {
			t.Errorf("%s was read as %q", bad, got)
		}
	}
}

func TestWhatWeWriteIsValidADF(t *testing.T) {
	for _, s := range hostile {
		if err := richtext.CheckADF(richtext.ADF(s)); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestCheckADFRefusesWhatJiraDoes(t *testing.T) {
	doc := func(content string) string { return `{"type":"doc","version":1,"content":[` + content + `]}` }
	for _, tc := range []struct{ adf, why string }{
		{`"plain text"`, "no plain text"},
		{"null", "no JSON object"},
		{`{"type":"doc","version":1}`, `no "content"`},
		{`{"type":"doc","content":[]}`, "version"},
		{`{"type":"doc","version":2,"content":[]}`, "version"},
		{`{"type":"paragraph","version":1,"content":[]}`, `want "doc"`},
		{doc("") + "x", "follows"},
		{doc(`{"type":"text","text":"x"}`), "may not be here"},
		{doc(`{"type":"paragraph","content":[{"type":"text","text":""}]}`), "empty"},
		{doc(`{"type":"paragraph","content":[{"type":"text"}]}`), "empty"},
		{doc(`{"type":"paragraph","text":"x"}`), "no text of its own"},
		{doc(`{"type":"paragraph","contents":[]}`), "unknown field"},
		{doc(`{"type":"paragraph","content":[{"type":"paragraph"}]}`), "may not be here"},
		{doc(`{"type":"paragraph","version":1}`), "only the document"},
		{doc(`{"type":"heading"}`), "level"},
		{doc(`{"type":"heading","attrs":{"level":7}}`), "1 to 6"},
		{doc(`{"type":"bulletList","content":[]}`), "at least 1"},
		{doc(`{"type":"bulletList","content":[{"type":"paragraph"}]}`), "may not be here"},
		{doc(`{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"bulletList"}]}]}`), "may not be here"},
		{doc(`{"type":"rule","content":[]}`), "no content"},
		{doc(`{"type":"codeBlock","content":[{"type":"hardBreak"}]}`), "may not be here"},
		{doc(`{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"bold"}]}]}`), "mark"},
		{doc(`{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link"}]}]}`), "href"},
		{doc(`{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"code"},{"type":"strong"}]}]}`), "code goes with"},
		{doc(`{"type":"paragraph","content":[{"type":"mention"}]}`), `"id"`},
		{doc(`{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[]}]}]}`), "at least 1"},
		{doc(`{"type":"made-up"}`), "may not be here"},
	} {
		if err := richtext.CheckADF(json.RawMessage(tc.adf)); err == nil || !strings.Contains(err.Error(), tc.why) {
			t.Errorf("%s: got %v, want a refusal that says %q", tc.adf, err, tc.why)
		}
	}
}
