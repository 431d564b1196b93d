package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"warmline/escalate"
	"warmline/helpdesk/builtin"
	"warmline/internal/localslack"
	"warmline/internal/localslack/slackstory"
)

// Customers send pictures and other files: the thread shows the ones and names the others.

// photo is a small picture that a customer sends.
func photo(t *testing.T, name string) builtin.Upload {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	return builtin.Upload{Name: name, Type: "image/png", Body: b.Bytes()}
}

// Sends has the customer write again, with files.
func (t *ticket) Sends(text string, files ...builtin.Upload) {
	t.s.t.Helper()
	t.add(builtin.NewMessage{Role: escalate.RoleCustomer, Text: text, Files: files}, true)
}

// shownFile is a file as Slack shows it.
type shownFile struct {
	ID, Name, Title string
	Mimetype        string
	Alt             string `json:"alt_txt"`
}

// filesBelow lists the files in a card's thread, as people see them. There are none anywhere else.
func (s *story) filesBelow(card *slackstory.Card) []shownFile {
	s.t.Helper()
	below, all := s.filesIn(card.TS()), s.filesIn("")
	if len(below) != len(all) {
		s.t.Errorf("of the files %v only %v are in the thread", all, below)
	}
	return below
}

// filesIn lists the files in a thread; "" stands for everywhere.
func (s *story) filesIn(thread string) (all []shownFile) {
	s.t.Helper()
	res, err := s.slack.Get(slackBase + "/_control/messages?" + url.Values{"channel": {"support"}}.Encode())
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out struct {
		Messages []struct {
			ThreadTS string `json:"thread_ts"`
			Files    []shownFile
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		s.t.Fatal(err)
	}
	for _, m := range out.Messages {
		if thread == "" || m.ThreadTS == thread {
			all = append(all, m.Files...)
		}
	}
	return all
}

func (s *story) titlesBelow(card *slackstory.Card) string {
	s.t.Helper()
	var titles []string
	for _, f := range s.filesBelow(card) {
		titles = append(titles, f.Title)
	}
	return strings.Join(titles, ", ")
}

func TestACustomersPhotoIsInTheThreadOnce(t *testing.T) {
	t.Parallel()
	lost := func(method string, applied bool) func(*story) {
		return func(s *story) {
			s.control("fault", map[string]any{"method": method, "status": 500, "after_apply": applied, "times": 1})
		}
	}
	for name, trouble := range map[string]func(*story){
		"as it is": func(*story) {},
		"although the ticket for its upload was lost":     lost("files.getUploadURLExternal", true),
		"although the answer to its bytes was lost":       lost("upload", true),
		"although its bytes were lost":                    lost("upload", false),
		"although the answer to its showing was lost":     lost("files.completeUploadExternal", true),
		"although its showing was lost":                   lost("files.completeUploadExternal", false),
		"although the answer to its message was lost":     lost("chat.postMessage", true),
		"although the helpdesk did not answer for a time": func(s *story) { s.deskFault(map[string]any{"op": "read", "kind": "500_before", "times": 3}) },
		"after a restart":                                 func(s *story) { s.shut() },
		"after a restart in the middle": func(s *story) {
			s.control("fault", map[string]any{"method": "files.completeUploadExternal", "status": 503})
		},
	} {
		t.Run(name, func(t *testing.T) {
			tell(t, func(s *story) {
				ticket := s.customer("Ina").asksForAPerson()
				card := s.card("support", ticket)
				s.later(time.Minute)
				trouble(s)
				ticket.Sends("This is how it looks.", photo(t, "hub.png"), photo(t, "cable.png"))
				switch {
				case s.app == nil:
					s.later(time.Minute)
					s.open()
				case name == "after a restart in the middle":
					s.later(20 * time.Second)
					s.shut()
					s.control("fault", map[string]any{"clear": true})
					s.open()
				}
				s.later(3 * time.Minute)
				if got := s.titlesBelow(card); got != "hub.png, cable.png" {
					t.Errorf("the thread shows %q", got)
				}
				s.once(card, "This is how it looks.", "hub.png (PNG picture")
				s.shut()
				s.open()
				ticket.Customer("Hello?")
				s.later(time.Minute)
				if n := len(s.filesBelow(card)); n != 2 {
					t.Errorf("after a restart the thread shows %d files", n)
				}
			})
		})
	}
}

func TestAPhotoWithoutAWordReachesTheCard(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").Writes("Broken", "", func(n *builtin.NewTicket) { n.Files = []builtin.Upload{photo(t, "hub.png")} })
		card := s.card("support", ticket)
		s.later(time.Minute)
		card.Thread().Expect("hub.png")
		if got := s.titlesBelow(card); got != "hub.png" {
			t.Errorf("the thread shows %q", got)
		}
	})
}

