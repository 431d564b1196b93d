package localslack

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxCounted is how much text all blocks of a message may hold together.
// Slack does not document it; see bolt-js#2509.
const maxCounted = 13_200

// countedHeader is what a header counts for besides its text, as measured.
const countedHeader = 100

var modalView = map[string]field{
	"type": is("modal"), "title": need(plain(24)), "submit": may(orNull(plain(24))), "close": may(orNull(plain(24))),
	"blocks": need(blocksOf), "private_metadata": may(text(0, 3000)), "callback_id": may(text(0, 255)),
	"external_id": may(text(0, 255)), "clear_on_close": may(boolean), "notify_on_close": may(boolean),
	"submit_disabled": may(boolean),
}

var homeView = map[string]field{
	"type": is("home"), "blocks": need(blocksOf), "private_metadata": may(text(0, 3000)),
	"callback_id": may(text(0, 255)), "external_id": may(text(0, 255)),
	"title": may(orNull(plain(24))), "submit": may(orNull(plain(24))), "close": may(orNull(plain(24))),
	"clear_on_close": may(boolean), "notify_on_close": may(boolean),
}

func blocksOf(v *checking, at pointer, value any) { v.blocks(at, value) }

func orNull(c checker) checker {
	return func(v *checking, at pointer, value any) {
		if value != nil {
			c(v, at, value)
		}
	}
}

// CheckView checks a modal or Home view as an app would send it.
func CheckView(raw json.RawMessage) []BlockError {
	v := newChecking(SurfaceModal)
	value, err := decode(raw)
	if err != nil {
		v.fault(pointer{}, "type", "object", "the view is not valid JSON: %v", err)
		return v.faults
	}
	o, _ := value.(obj)
	kind, _ := o["type"].(string)
	switch kind {
	case "modal":
		object(modalView)(v, pointer{}, value)
		if o["submit"] == nil && hasInput(o["blocks"]) {
			v.fault(pointer{}, "required", "submit", "`submit` is required when an input block is in the modal")
		}
	case "home":
		v.surface = SurfaceHome
		object(homeView)(v, pointer{}, value)
	default:
		top := pointer{}
		v.fault(top.at("type"), "enum", []string{"modal", "home"}, "unsupported type: %s", kind)
	}
	return v.sorted()
}

func hasInput(blocks any) bool {
	items, _ := blocks.([]any)
	return slices.ContainsFunc(items, func(b any) bool {
		o, _ := b.(obj)
		return o["type"] == "input"
	})
}

// checkMessage is CheckBlocks for the message argument of blocks.validate.
func checkMessage(raw json.RawMessage) []BlockError {
	v := newChecking(SurfaceMessage)
	o := decodeObject(raw)
	if o == nil {
		v.fault(pointer{}, "type", "object", "must be an object")
	} else if blocks, has := o["blocks"]; has {
		top := pointer{}
		v.blocks(top.at("blocks"), blocks)
	}
	return v.sorted()
}

// sorted puts the faults in document order as far as text can.
func (v *checking) sorted() []BlockError {
	slices.SortFunc(v.faults, func(a, b BlockError) int {
		return strings.Compare(a.Pointer+"\x00"+a.Message, b.Pointer+"\x00"+b.Message)
	})
	return v.faults
}

// countText counts the characters of all texts as Slack does for
// msg_blocks_too_long: escaped, and a header for 100 more.
func countText(raw json.RawMessage) int {
	v, err := decode(raw)
	if err != nil {
		return 0
	}
	return countValue(v)
}

func countValue(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			n += countValue(item)
		}
	case obj:
		if v["type"] == "header" {
			n += countedHeader
		}
		for name, val := range v {
			if s, ok := val.(string); ok && name == "text" {
				n += utf8.RuneCountInString(s) + 3*strings.Count(s, "<") + 3*strings.Count(s, ">") + 4*strings.Count(s, "&")
				continue
			}
			n += countValue(val)
		}
	}
	return n
}

// fillBlocks returns checked blocks as Slack keeps them: every block with a
// block_id, every element with an action_id, text objects spelled out. No
// blocks at all are nil.
func fillBlocks(raw json.RawMessage) json.RawMessage {
	v, err := decode(raw)
	blocks, _ := v.([]any)
	if err != nil || len(blocks) == 0 {
		return nil
	}
	fill(blocks)
	return mustMarshal(blocks)
}

func fillView(view obj) json.RawMessage {
	blocks, _ := view["blocks"].([]any)
	fill(blocks)
	return mustMarshal(view)
}

func fill(blocks []any) {
	for _, b := range blocks {
		block := b.(obj)
		if id, _ := block["block_id"].(string); id == "" {
			block["block_id"] = newID("")[:5]
		}
		fillTexts(block)
		for _, e := range elementsOf(block) {
			if id, _ := e["action_id"].(string); id == "" {
				e["action_id"] = newID("")[:5]
			}
		}
	}
}

func fillTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			fillTexts(item)
		}
	case obj:
		switch {
		case v["type"] == "plain_text" && v["emoji"] == nil:
			v["emoji"] = true
		case v["type"] == "mrkdwn" && v["verbatim"] == nil:
			v["verbatim"] = false
		}
		for _, val := range v {
			fillTexts(val)
		}
	}
}

// elementsOf lists the elements of a block that a person can act on.
func elementsOf(block obj) []obj {
	var found []obj
	take := func(v any) {
		if e, ok := v.(obj); ok && actionable(e) {
			found = append(found, e)
		}
	}
	switch block["type"] {
	case "section":
		take(block["accessory"])
	case "input":
		take(block["element"])
	case "actions", "context_actions":
		items, _ := block["elements"].([]any)
		for _, e := range items {
			take(e)
		}
	}
	return found
}

func actionable(e obj) bool {
	switch e["type"] {
	case nil, "image", "plain_text", "mrkdwn":
		return false
	}
	return true
}

// mustMarshal encodes what was decoded from JSON before, which cannot fail.
func mustMarshal(v any) json.RawMessage {
	b, err := marshal(v)
	if err != nil {
		panic("localslack: encode decoded JSON: " + err.Error())
	}
	return b
}
