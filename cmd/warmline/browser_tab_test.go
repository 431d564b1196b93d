package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"warmline/internal/browsertest"
)

// startDemo runs the demo as the command does, until the test ends, and returns its address.
func startDemo(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var running sync.WaitGroup
	running.Go(func() {
		if code := run(ctx, []string{"demo", "--json", "--addr", "127.0.0.1:0"}, in, t.Output()); code != 0 {
			t.Errorf("the demo ended with exit code %d", code)
		}
		_ = in.Close()
	})
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
	var ready struct{ URL string }
	if err := json.NewDecoder(out).Decode(&ready); err != nil {
		t.Fatalf("read the demo's address: %v", err)
	}
	return ready.URL
}

// browser is a headless Chromium; what its pages complain about is kept.
type browser struct {
	t        *testing.T
	ctx      context.Context
	pictures string // the folder they are kept in

	mu     sync.Mutex
	faults []string
}

// openBrowser starts a browser, or skips (fails with WARMLINE_REQUIRE_BROWSER=1) where there is none.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	folder := os.Getenv("WARMLINE_SCREENSHOTS")
	if folder == "" {
		folder = t.TempDir()
	}
	allocator := browsertest.Launch(t, "the demo", 1400, 900)
	ctx, closeAll := chromedp.NewContext(allocator)
	t.Cleanup(closeAll)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	return &browser{t: t, ctx: ctx, pictures: folder}
}

// wasQuiet fails the test when a page logged an error or a warning, or let an exception pass.
func (b *browser) wasQuiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) > 0 {
		b.t.Errorf("pages complained:\n%s", strings.Join(b.faults, "\n"))
	}
}

// listen keeps complaints until the tab closes.
func (b *browser) listen(console iter.Seq2[chromedp.ConsoleMessage, error]) {
	for m, err := range console {
		if err != nil {
			return
		}
		switch m.Type {
		case chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException:
			b.mu.Lock()
			b.faults = append(b.faults, m.String())
			b.mu.Unlock()
		default: // what a page merely tells is no complaint
		}
	}
}

// tab is one page of it.
type tab struct {
	*browser
	ctx context.Context
}

func (b *browser) open(url string) *tab {
	b.t.Helper()
	ctx, closeTab := chromedp.NewContext(b.ctx)
	p := &tab{browser: b, ctx: ctx}
	console := chromedp.Console(ctx)
	var listener sync.WaitGroup
	listener.Go(func() { b.listen(console) })
	b.t.Cleanup(func() {
		closeTab()
		listener.Wait()
	})
	p.do(chromedp.EmulateViewport(1400, 900))
	p.goTo(url)
	return p
}

func (p *tab) goTo(url string) {
	p.t.Helper()
	p.do(chromedp.Navigate(url))
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// text is what the JavaScript expression, or the promise it makes, comes to.
func (p *tab) text(expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

// found is the expression for the last visible element that matches the selector and says the text.
func found(selector, text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%q)].findLast((el) => el.checkVisibility() && el.innerText.includes(%q))`, selector, text)
}

// wait polls until the expression is true, and says what the page shows when it never is.
func (p *tab) wait(what, expression string) {
	p.t.Helper()
	p.waitWithin(15*time.Second, what, expression)
}

// waitWithin is wait for what takes its time.
func (p *tab) waitWithin(most time.Duration, what, expression string) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(most))); err != nil {
		p.picture("failed")
		p.t.Fatalf("%s: %v; the page shows:\n%s", what, err, p.text("document.body.innerText"))
	}
}

func (p *tab) shows(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%s shows %q", selector, text), "!!"+found(selector, text))
}

func (p *tab) gone(selector, text string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("%s with %q is gone", selector, text), "!"+found(selector, text))
}

// card is the selector of the card in the channel whose header begins with the text.
func (p *tab) card(header string) string {
	p.t.Helper()
	p.shows(".channel .message", header+" ·")
	return fmt.Sprintf(".channel .message[data-ts=%q]", p.text(found(".channel .message", header+" ·")+".dataset.ts"))
}

// click presses the element with a real mouse, once it has stopped moving: messages arrive while a page is in use.
func (p *tab) click(selector, text string) {
	p.t.Helper()
	p.shows(selector, text)
	at, err := chromedp.Run(p.ctx, chromedp.Evaluate[[2]float64](fmt.Sprintf(`(async () => {
		for (let last = "";;) {
			const el = %s;
			el?.scrollIntoView({block: "center"});
			for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
			const box = el?.getBoundingClientRect();
			if (el?.isConnected && last === JSON.stringify(box)) return [box.x + box.width / 2, box.y + box.height / 2];
			last = JSON.stringify(box);
		}
	})()`, found(selector, text)), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

// link is where the link with these words leads.
func (p *tab) link(words string) string {
	p.t.Helper()
	p.shows("a", words)
	return p.text(found("a", words) + ".href")
}

// linksWork fails for every link of the page, and its icon, that leads nowhere.
func (p *tab) linksWork() {
	p.t.Helper()
	for address := range strings.Lines(p.text(`[...document.querySelectorAll("[href]")].map((el) => el.href).join("\n")`)) {
		address = strings.TrimSpace(address)
		request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, address, nil)
		if err != nil {
			p.t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			p.t.Errorf("%s: %v", address, err)
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK {
			p.t.Errorf("%s: %s", address, response.Status)
		}
	}
}

// picture keeps what the page shows, once nothing in it moves any more.
func (p *tab) picture(name string) {
	p.t.Helper()
	p.text(`Promise.all(document.getAnimations().map((one) => one.finished)).then(() => "")`)
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.pictures, name+".png"), shot, 0o600); err != nil {
		p.t.Fatal(err)
	}
}
