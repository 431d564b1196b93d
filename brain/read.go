package brain

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"warmline/escalate"
)

// ReadMacros reads macros, one JSON object a line. With BadLines as error it returns every good line.
func ReadMacros(r io.Reader) ([]Macro, error) {
	var out []Macro
	err := readLines(r, func(line []byte) error {
		var m Macro
		extra, err := decode(line, &m, "id", "title", "body", "topic", "lang", "high_risk")
		if err == nil && m.ID == "" {
			err = errNoID
		}
		if err == nil {
			m.Extra = extra
			out = append(out, m)
		}
		return err
	})
	return out, wrap("read macros", err)
}

// ReadArticles reads articles, one JSON object a line. With BadLines as error it returns every good line.
func ReadArticles(r io.Reader) ([]Article, error) {
	var out []Article
	err := readLines(r, func(line []byte) error {
		var a Article
		extra, err := decode(line, &a, "id", "title", "body", "url", "topic", "lang")
		if err == nil && a.ID == "" {
			err = errNoID
		}
		if err == nil {
			a.Extra = extra
			out = append(out, a)
		}
		return err
	})
	return out, wrap("read articles", err)
}

// ReadTickets reads tickets, one JSON object a line. With BadLines as error it returns every good line.
func ReadTickets(r io.Reader) ([]Past, error) {
	var out []Past
	err := readLines(r, func(line []byte) error {
		p, err := readTicket(line)
		if err == nil {
			out = append(out, p)
		}
		return err
	})
	return out, wrap("read tickets", err)
}

// ticketLine is a ticket as files spell it.
type ticketLine struct {
	ID       string        `json:"id"`
	Channel  string        `json:"channel"`
	Lang     string        `json:"lang"`
	Created  string        `json:"created_at"`
	Seq      int           `json:"seq"`
	Subject  string        `json:"subject"`
	Category string        `json:"category"`
	Customer customerLine  `json:"customer"`
	Tags     []string      `json:"tags"`
	Status   string        `json:"status"`
	Messages []messageLine `json:"messages"`
	Gold     Gold          `json:"gold"`
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

func readTicket(line []byte) (Past, error) {
	var t ticketLine
	extra, err := decode(line, &t, "id", "channel", "lang", "created_at", "seq", "subject", "category", "customer",
		"tags", "status", "messages", "gold")
	if err != nil {
		return Past{}, err
	}
	if t.ID == "" {
		return Past{}, errNoID
	}
	p := Past{ID: t.ID, Lang: t.Lang, Status: t.Status, Seq: t.Seq, Gold: t.Gold, Extra: extra}
	if p.Created, err = readTime(t.Created); err != nil {
		return Past{}, fmt.Errorf("created_at: %w", err)
	}
	p.Content = escalate.Content{
		Subject: t.Subject, Channel: t.Channel, Category: t.Category, Tags: t.Tags,
		Customer: escalate.Customer(t.Customer),
	}
	for i, m := range t.Messages {
		msg, err := m.message(i, &t)
		if err != nil {
			return Past{}, fmt.Errorf("messages[%d]: %w", i, err)
		}
		p.Content.Messages = append(p.Content.Messages, msg)
	}
	return p, nil
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

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}
