package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"go.yaml.in/yaml/v4"

	"warmline/brain"
)

//go:embed company.yaml macros.jsonl articles.jsonl history.jsonl live.jsonl more.jsonl
var files embed.FS

// Load reads the embedded company. It reads anew at each call, so callers may change what they get.
func Load() (*Company, error) { return load(files) }

func load(fsys fs.FS) (*Company, error) {
	about, err := fs.ReadFile(fsys, "company.yaml")
	if err != nil {
		return nil, fmt.Errorf("read demo company: %w", err)
	}
	var c Company
	if err := yaml.Load(about, &c, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("read demo company.yaml: %w", err)
	}
	err = errors.Join(
		readKnowledge(fsys, &c.Knowledge),
		readLines(fsys, "live.jsonl", &c.Live),
		readLines(fsys, "more.jsonl", &c.More),
	)
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// readKnowledge reads what the company knows as any team's files are read.
func readKnowledge(fsys fs.FS, k *brain.Knowledge) error {
	read := func(name string, decode func(io.Reader) error) error {
		f, err := fsys.Open(name)
		if err != nil {
			return fmt.Errorf("read demo data: %w", err)
		}
		defer func() { _ = f.Close() }() // only read: closing can lose nothing
		if err := decode(f); err != nil {
			return fmt.Errorf("read demo %s: %w", name, err)
		}
		return nil
	}
	return errors.Join(
		read("macros.jsonl", func(r io.Reader) (err error) { k.Macros, err = brain.ReadMacros(r); return err }),
		read("articles.jsonl", func(r io.Reader) (err error) { k.Articles, err = brain.ReadArticles(r); return err }),
		read("history.jsonl", func(r io.Reader) (err error) { k.Past, err = brain.ReadTickets(r); return err }),
	)
}

// readLines appends one T for each line of the file. Unknown keys are faults: these files are ours, and a mistyped key
// would otherwise be lost without a word.
func readLines[T any](fsys fs.FS, name string, into *[]T) error {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("read demo data: %w", err)
	}
	number := 0
	for line := range bytes.Lines(data) {
		number++
		var row T
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&row); err != nil {
			return fmt.Errorf("read demo %s line %d: %w", name, number, err)
		}
		if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
			return fmt.Errorf("read demo %s line %d: more than one value", name, number)
		}
		*into = append(*into, row)
	}
	return nil
}
