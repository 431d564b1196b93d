package localslack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Surface is where blocks are to be shown.
type Surface int

// The surfaces: a message takes 50 blocks, a view 100.
const (
	SurfaceMessage Surface = iota
	SurfaceModal
	SurfaceHome
)

func (s Surface) maxBlocks() int {
	if s == SurfaceMessage {
		return 50
	}
	return 100
}

// BlockError is one thing wrong with blocks or a view.
type BlockError struct {
	Pointer    string // JSON pointer from the top of what was checked
	Message    string // for people
	Constraint string // what kind of rule: required, type, enum, maxLength, …
	Expected   any
}

// Error makes it an error for tests and builders that check their output.
func (e BlockError) Error() string { return e.Message + " [json-pointer:" + e.Pointer + "]" }

// checker looks at one value and reports what is wrong with it.
type checker func(v *checking, at pointer, value any)

// checking is one run over a payload.
type checking struct {
	surface   Surface
	faults    []BlockError
	blockIDs  map[string]bool
	actionIDs map[string]bool
}

// pointer is a JSON pointer that is only spelled out when something is wrong.
type pointer struct {
	up   *pointer
	name string
}

func (p *pointer) at(name string) pointer { return pointer{p, name} }

func (p *pointer) item(i int) pointer { return pointer{p, strconv.Itoa(i)} }

func (p *pointer) String() string {
	if p == nil || p.up == nil && p.name == "" {
		return ""
	}
	escaped := strings.NewReplacer("~", "~0", "/", "~1").Replace(p.name)
	return p.up.String() + "/" + escaped
}

func (v *checking) fault(at pointer, constraint string, expected any, format string, args ...any) {
	v.faults = append(v.faults, BlockError{at.String(), fmt.Sprintf(format, args...), constraint, expected})
}

// CheckBlocks checks a JSON array of blocks against Slack's rules. Classic
// blocks are checked by the tables in blocks_text.go and blocks_elements.go,
// newer ones by Slack's own JSON schema.
func CheckBlocks(raw json.RawMessage, surface Surface) []BlockError {
	v := newChecking(surface)
	value, err := decode(raw)
	if err != nil {
		v.fault(pointer{}, "type", "array", "blocks are not valid JSON: %v", err)
		return v.faults
	}
	v.blocks(pointer{}, value)
	return v.sorted()
}

func newChecking(s Surface) *checking {
	return &checking{surface: s, blockIDs: map[string]bool{}, actionIDs: map[string]bool{}}
}

func (v *checking) blocks(at pointer, value any) {
	items, ok := value.([]any)
	if !ok {
		v.fault(at, "type", "array", "must be an array")
		return
	}
	if limit := v.surface.maxBlocks(); len(items) > limit {
		v.fault(at, "maxItems", limit, "no more than %d items allowed", limit)
		return
	}
	for i, b := range items {
		v.block(at.item(i), b)
	}
	if v.surface == SurfaceMessage {
		v.whole(at, items)
	}
}

func (v *checking) block(at pointer, value any) {
	b, ok := value.(obj)
	if !ok {
		v.fault(at, "type", "object", "must be an object")
		return
	}
	kind, _ := b["type"].(string)
	if check, classic := classicBlocks[kind]; classic {
		check(v, at, value)
	} else {
		v.faults = append(v.faults, checkNewerBlock(kind, at.String(), value)...)
	}
	if kind == "input" && v.surface == SurfaceHome {
		v.fault(at.at("type"), "enum", nil, "input blocks are not allowed in a Home tab")
	}
	if kind == "markdown" && v.surface != SurfaceMessage {
		v.fault(at.at("type"), "enum", nil, "markdown blocks are allowed in messages only")
	}
	v.unique(at.at("block_id"), v.blockIDs, "block_id", b["block_id"])
}

// unique refuses an id that was seen before on the same surface.
func (v *checking) unique(at pointer, seen map[string]bool, name string, value any) {
	id, ok := value.(string)
	if !ok || id == "" {
		return
	}
	if seen[id] {
		v.fault(at, "unique", nil, "`%s` %q already exists", name, id)
	}
	seen[id] = true
}

