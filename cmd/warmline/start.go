package main

import (
	"embed"
	"html/template"
	"net/http"
)

//go:embed start
var startFS embed.FS

var (
	startTemplate = template.Must(template.ParseFS(startFS, "start/index.html"))
	startFiles    = http.FileServerFS(startFS)
)

// startPage explains the demo and links to its places.
func (d *demoRun) startPage(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'")
	if err := startTemplate.Execute(w, d.company); err != nil {
		d.log.WarnContext(r.Context(), "start page not written", "error", err)
	}
}
