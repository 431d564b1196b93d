package card

import (
	"strings"
	"testing"

	"warmline/escalate/desk"
)

func TestFileNamesAreOnePlainNameEach(t *testing.T) {
	for in, want := range map[string]string{
		"hub.png":                         "hub.png",
		"../../etc/passwd":                "_.._etc_passwd",
		"a<!channel>&b.png":               "a_!channel__b.png",
		"4111 1111 1111 1111.png":         "[card …1111].png",
		"\u202Egnp.exe\x00\n.png":         "gnp.exe.png",
		"":                                "file",
		"...":                             "file.",
		strings.Repeat("ä", 300) + ".jpg": strings.Repeat("ä", 99) + "….jpg",
	} {
		got := FileName(in)
		if got != want || len(got) > 255 {
			t.Errorf("%.40q: got %q, want %q", in, got, want)
		}
	}
}

func TestFilesAreNamedWithTypeAndSize(t *testing.T) {
	all := []desk.FileLine{
		{Name: "hub.png", Type: "image/png", Size: 1_230_000, Here: true},
		{Name: "<!here>.pdf", Type: "application/pdf", Size: 999},
		{Name: "", Type: "text/x-odd <@U0EVE>"},
		{Name: "notes", Size: 120_400},
	}
	want := "hub.png (PNG picture, 1.2 MB), <!here>.pdf (PDF, 999 bytes), a file without a name (text/x-odd <@u0eve>), notes (120 kB)"
	if got := fileList(all); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	many := make([]desk.FileLine, 12)
	for i := range many {
		many[i] = desk.FileLine{Name: "f"}
	}
	if got := fileList(many); !strings.HasSuffix(got, "f, and 2 more") {
		t.Errorf("twelve files are told as %q", got)
	}
	for _, m := range Thread(desk.ThreadPost{Key: "m1", Head: "Ina", Files: all, URL: trustedURL}) {
		sound(t, m)
	}
}
