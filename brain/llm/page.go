package llm

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"warmline/escalate"
	"warmline/escalate/mask"
)

// Bounds of what is sent, in bytes. With them a request stays below 60 KB, about 20,000 tokens at the worst.
const (
	maxSubject  = 300
	maxMessage  = 4000
	maxThread   = 20_000
	maxPassage  = 4000
	maxTitle    = 200
	maxPassages = 8
)

// page is what a model is shown of a ticket: masked, cleaned and bounded.
type page struct {
	Fence    string
	Lang     string
	Customer string // the stand-in for the customer's name; "" when that does not read like one
	Subject  string
	Messages []line // oldest first, the public ones only
	Passages []passage

	vault *mask.Vault
	// thread is everything public that stands in the ticket, as it was shown and unmasked.
	thread string
}

type line struct {
	Who  string
	Text string

	message *escalate.Message
}

// passage is a text to answer from. Others' tickets are background: nothing in a draft may come from them.
type passage struct {
	Label string // "S1", or "T1" for a ticket
	Kind  string
	Title string
	Text  string

	source escalate.Source
}

func (p *passage) background() bool { return p.Label[0] == 'T' }

var nameOnly = regexp.MustCompile(`^\[NAME_\d+\]$`)

// newPage gathers what is shown. The thread is masked twice, because a later message may give away what an earlier one holds.
func (b *Brain) newPage(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) *page {
	c := &t.Content
	names := []string{c.Customer.Name}
	for i := range c.Messages {
		names = append(names, c.Messages[i].Author)
	}
	p := &page{Lang: letters(a.Lang), vault: mask.New(mask.Everything, names...)}
	if name := p.vault.Mask(c.Customer.Name); nameOnly.MatchString(name) {
		p.Customer = name
	}
	p.showThread(c)
	p.showThread(c)
	p.showPassages(b.sources(ctx, t, a))
	return p
}

func (p *page) showThread(c *escalate.Content) {
	p.Subject = p.show(c.Subject, maxSubject)
	p.Messages = nil
	left := maxThread
	for i := len(c.Messages) - 1; i >= 0 && left > 0; i-- {
		if m := &c.Messages[i]; m.Public {
			text := p.show(m.Text, min(maxMessage, left))
			left -= len(text)
			p.Messages = append([]line{{who(m.Role), text, m}}, p.Messages...)
		}
	}
	var thread strings.Builder
	thread.WriteString(p.Subject + "\n" + c.Customer.Name + "\n")
	for _, l := range p.Messages {
		thread.WriteString(l.Text + "\n")
	}
	p.thread = p.vault.Restore(thread.String())
}

func (p *page) showPassages(sources []escalate.Source) {
	labels := map[string]int{}
	for _, s := range sources {
		kind, of, title := "S", s.Kind, p.show(s.Title, maxTitle)
		var text string
		if s.Kind == "ticket" {
			kind, of, title = "T", "an earlier ticket of another customer", ""
			text = blank(clip(visible(s.Passage), maxPassage))
		} else {
			text = p.show(s.Passage, maxPassage)
		}
		labels[kind]++
		p.Passages = append(p.Passages, passage{kind + strconv.Itoa(labels[kind]), of, title, text, s})
	}
}

// greeted is whom another customer's reply greets.
var greeted = regexp.MustCompile(`(?im)^(\s*(?:hi|hello|hey|dear|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte[rs]?|bonjour|bonsoir|cher|chère|hola|estimad[oa]|` +
	`buongiorno|gentile|beste|geachte|goedemorgen|olá|cze[sś]ć)[ \t]+)[^\n,.!?:;–-]{1,60}`)

// blank takes from another customer's ticket what could tell who that was: what is masked elsewhere, whom it greets, and
// everything with a digit in it.
func blank(text string) string {
	const removed = "[removed]"
	text = mask.Blank(text, mask.Everything, removed)
	return digitWord.ReplaceAllString(greeted.ReplaceAllString(text, "${1}"+removed), removed)
}

// show makes a stranger's text ready: what no person sees is gone, then it is masked, then bounded. More is masked than
// is shown, so that no half of a number slips through at the end.
func (p *page) show(text string, most int) string {
	return clip(p.vault.Mask(clip(visible(text), 2*most)), most)
}

// sources lists what may be answered from: the prepared answer, whole texts, then passages, and last what others' tickets hold.
func (b *Brain) sources(ctx context.Context, t *escalate.Ticket, a *escalate.Assessment) []escalate.Source {
	var all []escalate.Source
	prepared := ""
	if a.Answer != nil && a.Answer.Text != "" {
		prepared = a.Answer.ID
		all = append(all, answerSource(a))
	}
	if b.opts.Search != nil {
		found, err := b.opts.Search(ctx, t, a)
		if err != nil {
			b.opts.Logger.WarnContext(ctx, "search for a language model failed", "ticket", t.Ref.ID, "error", err)
		}
		all = append(all, found...)
	}
	all = append(all, a.Sources...)
	all = append(all, a.Similar...)
	seen := map[string]bool{}
	var out []escalate.Source
	for _, s := range all {
		key := s.Kind + "\x00" + s.ID + "\x00" + s.Version
		if s.Kind == "ticket" {
			key = s.Kind + "\x00" + s.ID
		}
		again := s.ID == prepared && s.Kind != "ticket" && len(out) > 0 // its whole text stands first
		if strings.TrimSpace(s.Passage) == "" || seen[key] || again || len(out) == maxPassages {
			continue
		}
		seen[key] = true
		out = append(out, s)
	}
	return out
}

// answerSource is the answer as the fallback would send it. Where it was learned from others' replies, what was theirs is
// a placeholder in it already.
func answerSource(a *escalate.Assessment) escalate.Source {
	s := escalate.Source{ID: a.Answer.ID, Kind: "prepared answer", Passage: a.Answer.Text}
	for _, cited := range a.Sources {
		if cited.ID == a.Answer.ID {
			s.Title, s.URL, s.Score = cited.Title, cited.URL, cited.Score
			break
		}
	}
	return s
}

func who(r escalate.Role) string {
	switch r {
	case escalate.RoleCustomer:
		return "customer"
	case escalate.RoleParticipant:
		return "someone else"
	default:
		return "support"
	}
}

// visible returns a text without what no person would see in it, and without the marks that models take for a change of speaker.
func visible(text string) string {
	text = strings.ToValidUTF8(text, "\ufffd")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r', unicode.Is(unicode.Cf, r), unicode.IsControl(r), r >= 0xe0000 && r <= 0xe0fff, r >= 0xfe00 && r <= 0xfe0f:
			return -1
		}
		return r
	}, text)
	return strings.NewReplacer("<|", "< |", "|>", "| >", "<<", "< <", ">>", "> >").Replace(text)
}

// clip returns at most n bytes of a text, cut between characters and never within a stand-in.
func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	cut := text[:n]
	if open := strings.LastIndexByte(cut, '['); open >= 0 && !strings.Contains(cut[open:], "]") && n-open < 24 {
		cut = cut[:open]
	}
	return cut + "…"
}

// letters returns a language tag as long as it is one: it stands outside of what is fenced.
func letters(tag string) string {
	if len(tag) > 8 || strings.ContainsFunc(tag, func(r rune) bool { return (r < 'a' || r > 'z') && r != '-' }) {
		return ""
	}
	return tag
}
