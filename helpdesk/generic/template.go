package generic

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A template is a text, or a JSON body of texts, with placeholders: "{ticket}". One that is a whole text becomes the value itself,
// with its type; one within a text becomes text. Values are put into the body's tree, which is then encoded: none can leave its place.

var placeholder = regexp.MustCompile(`\{([a-z_]+(?:\.[a-z]+)?)\}`)

// whole is the name of the placeholder that a text consists of.
func whole(text string) (string, bool) {
	at := placeholder.FindStringSubmatch(text)
	if at == nil || at[0] != text {
		return "", false
	}
	return at[1], true
}

// values are what placeholders stand for. nil: there is none this time, and a member that is nothing else is left out.
type values map[string]any

// integer is an id that the helpdesk takes as a number.
func integer(text string) any {
	if !isInteger.MatchString(text) {
		return errors.New("it is no number, as the mapping says")
	}
	return json.Number(text)
}

var isInteger = regexp.MustCompile(`^(?:0|[1-9][0-9]{0,18})$`)

// fill puts values into a text. An absent whole one gives false.
func (v values) fill(text string) (string, bool, error) {
	if name, ok := whole(text); ok && v[name] == nil {
		return "", false, nil
	}
	var faults []error
	out := placeholder.ReplaceAllStringFunc(text, func(found string) string {
		name := found[1 : len(found)-1]
		switch value := v[name].(type) {
		case nil:
			return ""
		case error:
			faults = append(faults, fmt.Errorf("%s: %w", found, value))
			return ""
		default:
			return fmt.Sprint(value)
		}
	})
	return out, true, errors.Join(faults...)
}

// build puts values into a body.
func (v values) build(body any) (out any, there bool, err error) {
	switch body := body.(type) {
	case string:
		if name, ok := whole(body); ok {
			value := v[name]
			if fault, isFault := value.(error); isFault {
				return nil, false, fmt.Errorf("%s: %w", body, fault)
			}
			return value, value != nil, nil
		}
		return result(v.fill(body))
	case map[string]any:
		object := make(map[string]any, len(body))
		for name, member := range body {
			built, there, err := v.build(member)
			if err != nil {
				return nil, false, err
			}
			if there {
				object[name] = built
			}
		}
		return object, true, nil
	case []any:
		list := make([]any, 0, len(body))
		for _, element := range body {
			built, there, err := v.build(element)
			if err != nil {
				return nil, false, err
			}
			if there {
				list = append(list, built)
			}
		}
		return list, true, nil
	}
	return body, true, nil
}

func result(text string, there bool, err error) (any, bool, error) { return text, there, err }

// address is a URL template with its values: path elements and a query, for a helpdesk.Call.
func (v values) address(template string) (path []string, query url.Values, err error) {
	place, rest, asks := strings.Cut(template, "?")
	for element := range strings.SplitSeq(strings.TrimPrefix(place, "/"), "/") {
		literal, err := url.PathUnescape(element)
		if err != nil {
			return nil, nil, err
		}
		text, _, err := v.fill(literal)
		if err != nil {
			return nil, nil, err
		}
		path = append(path, text)
	}
	if !asks {
		return path, nil, nil
	}
	query = url.Values{}
	for pair := range strings.SplitSeq(rest, "&") {
		name, value, _ := strings.Cut(pair, "=")
		literal, err := url.QueryUnescape(value)
		if err != nil {
			return nil, nil, err
		}
		text, there, err := v.fill(literal)
		if err != nil {
			return nil, nil, err
		}
		if there {
			query.Add(name, text)
		}
	}
	return path, query, nil
}

// placeholdersIn are all names in a template, without repeats.
func placeholdersIn(template any) []string {
	var out []string
	switch t := template.(type) {
	case string:
		for _, at := range placeholder.FindAllStringSubmatch(t, -1) {
			out = append(out, at[1])
		}
	case map[string]any:
		for _, member := range t {
			out = append(out, placeholdersIn(member)...)
		}
	case []any:
		for _, element := range t {
			out = append(out, placeholdersIn(element)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// names are all placeholders of an action.
func (a *Action) names() []string {
	out := append(placeholdersIn(a.URL), placeholdersIn(a.Body)...)
	for _, value := range a.Headers {
		out = append(out, placeholdersIn(value)...)
	}
	return out
}

func (a *Action) uses(names ...string) bool {
	return a != nil && slices.ContainsFunc(a.names(), func(n string) bool { return slices.Contains(names, n) })
}
