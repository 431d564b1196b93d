package local

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"warmline/brain"
	"warmline/escalate"
)

// state is everything the brain knows at one moment. It never changes; learning makes a new one.
type state struct {
	ix       *index
	mind     *mind            // nil for a team with too little past
	encoder  Encoder          // nil without a semantic pack
	gone     map[int]bool     // documents that a newer one has replaced
	rows     map[string]int   // past tickets by answer
	prepared map[string][]int // macros and articles by answer
	replies  map[string][]int // past tickets with a human's reply, by answer, oldest first
	spoken   map[string]int   // past tickets by language
	langs    map[string]bool  // languages that something on file is in
	serials  map[string]bool  // letters that serial numbers begin with
	home     string           // the language most of it is in

	templates sync.Map // of replies, by document: worked out when first asked for
}

// person is whose ticket it was.
type person struct{ name, email string }

// docsOf reads knowledge into documents: macros, then articles, then past tickets, each in the order of the file.
func docsOf(k brain.Knowledge) ([]*doc, error) {
	docs := make([]*doc, 0, len(k.Macros)+len(k.Articles)+len(k.Past))
	for _, m := range k.Macros {
		docs = append(docs, prepared("macro", m.ID, m.Title, m.Body, m.Topic, m.Lang))
	}
	for _, a := range k.Articles {
		d := prepared("article", a.ID, a.Title, a.Body, a.Topic, a.Lang)
		d.url = a.URL
		docs = append(docs, d)
	}
	if k.More != nil {
		// A batch at a time: as documents they take half of what they take as tickets.
		batch := make([]brain.Past, 0, 8192)
		flush := func() {
			docs = append(docs, ticketDocs(batch)...)
			clear(batch)
			batch = batch[:0]
		}
		err := k.More(func(p *brain.Past) error {
			if batch = append(batch, *p); len(batch) == cap(batch) {
				flush()
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("read past tickets: %w", err)
		}
		flush()
	}
	return append(docs, ticketDocs(k.Past)...), nil
}

func ticketDocs(past []brain.Past) []*doc {
	docs := make([]*doc, len(past))
	parallel(len(past), func(i int) { docs[i] = ticketDoc(&past[i]) })
	return docs
}

func prepared(kind, id, title, body, topic, lang string) *doc {
	if lang == "" {
		lang = sure(title + "\n" + body)
	}
	return &doc{kind: kind, id: id, answer: id, known: true, title: title, body: body, topic: topic, lang: lang}
}

// ticketDoc reads a solved ticket. Where nobody said which answer solved it, the human's reply is an answer of its own.
func ticketDoc(p *brain.Past) *doc {
	d := &doc{
		kind: "ticket", id: p.ID, answer: p.Gold.AnswerID, known: p.Gold.AnswerID != "" || p.Unanswerable(),
		title: p.Content.Subject, body: p.Reply(), asked: pastQuestion(&p.Content), topic: p.Content.Category, lang: p.Lang,
		owner: person{p.Content.Customer.Name, p.Content.Customer.Email}, judged: judgedOf(&p.Gold),
	}
	if p.Unanswerable() {
		d.answer = ""
	} else if d.answer == "" && d.body != "" {
		d.answer = "reply:" + p.ID
	}
	if d.lang == "" {
		d.lang = sure(d.title + "\n" + d.asked)
	}
	return d
}

// sure returns a text's language, or "" when it is in doubt.
func sure(text string) string {
	if g := identify(text); g.p >= sureLang {
		return g.lang
	}
	return ""
}

// version is a hash of all that the document says.
func (d *doc) version() string {
	sum := sha256.Sum256([]byte(d.title + "\x00" + d.asked + "\x00" + d.body))
	return hex.EncodeToString(sum[:8])
}

// pastQuestion is what the customer asked before the reply that solved it: their first two turns.
func pastQuestion(c *escalate.Content) string {
	var b strings.Builder
	turns, inTurn := 0, false
	for i := range c.Messages {
		m := &c.Messages[i]
		if !m.Public {
			continue
		}
		if m.Role != escalate.RoleCustomer {
			inTurn = false
			continue
		}
		if !inTurn {
			turns++
		}
		if inTurn = true; turns > 2 {
			break
		}
		if text := clean(m.Text); turns == 1 || !thanksOnly(text) {
			b.WriteString(text + "\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// newState builds the index. Documents whose language is in doubt count as the home language.
func newState(docs []*doc, e Encoder) *state {
	s := &state{
		encoder: e, rows: map[string]int{}, prepared: map[string][]int{}, replies: map[string][]int{},
		langs: map[string]bool{}, spoken: map[string]int{},
	}
	s.findLangs(docs)
	s.serials = serialPrefixes(docs)
	for i, d := range docs {
		if d.lang == "" {
			d.lang = s.home
		}
		s.count(i, d)
	}
	s.ix = newIndex(docs, (*doc).read)
	return s
}

// count enters a document in the tables beside the index.
func (s *state) count(i int, d *doc) {
	if d.kind == "ticket" {
		s.spoken[d.lang]++
	}
	switch {
	case d.kind != "ticket":
		s.prepared[d.answer] = append(s.prepared[d.answer], i)
	case d.answer != "":
		s.rows[d.answer]++
		if d.body != "" {
			s.replies[d.answer] = append(s.replies[d.answer], i)
		}
	}
}

// dim is how many coordinates the encoder gives; 0 without one.
func (s *state) dim() int {
	if s.encoder == nil {
		return 0
	}
	return s.encoder.Dim()
}

// read counts the words a document is found by: of a ticket what was asked, of the rest what it says.
func (d *doc) read() []termCount {
	text := d.body
	if d.kind == "ticket" {
		text = d.asked
	}
	return countTerms(stemsOf(d.title, d.lang), stemsOf(text, d.lang))
}

// findLangs counts a language as known when a macro or an article is in it, or one past ticket in a hundred.
func (s *state) findLangs(docs []*doc) {
	count, best := map[string]int{}, 0
	for _, d := range docs {
		if d.lang == "" {
			continue
		}
		count[d.lang]++
		if n := count[d.lang]; d.kind != "ticket" || 100*n >= len(docs) {
			s.langs[d.lang] = true
		}
	}
	for _, d := range docs { // in order, so that of equals the first wins
		if n := count[d.lang]; d.lang != "" && n > best {
			s.home, best = d.lang, n
		}
	}
	if s.home == "" {
		s.home = "en"
	}
}
