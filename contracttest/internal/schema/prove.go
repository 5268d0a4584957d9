package schema

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// prover reads a text once, and follows the nodes of its schema. Every method returns false
// as soon as the text is invalid or cannot be proven valid.
type prover struct {
	text  []byte
	pos   int
	seen  Bits
	undo  Bits // copies of seen, saved before each branch that is tried
	depth int
	hint  int // the branch that matched last
}

// maxProvable bounds the nesting of a text on the fast path.
const maxProvable = 64

// prove reports whether text is certainly valid, and which coverage items occur in it.
func (s *Schema) prove(text []byte) (Bits, bool) {
	p := prover{text: text, seen: newBits(len(s.coverageItems))}
	if !p.value(s.root) {
		return nil, false
	}
	p.space()
	return p.seen, p.pos == len(text)
}

func (p *prover) value(n *node) bool {
	if !n.provable {
		return false
	}
	p.space()
	if p.pos == len(p.text) {
		return false
	}
	if n.union != nil {
		return p.union(n.union)
	}
	switch p.text[p.pos] {
	case '{':
		return p.object(n, nil)
	case '[':
		return n.types&typeArray != 0 && p.array(n)
	case '"':
		return n.types&typeString != 0 && p.string(n)
	case 't':
		return n.types&typeBool != 0 && p.word("true")
	case 'f':
		return n.types&typeBool != 0 && p.word("false")
	case 'n':
		return n.types&typeNull != 0 && p.word("null")
	}
	return p.number(n)
}

// object proves an object. If there is a tag, the object must have its member and value.
func (p *prover) object(n *node, t *tag) bool {
	if p.depth++; p.depth > maxProvable || n.open || n.types&typeObject == 0 {
		return false
	}
	p.pos++
	var there uint64
	for i := 0; ; i++ {
		if p.space(); i == 0 && p.at('}') {
			break
		}
		member := p.member(n, i)
		if member < 0 || there&(1<<member) != 0 {
			return false
		}
		there |= 1 << member
		p.seen.set(n.props[member].coverageItem)
		if !p.value(n.props[member].node) || !t.matches(member, p.text[:p.pos]) {
			return false
		}
		if p.space(); p.at('}') {
			break
		}
		if !p.take(',') {
			return false
		}
	}
	p.pos++
	p.depth--
	return there&n.required == n.required && (t == nil || there&(1<<t.member) != 0)
}

// matches reports whether the value at the cursor is the tag's value; it is true for other
// members.
func (t *tag) matches(member int, text []byte) bool {
	return t == nil || member != t.member || bytes.HasSuffix(text, t.value)
}

// member reads a key and its colon, and returns the member's position.
func (p *prover) member(n *node, hint int) int {
	if !p.at('"') {
		return -1
	}
	key, plain, _ := p.quoted()
	if !plain {
		return -1
	}
	i := n.find(key, hint)
	if i < 0 || n.props[i].notInDirection {
		return -1
	}
	if p.space(); !p.take(':') {
		return -1
	}
	return i
}

func (p *prover) array(n *node) bool {
	if p.depth++; p.depth > maxProvable || n.items == nil {
		return false
	}
	p.pos++
	for first := true; ; first = false {
		if p.space(); first && p.at(']') {
			break
		}
		if !p.value(n.items) {
			return false
		}
		if p.space(); p.at(']') {
			break
		}
		if !p.take(',') {
			return false
		}
	}
	p.pos++
	p.depth--
	return true
}

// union tries the branch that matched last, then the others, because the items of a list
// usually have the same branch. A branch matches only with its own discriminator value.
func (p *prover) union(u *union) bool {
	if !p.at('{') {
		return false
	}
	start, depth, mark := p.pos, p.depth, len(p.undo)
	p.undo = append(p.undo, p.seen...)
	defer func() { p.undo = p.undo[:mark] }()
	for i := range u.branches {
		at := (p.hint + i) % len(u.branches)
		b := &u.branches[at]
		if p.object(b.node, &b.tag) {
			p.seen.set(b.coverageItem)
			p.hint = at
			return true
		}
		p.pos, p.depth = start, depth
		copy(p.seen, p.undo[mark:])
	}
	return false
}

func (p *prover) string(n *node) bool {
	text, plain, ascii := p.quoted()
	if !plain || !n.rules.allow(text, ascii) {
		return false
	}
	if len(n.values) == 0 {
		return true
	}
	item, listed := n.coverageItemOf(text)
	p.seen.set(item)
	return listed
}

// quoted reads the string at the cursor. plain reports whether it is valid and has no
// escapes, ascii whether it has only ASCII characters.
func (p *prover) quoted() (text []byte, plain, ascii bool) {
	start := p.pos + 1
	ascii = true
	for i := start; i < len(p.text); i++ {
		switch b := p.text[i]; {
		case b == '"':
			p.pos = i + 1
			text = p.text[start:i]
			return text, ascii || utf8.Valid(text), ascii
		case b == '\\', b < ' ':
			return nil, false, false
		case b >= utf8.RuneSelf:
			ascii = false
		}
	}
	return nil, false, false
}

// number proves whole numbers of up to fifteen digits, and other numbers if the schema
// accepts any number.
func (p *prover) number(n *node) bool {
	if n.types&(typeInteger|typeNumber) == 0 {
		return false
	}
	start := p.pos
	if p.at('-') {
		p.pos++
	}
	digits := p.pos
	for p.pos < len(p.text) && p.text[p.pos] >= '0' && p.text[p.pos] <= '9' {
		p.pos++
	}
	count := p.pos - digits
	if count == 0 || count > 15 || (count > 1 && p.text[digits] == '0') || p.at('.') || p.at('e') || p.at('E') {
		return false
	}
	whole, _ := strconv.ParseInt(string(p.text[start:p.pos]), 10, 64) // 15 digits always fit
	return float64(whole) >= n.least && float64(whole) <= n.most
}

func (p *prover) word(word string) bool {
	if !bytes.HasPrefix(p.text[p.pos:], []byte(word)) {
		return false
	}
	p.pos += len(word)
	return true
}

func (p *prover) space() {
	for p.pos < len(p.text) {
		switch p.text[p.pos] {
		case ' ', '\n', '\r', '\t':
			p.pos++
		default:
			return
		}
	}
}

func (p *prover) at(b byte) bool { return p.pos < len(p.text) && p.text[p.pos] == b }

func (p *prover) take(b byte) bool {
	if !p.at(b) {
		return false
	}
	p.pos++
	return true
}
