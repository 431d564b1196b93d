package brain

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"warmline/escalate"
)

// Reader reads files of any length, one JSON object a line. Its zero value drops the keys that are not ours.
type Reader struct {
	Extra bool // keep the keys that are not ours, in Extra; costs as much memory as the rows themselves

	// Bad is told each line that could not be read, as soon as it is met; an error that it returns ends the reading.
	// When it is nil the file is read to its end, and the error is BadLines.
	Bad func(BadLine) error
}

// Macros calls each with every macro, in order, and the line it stands in. An error of each ends the reading and is returned.
func (r Reader) Macros(in io.Reader, each func(line int, m Macro) error) error {
	return r.read("read macros", in, func(n int, line []byte) error {
		var m Macro
		extra, err := r.decode(line, &m, "id", "title", "body", "topic", "lang", "high_risk")
		if err == nil && m.ID == "" {
			err = errNoID
		}
		if err != nil {
			return err
		}
		m.Extra = extra
		return stop(each(n, m))
	})
}

// Articles is Macros for articles.
func (r Reader) Articles(in io.Reader, each func(line int, a Article) error) error {
	return r.read("read articles", in, func(n int, line []byte) error {
		var a Article
		extra, err := r.decode(line, &a, "id", "title", "body", "url", "topic", "lang")
		if err == nil && a.ID == "" {
			err = errNoID
		}
		if err != nil {
			return err
		}
		a.Extra = extra
		return stop(each(n, a))
	})
}

// Tickets is Macros for tickets. Nothing of a row is held after each has returned, except what rows have in common.
func (r Reader) Tickets(in io.Reader, each func(line int, p Past) error) error {
	var shared Shared
	return r.read("read tickets", in, func(n int, line []byte) error {
		p, err := r.ticket(line, &shared)
		if err != nil {
			return err
		}
		return stop(each(n, p))
	})
}

