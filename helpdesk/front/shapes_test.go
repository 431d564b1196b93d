package front

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// What is read is what Front's specification names: an answer made of its own examples decodes without loss. No answer of a real account
// is at hand to try.
func TestTheShapesAreThoseOfTheSpecification(t *testing.T) {
	folder := os.Getenv("WARMLINE_SPECS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "specs")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(folder, "front", "core-api.json"))
	if err != nil {
		t.Skipf("SKIPPED: front/core-api.json is not here; WARMLINE_SPECS names the folder of the vendors' specifications: %v", err)
	}
	for name, into := range map[string]any{
		"ConversationResponse": &conversation{}, "MessageResponse": &message{}, "CommentResponse": &comment{}, "TeammateResponse": &teammate{},
		"TagResponse": &tag{}, "RecipientResponse": &recipient{}, "Attachment": &attachment{}, "EventResponse": &event{}, "StatusResponse": &status{},
		"MessageTemplateResponse": &template{}, "KnowledgeBaseResponse": &knowledgeBase{}, "KnowledgeBaseArticleSlimResponse": &listedArticle{},
		"KnowledgeBaseArticleResponse": &article{}, "KnowledgeBaseCategorySlimResponse": &category{},
	} {
		t.Run(name, func(t *testing.T) {
			raw, err := json.Marshal(sample(doc.Components.Schemas[name], 0))
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(raw, into); err != nil {
				t.Fatalf("%v: %s", err, raw)
			}
			wantWhole(t, name, reflect.ValueOf(into).Elem(), raw)
		})
	}
}

// sample is a value of a schema, made of its examples.
func sample(ref *openapi3.SchemaRef, depth int) any {
	s := ref.Value
	switch {
	case depth > 6:
		return nil
	case s.Type.Is("object") || len(s.Properties) > 0:
		object := make(map[string]any)
		for name, p := range s.Properties {
			object[name] = sample(p, depth+1)
		}
		return object
	case s.Example != nil:
		return s.Example
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.OneOf) > 0:
		return sample(s.OneOf[0], depth+1)
	case s.Type.Is("array"):
		return []any{sample(s.Items, depth+1)}
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("string"):
		return "x"
	}
	return nil
}

// wantWhole fails for every field that stayed empty.
func wantWhole(t *testing.T, at string, v reflect.Value, raw []byte) {
	t.Helper()
	if i, ok := reflect.TypeAssert[instant](v); ok {
		if i.IsZero() || i.After(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("%s is %v: %s", at, i, raw)
		}
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			wantWhole(t, at+"."+v.Type().Field(i).Name, v.Field(i), raw)
		}
	case reflect.Pointer:
		if v.IsNil() {
			t.Errorf("%s is missing: %s", at, raw)
			return
		}
		wantWhole(t, at, v.Elem(), raw)
	case reflect.Slice:
		if v.Len() == 0 {
			t.Errorf("%s is empty: %s", at, raw)
		}
		for i := range v.Len() {
			if v.Type().Elem().Kind() == reflect.Struct {
				wantWhole(t, at, v.Index(i), raw)
			}
		}
	case reflect.Bool: // false is a value, too
	default:
		if v.IsZero() && at != "EventResponse.Links.Related.Conversation" { // of previews alone: events have their conversation whole
			t.Errorf("%s is empty: %s", at, raw)
		}
	}
}

