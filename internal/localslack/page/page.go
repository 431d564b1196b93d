package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed static
var files embed.FS

const prefix = "/slack/"

// policy lets the page run its own modules and talk to its own server. Images may come from the outside, because
// messages carry them; a page elsewhere may not frame this one, since it acts as anybody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data: https: http://localhost:* http://127.0.0.1:*; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// asset is one embedded file, ready to be written.
type asset struct {
	body        []byte
	contentType string
	etag        string
}

// Handler serves the page below /slack/. It keeps no state and is safe for concurrent use. A browser may keep the
// files but asks each time whether they changed, so that a new binary is a new page at the next reload.
func Handler() http.Handler {
	assets, err := load(files)
	if err != nil {
		panic(err) // the files are part of the binary: only a broken build can get here
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serve(w, r, assets)
	})
}

func load(fsys fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	entries, err := fs.ReadDir(fsys, "static")
	if err != nil {
		return nil, fmt.Errorf("read embedded page: %w", err)
	}
	for _, entry := range entries {
		body, err := fs.ReadFile(fsys, path.Join("static", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("read embedded page: %w", err)
		}
		sum := sha256.Sum256(body)
		assets[prefix+entry.Name()] = asset{
			body:        body,
			contentType: contentType(entry.Name()),
			etag:        `"` + hex.EncodeToString(sum[:8]) + `"`,
		}
	}
	assets[prefix] = assets[prefix+"index.html"]
	return assets, nil
}

// contentType does not ask the machine's own tables first for scripts: a wrong entry there stops every module.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	}
	return mime.TypeByExtension(path.Ext(name))
}

func serve(w http.ResponseWriter, r *http.Request, assets map[string]asset) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page is only read", http.StatusMethodNotAllowed)
		return
	}
	found, ok := assets[r.URL.Path]
	if !ok {
		http.Error(w, "no such file; the page is at "+prefix, http.StatusNotFound)
		return
	}
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", found.etag)
	header.Set("Content-Type", found.contentType)
	if strings.Contains(r.Header.Get("If-None-Match"), found.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(found.body)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(found.body) // a reader that went away needs no answer
	}
}
