package generic

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Fault is one thing that is wrong with a mapping.
type Fault struct { //nolint:errname // a fault is what a person mends; it is shown, not branched on
	Line int    // 1 for the first; 0 when nobody knows
	Path string // "reply.visibility"; "" of the file as such
	Says string // what, and what to write instead
}

func (f Fault) Error() string {
	where := cmp.Or(f.Path, "the mapping")
	if f.Line > 0 {
		where = "line " + strconv.Itoa(f.Line) + ": " + where
	}
	return where + ": " + f.Says
}

// maxMapping bounds a mapping, in bytes.
const maxMapping = 64 << 10

// CheckMapping reads a mapping and returns all that is wrong with it, in the order of its lines. It calls nobody and needs no account.
// With a fault there is no mapping.
func CheckMapping(source []byte) (*Mapping, []Fault) {
	if len(source) > maxMapping {
		return nil, []Fault{{Says: fmt.Sprintf("it is longer than %d bytes", maxMapping)}}
	}
	var root yaml.Node
	if err := yaml.Unmarshal(source, &root); err != nil {
		return nil, yamlFaults(err)
	}
	var m Mapping
	dec := yaml.NewDecoder(bytes.NewReader(source))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil && !errors.Is(err, io.EOF) {
		return nil, yamlFaults(err)
	}
	var more any
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, []Fault{{Says: "there is a second document behind ---; a mapping is one"}}
	}
	c := &checker{m: &m, root: &root}
	c.all()
	if len(c.faults) > 0 {
		slices.SortStableFunc(c.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
		return nil, c.faults
	}
	m.checked = true
	return &m, nil
}

// yamlFaults are the faults that the reader of YAML found.
func yamlFaults(err error) []Fault {
	if many, ok := errors.AsType[*yaml.LoadErrors](err); ok {
		var out []Fault
		for _, one := range many.Errors {
			out = append(out, Fault{Line: one.Mark.Line, Says: one.Message})
		}
		return out
	}
	if one, ok := errors.AsType[*yaml.LoadError](err); ok {
		return []Fault{{Line: one.Mark.Line, Says: one.Message}}
	}
	return []Fault{{Says: err.Error()}}
}

// checker collects faults.
type checker struct {
	m      *Mapping
	root   *yaml.Node
	faults []Fault
}

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, Fault{Line: c.line(path), Path: path, Says: fmt.Sprintf(format, args...)})
}

// line is where a path stands in the file, or the nearest of its parents that the file has.
func (c *checker) line(path string) int {
	if len(c.root.Content) == 0 {
		return 1
	}
	node, line := c.root.Content[0], 1
	for name := range strings.SplitSeq(path, ".") {
		if node.Kind != yaml.MappingNode {
			break
		}
		at := -1
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == name {
				at = i
			}
		}
		if at < 0 {
			break
		}
		line, node = node.Content[at].Line, node.Content[at+1]
	}
	return line
}

// all checks everything.
func (c *checker) all() {
	c.auth()
	c.readURL("check.url", c.m.Check.URL, true)
	c.paths("check.name", false, c.m.Check.Name...)
	c.ticket()
	c.messages()
	c.agents()
	c.changes()
	c.writes()
	c.webhook()
	if c.m.Changes == nil && c.m.Webhook == nil {
		c.fault("changes", "neither changes nor webhook is there: no ticket would ever be heard of")
	}
}

// paths checks the form of paths. Empty ones are left to need.
func (c *checker) paths(at string, many bool, list ...Path) {
	for _, p := range list {
		if p == "" {
			continue
		}
		if _, err := p.steps(); err != nil {
			c.fault(at, "%v", err)
		} else if p.many() && !many {
			c.fault(at, "%q finds several values where one is meant; say which with [0]", string(p))
		}
	}
}

// need checks a path that must be there.
func (c *checker) need(at string, many bool, p Path) {
	if p == "" {
		c.fault(at, "it is missing: where in the answer this stands, such as data.%s", at[strings.LastIndex(at, ".")+1:])
		return
	}
	c.paths(at, many, p)
}

func (c *checker) rule(at string, r Rule) {
	c.paths(at+".path", false, r.Path)
	if r.Path != "" && len(r.Is) == 0 {
		c.fault(at, "is has no words: with none it never holds")
	}
	if r.Path == "" && len(r.Is) > 0 {
		c.fault(at, "path is missing")
	}
}

func (c *checker) oneOf(at, got string, known ...string) {
	if !slices.Contains(known, got) {
		c.fault(at, "%q is none of: %s", got, strings.Join(known, ", "))
	}
}

// readURL checks the URL template of a call that reads, below the account's base.
func (c *checker) readURL(at, template string, needed bool, names ...string) {
	if template == "" {
		if needed {
			c.fault(at, "it is missing: what is called below the account's address, such as /me")
		}
		return
	}
	place, _, _ := strings.Cut(template, "?")
	switch {
	case !strings.HasPrefix(place, "/") || strings.HasPrefix(place, "//"):
		c.fault(at, "%q does not begin with one /: it stands below the account's address, which is a setting", template)
	case strings.ContainsAny(template, "# \t\n"):
		c.fault(at, "%q has a space or a # in it", template)
	case strings.HasSuffix(place, "/") || strings.Contains(place, "//") || strings.Contains(place+"/", "/../") || strings.Contains(place+"/", "/./"):
		c.fault(at, "%q has an empty element, . or ..", template)
	}
	if _, _, err := (values{}).address(template); err != nil {
		c.fault(at, "%v", err)
	}
	c.placeholders(at, placeholdersIn(template), names)
}

func (c *checker) placeholders(at string, used, known []string) {
	for _, name := range used {
		if !slices.Contains(known, name) {
			if len(known) == 0 {
				c.fault(at, "{%s}: nothing can be put in here", name)
			} else {
				c.fault(at, "{%s} is none of: {%s}", name, strings.Join(known, "}, {"))
			}
		}
	}
}

// pages checks how a list goes on, which is at a URL.
func (c *checker) pages(at, url string, p Pages) {
	c.paths(at+".next", false, p.Next)
	c.paths(at+".last", false, p.Last)
	counted := slices.Contains(placeholdersIn(url), "page")
	switch {
	case counted && p.Next != "":
		c.fault(at, "a list goes on by {page} or by next, not by both")
	case counted && p.Size <= 0 && p.Last == "":
		c.fault(at, "with {page}, say where it ends: size, the number of entries of a whole page, or last, where the answer has the number of pages")
	case !counted && (p.Size != 0 || p.Last != "" || p.First != nil):
		c.fault(at, "first, size and last are for a URL with {page}")
	case p.Size < 0 || p.First != nil && *p.First < 0:
		c.fault(at, "a number below 0")
	}
}
