package requesttracker

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"warmline/escalate/desk"
	"warmline/helpdesk"
	"warmline/helpdesk/richtext"
)

// RT's articles are for those who work in it, and are what it has in place of macros. Which of them anybody may read, and which are
// answers, only the administrator knows: they name a class for each.

// article is an article with its fields, which hold its text.
type article struct {
	ID           ident       `json:"id"`
	Name         string      `json:"Name"`
	Summary      string      `json:"Summary"`
	Disabled     number      `json:"Disabled"`
	CustomFields many[field] `json:"CustomFields"`
}

// title is what an article is about.
func (a *article) title() string {
	if name := oneLine(a.Name); name != "" {
		return name
	}
	return oneLine(a.Summary)
}

// body is an article's text: that of its fields, one below the other. A text that begins with a tag is HTML, as RT's editor writes it.
func (a *article) body() string {
	slices.SortStableFunc(a.CustomFields, func(x, y field) int { return int(number64(x.ID) - number64(y.ID)) })
	var parts []string
	for _, f := range a.CustomFields {
		for _, value := range f.Values {
			text := strings.TrimSpace(string(value))
			if strings.HasPrefix(text, "<") {
				text = richtext.Text(text)
			}
			if text != "" {
				parts = append(parts, helpdesk.Clean(text))
			}
		}
	}
	return strings.Join(parts, "\n\n")
}

// Articles implements helpdesk.ArticleReader: those of the class that the setting articles names.
func (c *Connector) Articles(ctx context.Context, cursor string) (out []helpdesk.Article, next string, err error) {
	found, next, err := c.ofClass(ctx, "list articles", c.articles, cursor)
	for i := range found {
		a := &found[i]
		at := c.site.JoinPath("Articles", "Article", "Display.html")
		at.RawQuery = url.Values{"id": {string(a.ID)}}.Encode()
		out = append(out, helpdesk.Article{ID: string(a.ID), Title: a.title(), Body: a.body(), URL: at.String()})
	}
	return out, next, err
}

// Macros implements helpdesk.MacroReader: the articles of the class that the setting macros names.
func (c *Connector) Macros(ctx context.Context, cursor string) (out []helpdesk.Macro, next string, err error) {
	found, next, err := c.ofClass(ctx, "list macros", c.macros, cursor)
	for i := range found {
		out = append(out, helpdesk.Macro{ID: string(found[i].ID), Title: found[i].title(), Body: found[i].body()})
	}
	return out, next, err
}

// ofClass reads a page of a class's articles that are in use and say something; none of the class "".
func (c *Connector) ofClass(ctx context.Context, op, class, cursor string) (out []article, next string, err error) {
	if class == "" {
		return nil, "", nil
	}
	id, err := c.class(ctx, op, class)
	if err != nil {
		return nil, "", err
	}
	if cursor == "" {
		cursor = "0"
	}
	l, err := page[article](ctx, c, helpdesk.Call{Op: op, Path: []string{"articles"}, Query: url.Values{
		"query":  {query(limit{Field: "Class", Value: id}, limit{Field: "id", Operator: ">", Value: cursor})},
		"fields": {"Name,Summary,Disabled,CustomFields"},
	}}, 1)
	if err != nil || len(l.Items) == 0 {
		return nil, "", err
	}
	for _, a := range l.Items {
		next = string(a.ID)
		if a.Disabled == 0 && a.body() != "" {
			out = append(out, a)
		}
	}
	return out, next, nil
}

// class is the number of a class of articles.
func (c *Connector) class(ctx context.Context, op, name string) (string, error) {
	var found struct {
		ID ident `json:"id"`
	}
	if strings.Contains(name, "/") {
		return "", &desk.Refused{Op: op, Why: fmt.Sprintf("the class %q has a slash in its name, by which RT cannot be asked for it", helpdesk.Clipped(name))}
	}
	err := c.api.Do(ctx, helpdesk.Call{Op: op, Path: []string{"class", name}}, &found)
	if errors.Is(err, desk.ErrNotFound) {
		return "", fmt.Errorf("%s: RT shows us no class of articles that is called %q: %w", op, helpdesk.Clipped(name), err)
	}
	if err == nil && !numeric(string(found.ID)) {
		err = fmt.Errorf("%s: the class %q has no number", op, helpdesk.Clipped(name))
	}
	return string(found.ID), err
}
