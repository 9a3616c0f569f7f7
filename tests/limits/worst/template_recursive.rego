# A template that calls itself, twice.
package test

p := strings.render_template(`{{define "t"}}{{template "t" .}}{{template "t" .}}{{end}}{{template "t" .}}`, {"x": 1})
