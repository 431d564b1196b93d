package main

import (
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
