package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// readsClock lists the functions of package time that ask the machine what time it is.
var readsClock = map[string]bool{"Now": true, "Since": true, "Until": true}

// ClockReads returns where a source file uses time.Now or a function that calls it, as "file:line: time.Now". Passing the
// function on counts like calling it. The file is read from disk when src is nil.
func ClockReads(filename string, src any) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, filename, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse source: %w", err)
	}
	name := importName(file, "time")
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		use, ok := n.(*ast.SelectorExpr)
		if !ok || !readsClock[use.Sel.Name] {
			return true
		}
		if pkg, ok := use.X.(*ast.Ident); ok && pkg.Name == name {
			position := files.Position(use.Pos())
			found = append(found, fmt.Sprintf("%s:%d: time.%s", position.Filename, position.Line, use.Sel.Name))
		}
		return true
	})
	return found, nil
}

// importName returns the name by which a file knows a package of one element, or "" if it does not import it.
func importName(file *ast.File, path string) string {
	for _, spec := range file.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err != nil || p != path {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path
	}
	return ""
}
