package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"warmline/escalate"
)

// reading is what one call returned, as the model wrote it. Nothing in it is believed yet.
type reading struct {
	Summary   string     `json:"summary"`
	Triggers  []sign     `json:"triggers"`
	Answer    *string    `json:"answer"`
	Citations []citation `json:"citations"`
	Draft     string     `json:"draft"`
	Unsure    *bool      `json:"unsure"`
}

type sign struct {
	Kind  escalate.TriggerKind `json:"kind"`
	Topic string               `json:"topic"`
	Quote string               `json:"quote"`
}

type citation struct {
	Source string `json:"source"`
	Quote  string `json:"quote"`
}

// Bounds of a reading. What is larger is no reading.
const (
	maxSummary = 1200
	maxDraft   = 6000
	maxQuote   = 800
	maxItems   = 16
	maxDepth   = 8
)

// signs are the triggers that a model may report. The others are facts that it cannot know.
var signs = []escalate.TriggerKind{
	escalate.Safety, escalate.HumanRequest, escalate.Suspicious, escalate.HighRisk, escalate.Anger,
}

// schema is the reading as a JSON schema, in the subset that strict endpoints take: every key required, none other allowed.
func schema(labels []string) json.RawMessage {
	text := map[string]any{"type": "string"}
	enum := func(values ...string) map[string]any { return map[string]any{"type": "string", "enum": values} }
	object := func(keys ...any) map[string]any {
		properties, required := map[string]any{}, []string{}
		for i := 0; i < len(keys); i += 2 {
			name, _ := keys[i].(string)
			properties[name], required = keys[i+1], append(required, name)
		}
		return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	}
	list := func(of any) map[string]any { return map[string]any{"type": "array", "items": of} }
	kinds := make([]string, len(signs))
	for i, k := range signs {
		kinds[i] = string(k)
	}
	answers := []string{"none"}
	for _, l := range labels {
		if l[0] == 'S' {
			answers = append(answers, l)
		}
	}
	b, err := json.Marshal(object(
		"summary", text,
		"triggers", list(object("kind", enum(kinds...), "topic", enum(append([]string{""}, escalate.Risks...)...), "quote", text)),
		"answer", enum(answers...),
		"citations", list(object("source", text, "quote", text)),
		"draft", text,
		"unsure", map[string]any{"type": "boolean"},
	))
	if err != nil {
		panic(err) // strings and maps of strings always encode
	}
	return b
}

var errNoObject = errors.New("no JSON object in it")

// parse reads a model's answer. An endpoint that ignores the schema may put words or a code fence around the object; in the
// object itself nothing unknown, nothing twice and nothing oversized is accepted.
func parse(content string) (*reading, error) {
	if !utf8.ValidString(content) || strings.ContainsRune(content, utf8.RuneError) {
		return nil, errors.New("not UTF-8")
	}
	if _, after, ok := strings.Cut(content, "</think>"); ok {
		content = after
	}
	start := strings.IndexByte(content, '{')
	if start < 0 {
		return nil, errNoObject
	}
	var raw json.RawMessage
	if err := json.NewDecoder(strings.NewReader(content[start:])).Decode(&raw); err != nil {
		return nil, fmt.Errorf("read object: %w", err)
	}
	if err := unique(raw); err != nil {
		return nil, err
	}
	var r reading
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("read object: %w", err)
	}
	return &r, r.check()
}

func (r *reading) check() error {
	switch {
	case r.Answer == nil || r.Unsure == nil:
		return errors.New("answer or unsure is missing")
	case len(r.Summary) > maxSummary, len(r.Draft) > maxDraft, len(r.Triggers) > maxItems, len(r.Citations) > maxItems, len(*r.Answer) > 16:
		return errors.New("too large")
	}
	for _, c := range r.Citations {
		if len(c.Quote) > maxQuote || len(c.Source) > 16 {
			return errors.New("a citation is too large")
		}
	}
	for _, s := range r.Triggers {
		if len(s.Quote) > maxQuote || len(s.Topic) > 40 || len(s.Kind) > 40 {
			return errors.New("a trigger is too large")
		}
	}
	return nil
}

// unique refuses an object in which a key stands twice: two readers would see two different things.
func unique(raw []byte) error {
	type level struct {
		keys map[string]bool // nil in a list
		key  bool            // the next token is a key
	}
	var open []level
	d := json.NewDecoder(bytes.NewReader(raw))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read object: %w", err)
		}
		if delim, ok := token.(json.Delim); ok {
			switch delim {
			case '{':
				open = append(open, level{map[string]bool{}, true})
			case '[':
				open = append(open, level{})
			default:
				open = open[:len(open)-1]
				if n := len(open) - 1; n >= 0 && open[n].keys != nil {
					open[n].key = true
				}
			}
			if len(open) > maxDepth {
				return errors.New("nested too deep")
			}
			continue
		}
		n := len(open) - 1
		switch {
		case n < 0 || open[n].keys == nil:
		case open[n].key:
			name, _ := token.(string)
			if name = strings.ToLower(strings.ToUpper(name)); open[n].keys[name] { // as encoding/json matches keys
				return fmt.Errorf("key %.40q stands twice", name)
			}
			open[n].keys[name], open[n].key = true, false
		default:
			open[n].key = true
		}
	}
}
