package escalate

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// FactType says what kind of thing a fact is, and so how its value is spelt and written.
type FactType string

// The types of a fact, each with the one spelling of its values.
const (
	FactText   FactType = "text"   // one line of at most 200 characters, without markup
	FactNumber FactType = "number" // 1234.5
	FactMoney  FactType = "money"  // 49.90 EUR
	FactDate   FactType = "date"   // 2026-05-12
	FactLink   FactType = "link"   // https://…, at most 500 bytes
)

// Fact is something that the look-up knows of a customer. Its value is untrusted until Check has passed it.
type Fact struct {
	Name  string   `json:"name"`
	Type  FactType `json:"type"`
	Value string   `json:"value"`
}

// SourceLookup is the kind of a source that holds facts.
const SourceLookup = "lookup"

// MaxFacts is how many facts one answer may ask for.
const MaxFacts = 10

const (
	maxFactText = 200 // characters
	maxFactLink = 500 // bytes
)

var (
	factName  = regexp.MustCompile(`^[a-z0-9_]{1,60}$`)
	number    = regexp.MustCompile(`^-?(0|[1-9]\d{0,14})(\.\d{1,6})?$`)
	money     = regexp.MustCompile(`^-?(0|[1-9]\d{0,14})(\.\d{1,3})? [A-Z]{3}$`)
	linkBytes = regexp.MustCompile(`^[!-~]+$`)
)

// markup is what a mail, a helpdesk or a later reader of the draft could take for more than text.
const markup = "<>[]{}|`\\"

// Check returns why a fact cannot stand in a letter to a customer, or nil. The error holds neither name nor value.
func (f *Fact) Check() error {
	var ok bool
	switch f.Type {
	case FactText:
		ok = plainLine(f.Value)
	case FactNumber:
		ok = number.MatchString(f.Value)
	case FactMoney:
		ok = money.MatchString(f.Value)
	case FactDate:
		_, err := time.Parse(time.DateOnly, f.Value)
		ok = err == nil
	case FactLink:
		ok = plainLink(f.Value)
	default:
		return errors.New("check fact: its type is none of text, number, money, date, link")
	}
	switch {
	case !factName.MatchString(f.Name):
		return errors.New("check fact: its name is not 1 to 60 of a-z, 0-9 and _")
	case !ok:
		return fmt.Errorf("check fact: its value is no %s", f.Type)
	}
	return nil
}

// plainLine reports whether a text is one line that shows all that it holds.
func plainLine(s string) bool {
	return s != "" && s == strings.TrimSpace(s) && utf8.ValidString(s) && utf8.RuneCountInString(s) <= maxFactText &&
		!strings.ContainsAny(s, markup) && !strings.Contains(s, "://") && !strings.ContainsFunc(s, unshown)
}

// unshown reports whether a rune draws nothing, or moves what is drawn around it.
func unshown(r rune) bool {
	return !unicode.IsPrint(r) || r == '\u2800' || r == '\u034f' ||
		unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}

func plainLink(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil &&
		len(s) <= maxFactLink && linkBytes.MatchString(s) && !strings.ContainsAny(s, markup+`"`)
}

// FactName returns the name by which a placeholder asks for a fact: "Order status" asks for order_status. It is "" for
// what cannot be a name.
func FactName(placeholder string) string {
	name := strings.NewReplacer(" ", "_", "-", "_", ".", "_").Replace(strings.ToLower(placeholder))
	if !factName.MatchString(name) {
		return ""
	}
	return name
}

// blanks are placeholders that a template makes of what was another customer's. They say what kind of thing stood there
// and not which, so nobody could look them up.
var blanks = []string{"customer_name", "name", "email", "link", "date", "amount", "phone", "number", "detail"}

// FactsFor returns the names of the facts that could fill placeholders, each once, at most MaxFacts.
func FactsFor(placeholders []string) []string {
	var names []string
	for _, p := range placeholders {
		name := FactName(p)
		if name != "" && !slices.Contains(blanks, name) && !slices.Contains(names, name) && len(names) < MaxFacts {
			names = append(names, name)
		}
	}
	return names
}

// Lookup is what was asked about a customer and whether it was answered. It is kept with the decision: it holds names and
// a hash, never a value.
type Lookup struct {
	Asked []string `json:"asked"`
	Used  []string `json:"used,omitempty"`  // of them those that the answer rests on
	Fault string   `json:"fault,omitempty"` // why there was no answer; a constant word
	Hash  string   `json:"hash,omitempty"`  // of what was used, salted: see HashFacts
}

// HashFacts is a hash over facts in any order. What has few values ("shipped", "delayed") could be guessed from a bare
// hash; the salt lies in an erasable row.
func HashFacts(salt string, facts []Fact) string {
	sorted := slices.SortedFunc(slices.Values(facts), func(a, b Fact) int { return strings.Compare(a.Name, b.Name) })
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "%q", salt) // a hash takes all
	for _, f := range sorted {
		_, _ = fmt.Fprintf(sum, " %s %s %q", f.Name, f.Type, f.Value)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
