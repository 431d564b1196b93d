package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress is a bar on a terminal, and nothing anywhere else.
type progress struct{ bar *progressbar.ProgressBar }

// newProgress returns a bar over the bytes of a file; when its length is not known it only counts.
func newProgress(stderr io.Writer, what string, file *os.File) progress {
	if !isTerminal(stderr) {
		return progress{}
	}
	size := int64(-1)
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > 0 {
		size = info.Size()
	}
	return progress{progressbar.NewOptions64(size, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(stderr),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
		progressbar.OptionFullWidth(), progressbar.OptionSetRenderBlankState(true))}
}

// reader returns r with every byte that is read moving the bar.
func (p progress) reader(r io.Reader) io.Reader {
	if p.bar == nil {
		return r
	}
	return io.TeeReader(r, p.bar)
}

// finish takes the bar off the screen.
func (p progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear() // what cannot be cleared is on a screen that is gone
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// stages shows how far work of several stages is: a bar on a terminal, a line for each stage elsewhere.
type stages struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	stage string
	quiet bool
}

func newStages(out io.Writer, quiet bool) *stages {
	p := &stages{out: out, quiet: quiet}
	if isTerminal(out) && !quiet {
		p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(out), progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	}
	return p
}

func (p *stages) report(done, total int, stage string) {
	switch {
	case p.quiet:
	case p.bar != nil:
		p.bar.ChangeMax(max(1, total))
		p.bar.Describe(stage)
		_ = p.bar.Set(done) // a bar that cannot be drawn is no reason to stop
	case stage != p.stage && stage != "asking":
		fmt.Fprintf(p.out, "%s (%d of %d questions asked)\n", stage, done, total)
	}
	p.stage = stage
}

func (p *stages) end() {
	if p.bar != nil {
		_ = p.bar.Finish() // the same
	}
}