// decode is json.Unmarshal that keeps numbers as written and allows nothing
// after the value.
func decode(raw json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, errors.New("text after the JSON value")
	}
	return v, nil
}

// decodeObject returns the object that raw encodes, or nil.
func decodeObject(raw json.RawMessage) obj {
	v, err := decode(raw)
	if err != nil {
		return nil
	}
	o, _ := v.(obj)
	return o
}

// The words of the tables: each makes a checker.

// field is one property of an object.
type field struct {
	required bool
	check    checker
}

func need(c checker) field { return field{true, c} }
func may(c checker) field  { return field{false, c} }

// object checks a closed object: known fields only, required ones present.
func object(fields map[string]field) checker {
	return func(v *checking, at pointer, value any) {
		o, ok := value.(obj)
		if !ok {
			v.fault(at, "type", "object", "must be an object")
			return
		}
		for name, f := range fields {
			val, has := o[name]
			switch {
			case has:
				f.check(v, at.at(name), val)
			case f.required:
				v.fault(at, "required", name, "missing required field: %s", name)
			}
		}
		for name := range o {
			if _, known := fields[name]; !known {
				v.fault(at.at(name), "additionalProperties", nil, "invalid additional property: %s", name)
			}
		}
	}
}

// text checks a string of minimum to maximum characters; 0 maximum: no limit.
func text(minimum, maximum int) checker {
	return func(v *checking, at pointer, value any) {
		s, ok := value.(string)
		if !ok {
			v.fault(at, "type", "string", "must be a string")
			return
		}
		n := utf8.RuneCountInString(s)
		if n < minimum {
			v.fault(at, "minLength", minimum, "must be more than %d characters", minimum-1)
		}
		if maximum > 0 && n > maximum {
			v.fault(at, "maxLength", maximum, "must be less than %d characters", maximum+1)
		}
	}
}

func boolean(v *checking, at pointer, value any) {
	if _, ok := value.(bool); !ok {
		v.fault(at, "type", "boolean", "must be a boolean")
	}
}

func number(v *checking, at pointer, value any) {
	if _, ok := value.(json.Number); !ok {
		v.fault(at, "type", "number", "must be a number")
	}
}

// between accepts whole numbers of a range.
func between(least, most int64) checker {
	return func(v *checking, at pointer, value any) {
		n, ok := value.(json.Number)
		if i, err := n.Int64(); !ok || err != nil || i < least || i > most {
			v.fault(at, "range", []int64{least, most}, "must be a whole number from %d to %d", least, most)
		}
	}
}

func oneOf(words ...string) checker {
	return func(v *checking, at pointer, value any) {
		if s, ok := value.(string); !ok || !slices.Contains(words, s) {
			v.fault(at, "enum", words, "must be one of: %s", strings.Join(words, ", "))
		}
	}
}

// list checks an array of minimum to maximum items; 0 maximum: no limit.
func list(minimum, maximum int, item checker) checker {
	return func(v *checking, at pointer, value any) {
		items, ok := value.([]any)
		if !ok {
			v.fault(at, "type", "array", "must be an array")
			return
		}
		if len(items) < minimum {
			v.fault(at, "minItems", minimum, "no fewer than %d items allowed", minimum)
		}
		if maximum > 0 && len(items) > maximum {
			v.fault(at, "maxItems", maximum, "no more than %d items allowed", maximum)
			return
		}
		for i, it := range items {
			item(v, at.item(i), it)
		}
	}
}

// byType picks the checker by the object's type field.
func byType(kinds map[string]checker) checker {
	return func(v *checking, at pointer, value any) {
		o, _ := value.(obj)
		kind, _ := o["type"].(string)
		check, ok := kinds[kind]
		if !ok {
			v.fault(at.at("type"), "enum", sortedKeys(kinds), "unsupported type: %s", kind)
			return
		}
		check(v, at, value)
	}
}