func (r Reader) read(what string, in io.Reader, add func(n int, line []byte) error) error {
	var bad BadLines
	tell := r.Bad
	if tell == nil {
		tell = bad.Collect
	}
	err := readLines(in, tell, add)
	if err == nil && len(bad) > 0 {
		err = bad
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// stop marks an error of the caller's, so that it is not taken for a bad line.
func stop(err error) error {
	if err == nil {
		return nil
	}
	return stopError{err}
}

// ReadMacros reads macros, one JSON object a line. With BadLines as error it returns every good line.
func ReadMacros(r io.Reader) (out []Macro, err error) {
	err = Reader{Extra: true}.Macros(r, func(_ int, m Macro) error { out = append(out, m); return nil })
	return out, err
}

// ReadArticles reads articles, one JSON object a line. With BadLines as error it returns every good line.
func ReadArticles(r io.Reader) (out []Article, err error) {
	err = Reader{Extra: true}.Articles(r, func(_ int, a Article) error { out = append(out, a); return nil })
	return out, err
}

// ReadTickets reads tickets, one JSON object a line. With BadLines as error it returns every good line.
func ReadTickets(r io.Reader) (out []Past, err error) {
	err = Reader{Extra: true}.Tickets(r, func(_ int, p Past) error { out = append(out, p); return nil })
	return out, err
}

// ticketLine is a ticket as files spell it.
type ticketLine struct {
	ID       string          `json:"id"`
	Channel  string          `json:"channel"`
	Lang     string          `json:"lang"`
	Created  string          `json:"created_at"`
	Seq      int             `json:"seq"`
	Subject  string          `json:"subject"`
	Category string          `json:"category"`
	Brand    word            `json:"brand"`
	Value    json.RawMessage `json:"value"`
	Customer customerLine    `json:"customer"`
	Tags     []string        `json:"tags"`
	Status   string          `json:"status"`
	Messages []messageLine   `json:"messages"`
	Gold     goldLine        `json:"gold"`
}

// word is a text, or a number where one names something; of anything else, which other programs may mean by the same key, it is empty.
type word string

// UnmarshalJSON implements json.Unmarshaler.
func (w *word) UnmarshalJSON(raw []byte) error {
	var text string
	var number json.Number
	switch {
	case json.Unmarshal(raw, &text) == nil:
		*w = word(text)
	case json.Unmarshal(raw, &number) == nil:
		*w = word(number)
	}
	return nil
}

type goldLine struct {
	AnswerID string          `json:"answer_id"`
	InScope  *bool           `json:"in_scope"`
	Triggers json.RawMessage `json:"triggers"`
}

type customerLine struct {
	Name  string   `json:"name"`
	Email string   `json:"email"`
	Plan  string   `json:"plan"`
	Tags  []string `json:"tags"`
}

type messageLine struct {
	Role string      `json:"role"`
	Text string      `json:"text"`
	Turn json.Number `json:"turn"`
	At   string      `json:"at"`
}

func (r Reader) ticket(line []byte, shared *Shared) (Past, error) {
	var t ticketLine
	extra, err := r.decode(line, &t, "id", "channel", "lang", "created_at", "seq", "subject", "category", "brand", "value",
		"customer", "tags", "status", "messages", "gold")
	if err != nil {
		return Past{}, err
	}
	if t.ID == "" {
		return Past{}, errNoID
	}
	p := Past{ID: t.ID, Lang: shared.Text(t.Lang), Status: shared.Text(t.Status), Seq: t.Seq, Extra: extra}
	if p.Gold, err = t.Gold.gold(shared); err != nil {
		return Past{}, fmt.Errorf("gold: %w", err)
	}
	if p.Created, err = readTime(t.Created); err != nil {
		return Past{}, fmt.Errorf("created_at: %w", err)
	}
	p.Content = escalate.Content{
		Subject: t.Subject, Channel: shared.Text(t.Channel), Category: shared.Text(t.Category),
		Brand: shared.Text(string(t.Brand)), Value: escalate.AmountOf(t.Value), Tags: shared.all(t.Tags),
		Customer: escalate.Customer{Name: t.Customer.Name, Email: t.Customer.Email, Plan: t.Customer.Plan, Tags: t.Customer.Tags},
		Messages: make([]escalate.Message, 0, len(t.Messages)),
	}
	p.Content.Customer.Tags = shared.all(t.Customer.Tags)
	for i, m := range t.Messages {
		msg, err := m.message(i, &t)
		if err != nil {
			return Past{}, fmt.Errorf("messages[%d]: %w", i, err)
		}
		msg.ID, msg.Role = escalate.MessageID(shared.Text(string(msg.ID))), escalate.Role(shared.Text(string(msg.Role)))
		p.Content.Messages = append(p.Content.Messages, msg)
	}
	return p, nil
}

func (g goldLine) gold(shared *Shared) (Gold, error) {
	triggers, err := shared.labels(g.Triggers)
	if err != nil {
		return Gold{}, fmt.Errorf("triggers: %w", err)
	}
	out := Gold{AnswerID: shared.Text(g.AnswerID), Triggers: triggers}
	if g.InScope != nil {
		out.InScope = Bool(*g.InScope)
	}
	return out, nil
}

// message gives a message its turn as id, so that evidence in a decision can be found in the file again.
func (m messageLine) message(i int, t *ticketLine) (escalate.Message, error) {
	at, err := readTime(m.At)
	if err != nil {
		return escalate.Message{}, fmt.Errorf("at: %w", err)
	}
	id := m.Turn.String()
	if id == "" {
		id = strconv.Itoa(i)
	}
	msg := escalate.Message{ID: escalate.MessageID(id), Role: escalate.Role(m.Role), Text: m.Text, Public: true, At: at}
	switch msg.Role {
	case escalate.RoleCustomer:
		msg.Author, msg.Email = t.Customer.Name, t.Customer.Email
	case escalate.RoleAgent, escalate.RoleBot, escalate.RoleParticipant:
	default:
		return msg, fmt.Errorf("role %q is none of customer, agent, bot, participant", m.Role)
	}
	return msg, nil
}

func readTime(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}
