package builtin_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"iter"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"warmline/helpdesk/builtin"
	"warmline/internal/browsertest"
)

// tab is one page in a headless Chromium that keeps what it complained about.
type tab struct {
	t      *testing.T
	ctx    context.Context
	mu     sync.Mutex
	faults []string
}

func openTab(t *testing.T) *tab {
	t.Helper()
	allocator := browsertest.Launch(t, "the desk's page", 1360, 860)
	ctx, closeTab := chromedp.NewContext(allocator)
	b := &tab{t: t, ctx: ctx}
	console := chromedp.Console(ctx)
	var listener sync.WaitGroup
	listener.Go(func() { b.listen(console) })
	t.Cleanup(func() {
		closeTab()
		listener.Wait()
		for _, fault := range b.faults {
			t.Errorf("the page complained: %s", fault)
		}
	})
	b.do(chromedp.EmulateViewport(1360, 860))
	return b
}

// listen keeps errors, warnings and uncaught exceptions until the tab closes.
func (b *tab) listen(console iter.Seq2[chromedp.ConsoleMessage, error]) {
	for message, err := range console {
		if err != nil {
			return
		}
		if slices.Contains([]any{chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException}, any(message.Type)) {
			b.mu.Lock()
			b.faults = append(b.faults, message.String())
			b.mu.Unlock()
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// wait polls until a JavaScript expression is true.
func (b *tab) wait(expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(8*time.Second)))
	if err != nil {
		b.picture("failed")
		b.t.Fatalf("%s: %v; the page shows:\n%s", expression, err, b.text())
	}
}

func (b *tab) text() string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}

// script runs JavaScript; used for what a mouse does badly, such as choosing in a native list.
func (b *tab) script(source string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](source))
}

// picture writes a screenshot into WARMLINE_SCREENSHOTS, when that names a folder.
func (b *tab) picture(name string) {
	b.t.Helper()
	folder := os.Getenv("WARMLINE_SCREENSHOTS")
	if folder == "" {
		return
	}
	b.wait("document.getAnimations().length === 0")
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "desk-"+name+".png"), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func TestCustomerAndAgentTalkThroughThePage(t *testing.T) {
	b := openTab(t)
	d := open(t, shop())
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = d.Close() }) // ends the page's stream, for which server.Close would wait

	b.do(chromedp.Navigate(server.URL + "/desk/?as=customer"))
	b.wait("!!document.querySelector('.live.up')")
	b.picture("customer-form")
	b.do(chromedp.Click(".examples .example:nth-of-type(2)"), chromedp.Click("form .primary"))
	b.wait("document.querySelectorAll('.message').length === 1")
	id := customerWrites(t, d)
	b.wait("document.querySelectorAll('.message').length === 3")
	b.do(chromedp.SendKeys("#answer", "Thank you, that worked!"), chromedp.Click(".composer .primary"))
	b.wait("document.querySelectorAll('.message').length === 4")
	b.picture("customer-talk")
	page := b.text()
	if strings.Contains(page, "Secret") {
		t.Error("the customer sees an internal note")
	}
	for _, words := range []string{"AI assistant", ana.Name, "<b>five</b>", "Thank you, that worked!"} {
		if !strings.Contains(page, words) {
			t.Errorf("the customer's page lacks %q:\n%s", words, page)
		}
	}

	b.do(chromedp.Navigate(server.URL + "/desk/?as=agent&ticket=" + id))
	b.wait("document.querySelectorAll('.message').length === 5 && document.querySelectorAll('.rows a').length === 4")
	b.picture("agent")
	b.do(chromedp.Click("label[for=mode-note]"), chromedp.SendKeys("#reply", "Cable is out of stock, ask the depot."))
	b.picture("agent-note")
	b.do(chromedp.Click(".composer .primary"))
	b.wait("document.querySelectorAll('.message.note').length === 2")
	b.script("const a = document.querySelector('#assignee'); a.value = 'ana'; a.dispatchEvent(new Event('change'))")
	b.wait("document.querySelector('.rows a[aria-current]').textContent.includes('Ana Ruiz')")
	b.do(chromedp.Click("label[for=mode-reply]"), chromedp.SendKeys("#reply", "Glad to hear it."),
		chromedp.Click(".composer .primary + button"))
	b.wait("document.querySelector('.rows a[aria-current] .status').textContent === 'Solved'")
	b.do(chromedp.Click("#theme"))
	b.picture("agent-dark")
	b.do(chromedp.Click(".switch a[data-as=customer]"), chromedp.Click(".mine a"))
	b.wait("document.querySelectorAll('.message').length === 5")
	b.picture("customer-dark")

	ticket := get(t, d, id)
	last := ticket.Messages[len(ticket.Messages)-1]
	if last.Author != ana.Name || !last.Public || ticket.Status != "solved" || ticket.Assignee != "ana" {
		t.Errorf("status %s, assignee %q, last message %+v; want ana's public reply on her solved ticket", ticket.Status, ticket.Assignee, last)
	}
}

