package demo

import (
	"encoding/json"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var highRisk = []string{"refund", "billing_dispute", "chargeback", "legal", "cancellation", "account_security", "privacy"}

// strict is the company with its files read by the types below, which refuse what they do not know.
type strict struct {
	*Company
	Macros   []Macro
	Articles []Article
	History  []Ticket
}

func company(t *testing.T) *strict {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &strict{Company: c}
	err = errors.Join(readLines(files, "macros.jsonl", &s.Macros), readLines(files, "articles.jsonl", &s.Articles),
		readLines(files, "history.jsonl", &s.History))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// topics maps the id of every answer on file to its topic, which articles do not have.
func topics(t *testing.T, c *strict) map[string]string {
	t.Helper()
	known := map[string]string{}
	add := func(id, title, body, topic string) {
		if _, twice := known[id]; twice || id == "" || title == "" || body == "" {
			t.Errorf("answer %q is empty or there twice", id)
		}
		known[id] = topic
	}
	for _, m := range c.Macros {
		add(m.ID, m.Title, m.Body, m.Topic)
		if m.Topic == "" {
			t.Errorf("macro %s has no topic", m.ID)
		}
		wantKnownRisks(t, m.ID, m.HighRisk)
	}
	for _, a := range c.Articles {
		add(a.ID, a.Title, a.Body, "")
		if a.Lang == "" || a.URL == "" {
			t.Errorf("article %s has no language or address", a.ID)
		}
	}
	return known
}

func wantKnownRisks(t *testing.T, id string, risks []string) {
	t.Helper()
	for _, r := range risks {
		if !slices.Contains(highRisk, r) {
			t.Errorf("%s: unknown high-risk topic %q", id, r)
		}
	}
}

func TestThereIsEnoughToLearnFrom(t *testing.T) {
	c := company(t)
	if n := len(c.Macros) + len(c.Articles); n < 40 {
		t.Errorf("%d macros and articles, want at least 40", n)
	}
	if n := len(c.History); n < 300 {
		t.Errorf("%d past tickets, want at least 300", n)
	}
	unanswered, angry, humans, threads := 0, 0, 0, 0
	languages, risks := map[string]int{}, map[string]int{}
	for _, ticket := range c.History {
		languages[ticket.Lang]++
		unanswered += count(!ticket.Gold.InScope)
		angry += count(ticket.Gold.Triggers.Anger)
		humans += count(ticket.Gold.Triggers.HumanRequest)
		threads += count(len(ticket.Messages) > 2)
		for _, r := range ticket.Gold.Triggers.HighRisk {
			risks[r]++
		}
	}
	for lang, atLeast := range map[string]int{"en": 180, "de": 40, "fr": 30, "es": 20} {
		if languages[lang] < atLeast {
			t.Errorf("%d past tickets in %s, want at least %d", languages[lang], lang, atLeast)
		}
	}
	for _, r := range highRisk {
		if risks[r] < 2 {
			t.Errorf("%d past tickets about %s, want at least 2", risks[r], r)
		}
	}
	if unanswered < 20 || angry < 20 || humans < 12 || threads < 50 {
		t.Errorf("unanswered %d, angry %d, asking for a person %d, longer threads %d: want 20, 20, 12, 50",
			unanswered, angry, humans, threads)
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func TestEveryPastTicketIsSoundAndInOrder(t *testing.T) {
	c := company(t)
	known := topics(t, c)
	seen := map[string]bool{}
	for i, ticket := range c.History {
		if seen[ticket.ID] || ticket.ID == "" {
			t.Errorf("ticket %q is there twice or has no id", ticket.ID)
		}
		seen[ticket.ID] = true
		if i > 0 && ticket.CreatedAt.Before(c.History[i-1].CreatedAt) {
			t.Errorf("ticket %s is older than the one before it", ticket.ID)
		}
		wantSoundTicket(t, ticket)
		_, answered := known[ticket.Gold.AnswerID]
		if answered != ticket.Gold.InScope {
			t.Errorf("ticket %s: in_scope is %t, answer %q on file is %t",
				ticket.ID, ticket.Gold.InScope, ticket.Gold.AnswerID, answered)
		}
	}
}

func wantSoundTicket(t *testing.T, ticket Ticket) {
	t.Helper()
	id := ticket.ID
	if ticket.Status != "solved" || ticket.Subject == "" || ticket.Customer.Name == "" || len(ticket.Tags) == 0 {
		t.Errorf("ticket %s lacks a status, subject, customer or tag", id)
	}
	if ticket.Channel != "email" && ticket.Channel != "chat" {
		t.Errorf("ticket %s came by %q", id, ticket.Channel)
	}
	wantKnownRisks(t, id, ticket.Gold.Triggers.HighRisk)
	if len(ticket.Messages) < 2 || ticket.Messages[0].Role != "customer" || !ticket.Messages[0].At.Equal(ticket.CreatedAt) {
		t.Fatalf("ticket %s does not begin with its customer and go on", id)
	}
	agent := false
	for i, m := range ticket.Messages {
		agent = agent || m.Role == "agent"
		if !slices.Contains([]string{"customer", "agent", "bot"}, m.Role) || m.Text == "" {
			t.Errorf("ticket %s message %d: role %q, text %q", id, i, m.Role, m.Text)
		}
		if strings.ContainsAny(m.Text, "{}") {
			t.Errorf("ticket %s message %d has an unfilled placeholder", id, i)
		}
		if i > 0 && !m.At.After(ticket.Messages[i-1].At) {
			t.Errorf("ticket %s message %d is not after the one before it", id, i)
		}
	}
	if !agent {
		t.Errorf("ticket %s was solved by nobody", id)
	}
}

// Reserved domains are nobody's: a demo must not be able to write to a real person.
func TestEveryAddressEndsInExample(t *testing.T) {
	address := regexp.MustCompile(`[\w.+-]+@([\w-]+(?:\.[\w-]+)+)|https?://([\w.-]+)|\b([\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|de|fr|es|eu|uk))\b`)
	names, err := fs.Glob(files, "*")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range address.FindAllStringSubmatch(string(data), -1) {
			found++
			if domain := m[1] + m[2] + m[3]; !strings.HasSuffix(domain, ".example") {
				t.Errorf("%s: address %q", name, m[0])
			}
		}
	}
	if found < 300 {
		t.Errorf("%d addresses found, the pattern must be wrong", found)
	}
}

func TestLoadNamesTheFaultyLine(t *testing.T) {
	arrival, err := json.Marshal(company(t).Live[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ file, data, want string }{
		"not JSON":       {"live.jsonl", string(arrival) + "\n{", "live.jsonl line 2"},
		"unknown key":    {"live.jsonl", `{"tittle":"b"}`, `live.jsonl line 1: json: unknown field "tittle"`},
		"two on a line":  {"more.jsonl", "{} {}", "more.jsonl line 1: more than one value"},
		"no macro":       {"macros.jsonl", "{}", "macros.jsonl"},
		"unknown in YML": {"company.yaml", "nmea: x", "company.yaml"},
		"no such file":   {"history.jsonl", "", "history.jsonl"},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{"company.yaml": {Data: []byte("name: x")}}
			for _, f := range []string{"macros", "articles", "history", "live", "more"} {
				fsys[f+".jsonl"] = &fstest.MapFile{}
			}
			fsys[tc.file] = &fstest.MapFile{Data: []byte(tc.data)}
			if tc.data == "" {
				delete(fsys, tc.file)
			}
			if _, err := load(fsys); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one that names %q", err, tc.want)
			}
		})
	}
}

// Macro is a reply that agents send; {{placeholders}} stand for what is the customer's own.
type Macro struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Body     string   `json:"body"`
	Topic    string   `json:"topic"`
	HighRisk []string `json:"high_risk,omitempty"`
}

