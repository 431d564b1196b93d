package card

import (
	"fmt"
	"path"
	"strings"

	"github.com/slack-go/slack"

	"warmline/escalate/desk"
)

// mostFiles is how many files are named in one place.
const mostFiles = 10

// files names files: what each is, how large, and where those are opened that are not shown here. nil without any.
func files(all []desk.FileLine, url string) slack.RichTextElement {
	if len(all) == 0 {
		return nil
	}
	r := row{}.strong("Attached: ").quote(fileList(all), 1500)
	for _, f := range all {
		if !f.Here {
			if to := (row{}).link("Open in the helpdesk", url); len(to) > 0 {
				r = append(r.say(" · "), to...)
			} else {
				r = r.say(" · Open it in the helpdesk.")
			}
			break
		}
	}
	return lines(r)
}

func fileList(all []desk.FileLine) string {
	var words []string
	for _, f := range all[:min(len(all), mostFiles)] {
		var about []string
		if kind := fileKind(f.Type); kind != "" {
			about = append(about, kind)
		}
		if f.Size > 0 {
			about = append(about, size(f.Size))
		}
		word := fileName(f.Name)
		if len(about) > 0 {
			word += " (" + strings.Join(about, ", ") + ")"
		}
		words = append(words, word)
	}
	if more := len(all) - len(words); more > 0 {
		words = append(words, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(words, ", ")
}

// fileNames is fileList by the names alone.
func fileNames(all []desk.FileLine) string {
	var names []string
	for _, f := range all {
		names = append(names, fileName(f.Name))
	}
	return list(names, mostFiles, 80)
}

func fileName(s string) string {
	if s = line(s, 80); s == "" {
		return "a file without a name"
	}
	return s
}

// fileKind names a MIME type for people; others are shown as they are.
func fileKind(mime string) string {
	mime, _, _ = strings.Cut(strings.ToLower(mime), ";")
	switch kind, sub, _ := strings.Cut(strings.TrimSpace(mime), "/"); {
	case mime == "", mime == "application/octet-stream":
		return ""
	case mime == "application/pdf":
		return "PDF"
	case mime == "text/plain":
		return "text"
	case kind == "image":
		return line(strings.ToUpper(strings.TrimPrefix(sub, "x-")), 20) + " picture"
	case kind == "video", kind == "audio":
		return kind
	}
	return line(mime, 60)
}

// size writes bytes for people.
func size(n int64) string {
	switch {
	case n < 1000:
		return fmt.Sprintf("%d bytes", n)
	case n < 1000_000:
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// Label makes untrusted words a file's title.
func Label(s string) string { return fileName(s) }

// FileName makes an untrusted name one that Slack takes for a file: one plain name in no folder, without card numbers and keys.
func FileName(s string) string {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\<>&"|`, r) {
			return '_'
		}
		return r
	}, line(s, 400))
	ext := path.Ext(s)
	if len(ext) > 10 {
		ext = ""
	}
	base, _ := cut(strings.TrimSuffix(s, ext), 100)
	if base = strings.Trim(base, ". "); base == "" {
		base = "file"
	}
	return base + ext
}

// fileInputs lets files be attached: the draft's own, of which each may be left out, and new ones. Nothing where the helpdesk takes
// none.
func fileInputs(m *desk.Modal) []slack.Block {
	if m.MaxFiles <= 0 {
		return nil
	}
	var out []slack.Block
	var options []*slack.OptionBlockObject
	for _, f := range m.Kept[:min(len(m.Kept), mostFiles)] {
		options = append(options, slack.NewOptionBlockObject(f.Ref, plain(fileName(f.Name), 75), nil))
	}
	if len(options) > 0 {
		boxes := slack.NewCheckboxGroupsBlockElement(FieldKept, options...)
		boxes.InitialOptions = options
		out = append(out, slack.NewInputBlock(FieldKept, plain("Attached already", 150), nil, boxes).WithOptional(true))
	}
	hint := fmt.Sprintf("At most %d, together %d MB. They go out with the text.", min(m.MaxFiles, mostFiles), max(m.MaxUpload>>20, 1))
	return append(out, slack.NewInputBlock(FieldFiles, plain("Attach files", 150), plain(hint, 150),
		slack.NewFileInputBlockElement(FieldFiles).WithMaxFiles(min(m.MaxFiles, mostFiles))).WithOptional(true))
}
