package richtext_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"warmline/helpdesk/richtext"
	"warmline/internal/browsertest"
)

// What a browser shows of our HTML is the text: nobody here wrote that reader.
func TestBrowserShowsWhatWasTyped(t *testing.T) {
	ctx, closeTab := chromedp.NewContext(browsertest.Launch(t, "our HTML", 1200, 800))
	defer closeTab()
	spaces := strings.NewReplacer("\u00a0", " ")
	for _, typed := range hostile {
		if strings.Trim(typed, " \n\t\u00a0") == "" || strings.ContainsAny(typed, "\x01\f\v\u0085") {
			continue // nothing to see, or what no browser shows
		}
		page := "data:text/html;charset=utf-8," + url.PathEscape("<!doctype html><body>"+richtext.HTML(typed))
		if _, err := chromedp.Run(ctx, chromedp.Navigate(page)); err != nil {
			t.Fatal(err)
		}
		shown, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
		if err != nil {
			t.Fatal(err)
		}
		// The last line's end has no height in a browser.
		if got, want := strings.TrimRight(spaces.Replace(shown), "\n "), strings.TrimRight(spaces.Replace(typed), "\n "); got != want {
			t.Errorf("typed %q\nshown %q\n from %q", want, got, richtext.HTML(typed))
		}
	}
}
