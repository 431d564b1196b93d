package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"warmline/brain"
	"warmline/brain/files"
	"warmline/brain/group"
	"warmline/brain/local"
	"warmline/brain/semantic"
)

// knowledgeFlags name the files that a team brings. Every command that reads them embeds it.
type knowledgeFlags struct {
	Macros   string `type:"existingfile" placeholder:"FILE" help:"Macros to answer from: JSONL or CSV, gzipped or not."`
	Articles string `type:"existingfile" placeholder:"FILE" help:"Help-centre articles: JSONL or CSV, gzipped or not."`
	History  string `type:"existingfile" placeholder:"FILE" help:"Solved tickets to learn from: JSONL or CSV, gzipped or not."`
	fileFlags

	Pack string `env:"WARMLINE_PACK" placeholder:"FILE" help:"Semantic pack; semantic.pack where none is named, if it is there."`
}

// fileFlags say how files are read.
type fileFlags struct {
	Map     string `type:"existingfile" placeholder:"FILE" help:"YAML that says how the columns of CSV files are named; without it they are guessed."`
	SkipBad bool   `help:"Report lines that cannot be read, and go on without them."`
}

// encoder opens the semantic pack: the one that was named, else the one that make semantic leaves. nil when there is none.
func (k *knowledgeFlags) encoder() (local.Encoder, error) {
	path := cmp.Or(k.Pack, defaultPack)
	p, err := semantic.Open(path)
	switch {
	case k.Pack == "" && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, &usageError{err}
	}
	return p, nil
}

// load reads the files; lines that are skipped are reported on stderr. Past tickets that nobody labelled with the answer that
// solved them get the one that their reply shows.
func (k *knowledgeFlags) load(stderr io.Writer) (brain.Knowledge, error) {
	var out brain.Knowledge
	if len(k.fromStdin()) > 1 {
		return out, usagef("only one of %s can be read from standard input", strings.Join(k.fromStdin(), ", "))
	}
	in, err := k.options(stderr)
	if err != nil {
		return out, err
	}
	var errs [3]error
	if k.Macros != "" {
		errs[0] = in.Macros(k.Macros, func(_ int, m brain.Macro) error { out.Macros = append(out.Macros, m); return nil })
	}
	if k.Articles != "" {
		errs[1] = in.Articles(k.Articles, func(_ int, a brain.Article) error { out.Articles = append(out.Articles, a); return nil })
	}
	if k.History != "" {
		errs[2] = k.history(in, &out)
	}
	for i, err := range errs {
		if _, ok := errors.AsType[brain.BadLines](err); ok {
			errs[i] = fmt.Errorf("%w; mend them, or leave them out with --skip-bad", err)
		}
	}
	if err := errors.Join(errs[:]...); err != nil {
		return brain.Knowledge{}, err
	}
	if out.More != nil {
		return out, nil
	}
	return group.Answers(out), nil
}

// maxHeld is how many past tickets are held at once. A longer history is read again by whoever learns from it, if it names its
// answers: to find those, all replies must be compared.
const maxHeld = 200_000

func (k *knowledgeFlags) history(in files.Options, out *brain.Knowledge) error {
	n, named := 0, true
	hold := func(_ int, p brain.Past) error {
		n++
		named = named && (p.Gold.AnswerID != "" || p.Unanswerable() || p.Reply() == "")
		if n > maxHeld && named && k.History != "-" {
			out.Past = nil
			return nil
		}
		if out.Past == nil && n > maxHeld { // some have gone already
			return errUnnamed
		}
		out.Past = append(out.Past, p)
		return nil
	}
	err := in.Tickets(k.History, hold)
	told := in
	if in.Bad != nil {
		told.Bad = func(string, brain.BadLine) error { return nil } // the first reading told of them
	}
	if errors.Is(err, errUnnamed) {
		out.Past, in = nil, told
		return in.Tickets(k.History, func(_ int, p brain.Past) error { out.Past = append(out.Past, p); return nil })
	}
	if err == nil && out.Past == nil && n > 0 {
		out.Count = n
		out.More = func(yield func(*brain.Past) error) error {
			return told.Tickets(k.History, func(_ int, p brain.Past) error { return yield(&p) })
		}
	}
	return err
}

// largeHeap is from when on memory is worth more than the time to collect garbage, in bytes.
const largeHeap = 256 << 20

// learnFrom makes a brain of what was loaded. What training needs is several times what stays, so garbage is collected more often
// meanwhile, and what is left over is given back. Where much stays, garbage may not double it.
func learnFrom(ctx context.Context, o local.Options) (*local.Brain, error) {
	before := debug.SetGCPercent(40)
	b, err := local.NewContext(ctx, o)
	debug.FreeOSMemory()
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > largeHeap && (before > 20 || before < 0) {
		before = 20
	}
	debug.SetGCPercent(before)
	if err != nil {
		return nil, fmt.Errorf("start the brain: %w", err)
	}
	return b, nil
}

var errUnnamed = errors.New("a ticket does not name its answer")

// fromStdin lists the flags that say "-".
func (k *knowledgeFlags) fromStdin() []string {
	var out []string
	for _, f := range []struct{ name, value string }{{"--macros", k.Macros}, {"--articles", k.Articles}, {"--history", k.History}} {
		if f.value == "-" {
			out = append(out, f.name)
		}
	}
	return out
}

// options says how files are read, whichever they are.
func (k *fileFlags) options(stderr io.Writer) (files.Options, error) {
	in := files.Options{Stdin: os.Stdin}
	if k.SkipBad {
		in.Bad = func(name string, b brain.BadLine) error {
			fmt.Fprintf(stderr, "warmline: skipped %s: %v\n", name, b)
			return nil
		}
	}
	if k.Map == "" {
		return in, nil
	}
	m, err := files.ReadMap(k.Map)
	if err != nil {
		return in, fmt.Errorf("read mapping: %w", err)
	}
	in.Map = m
	return in, nil
}
