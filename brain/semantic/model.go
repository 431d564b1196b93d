package semantic

import (
	"errors"
	"fmt"
	"strconv"
)

// heads is how many heads each layer's attention has; the package's graph says so where its weights do not.
const heads = 4

// model is a network before its weights are rounded.
type model struct {
	embed  tensor // rows × width
	pitch  []float32
	layers []modelLayer
	final  affine
}

// modelLayer has the fields of layer.
type modelLayer struct {
	heads         int
	before        norming
	ask, join     affine
	skip          *affine
	between       norming
	widen, narrow affine
}

// affine is a matrix of the source: inputs × outputs, and a bias for each output.
type affine struct {
	weights tensor
	bias    []float32
}

// The names that the package gives its weights. Some are folded constants of the graph, hence the two trees.
const (
	treeEncode = "module_apply_default/Encoder_en/KonaTransformer/Encode/"
	treeKernel = "module/Encoder_en/KonaTransformer/Encode/"
	treeFinal  = "module/Encoder_en/hidden_layers/tanh_layer_0/"

	nameEmbed = "module/Embeddings_en"
	namePitch = treeEncode + "TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"
	concat    = "/ConcatPartitions/concat"
)

// finder looks weights up by name and keeps the first thing that is wrong.
type finder struct {
	tensors map[string]tensor
	err     error
}

// get returns the weight of that name with its outer sides of 1 taken off, so that it has so many.
func (f *finder) get(name string, sides int) tensor {
	t, ok := f.tensors[name]
	if !ok {
		f.fail("weight %s is missing", name)
		return tensor{shape: make([]int, sides)}
	}
	for len(t.shape) > sides && t.shape[0] == 1 {
		t.shape = t.shape[1:]
	}
	if len(t.shape) != sides {
		f.fail("weight %s has the wrong shape", name)
		return tensor{shape: make([]int, sides)}
	}
	return t
}

func (f *finder) fail(format string, args ...any) {
	if f.err == nil {
		f.err = fmt.Errorf(format, args...)
	}
}

func (f *finder) affine(weights, bias string) affine {
	a := affine{weights: f.get(weights, 2), bias: f.get(bias, 1).values}
	if len(a.bias) != a.weights.shape[1] {
		f.fail("weight %s has the wrong length", bias)
	}
	return a
}

func (f *finder) norming(prefix string, width int) norming {
	prefix += "layer_prepostprocess/layer_norm/layer_norm_"
	n := norming{scale: f.get(prefix+"scale"+concat, 1).values, bias: f.get(prefix+"bias"+concat, 1).values}
	if len(n.scale) != width || len(n.bias) != width {
		f.fail("weight %sscale or its bias has the wrong length", prefix)
	}
	return n
}

// layer finds the weights of a layer. The first has a matrix that brings the embedding to the width of the others.
func (f *finder) layer(name string) modelLayer {
	tree, kernel := treeEncode+name+"/TransformerLayer/", treeKernel+name+"/TransformerLayer/"
	stack := treeEncode + "TransformerStack/" + name + "/TransformerLayer/FFN/"
	const attention = "MultiheadAttention/"
	l := modelLayer{
		heads:  heads,
		ask:    f.affine(kernel+attention+"qkv_transform_single/kernel/part_0", tree+attention+"qkv_transform_single/bias"+concat),
		join:   f.affine(kernel+attention+"output_transform_single/kernel/part_0", tree+attention+"output_transform_single/bias"+concat),
		widen:  f.affine(stack+"conv1/Tensordot/Reshape_1", tree+"FFN/conv1/bias"+concat),
		narrow: f.affine(stack+"conv2/Tensordot/Reshape_1", tree+"FFN/conv2/bias"+concat),
	}
	in, out := l.ask.weights.shape[0], l.join.weights.shape[1]
	l.before, l.between = f.norming(tree, in), f.norming(tree+"FFN/", out)
	if in != out {
		skip := f.affine(tree+"dense/kernel"+concat, tree+"dense/bias"+concat)
		l.skip = &skip
	}
	return l
}

// model finds the weights that the network needs among those of the package.
func (s *source) model() (*model, error) {
	f := &finder{tensors: s.tensors}
	m := &model{
		embed: f.get(nameEmbed, 2), pitch: f.get(namePitch, 1).values, final: f.affine(treeFinal+"weights", treeFinal+"bias"),
	}
	for i := 0; i < maxLayers && (i == 0 || f.has(i)); i++ {
		m.layers = append(m.layers, f.layer(layerName(i)))
	}
	if f.err != nil {
		return nil, f.err
	}
	return m, m.check(len(s.pieces))
}

func layerName(i int) string { return "Layer_" + strconv.Itoa(i) }

// has reports whether there is a layer of that number.
func (f *finder) has(i int) bool {
	_, ok := f.tensors[treeEncode+layerName(i)+"/TransformerLayer/FFN/conv1/bias"+concat]
	return ok
}

// check refuses weights that do not fit each other.
func (m *model) check(pieces int) error {
	width := m.embed.shape[1]
	if 2*len(m.pitch) != width || m.embed.shape[0] < pieces {
		return errors.New("vocabulary, embedding and positions do not fit together")
	}
	for i := range m.layers {
		l := &m.layers[i]
		in, out, wide := l.ask.weights.shape[0], l.join.weights.shape[1], l.widen.weights.shape[1]
		fits := in == width && l.ask.is(in, 3*in) && l.join.is(in, out) && l.widen.is(out, wide) && l.narrow.is(wide, out) &&
			(l.skip == nil || l.skip.is(in, out))
		if !fits {
			return fmt.Errorf("the weights of %s do not fit together", layerName(i))
		}
		width = out
	}
	if m.final.weights.shape[0] != width {
		return errors.New("the last weights do not fit the layer before")
	}
	return nil
}

func (a *affine) is(in, out int) bool { return a.weights.shape[0] == in && a.weights.shape[1] == out }

// matrix rounds the weights, each output by itself.
func (a *affine) matrix() matrix {
	in, out := a.weights.shape[0], a.weights.shape[1]
	turned := make([]float32, in*out)
	for i := range in {
		for o := range out {
			turned[o*in+i] = a.weights.values[i*out+o]
		}
	}
	m := matrix{rows: out, cols: in, bias: a.bias}
	m.weights, m.scales = quantise(turned, out, in)
	return m
}

// network rounds the model.
func (m *model) network() *network {
	n := &network{width: m.embed.shape[1], pitch: m.pitch, final: m.final.matrix()}
	n.embed = matrix{rows: m.embed.shape[0], cols: n.width}
	n.embed.weights, n.embed.scales = quantise(m.embed.values, n.embed.rows, n.width)
	n.waves = wavesOf(n.pitch)
	for i := range m.layers {
		l := &m.layers[i]
		rounded := layer{
			heads: l.heads, before: l.before, ask: l.ask.matrix(), join: l.join.matrix(), between: l.between,
			widen: l.widen.matrix(), narrow: l.narrow.matrix(),
		}
		if l.skip != nil {
			skip := l.skip.matrix()
			rounded.skip = &skip
		}
		n.layers = append(n.layers, rounded)
	}
	return n
}
