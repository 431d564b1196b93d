package card

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"warmline/escalate"
)

// inline is what stands in a line of a rich_text block.
type inline = slack.RichTextSectionElement

var (
	bold = &slack.RichTextSectionTextStyle{Bold: true}
	code = &slack.RichTextSectionTextStyle{Code: true}
)

// manyAddresses is how many addresses a text may have before all of it is drawn as code: each costs an element.
const manyAddresses = 20

// text draws words, whoever wrote them. They must be cut to their budget already.
func text(s string, style *slack.RichTextSectionTextStyle) []inline {
	if s = Clean(s); s == "" {
		return nil
	}
	found := address.FindAllStringIndex(s, manyAddresses+1)
	if len(found) > manyAddresses {
		return []inline{slack.NewRichTextSectionTextElement(s, code)}
	}
	var out []inline
	from := 0
	for _, at := range found {
		if at[0] > from {
			out = append(out, slack.NewRichTextSectionTextElement(s[from:at[0]], style))
		}
		out = append(out, slack.NewRichTextSectionTextElement(s[at[0]:at[1]], code))
		from = at[1]
	}
	if from < len(s) {
		out = append(out, slack.NewRichTextSectionTextElement(s[from:], style))
	}
	return out
}

// row gathers the elements of one or more lines. Its methods append and return it.
type row []inline

// say appends words of ours. They hold nothing from outside.
func (r row) say(s string) row { return append(r, slack.NewRichTextSectionTextElement(s, nil)) }

// strong appends words of ours in bold.
func (r row) strong(s string) row { return append(r, slack.NewRichTextSectionTextElement(s, bold)) }

// quote appends untrusted words on one line, cut to n.
func (r row) quote(s string, n int) row { return append(r, text(line(s, n), nil)...) }

// person appends a person's name as Slack shows it. Only ids of Slack's own form become a mention.
func (r row) person(id escalate.PersonID) row {
	if !personID.MatchString(string(id)) {
		return r.say("someone")
	}
	return append(r, slack.NewRichTextSectionUserElement(string(id), nil))
}

var personID = regexp.MustCompile(`^[UW][A-Z0-9]{1,30}$`)

// The formats of Slack's own clock, which shows each reader their local time.
const (
	onDay    = "{date_short_pretty} at {time}"
	toClock  = "{time_secs}"
	toMinute = "{time}"
)

// at appends an instant as the reader's local time.
func (r row) at(t time.Time, format string) row {
	fallback := utc(t)
	if format == toClock {
		fallback = t.UTC().Format("15:04:05 UTC")
	}
	return append(r, slack.NewRichTextSectionDateElement(t.Unix(), format, nil, &fallback))
}

// utc is an instant for where Slack draws no local time.
func utc(t time.Time) string { return t.UTC().Format("2 Jan 15:04 UTC") }

// link appends our words as a link to the helpdesk, when the address is one that a browser may open.
func (r row) link(words, to string) row {
	if !webAddress(to) {
		return r
	}
	return append(r, slack.NewRichTextSectionLinkElement(to, words, nil))
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(s) <= 2000 &&
		Clean(s) == s && !strings.ContainsAny(s, " \n\t<>|\"")
}

// next starts a new line, unless the row is empty.
func (r row) next() row {
	if len(r) == 0 {
		return r
	}
	return r.say("\n")
}

// block makes a rich_text block of rows and quotes, leaving out empty ones; nil when all are.
func block(id string, parts ...slack.RichTextElement) slack.Block {
	kept := parts[:0:0]
	for _, p := range parts {
		if p != nil {
			kept = append(kept, p)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return slack.NewRichTextBlock(id, kept...)
}

// lines makes a paragraph of rows, each on a line of its own; nil when all are empty.
func lines(rows ...row) slack.RichTextElement {
	var r row
	for _, next := range rows {
		if len(next) > 0 {
			r = append(r.next(), next...)
		}
	}
	if len(r) == 0 {
		return nil
	}
	return slack.NewRichTextSection(r...)
}

// quoted shows untrusted text whole, line ends and all, set off by a bar; nil for an empty one.
func quoted(s string) slack.RichTextElement {
	elements := text(s, nil)
	if len(elements) == 0 {
		return nil
	}
	return &slack.RichTextQuote{Type: slack.RTEQuote, Elements: elements}
}

// preformatted shows a cleaned text letter by letter, addresses and all.
func preformatted(s string) slack.RichTextElement {
	return &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: []inline{slack.NewRichTextSectionTextElement(s, nil)}}
}

// plain makes a plain_text object, cut to n, in which nothing is an emoji. Slack refuses an empty one.
func plain(s string, n int) *slack.TextBlockObject {
	if s = line(s, n); s == "" {
		s = "–"
	}
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// compact drops the blocks that have nothing to show.
func compact(blocks ...slack.Block) []slack.Block {
	kept := blocks[:0:0]
	for _, b := range blocks {
		if b != nil {
			kept = append(kept, b)
		}
	}
	return kept
}