func TestACardThatIsPostedAnewGetsItsPhotosAnew(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Sends("This is how it looks.", photo(t, "hub.png"))
		s.later(time.Minute)
		s.deleteCard(card)
		ticket.Customer("Hello?")
		again := s.card("support", ticket)
		s.later(2 * time.Minute)
		files := s.filesIn(again.TS())
		if len(files) != 1 || files[0].Title != "hub.png" {
			t.Errorf("the new thread shows %v", files)
		}
	})
}

func TestWhatIsNoPictureIsNamedAndNothingRunsInSlack(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		fake := builtin.Upload{Name: "fake.png", Type: "image/png", Body: []byte("<html><script>alert(1)</script>")}
		ticket.Sends("See these.",
			fake,
			builtin.Upload{Name: "bill <!channel> 4111 1111 1111 1111.pdf", Type: "application/pdf", Body: []byte("%PDF-1.7")},
			builtin.Upload{Name: "scan", Body: photo(t, "").Body},
			builtin.Upload{Name: "notes", Body: []byte("nothing to see")},
		)
		s.later(2 * time.Minute)
		card.Thread().Expect("See these.").ExpectText("card …1111").ExpectText("(PDF, 8 bytes)").ExpectText("Open in the helpdesk")
		card.Thread().Expect("fake.png: it is no PNG, JPEG, GIF or WebP picture")
		if files := s.filesBelow(card); len(files) != 1 || files[0].Title != "scan" || files[0].Name != "scan.png" || files[0].Mimetype != "image/png" {
			t.Errorf("the thread shows %+v", files)
		}
		s.once(card, "Not shown")
	})
}

func TestAPhotoThatCannotBeFetchedIsNamedAndHoldsUpNothing(t *testing.T) {
	gone := refuse(http.StatusNotFound, http.MethodGet, "/files/f1")
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Sends("This is how it looks.", photo(t, "hub.png"), photo(t, "cable.png"))
		ticket.Customer("Do you see it?")
		card.Thread().Expect("Do you see it?")
		s.later(10 * time.Minute)
		s.once(card, "hub.png: the helpdesk does not have it any more", "Do you see it?")
		if got := s.titlesBelow(card); got != "cable.png" {
			t.Errorf("the thread shows %q", got)
		}
	}, gone.in)
}

func TestWithoutTheScopeTheThreadSaysOnceThatPhotosAreMissing(t *testing.T) {
	tell(t, func(s *story) {
		ticket := s.customer("Ina").asksForAPerson()
		card := s.card("support", ticket)
		ticket.Sends("This is how it looks.", photo(t, "hub.png"), photo(t, "cable.png"))
		s.later(time.Minute)
		ticket.Sends("And this.", photo(t, "plug.png"))
		s.later(2 * time.Minute)
		s.once(card, "Pictures cannot be shown here", "files:write", "update the app from manifest.yml", "plug.png")
	}, func(at *setting) {
		at.slack = func(c *localslack.Config) {
			c.Apps[0].Scopes = slices.DeleteFunc(slices.Clone(c.Apps[0].Scopes), func(scope string) bool { return scope == "files:write" })
		}
	})
}
