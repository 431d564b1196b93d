package builtin

import (
	"bytes"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/index.html"))

// contentPolicy allows the page's own files and nothing else; no script or style stands in the page itself.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// pageData is what the page's scripts start from.
type pageData struct {
	Company  string    `json:"company"`
	Agents   []Agent   `json:"agents"`
	Examples []Example `json:"examples"`
}

func (d *Desk) mountPage(mux *http.ServeMux) {
	static, err := fs.Sub(pageFiles, "page")
	if err != nil {
		panic(err) // the files are part of the program
	}
	files := http.StripPrefix("/desk/static/", http.FileServerFS(static))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/desk/", http.StatusFound)
	})
	mux.HandleFunc("GET /desk/static/", func(w http.ResponseWriter, r *http.Request) {
		guard(w.Header())
		files.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /desk/{$}", d.servePage)
}

func (d *Desk) servePage(w http.ResponseWriter, _ *http.Request) {
	data := pageData{Company: d.options.Company, Agents: d.options.Agents, Examples: d.options.Examples}
	var page bytes.Buffer
	if err := pageTemplate.Execute(&page, data); err != nil {
		http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
		return
	}
	guard(w.Header())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: d.session, Path: "/desk/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
	_, _ = w.Write(page.Bytes()) // the reader may have gone
}

func guard(header http.Header) {
	header.Set("Content-Security-Policy", contentPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache")
}
