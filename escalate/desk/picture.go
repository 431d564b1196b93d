package desk

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // so that its header is understood
	_ "image/jpeg" // the same
	_ "image/png"  // the same
	"strings"
)

// Bounds of a picture that is shown in Slack.
const (
	maxPhoto  = 8 << 20    // bytes
	maxPixels = 64_000_000 // what a small file may claim to be, before those who look at it have to draw it
)

// pictures are the kinds of picture that Slack shows, by MIME type, with the ending that their names get.
var pictures = map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

// pictureKind says what a file is by its own bytes: a picture that Slack shows, by MIME type, or "". Only its header is read.
func pictureKind(data []byte) string {
	if w, h, ok := webpSize(data); ok {
		return within(w, h, "image/webp")
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return ""
	}
	return within(c.Width, c.Height, "image/"+kind)
}

func within(w, h int, kind string) string {
	if w <= 0 || h <= 0 || w > maxPixels/h {
		return ""
	}
	return kind
}

// webpSize reads the size of a WebP picture from the first chunk behind its RIFF header (developers.google.com/speed/webp/docs:
// "RIFF Container", RFC 6386 §9.1, "WebP Lossless Bitstream" §3).
func webpSize(b []byte) (w, h int, ok bool) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return 0, 0, false
	}
	switch string(b[12:16]) {
	case "VP8X":
		return 1 + int(uint24(b[24:])), 1 + int(uint24(b[27:])), true
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[21:])
		return 1 + int(bits&0x3FFF), 1 + int(bits>>14&0x3FFF), b[20] == 0x2F
	case "VP8 ":
		start := b[23] == 0x9D && b[24] == 0x01 && b[25] == 0x2A
		return int(binary.LittleEndian.Uint16(b[26:]) & 0x3FFF), int(binary.LittleEndian.Uint16(b[28:]) & 0x3FFF), start
	}
	return 0, 0, false
}

func uint24(b []byte) uint32 { return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 }

// mayBePicture says what a file's sender claims: that it is a picture Slack shows, or nothing, so that its bytes have to tell.
func mayBePicture(name, mime string) (claimed, unsaid bool) {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	mime = strings.TrimSpace(mime)
	if _, ok := pictures[mime]; ok || mime == "image/jpg" || mime == "image/pjpeg" {
		return true, false
	}
	if mime != "" && mime != "application/octet-stream" {
		return false, false
	}
	name = strings.ToLower(name)
	for _, end := range []string{".png", ".jpg", ".jpeg", ".gif", ".webp"} {
		if strings.HasSuffix(name, end) {
			return true, false
		}
	}
	return false, true
}
