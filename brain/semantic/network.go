package semantic

import (
	"encoding/binary"
	"errors"
	"math"
)

// shape returns how large the network is with these pieces.
func (n *network) shape(pieces []piece) shape {
	s := shape{pieces: len(pieces), rows: n.embed.rows, width: n.width, dim: n.final.rows}
	for _, p := range pieces {
		s.text += len(p.text)
	}
	for i := range n.layers {
		l := &n.layers[i]
		s.layers = append(s.layers, layerShape{heads: l.heads, in: l.in(), out: l.out(), wide: l.widen.rows})
	}
	return s
}

// write returns the payload of a pack.
func (n *network) write(pieces []piece) []byte {
	var o builder
	s := n.shape(pieces)
	o.ints(s.pieces, s.text, s.rows, s.width, s.dim, len(s.layers))
	for _, l := range s.layers {
		o.ints(l.heads, l.in, l.out, l.wide)
	}
	for _, p := range pieces {
		o.Write(binary.LittleEndian.AppendUint64(nil, math.Float64bits(p.score)))
		o.WriteByte(byte(len(p.text)))
		o.WriteString(p.text)
	}
	o.int8s(n.embed.weights)
	o.floats(n.embed.scales)
	o.floats(n.pitch)
	for i := range n.layers {
		l := &n.layers[i]
		o.norming(&l.before)
		o.matrix(&l.ask)
		o.matrix(&l.join)
		if l.skip != nil {
			o.matrix(l.skip)
		}
		o.norming(&l.between)
		o.matrix(&l.widen)
		o.matrix(&l.narrow)
	}
	o.matrix(&n.final)
	return o.Bytes()
}

var errShape = errors.New("its shape is not one that this program knows")

// readShape reads what says how long the rest is.
func readShape(p *parts) (s shape, err error) {
	const fixed, each = 6 * 4, 4 * 4
	if len(p.rest) < fixed {
		return s, errShape
	}
	s = shape{pieces: p.int(), text: p.int(), rows: p.int(), width: p.int(), dim: p.int()}
	layers := p.int()
	if layers < 1 || layers > maxLayers || len(p.rest) < layers*each {
		return s, errShape
	}
	for range layers {
		s.layers = append(s.layers, layerShape{heads: p.int(), in: p.int(), out: p.int(), wide: p.int()})
	}
	if err := s.check(); err != nil {
		return s, err
	}
	if s.size() != int64(len(p.rest)) {
		return s, errShape
	}
	return s, nil
}

// readPayload is write, backwards.
func readPayload(payload []byte) (*network, []piece, error) {
	p := &parts{rest: payload}
	s, err := readShape(p)
	if err != nil {
		return nil, nil, err
	}
	pieces, err := readPieces(p, s)
	if err != nil {
		return nil, nil, err
	}
	n := &network{width: s.width, embed: matrix{
		rows: s.rows, cols: s.width, weights: p.int8s(s.rows * s.width), scales: p.floats(s.rows),
	}}
	n.pitch = p.floats(s.width / 2)
	n.waves = wavesOf(n.pitch)
	in := s.width
	for _, ls := range s.layers {
		l := layer{heads: ls.heads, before: p.norming(ls.in), ask: p.matrix(3*ls.in, ls.in), join: p.matrix(ls.out, ls.in)}
		if ls.in != ls.out {
			skip := p.matrix(ls.out, ls.in)
			l.skip = &skip
		}
		l.between, l.widen, l.narrow = p.norming(ls.out), p.matrix(ls.wide, ls.out), p.matrix(ls.out, ls.wide)
		n.layers = append(n.layers, l)
		in = ls.out
	}
	n.final = p.matrix(s.dim, in)
	return n, pieces, nil
}

// readPieces reads the vocabulary. What its lengths add up to is part of the shape.
func readPieces(p *parts, s shape) ([]piece, error) {
	pieces := make([]piece, s.pieces)
	left := s.text
	for i := range pieces {
		score := math.Float64frombits(binary.LittleEndian.Uint64(p.bytes(8)))
		length := int(p.bytes(1)[0])
		if left -= length; left < 0 {
			return nil, errShape
		}
		pieces[i] = piece{text: string(p.bytes(length)), score: score}
	}
	if left != 0 {
		return nil, errShape
	}
	return pieces, nil
}
