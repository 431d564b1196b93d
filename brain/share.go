package brain

import "encoding/json"

// What a million tickets say over and over (channels, languages, tags, answers, triggers) is kept once. The bounds keep a
// file in which nothing repeats from being held twice.
const (
	maxShared     = 1 << 16 // distinct texts
	maxSharedText = 64      // bytes
)

// Shared gives equal short texts one place in memory. Its zero value is ready; it is not safe for concurrent use.
type Shared struct {
	texts    map[string]string
	triggers map[string]map[string]json.RawMessage
}

// Text returns v, or the equal text that was seen before.
func (s *Shared) Text(v string) string {
	if v == "" || len(v) > maxSharedText {
		return v
	}
	if old, ok := s.texts[v]; ok {
		return old
	}
	if s.texts == nil {
		s.texts = make(map[string]string)
	}
	if len(s.texts) < maxShared {
		s.texts[v] = v
	}
	return v
}

func (s *Shared) all(vs []string) []string {
	for i := range vs {
		vs[i] = s.Text(vs[i])
	}
	return vs
}

// labels decodes gold.triggers. Rows that are labelled alike share one map, which nobody may write to.
func (s *Shared) labels(raw json.RawMessage) (map[string]json.RawMessage, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	if old, ok := s.triggers[string(raw)]; ok {
		return old, nil
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, err
	}
	if s.triggers == nil {
		s.triggers = make(map[string]map[string]json.RawMessage)
	}
	if len(s.triggers) < maxShared {
		s.triggers[string(raw)] = m
	}
	return m, nil
}

// Bool returns a pointer to v that all rows share, for Gold.InScope. Nobody may write to it.
func Bool(v bool) *bool {
	if v {
		return &yes
	}
	return &no
}

var yes, no = true, false
