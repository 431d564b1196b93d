package files

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// column is one of our columns and the names that exports usually give it, the likeliest first, without blanks and case.
type column struct {
	name   string
	needed bool
	usual  []string
}

type columns []column

func col(name, usual string) column { return column{name: name, usual: strings.Fields(usual)} }

func need(c column) column {
	c.needed = true
	return c
}

var (
	ticketColumns = columns{
		col("id", "ticketid ticketnumber ticketno ticket caseid casenumber conversationid issuekey key number reference ticketnummer nummer vorgang numero"),
		col("subject", "ticketsubject title summary betreff titel asunto objet sujet oggetto assunto onderwerp"),
		col("question", "customermessage firstmessage description request inquiry message text content body instruction utterance frage anfrage nachricht beschreibung mensaje pregunta messaggio domanda mensagem vraag"),
		col("reply", "agentreply firstreply lastreply response agentresponse firstresponse answer resolution solution comment antwort lösung respuesta réponse risposta resposta antwoord"),
		col("answer_id", "macroid macro macroname macrotitle cannedresponse cannedresponseid savedreply template intent"),
		col("topic", "category subcategory tickettype type kategorie thema categoría catégorie categoria categorie"),
		col("created_at", "created createddate createdtime creationdate datecreated date opened openedat timestamp erstelltam erstellt datum fecha creadoel datedecréation"),
		col("lang", "language locale sprache idioma langue lingua taal"),
		col("channel", "source via origin kanal canal canale kanaal"),
		col("status", "state ticketstatus estado statut stato"),
		col("tags", "labels tag schlagworte etiquetas étiquettes"),
		col("brand", "brandname marke marque marca merk"),
		col("value", "ordervalue ticketvalue"),
		col("customer_name", "requestername requester customer contactname contact name kunde kundenname cliente client klant"),
		col("customer_email", "requesteremail contactemail email emailaddress from fromaddress kundenemail"),
		col("customer_tags", "requestertags plan tier"),
		col("in_scope", "answerable"),
	}
	macroColumns = columns{
		need(col("id", "macroid name macroname key title titel")),
		col("title", "name macroname subject macrotitle titel titre título titolo"),
		need(col("body", "text reply content message answer response comment commentvalue html antwort inhalt texte texto testo")),
		col("topic", "category folder group type kategorie thema"),
		col("lang", "language locale sprache idioma langue"),
		col("high_risk", "risk risks"),
	}
	articleColumns = columns{
		need(col("id", "articleid key slug url title titel")),
		col("title", "name subject headline titel titre título titolo"),
		need(col("body", "text content html description inhalt texte texto testo")),
		col("url", "link htmlurl permalink address"),
		col("topic", "category section folder kategorie thema"),
		col("lang", "language locale sprache idioma langue"),
	}
)

// names lists the columns for messages.
func (c columns) names() string {
	var out []string
	for _, k := range c {
		out = append(out, k.name)
	}
	return strings.Join(out, ", ")
}

func (c columns) check(said map[string]string) error {
	for _, name := range sortedKeys(said) {
		if !slices.ContainsFunc(c, func(k column) bool { return k.name == name }) {
			return fmt.Errorf("no column of ours is called %q; there are %s", name, c.names())
		}
	}
	return nil
}

// found says where our columns stand in one table.
type found struct {
	header []string
	at     map[string]int // -1: not there
	other  []int          // columns that are not ours
}

// find takes the columns that the mapping names, then guesses the rest among those that are left. Several of ours may share
// a column only when the mapping says so, or when an id has no column but the title's.
func (c columns) find(header []string, said map[string]string) (found, error) {
	f := found{header: header, at: map[string]int{}}
	used := map[int]bool{}
	for _, k := range c {
		f.at[k.name] = -1
		if name, ok := said[k.name]; ok {
			i := slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == strings.TrimSpace(name) })
			if i < 0 {
				i = slices.IndexFunc(header, func(h string) bool { return plain(h) == plain(name) })
			}
			if i < 0 {
				return f, fmt.Errorf("the mapping says that %s is in the column %q; the columns are %s", k.name, name, quoteAll(header))
			}
			f.at[k.name], used[i] = i, true
		}
	}
	for _, k := range c {
		if f.at[k.name] >= 0 {
			continue
		}
		if i := k.guess(header, used); i >= 0 {
			f.at[k.name], used[i] = i, true
		}
	}
	for _, k := range c {
		if k.needed && f.at[k.name] < 0 {
			return f, f.missing(k.name)
		}
	}
	if i, ok := f.at["title"]; ok && i < 0 {
		f.at["title"] = f.at["id"]
	}
	for i := range header {
		if !used[i] {
			f.other = append(f.other, i)
		}
	}
	return f, nil
}

func (k column) guess(header []string, used map[int]bool) int {
	for _, name := range append([]string{plain(k.name)}, k.usual...) {
		for i, h := range header {
			if !used[i] && plain(h) == name {
				return i
			}
		}
	}
	return -1
}

func (f found) missing(name string) error {
	return fmt.Errorf("no column looks like %s; the columns are %s; say which one it is with --map", name, quoteAll(f.header))
}

// get returns one of our fields, or "" when the table has no such column.
func (f found) get(fields []string, name string) string {
	if i := f.at[name]; i >= 0 {
		return strings.TrimSpace(fields[i])
	}
	return ""
}

// plain is a column's name without case, blanks and punctuation: "Ticket ID" and "ticket_id" are one.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// maxListed bounds how many columns an error lists.
const maxListed = 30

func quoteAll(names []string) string {
	var out []string
	for _, n := range names[:min(len(names), maxListed)] {
		out = append(out, strconv.Quote(n))
	}
	return strings.Join(out, ", ")
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
