// Package tools pins the programs that check the project. Its module files are separate so that
// none of their dependencies reaches the module that ships:
//
//	go tool -modfile=internal/tools/go.mod staticcheck ./...
//	go tool -modfile=internal/tools/golangci/go.mod golangci-lint run
//
// golangci-lint has a module file of its own: it needs other versions of the same analysers.
package tools
