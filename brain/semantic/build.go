package semantic

import (
	"errors"
	"fmt"
	"io"
)

// Build reads the unpacked npm package (Package) in the folder dir and writes the pack that is made of it, about 7 MB. The same
// package gives the same bytes. Its error says which file or weight is missing or not as expected.
func Build(dir string, w io.Writer) error {
	src, err := readSource(dir)
	if err != nil {
		return err
	}
	m, err := src.model()
	if err != nil {
		return notPackage(dir, err)
	}
	return m.network().seal(w, src.pieces)
}

// seal writes the network as a pack that read takes.
func (n *network) seal(w io.Writer, pieces []piece) error {
	s := n.shape(pieces)
	if err := s.check(); err != nil {
		return fmt.Errorf("write pack: %w", err)
	}
	payload := n.write(pieces)
	if len(payload) > maxPayload {
		return errors.New("write pack: the model is too large")
	}
	return seal(w, payload)
}
