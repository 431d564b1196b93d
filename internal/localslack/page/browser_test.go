package page_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"warmline/internal/browsertest"
)

// browser is one tab that keeps what the page complained about.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu     sync.Mutex
	faults []string
}

// openBrowser starts a headless Chromium, or skips (fails with WARMLINE_REQUIRE_BROWSER=1) where there is none.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	allocator := browsertest.Launch(t, "the workspace's page", 1400, 900)
	ctx, closeTab := chromedp.NewContext(allocator)
	b := &browser{t: t, ctx: ctx}
	console := chromedp.Console(ctx)
	var listener sync.WaitGroup
	listener.Go(func() { b.listen(console) })
	t.Cleanup(func() {
		closeTab()
		listener.Wait()
	})
	b.do(chromedp.EmulateViewport(1400, 900))
	return b
}

// listen keeps errors, warnings and uncaught exceptions until the tab closes.
func (b *browser) listen(console iter.Seq2[chromedp.ConsoleMessage, error]) {
	for message, err := range console {
		if err != nil {
			return // the tab has closed
		}
		switch message.Type {
		case chromedp.ConsoleError, chromedp.ConsoleWarning, chromedp.ConsoleException:
			b.mu.Lock()
			b.faults = append(b.faults, message.String())
			b.mu.Unlock()
		default: // what a page merely tells is no complaint
		}
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// wait polls until the JavaScript expression is true, and says what the page shows when it never is.
func (b *browser) wait(what, expression string) {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(8*time.Second)))
	if err == nil {
		return
	}
	b.shot("failed")
	b.t.Fatalf("%s: %v; faults %q; the page shows:\n%s", what, err, b.faults, b.text("document.body.innerText"))
}

// shows waits until an element that matches the selector contains the text.
func (b *browser) shows(selector, text string) {
	b.t.Helper()
	b.wait(fmt.Sprintf("%s shows %q", selector, text),
		fmt.Sprintf(`[...document.querySelectorAll(%q)].some((el) => el.checkVisibility() && el.textContent.includes(%q))`, selector, text))
}

func (b *browser) gone(selector string) {
	b.t.Helper()
	b.wait(selector+" is gone", fmt.Sprintf(`![...document.querySelectorAll(%q)].some((el) => el.checkVisibility())`, selector))
}

// click presses the visible element that matches the selector and says the text, with a real mouse event, once it
// has stopped moving (messages and images arrive while the page is already in use).
// types focuses the element, once it is there, and presses keys. The element is looked up in the page: the driver's own tree of
// nodes changes under its reader's hands.
func (b *browser) types(selector, keys string) {
	b.t.Helper()
	b.wait(selector+" to be there", fmt.Sprintf("document.querySelector(%q)?.checkVisibility()", selector))
	b.do(script(fmt.Sprintf("document.querySelector(%q).focus()", selector)), chromedp.KeyEvent(keys))
}

func (b *browser) click(selector, text string) {
	b.t.Helper()
	b.shows(selector, text)
	at, err := chromedp.Run(b.ctx, chromedp.Evaluate[[2]float64](fmt.Sprintf(`(async () => {
		for (let last = "";;) {
			const found = [...document.querySelectorAll(%q)].find((el) => el.checkVisibility() && el.textContent.includes(%q));
			found.scrollIntoView({block: "center"});
			for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
			const box = found.getBoundingClientRect();
			if (found.isConnected && last === JSON.stringify(box)) return [box.x + box.width / 2, box.y + box.height / 2];
			last = JSON.stringify(box);
		}
	})()`, selector, text), chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.MouseClickXY(at[0], at[1]))
}

// text is the string that the JavaScript expression, or the promise it makes, comes to.
func (b *browser) text(expression string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

func script(source string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](source)
}

// shot writes a picture of the page into WARMLINE_SCREENSHOTS, when that names a folder.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("WARMLINE_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "page-"+name+".png"), picture, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) mustBeQuiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.faults) > 0 {
		b.t.Errorf("the browser complained:\n%s", strings.Join(b.faults, "\n"))
	}
}