// customerWrites answers what the page's customer has just written, and returns the ticket's id.
func customerWrites(t *testing.T, d *builtin.Desk) string {
	t.Helper()
	const id = "1004" // the first after the seed
	note, said := false, true
	add(t, d, id, builtin.NewMessage{Role: "bot", Text: "Secret summary for the team", Public: &note})
	add(t, d, id, builtin.NewMessage{Role: "bot", Text: "Hold the button for <b>five</b> seconds & it starts anew.", Public: &said})
	add(t, d, id, builtin.NewMessage{Role: "agent", Author: ana.Name, Text: "I have also put a new cable in the post for you.\n\nBest,\nAna", Public: &said})
	return id
}

func shop() builtin.Options {
	return builtin.Options{
		Company: "Lumen Bikes", Token: "secret-token",
		Agents: []builtin.Agent{ana, {ID: "ben", Name: "Ben Okafor", Email: "ben@shop.example"}},
		Seed: []builtin.NewTicket{
			{
				Subject: "Where is my parcel?", Text: "Ordered on Monday, order LB-20411, still nothing. When will it come?", Channel: "chat",
				Customer: builtin.Customer{Name: "Marc Petit", Email: "marc@customer.example"}, Tags: []string{"delivery"},
			},
			{
				Subject: "Rückerstattung für Bestellung LB-19987", Text: "Guten Tag, ich habe das Licht vor zwei Wochen zurückgeschickt und noch kein Geld bekommen.",
				Customer: builtin.Customer{Name: "Sabine Kröger", Email: "sabine@customer.example", Plan: "Plus"}, Tags: []string{"refund", "lang:de", "high_risk"},
			},
			{
				Subject: "Pairing fails with my phone", Text: "The app finds the light but says pairing failed each time. I use Android 16.",
				Customer: builtin.Customer{Name: "Priya Nair", Email: "priya@customer.example"},
			},
		},
		Examples: []builtin.Example{
			{Label: "A question it knows", Name: "Jonas Weber", Email: "jonas@customer.example", Subject: "How long does delivery take?", Text: "Hello, how long does delivery to Austria usually take?"},
			{Label: "A light that went dark", Name: "Ina Berg", Email: "ina@customer.example", Channel: "chat", Subject: "My front light stays dark", Text: "Hi, my front light no longer turns on although I charged it all night. What can I do?"},
			{Label: "Someone who wants a person", Name: "Tom Hale", Email: "tom@customer.example", Subject: "Charged twice, third time I write", Text: "This is the third time I write. I was charged twice for order LB-20377. Please let a human look at this."},
		},
	}
}

func TestPicturesAndEditsThroughThePage(t *testing.T) {
	b := openTab(t)
	d := open(t, shop())
	server := httptest.NewServer(d.Handler())
	t.Cleanup(server.Close)
	t.Cleanup(func() { _ = d.Close() })
	picture := filepath.Join(t.TempDir(), "light.png")
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 64, 48))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(picture, drawn.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}

	b.do(chromedp.Navigate(server.URL + "/desk/?as=customer"))
	b.wait("!!document.querySelector('.live.up')")
	b.do(chromedp.Click(".examples .example:nth-of-type(2)"), chromedp.SetUploadFiles("#files", []string{picture}), chromedp.Click("form .primary"))
	b.wait("document.querySelector('.message .files img')?.naturalWidth === 64")
	b.do(chromedp.Click(".message .edit"))
	b.script("const t = document.querySelector('.editor textarea'); t.value = 'My rear light stays dark.'")
	b.do(chromedp.Click(".editor .primary"))
	b.wait("document.querySelector('.message .text')?.textContent === 'My rear light stays dark.' && !!document.querySelector('.badge.edited')")
	b.picture("customer-files")

	b.do(chromedp.Navigate(server.URL + "/desk/?as=agent&ticket=1004"))
	b.wait("document.querySelector('.message .files img')?.naturalWidth === 64")
	b.do(chromedp.SendKeys("#reply", "Like this one?"), chromedp.SetUploadFiles("#reply-files", []string{picture}), chromedp.Click(".composer .primary"))
	b.wait("document.querySelectorAll('.message .files img').length === 2")
	b.picture("agent-files")
	messages := get(t, d, "1004").Messages
	if len(messages) != 2 || messages[0].EditedAt.IsZero() || len(messages[1].Files) != 1 || messages[1].Files[0].Type != "image/png" {
		t.Errorf("the ticket holds %+v", messages)
	}
}
