package localslack

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// stateKey is where an element keeps its value in view.state and actions.
var stateKey = map[string]string{
	"plain_text_input": "value", "email_text_input": "value", "url_text_input": "value", "number_input": "value",
	"static_select": "selected_option", "external_select": "selected_option", "radio_buttons": "selected_option",
	"overflow": "selected_option", "checkboxes": "selected_options", "multi_static_select": "selected_options",
	"multi_external_select": "selected_options", "users_select": "selected_user", "multi_users_select": "selected_users",
	"channels_select": "selected_channel", "multi_channels_select": "selected_channels",
	"conversations_select": "selected_conversation", "multi_conversations_select": "selected_conversations",
	"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
	"rich_text_input": "rich_text_value", "file_input": "files",
}

// initialKey is where an element says what it starts with.
func initialKey(e obj) string {
	switch kind, _ := e["type"].(string); kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		return "initial_value"
	default:
		return strings.Replace(stateKey[kind], "selected", "initial", 1)
	}
}

// chosenState is what an element holds when a person enters value; nil value
// leaves what it starts with. A button holds nothing.
func chosenState(e obj, value any) (obj, error) {
	kind, _ := e["type"].(string)
	name := stateKey[kind]
	if name == "" {
		return obj{}, nil
	}
	if value == nil {
		start := e[initialKey(e)]
		if start == nil && strings.HasSuffix(name, "s") && name != "files" {
			start = []any{}
		}
		return obj{name: start}, nil
	}
	switch name {
	case "selected_option":
		o, err := optionNamed(e, value)
		return obj{name: o}, err
	case "selected_options":
		picked := []any{}
		for _, v := range listOf(value) {
			o, err := optionNamed(e, v)
			if err != nil {
				return nil, err
			}
			picked = append(picked, o)
		}
		return obj{name: picked}, nil
	case "value":
		s, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("%v is no text", value)
		}
		if s == "" {
			return obj{name: nil}, nil
		}
		return obj{name: s}, nil
	}
	if strings.HasSuffix(name, "s") {
		value = listOf(value)
	}
	return obj{name: value}, nil
}

func listOf(value any) []any {
	if items, ok := value.([]any); ok {
		return items
	}
	return []any{value}
}

// optionNamed finds the element's option with that value or text.
func optionNamed(e obj, value any) (any, error) {
	if value == "" {
		return nil, nil
	}
	for _, o := range optionsOf(e) {
		label, _ := o["text"].(obj)
		if o["value"] == value || label["text"] == value {
			return o, nil
		}
	}
	if e["type"] == "external_select" || e["type"] == "multi_external_select" {
		if o, whole := value.(obj); whole { // as suggest offered it
			v := newChecking(SurfaceModal)
			plainOption(v, pointer{}, value)
			if len(v.faults) > 0 {
				return nil, v.faults[0]
			}
			return o, nil
		}
		s := fmt.Sprint(value)
		return obj{"text": obj{"type": "plain_text", "text": s, "emoji": true}, "value": s}, nil
	}
	return nil, fmt.Errorf("no option %q", value)
}

func optionsOf(e obj) []obj {
	all := objects(e["options"])
	for _, g := range objects(e["option_groups"]) {
		all = append(all, objects(g["options"])...)
	}
	return all
}

func objects(v any) []obj {
	items, _ := v.([]any)
	var all []obj
	for _, it := range items {
		if o, ok := it.(obj); ok {
			all = append(all, o)
		}
	}
	return all
}

