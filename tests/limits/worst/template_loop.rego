# A template that ranges over a range within a range.
package test

p := strings.render_template(`{{range $a := .r}}{{range $b := $.r}}{{range $c := $.r}}{{range $d := $.r}}{{end}}{{end}}{{end}}{{end}}`, {"r": numbers.range(1, 1000)})