// Article is a page of the help centre.
type Article struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"`
	Lang  string `json:"lang"` // ISO 639-1
}

// Ticket is a past conversation and what is known of its outcome.
type Ticket struct {
	ID        string    `json:"id"`
	Channel   string    `json:"channel"` // email or chat
	Lang      string    `json:"lang"`    // ISO 639-1
	CreatedAt time.Time `json:"created_at"`
	Subject   string    `json:"subject"`
	Customer  Customer  `json:"customer"`
	Tags      []string  `json:"tags"` // the topic
	Status    string    `json:"status"`
	Messages  []Message `json:"messages"`
	Gold      Gold      `json:"gold"`
}

// Message is one turn; Role is customer, agent or bot.
type Message struct {
	Role string    `json:"role"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// Gold is the known outcome. AnswerID is the macro or article that solved the ticket; it is empty exactly when InScope
// is false, for a question that nothing on file answers and a person answered in their own words.
type Gold struct {
	AnswerID string   `json:"answer_id,omitempty"`
	InScope  bool     `json:"in_scope"`
	Triggers Triggers `json:"triggers"`
}

// Triggers says which of them a careful reader finds in the ticket.
type Triggers struct {
	HumanRequest  bool     `json:"human_request"`
	Anger         bool     `json:"anger"`
	RepeatFailure bool     `json:"repeat_failure,omitempty"`
	HighRisk      []string `json:"high_risk"` // refund, billing_dispute, chargeback, legal, cancellation, account_security, privacy
}
