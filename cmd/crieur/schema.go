package main

import (
	"fmt"
	"io"

	"github.com/crieur/crieur"
	"github.com/crieur/crieur/internal/content"
)

const schemaHelp = `Writes a JSON Schema (draft-07), with which editors complete the keys of crieur.yaml,
or of records, say what each means, and check them while you type:

  crieur schema config > .crieur.schema.json

and, where the editor speaks to the YAML language server, as the first line of
crieur.yaml

  # yaml-language-server: $schema=.crieur.schema.json

The schema of records fits files of YAML and JSON, and the front matter of pages in
editors that check it. A file whose name begins with a dot is no content.
`

// writeSchema writes the schema that the arguments name.
func writeSchema(args []string, stdout, stderr io.Writer) int {
	if code := parseFlags("schema", nil, args, stdout, stderr); code >= 0 {
		return code
	}
	var err error
	switch {
	case len(args) == 1 && args[0] == "config":
		_, err = stdout.Write(crieur.ConfigSchema())
	case len(args) == 1 && args[0] == "record":
		_, err = stdout.Write(content.Schema())
	default:
		fmt.Fprintln(stderr, "crieur schema: want config or record; “crieur schema -h” shows how it is called")
		return exitUsage
	}
	if err != nil {
		fmt.Fprintln(stderr, "crieur schema:", err)
		return exitUsage
	}
	return exitOK
}
