package helpdesktest

import (
	"context"
	"testing"

	"warmline/escalate"
	"warmline/escalate/desk"
	"warmline/helpdesk"
)

// Fixture is a connected helpdesk with the means to act in it as others do: its customers, its own records. Means never
// go through Middle.
type Fixture struct {
	Desk desk.Helpdesk
	Name string // what Changes puts into Ref.Desk
	// Changes is the connector's feed for a helpdesk.Poller.
	Changes func(ctx context.Context, cursor string) ([]desk.Notice, string, error)

	// Create opens a ticket as its customer and returns its id; CustomerSays adds to it.
	Create       func(tb testing.TB, n Opening) string
	CustomerSays func(t *testing.T, ticket, text string)
	// Count returns how many messages and notes with a text the helpdesk itself holds.
	Count func(t *testing.T, ticket, text string) int

	// CustomerSends is CustomerSays with files; needed by a desk.FileReader. FilesOf returns the files of the messages with a text
	// as the helpdesk itself holds them; needed where Limits says that replies carry files.
	CustomerSends func(t *testing.T, ticket, text string, files []desk.Upload)
	FilesOf       func(t *testing.T, ticket, text string) []desk.Upload
	// CustomerEdits changes the text of the customer's newest message; nil where customers cannot.
	CustomerEdits func(t *testing.T, ticket, text string)

	// Of what only some vendors have, each needed where Abilities says so: Due sets a ticket's deadlines and returns them, Merge
	// merges one ticket into another; Macros and Articles are all that the account has and anybody may read.
	Due      func(t *testing.T, ticket string) desk.Deadlines
	Merge    func(t *testing.T, from, into string)
	Macros   []helpdesk.Macro
	Articles []helpdesk.Article

	// Brand puts a ticket under the first or the second of the account's brands and returns what people call it; needed where Abilities
	// has them. Value puts what somebody typed into the field that says what a ticket is worth, or leaves it empty where the helpdesk
	// takes no such thing; likewise.
	Brand func(t *testing.T, ticket string, n int) string
	Value func(t *testing.T, ticket, typed string)

	// Number is what agents call a ticket; nil where that is its id.
	Number func(t *testing.T, ticket string) string

	// Agent is someone whom the helpdesk knows.
	Agent      escalate.AgentID
	AgentName  string
	AgentEmail string
	// Missing is the id of a ticket that does not exist, in the helpdesk's own form.
	Missing string
}

// Opening is a customer's first message.
type Opening struct {
	Name, Email, Subject, Text string
}

var first = Opening{Name: "Ina Berg", Email: "ina@customer.example", Subject: "Lamp stays dark", Text: "It does not charge."}

// contract is one test of the suite, at work.
type contract struct {
	Fixture

	t      *testing.T
	middle *Middle
}

// Run holds a connector to the contract. Each test opens a helpdesk of its own.
func Run(t *testing.T, open func(*testing.T, *Middle) Fixture) {
	t.Helper()
	for _, test := range []struct {
		name string
		run  func(*contract)
	}{
		{"reads the whole conversation", readsWhole},
		{"tells what agents call a ticket", tellsNumber},
		{"keeps a note internal and adds it once", keepsNoteInternal},
		{"sends a reply in the bot's or a person's name", sendsReply},
		{"reads back text as it was sent", readsBackText},
		{"refuses a reply to a ticket that moved", refusesMoved},
		{"never doubles a reply with the same stamp", neverDoubles},
		{"calls a 429 a refusal and says when to come back", saysWhenToComeBack},
		{"leaves a lost answer open", leavesLostAnswerOpen},
		{"says when a ticket is not there", saysNotFound},
		{"finds an agent by e-mail", findsAgent},
		{"adds tags without losing any", addsTags},
		{"takes tags from a ticket", takesTags},
		{"sets status and assignee", setsFields},
		{"sets the priority", setsPriority},
		{"reads the helpdesk's own deadlines", readsDeadlines},
		{"tells a ticket's brand", tellsBrand},
		{"tells what a ticket is worth, and guesses nothing", tellsValue},
		{"follows a merged ticket", followsMerge},
		{"reads all macros", readsMacros},
		{"reads all public articles and no others", readsArticles},
		{"lists past tickets", listsPast},
		{"says of every row what it can", saysWhatItCan},
		{"checks its account", checksAccount},
		{"opens a ticket once for each key", opensOnce},
		{"a file arrives byte for byte, and can be opened", opensFiles},
		{"says when a file is not there", saysFileNotFound},
		{"sends a reply with files, once", sendsFiles},
		{"keeps the files of a note internal", keepsFilesInternal},
		{"tells of a customer's edit", tellsOfEdit},
		{"finds every change", findsChanges},
		{"follows no redirect", followsNoRedirect},
		{"reads no endless answer", readsNoEndlessAnswer},
		{"gives up at the deadline", givesUpAtDeadline},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := newMiddle(t)
			test.run(&contract{t: t, Fixture: open(t, m), middle: m})
		})
	}
}

func read(t *testing.T, f Fixture, ticket string) *desk.Snapshot {
	t.Helper()
	s, err := f.Desk.Read(t.Context(), ticket)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return s
}

func write(t *testing.T, f Fixture, ticket string, w desk.Write) escalate.MessageID {
	t.Helper()
	id, err := f.Desk.Write(t.Context(), ticket, w)
	if err != nil {
		t.Fatalf("write %s: %v", w.Kind, err)
	}
	return id
}

// find returns the only message with a marker.
func find(t *testing.T, s *desk.Snapshot, marker string) escalate.Message {
	t.Helper()
	var found []escalate.Message
	for _, m := range s.Content.Messages {
		if m.Marker == marker {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d messages have the marker %q, want 1", len(found), marker)
	}
	return found[0]
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
