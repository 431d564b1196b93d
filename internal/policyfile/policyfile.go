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
// keys are faults. name is the file's, for messages; all faults are joined, each with its line.
func Read(name string, data []byte) (*escalate.Policy, error) {
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
	err := p.Validate()
	if err == nil {
		return p, nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var faults []error
	for _, e := range joined.Unwrap() {
		faults = append(faults, fmt.Errorf("%s:%d: %w", name, lineOf(&root, e), e))
	}
	return nil, errors.Join(faults...)
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
	for _, step := range steps(f.Path) {
		key, next := child(node, step)
		if next == nil {
			break
		}
		node, line = next, key.Line
	}
	return line
}

// steps splits "exclusions[2].then" into exclusions, 2, then.
func steps(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
}

func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i], n.Content[i]
		}
	default: // a scalar has no children
	}
	return nil, nil
}
