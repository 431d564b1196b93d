package richtext

import (
	"net/url"
	"strings"
)

// link is an open one: where it leads, and what it has said so far.
type link struct {
	href string
	said strings.Builder
}

// maxAddress is the longest address that is shown; longer ones are made by programs for programs.
const maxAddress = 2000

func (w *walker) openLink(href string) {
	w.closeLink()
	if href = showable(href); href != "" {
		w.link = &link{href: href}
	}
}

// closeLink says where the link led, unless its text did.
func (w *walker) closeLink() {
	l := w.link
	w.link = nil
	if l == nil || w.hidden > 0 {
		return
	}
	said := strings.TrimSpace(strings.ReplaceAll(l.said.String(), "\x00", ""))
	if said == "" || sameAddress(said, l.href) {
		return
	}
	w.space = w.space || w.due == none && len(w.line) > 0
	w.word("(" + l.href + ")")
}

// showable returns the address of a link that a reader could follow from elsewhere.
func showable(href string) string {
	href = strings.TrimSpace(href)
	scheme, _, _ := strings.Cut(strings.ToLower(href), ":")
	switch scheme {
	case "http", "https", "mailto", "tel":
	default:
		return ""
	}
	if len(href) > maxAddress || strings.ContainsFunc(href, func(r rune) bool { return r < ' ' }) {
		return ""
	}
	return strings.ReplaceAll(href, " ", "%20")
}

// sameAddress forgives what browsers and filters do to an address that a text names.
func sameAddress(said, href string) bool { return bareAddress(said) == bareAddress(href) }

func bareAddress(s string) string {
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		s = strings.TrimPrefix(s, scheme)
	}
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	return strings.TrimRight(strings.ReplaceAll(s, " ", ""), "/#")
}
