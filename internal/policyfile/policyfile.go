package policyfile

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"warmline/escalate"
)

// Read decodes a policy on top of the default one: what the file leaves out stays as DefaultPolicy has it. Unknown
// keys are faults. name is the file's, for messages; all faults are joined, each with its line. Those that checks find, in what
// only their caller knows, join them.
func Read(name string, data []byte, checks ...func(*escalate.Policy) error) (*escalate.Policy, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	p := escalate.DefaultPolicy()
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if len(root.Content) > 0 {
		if err := dec.Decode(p); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	p.SLA.Modernize()
	var faults []error
	for _, check := range append([]func(*escalate.Policy) error{(*escalate.Policy).Validate}, checks...) {
		for _, e := range unjoined(check(p)) {
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, lineOf(&root, e), e))
		}
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return p, nil
}

// unjoined are the errors that were joined; none for nil.
func unjoined(err error) []error {
	var joined interface{ Unwrap() []error }
	switch {
	case err == nil:
		return nil
	case errors.As(err, &joined):
		return joined.Unwrap()
	}
	return []error{err}
}

// Write encodes a policy so that Read gives the same one.
func Write(p *escalate.Policy) ([]byte, error) {
	b, err := yaml.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("encode policy: %w", err)
	}
	return b, nil
}

// lineOf finds the line that a fault's path names, or the nearest of its parents that the file has.
func lineOf(root *yaml.Node, err error) int {
	var f *escalate.Fault
	if !errors.As(err, &f) || len(root.Content) == 0 {
		return 1
	}
	node, line := root.Content[0], 1
	for path := f.Path; path != ""; {
		var key *yaml.Node
		if key, node, path = child(node, path); node == nil {
			break
		}
		line = key.Line
	}
	return line
}

// child takes the first step of a path such as "exclusions[2].then" and returns the rest. Keys may hold what separates steps, as
// addresses do.
func child(n *yaml.Node, path string) (key, value *yaml.Node, rest string) {
	path = strings.TrimPrefix(path, ".")
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			after, ok := strings.CutPrefix(path, n.Content[i].Value)
			if ok && (after == "" || after[0] == '.' || after[0] == '[') && (key == nil || len(after) < len(rest)) {
				key, value, rest = n.Content[i], n.Content[i+1], after
			}
		}
	case yaml.SequenceNode:
		step, after, _ := strings.Cut(strings.TrimPrefix(path, "["), "]")
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i], after
		}
	default: // a scalar has no children
	}
	return key, value, rest
}
