package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"go.yaml.in/yaml/v4"
)

// Map says how a team's tables name their columns. What it leaves out is guessed from the usual names; a column that it
// names must be there. As YAML:
//
//	tickets: {id: Ticket ID, question: Description, reply: First response, answer_id: Macro used, created_at: Opened}
//	macros: {id: Name, body: Text}
//	date: day-first
type Map struct {
	Tickets  map[string]string `yaml:"tickets"`  // our name: the column's; the names are TicketColumns
	Macros   map[string]string `yaml:"macros"`   // MacroColumns
	Articles map[string]string `yaml:"articles"` // ArticleColumns

	// Date is how dates are written that can be read two ways: "day-first", "month-first", or a layout of Go's package time.
	Date string `yaml:"date"`
	// Delimiter parts fields: one of , ; | or "tab". Empty: found in the header.
	Delimiter string `yaml:"delimiter"`
}

// maxMap bounds a mapping file, in bytes.
const maxMap = 64 << 10

// ReadMap reads a mapping. Keys and columns of ours that do not exist are errors.
func ReadMap(name string) (*Map, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read: closing can lose nothing
	b, err := io.ReadAll(io.LimitReader(f, maxMap+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(b) > maxMap {
		return nil, fmt.Errorf("%s: longer than %d bytes: this is no mapping", name, maxMap)
	}
	var m Map
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &m, nil
}

func (m *Map) check() error {
	var errs []error
	for _, part := range []struct {
		name  string
		said  map[string]string
		known columns
	}{{"tickets", m.Tickets, ticketColumns}, {"macros", m.Macros, macroColumns}, {"articles", m.Articles, articleColumns}} {
		if err := part.known.check(part.said); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	switch m.Delimiter {
	case "", ",", ";", "|", "tab", "\t":
	default:
		errs = append(errs, fmt.Errorf("delimiter: %q is none of , ; | tab", m.Delimiter))
	}
	switch m.Date {
	case "", dayFirst, monthFirst:
	default:
		if _, err := time.Parse(m.Date, time.Unix(0, 0).UTC().Format(m.Date)); err != nil || m.Date == time.Unix(0, 0).UTC().Format(m.Date) {
			errs = append(errs, fmt.Errorf("date: %q is neither day-first nor month-first nor a layout such as %q", m.Date, time.DateTime))
		}
	}
	return errors.Join(errs...)
}

func (m *Map) delimiter() byte {
	switch {
	case m == nil || m.Delimiter == "":
		return 0
	case m.Delimiter == "tab":
		return '\t'
	}
	return m.Delimiter[0]
}

func (m *Map) dates() dates {
	if m == nil {
		return ""
	}
	return dates(m.Date)
}

func (m *Map) tickets(header []string) (found, error) {
	if m == nil {
		m = &Map{}
	}
	f, err := ticketColumns.find(header, m.Tickets)
	if err == nil && f.at["question"] < 0 && f.at["subject"] < 0 {
		err = f.missing("question")
	}
	return f, err
}

func (m *Map) macros(header []string) (found, error) {
	if m == nil {
		m = &Map{}
	}
	return macroColumns.find(header, m.Macros)
}

func (m *Map) articles(header []string) (found, error) {
	if m == nil {
		m = &Map{}
	}
	return articleColumns.find(header, m.Articles)
}
