package rule_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/crieur/crieur/internal/rule"
)

// TestUsed holds that every rule a fault can name is explained, and that
// every explanation is of such a rule.
func TestUsed(t *testing.T) {
	used := map[string]token.Position{}
	u := usage{t: t, fset: token.NewFileSet(), used: used, names: map[string]string{}}
	u.read("../content/*.go")
	u.read("../../*.go")
	if len(used) < 40 {
		t.Fatalf("only %d rules were found in the code", len(used))
	}
	for name, pos := range used {
		if _, ok := rule.Named(name); !ok {
			t.Errorf("%s: rule %q has no explanation: write rules/%[2]s.txtar", pos, name)
		}
	}
	for _, r := range rule.All() {
		if _, ok := used[r.Name]; !ok {
			t.Errorf("rules/%s.txtar explains what no fault names", r.Name)
		}
	}
}

// usage finds the rules that a package names: the field Rule of its literals, and the arguments of parameters called rule.
type usage struct {
	t      *testing.T
	fset   *token.FileSet
	names  map[string]string // of the constants
	params map[string]int    // by function: which parameter is a rule
	others map[string]bool   // functions without one, of the same name perhaps
	used   map[string]token.Position
}

func (u *usage) read(pattern string) {
	u.params, u.others = map[string]int{}, map[string]bool{}
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		u.t.Fatal("no code: ", pattern, err)
	}
	var all []*ast.File
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(u.fset, name, nil, 0)
		if err != nil {
			u.t.Fatal(err)
		}
		all = append(all, f)
		ast.Inspect(f, u.declared)
	}
	for _, f := range all {
		ast.Inspect(f, u.named)
	}
}

func (u *usage) declared(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				if lit, ok := n.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
					u.names[name.Name], _ = strconv.Unquote(lit.Value)
				}
			}
		}
	case *ast.FuncDecl:
		i, takes := 0, false
		for _, field := range n.Type.Params.List {
			for _, name := range field.Names {
				if name.Name == "rule" {
					u.params[n.Name.Name], takes = i, true
				}
				i++
			}
		}
		u.others[n.Name.Name] = u.others[n.Name.Name] || !takes
	}
	return true
}

func (u *usage) named(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
			u.add(n.Value)
		}
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if i, ok := u.params[name]; ok && i < len(n.Args) && !(u.others[name] && !isName(n.Args[i])) {
			u.add(n.Args[i])
		}
	}
	return true
}

// isName reports whether an argument is written like the name of a rule.
func isName(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return strings.HasPrefix(e.Name, "Rule")
	case *ast.SelectorExpr:
		return strings.HasPrefix(e.Sel.Name, "Rule")
	}
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Kind == token.STRING && strings.Trim(lit.Value, "abcdefghijklmnopqrstuvwxyz-\"") == ""
}

func (u *usage) add(e ast.Expr) {
	name := ""
	switch e := e.(type) {
	case *ast.BasicLit:
		name, _ = strconv.Unquote(e.Value)
	case *ast.Ident:
		if name = u.names[e.Name]; !strings.HasPrefix(e.Name, "Rule") {
			return // a parameter, told where it is given
		}
	case *ast.SelectorExpr:
		if slices.Contains([]string{"rule", "Rule"}, e.Sel.Name) {
			return // the rule of another fault
		}
		name = u.names[e.Sel.Name]
	}
	if name == "" {
		u.t.Errorf("%s: this rule is no constant, so that nobody can look it up", u.fset.Position(e.Pos()))
		return
	}
	u.used[name] = u.fset.Position(e.Pos())
}
