package jsonscan

// boundary finds the end of a JSON value. It receives the text in pieces. It counts
// brackets outside strings and does not distinguish the kinds of bracket.
type boundary struct {
	most     int // the deepest allowed nesting
	depth    int
	started  bool
	inString bool
	escaped  bool
	scalar   bool // a number or a literal, which ends before a delimiter
}

// Byte classes that matter to the boundary.
const (
	plain = iota
	quote
	backslash
	opening
	closing
	delimiter // ends a number or a literal
)

var classes = func() (t [256]uint8) {
	t['"'], t['\\'] = quote, backslash
	t['{'], t['['] = opening, opening
	t['}'], t[']'] = closing, closing
	t[','], t[':'], t[' '], t['\t'], t['\r'], t['\n'] = delimiter, delimiter, delimiter, delimiter, delimiter, delimiter
	return t
}()

// advance consumes bytes of p, which continues the previous piece. It returns the number of
// bytes that belong to the value and whether the value ends there. It stops before the end
// of the value if the value nests deeper than most.
func (b *boundary) advance(p []byte) (n int, done bool) {
	for n < len(p) {
		switch {
		case b.inString:
			n += b.string(p[n:])
			if !b.inString && b.depth == 0 {
				return n, true
			}
		case b.scalar:
			if c := classes[p[n]]; c == delimiter || c == closing {
				return n, true
			}
			n++
		default:
			n += b.structure(p[n:])
			if (b.started && b.depth == 0 && !b.inString && !b.scalar) || b.depth > b.most {
				return n, b.depth == 0
			}
		}
	}
	return n, false
}

// string advances to the end of the string, or of p.
func (b *boundary) string(p []byte) int {
	if b.escaped {
		b.escaped = false
		p2 := p[1:]
		return 1 + b.string(p2)
	}
	for i := 0; i < len(p); i++ {
		switch classes[p[i]] {
		case quote:
			b.inString = false
			return i + 1
		case backslash:
			if i++; i == len(p) {
				b.escaped = true
			}
		}
	}
	return len(p)
}

// structure advances to the next string, or to the end of the value.
func (b *boundary) structure(p []byte) int {
	for i, c := range p {
		switch classes[c] {
		case quote:
			b.started, b.inString = true, true
			return i + 1
		case opening:
			b.started = true
			if b.depth++; b.depth > b.most {
				return i + 1
			}
		case closing:
			if b.depth--; b.depth == 0 {
				return i + 1
			}
		case plain, backslash:
			if !b.started {
				b.started, b.scalar = true, true
				return i
			}
		}
	}
	return len(p)
}