// stateValues is the values object for all elements of the blocks, given what
// a person entered: {block_id: {action_id: value}} or {action_id: value}.
func stateValues(blocks []obj, entered map[string]any) (obj, error) {
	values, used := obj{}, map[string]bool{}
	for _, b := range blocks {
		block, _ := b["block_id"].(string)
		nested, _ := entered[block].(obj)
		for _, e := range elementsOf(b) {
			action, _ := e["action_id"].(string)
			var value any
			if v, ok := nested[action]; ok {
				value, used[block] = v, true
			} else if v, ok := entered[action]; ok {
				value, used[action] = v, true
			}
			kind, _ := e["type"].(string)
			if stateKey[kind] == "" || kind == "overflow" {
				continue
			}
			held, err := chosenState(e, value)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", action, err)
			}
			setValue(values, block, action, withType(e, held))
		}
	}
	for name := range entered {
		if !used[name] {
			return nil, fmt.Errorf("no input %q there", name)
		}
	}
	return values, nil
}

func setValue(values obj, block, action string, v obj) {
	of, _ := values[block].(obj)
	if of == nil {
		of = obj{}
		values[block] = of
	}
	of[action] = v
}

func withType(e, held obj) obj {
	o := obj{"type": e["type"]}
	maps.Copy(o, held)
	return o
}

// unfilled lists, by block, what Slack's client refuses to submit.
func unfilled(blocks []obj, values obj) map[string]string {
	missing := map[string]string{}
	for _, b := range blocks {
		if b["type"] != "input" {
			continue
		}
		id, _ := b["block_id"].(string)
		e, _ := b["element"].(obj)
		action, _ := e["action_id"].(string)
		kind, _ := e["type"].(string)
		of, _ := values[id].(obj)
		held, _ := of[action].(obj)
		value := held[stateKey[kind]]
		if empty(value) {
			if b["optional"] != true {
				missing[id] = "Please complete this required field."
			}
			continue
		}
		if s, ok := value.(string); ok {
			if text := wrongLength(e, s); text != "" {
				missing[id] = text
			}
		}
	}
	return missing
}

func empty(v any) bool {
	items, isList := v.([]any)
	return v == nil || v == "" || isList && len(items) == 0
}

func wrongLength(e obj, s string) string {
	n := int64(utf8.RuneCountInString(s))
	if limit, ok := e["min_length"].(json.Number); ok {
		if least, err := limit.Int64(); err == nil && n < least {
			return fmt.Sprintf("Must be at least %d characters.", least)
		}
	}
	if limit, ok := e["max_length"].(json.Number); ok {
		if most, err := limit.Int64(); err == nil && n > most {
			return fmt.Sprintf("Must be at most %d characters.", most)
		}
	}
	return ""
}

// actionKeys are the keys of an element that its action repeats.
var actionKeys = []string{"type", "action_id", "text", "value", "style", "url", "confirm", "placeholder", "min_query_length"}

// actionOf is one entry of a block_actions payload's actions.
func actionOf(block, e, held obj, ts string) obj {
	a := obj{"block_id": block["block_id"], "action_ts": ts}
	for k, v := range e {
		if slices.Contains(actionKeys, k) || strings.HasPrefix(k, "initial_") {
			a[k] = v
		}
	}
	maps.Copy(a, held)
	return a
}

func valueOf(e obj, given any) string {
	if given == nil {
		given = e["value"]
	}
	if given == nil {
		return ""
	}
	return fmt.Sprint(given)
}

func blocksIn(raw json.RawMessage) []obj {
	v, err := decode(raw)
	if err != nil {
		return nil
	}
	return objects(v)
}

func viewBlocks(v *View) []obj { return objects(decodeObject(v.Content)["blocks"]) }

// attachedBlocks are the blocks in a message's attachments.
func attachedBlocks(m *Message) []obj {
	var all []obj
	for _, a := range blocksIn(m.Attachments) {
		all = append(all, objects(a["blocks"])...)
	}
	return all
}

// attachmentWith is the number of the attachment that a block stands in; 0 for
// none.
func attachmentWith(m *Message, blockID any) int {
	for i, a := range blocksIn(m.Attachments) {
		for _, b := range objects(a["blocks"]) {
			if b["block_id"] == blockID {
				return i + 1
			}
		}
	}
	return 0
}
