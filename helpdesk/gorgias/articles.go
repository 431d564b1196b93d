package gorgias

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// A help centre lists its public articles in /llms.txt, and gives out each one as Markdown at its address with .md behind it. It is
// read as anybody reads it, without credentials, so that nothing can come along that is not for everybody.

const (
	articlesOp     = "read articles"
	articlesAtOnce = 10      // each costs a call
	longestArticle = 1 << 20 // bytes
	mostArticles   = 10000
	twin           = ".md"
)

// Articles implements helpdesk.ArticleReader. An account without a help centre has none. The cursor is the path of the last article
// that was read: the list is in order, so what comes or goes meanwhile moves nothing past it.
func (c *Connector) Articles(ctx context.Context, cursor string) (page []helpdesk.Article, next string, err error) {
	if c.help == nil {
		return nil, "", nil
	}
	index, ok, err := c.markdown(ctx, c.help.JoinPath("llms.txt"))
	if err == nil && !ok {
		err = fmt.Errorf("%s: %s answers /llms.txt with a page instead of a list; is it a help centre of Gorgias?", articlesOp, c.help.Host)
	}
	if err != nil {
		return nil, "", err
	}
	listed := c.listed(index)
	at, found := slices.BinarySearchFunc(listed, cursor, func(l link, path string) int { return strings.Compare(l.path, path) })
	if found {
		at++
	}
	for n := 0; at < len(listed); at, n = at+1, n+1 {
		if n == articlesAtOnce {
			return page, listed[at-1].path, nil
		}
		a, ok, err := c.article(ctx, listed[at])
		if err != nil {
			return nil, "", err
		}
		if ok {
			page = append(page, *a)
		}
	}
	return page, "", nil
}

// link is an article as the list names it.
type link struct {
	title, path string // the path without .md
}

var markdownLink = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.)+)\]\(<?([^()\s<>]+)>?\)`)

// listed are the links to articles in a list, by their path. Links to other hosts are no articles of this help centre.
func (c *Connector) listed(index string) (out []link) {
	seen := make(map[string]bool)
	for _, found := range markdownLink.FindAllStringSubmatch(index, -1) {
		at, err := c.help.Parse(found[2])
		if err != nil || !sameHost(at, c.help) || at.User != nil || at.RawQuery != "" {
			continue
		}
		l := link{title: unescapeMarkdown(found[1]), path: strings.TrimSuffix(at.Path, twin)}
		ext := path.Ext(l.path)
		if l.path == "" || l.path == "/" || seen[l.path] || ext == ".txt" || ext == ".xml" || len(out) == mostArticles {
			continue
		}
		seen[l.path] = true
		out = append(out, l)
	}
	slices.SortFunc(out, func(a, b link) int { return strings.Compare(a.path, b.path) })
	return out
}

func unescapeMarkdown(s string) string { return strings.TrimSpace(richtext.TextOfMarkdown(s)) }

// article reads an article; false when it is not, or no longer, one that everybody may read.
func (c *Connector) article(ctx context.Context, l link) (*helpdesk.Article, bool, error) {
	text, ok, err := c.markdown(ctx, c.help.JoinPath(l.path+twin))
	refused, isRefused := errors.AsType[*desk.Refused](err)
	switch {
	case errors.Is(err, desk.ErrNotFound), errors.Is(err, errMoved), isRefused && refused.RetryAfter == 0:
		return nil, false, nil
	case err != nil || !ok:
		return nil, false, err
	}
	title := helpdesk.Clean(l.title)
	body := strings.TrimSpace(richtext.TextOfMarkdown(text))
	if first, rest, _ := strings.Cut(body, "\n"); strings.EqualFold(strings.TrimLeft(first, "# "), title) {
		body = strings.TrimSpace(rest) // the heading says the title again
	}
	if body == "" {
		return nil, false, nil
	}
	return &helpdesk.Article{
		ID: l.path, Title: title, Body: helpdesk.Clean(body), URL: c.help.JoinPath(l.path).String(), Lang: langOf(l.path),
	}, true, nil
}

var language = regexp.MustCompile(`^/([a-z]{2}(?:-[A-Z]{2})?)/`)

// langOf is the language that an article's path begins with: "/en-US/…".
func langOf(path string) string {
	if found := language.FindStringSubmatch(path); found != nil {
		return found[1]
	}
	return ""
}

// markdown fetches a text from the help centre; false when what is there is a page of HTML, which a sign-in is, too.
func (c *Connector) markdown(ctx context.Context, at *url.URL) (string, bool, error) {
	body, err := c.fetch(ctx, articlesOp, at, false)
	if err != nil {
		return "", false, err
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, longestArticle+1))
	if err != nil {
		return "", false, fmt.Errorf("%s: %w", articlesOp, err)
	}
	if len(text) > longestArticle {
		return "", false, fmt.Errorf("%s: %s is longer than %d bytes", articlesOp, at.Path, longestArticle)
	}
	start := strings.ToLower(strings.TrimSpace(string(text[:min(len(text), 200)])))
	isPage := strings.HasPrefix(start, "<!doctype") || strings.HasPrefix(start, "<html")
	return string(text), !isPage && utf8.Valid(text), nil
}
