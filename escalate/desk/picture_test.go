package desk

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// drawn is a picture of each kind that the standard library writes.
func drawn(tb testing.TB, kind string) []byte {
	tb.Helper()
	img := image.NewPaletted(image.Rect(0, 0, 40, 20), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, img)
	case "jpeg":
		err = jpeg.Encode(&b, img, nil)
	case "gif":
		err = gif.Encode(&b, img, nil)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// webp is the header of a WebP picture, whose first chunk begins with the given bytes.
func webp(chunk string, data ...byte) []byte {
	b := append([]byte("RIFF\x40\x00\x00\x00WEBP"+chunk), 0x20, 0, 0, 0)
	return append(append(b, data...), make([]byte, 20)...)
}

// bomb is a PNG header that claims to be huge.
func bomb(tb testing.TB) []byte {
	b := drawn(tb, "png")
	binary.BigEndian.PutUint32(b[16:], 60000)
	binary.BigEndian.PutUint32(b[20:], 60000)
	crc := uint32(0xFFFFFFFF) // of the chunk IHDR, so that the header itself is in order
	for _, c := range b[12:29] {
		crc ^= uint32(c)
		for range 8 {
			crc = crc>>1 ^ 0xEDB88320&-(crc&1)
		}
	}
	binary.BigEndian.PutUint32(b[29:], ^crc)
	return b
}

func TestAPictureIsWhatItsBytesSay(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"png":                  {drawn(t, "png"), "image/png"},
		"jpeg":                 {drawn(t, "jpeg"), "image/jpeg"},
		"gif":                  {drawn(t, "gif"), "image/gif"},
		"webp, extended":       {webp("VP8X", 0, 0, 0, 0, 39, 0, 0, 19, 0, 0), "image/webp"},
		"webp, lossless":       {webp("VP8L", 0x2F, 39, 0xC0, 4, 0), "image/webp"},
		"webp, lossy":          {webp("VP8 ", 0, 0, 0, 0x9D, 1, 0x2A, 40, 0, 20, 0), "image/webp"},
		"webp, broken":         {webp("VP8 ", 0, 0, 0, 0, 0, 0, 40, 0, 20, 0), ""},
		"webp, cut short":      {webp("VP8X")[:20], ""},
		"webp, too large":      {webp("VP8X", 0, 0, 0, 0, 255, 255, 255, 255, 255, 255), ""},
		"png, too large":       {bomb(t), ""},
		"only a png's first 8": {[]byte("\x89PNG\r\n\x1a\n"), ""},
		"svg":                  {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), ""},
		"html":                 {[]byte("<html>"), ""},
		"pdf":                  {[]byte("%PDF-1.7"), ""},
		"nothing":              {nil, ""},
	} {
		if got := pictureKind(c.data); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatASenderClaims(t *testing.T) {
	for _, c := range []struct {
		name, mime      string
		claimed, unsaid bool
	}{
		{"a.bin", "image/png", true, false},
		{"a.bin", "Image/JPEG; name=a", true, false},
		{"A.PNG", "", true, false},
		{"a.webp", "application/octet-stream", true, false},
		{"scan", "", false, true},
		{"a.png", "text/html", false, false},
		{"a.svg", "image/svg+xml", false, false},
		{"a.pdf", "application/pdf", false, false},
	} {
		if claimed, unsaid := mayBePicture(c.name, c.mime); claimed != c.claimed || unsaid != c.unsaid {
			t.Errorf("%s as %q: claimed %v, unsaid %v; want %v, %v", c.name, c.mime, claimed, unsaid, c.claimed, c.unsaid)
		}
	}
}

func FuzzPictureKind(f *testing.F) {
	for _, kind := range []string{"png", "jpeg", "gif"} {
		f.Add(drawn(f, kind))
	}
	f.Add(bomb(f))
	f.Add(webp("VP8X", 1, 2, 3))
	f.Add(webp("VP8L", 0x2F))
	f.Fuzz(func(t *testing.T, data []byte) {
		kind := pictureKind(data)
		if _, ok := pictures[kind]; kind != "" && !ok {
			t.Errorf("%q is no kind that Slack shows", kind)
		}
	})
}
