// Package browsertest starts a headless Chromium for tests of pages.
//
//	allocator := browsertest.Launch(t, "the desk's page", 1400, 900)
//	ctx, closeTab := chromedp.NewContext(allocator)
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
)

// EnvRequire makes a missing browser a failure instead of a skip when it is "1".
const EnvRequire = "WARMLINE_REQUIRE_BROWSER"

// Launch starts a Chromium with a window of that many pixels and an empty profile, and ends it with the test. It calls
// nobody but what the test opens. Where there is no Chromium the test is skipped; what names what it would have shown.
func Launch(tb testing.TB, what string, width, height int) context.Context {
	tb.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv(EnvRequire) == "1" {
			tb.Fatalf("chromium not found and %s=1", EnvRequire)
		}
		tb.Skipf("SKIPPED: %s in a browser (chromium not found; apt-get install chromium runs it)", what)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.UserDataDir(tb.TempDir()), chromedp.WindowSize(width, height))
	allocator, stop := chromedp.NewExecAllocator(tb.Context(), options...)
	tb.Cleanup(stop)
	return allocator
}