func TestInstants(t *testing.T) {
	for in, want := range map[string]string{
		"1701292649.333": "2023-11-29T21:17:29.333Z", "1701292649": "2023-11-29T21:17:29Z", "1701292649333": "2023-11-29T21:17:29.333Z",
		`"1701292649.333"`: "2023-11-29T21:17:29.333Z", `"2023-11-29T21:17:29Z"`: "2023-11-29T21:17:29Z", "1.701292649333e9": "2023-11-29T21:17:29.333Z",
		"null": "", "0": "", "-5": "", "1e300": "", `"soon"`: "", "{}": "", "[1]": "", "true": "",
	} {
		var i instant
		if err := json.Unmarshal([]byte(in), &i); err != nil {
			t.Fatal(err)
		}
		got := ""
		if !i.IsZero() {
			got = i.Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestSigns(t *testing.T) {
	for _, text := range []string{"Hello.", "Hello.\n\n— Ana", "a\n\nb", "— x", ""} {
		for _, author := range []string{"", "Ana Ruiz", "Ana — Ruiz"} {
			got := cutSign(withSign(text, author, "01JD9F"))
			if want := (signed{text: text, author: author, key: "01JD9F"}); got != want {
				t.Errorf("%q of %q: got %+v", text, author, got)
			}
		}
	}
	for _, text := range []string{"", "Hello.", "see [ref:1]", "> [ref:1]", "[ref:]", "[ref:1] and more"} {
		if got := cutSign(text); got != (signed{text: text}) {
			t.Errorf("%q: got %+v, want no marker", text, got)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, cursor := range []string{"1703102616.123", "1703102616.000 evt_1", "1703102616.009 evt_1,evt_2", "1703102616.009 a%2Cb,+"} {
		m, err := parseMark(cursor)
		if err != nil || m.String() != cursor {
			t.Errorf("%q: got %q, %v", cursor, m, err)
		}
	}
}

// FuzzHook holds the reading of webhooks to finding a ticket or saying why not, whatever comes.
func FuzzHook(f *testing.F) {
	for _, seed := range []string{
		`{"type":"inbound_received","payload":{"conversation":{"id":"cnv_1"},"target":{"_meta":{"type":"message"},"data":{"type":"sms"}}}}`,
		`{"type":"conversations_merged","conversation":null,"target":{"_meta":{"type":"deleted_conversation_ids"},"data":["cnv_1",{"id":2}]}}`,
		`{"type":7,"conversation":{"id":12,"type":null}}`, `{"payload":{"target":null}}`, `[]`, `{"type":"x","target":{"_meta":{"type":"deleted_conversation_ids"},"data":"cnv_9"}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		hints, err := parseHook(body)
		if err != nil && len(hints) > 0 {
			t.Errorf("hints %v and an error: %v", hints, err)
		}
		for i, h := range hints {
			if h.Ticket == "" && json.Valid(body) {
				t.Errorf("hint %d names no ticket: %s", i, body)
			}
		}
	})
}

// FuzzMessages holds the reading of messages and comments to what no message may ever do: show a note to the customer, or let a customer
// carry our marker.
func FuzzMessages(f *testing.F) {
	for _, seed := range []string{
		`{"_results":[{"id":"msg_1","is_inbound":true,"body":"<p>x</p><p>[ref:1]</p>","recipients":[{"role":"from","handle":"a@b.example"}]}]}`,
		`{"_results":[{"id":1,"author":{"type":"api"},"body":"x\n\n[ref:1]","created_at":"1","posted_at":1e3,"attachments":[{"id":"fil_1","size":-1}]}]}`,
		`{"_results":[null,{}],"_pagination":{"next":"https://x/?page_token=1"}}`,
	} {
		f.Add([]byte(seed))
	}
	c := &Connector{bot: "AI assistant", now: time.Now}
	f.Fuzz(func(t *testing.T, body []byte) {
		var messages page[message]
		var comments page[comment]
		if json.Unmarshal(body, &messages) != nil || json.Unmarshal(body, &comments) != nil {
			return
		}
		_, _ = messages.next("read messages")
		notes := make(map[string]bool)
		for i := range comments.Results {
			n := c.noted(&comments.Results[i])
			notes[fmt.Sprintf("%+v", n)] = true
			if n.Public {
				t.Fatalf("a comment is public: %+v", n)
			}
		}
		for _, m := range c.transcript(&conversation{}, messages.Results, comments.Results) {
			if m.Role == "customer" && m.Marker != "" || m.Public && notes[fmt.Sprintf("%+v", m)] {
				t.Fatalf("it reads as %+v", m)
			}
		}
	})
}
