package trim

import "github.com/atlas-exportbuckets/exportbuckets/internal/oas"

// Stripped returns a copy without prose and without extensions that do not affect the
// contract. The error reports an invalid document.
func (d *Document) Stripped() (*Document, error) {
	out, err := d.WithRoot(oas.Clone(d.Root()))
	if err == nil {
		out.strip()
	}
	return out, err
}

// Difference returns the JSON pointer of the first place where two documents differ in
// more than notation, "" when there is none. Key order does not count.
func Difference(a, b *Document) string {
	pointer, _ := oas.Difference(a.Root(), b.Root())
	return pointer
}
