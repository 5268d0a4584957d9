package recording

import (
	"bytes"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/limits"
)

// checkNodes returns an error for YAML with more than maxEntryNodes values. It runs before
// the YAML parser, which takes about 200 bytes of memory for a value of two characters.
func checkNodes(raw []byte) error {
	c := nodeCounter{budget: limits.New(limits.Limits{Nodes: maxEntryNodes}), block: -1}
	for line := range bytes.Lines(raw) {
		if err := c.line(line); err != nil {
			return err
		}
	}
	return nil
}

// nodeCounter estimates the number of values in a YAML text: one for each line outside of
// quotes and block scalars, and one for each separator in a flow collection.
type nodeCounter struct {
	budget *limits.Budget
	// quote is the kind of quotes around the current text, 0 outside of quotes.
	quote byte
	// flow is the nesting depth of flow collections.
	flow int
	// block is the indentation of the line that began a block scalar, -1 outside of one.
	block int
}

func (c *nodeCounter) line(line []byte) error {
	content := bytes.TrimLeft(line, " ")
	indent := len(line) - len(content)
	content = bytes.TrimRight(content, " \t\r\n")
	if c.quote == 0 && c.block >= 0 && (len(content) == 0 || indent > c.block) {
		return nil
	}
	if c.quote == 0 {
		c.block = -1
		if err := c.budget.Nodes(1); err != nil {
			return err
		}
	}
	if err := c.tokens(content); err != nil {
		return err
	}
	if c.quote == 0 && c.flow == 0 && beginsBlockScalar(content) {
		c.block = indent
	}
	return nil
}

// tokens counts the separators of flow collections, and tracks quotes. A quote or a bracket
// counts only where a value can begin.
func (c *nodeCounter) tokens(content []byte) error {
	begins := true
	for i := 0; i < len(content); i++ {
		b := content[i]
		switch {
		case c.quote != 0:
			i += c.quoted(content[i:])
			begins = false
		case begins && (b == '"' || b == '\''):
			c.quote = b
		case (begins || c.flow > 0) && (b == '[' || b == '{'):
			c.flow++
			begins = true
		case c.flow > 0 && (b == ']' || b == '}'):
			c.flow--
		case c.flow > 0 && b == ',', c.flow > 0 && b == ':':
			begins = true
			if err := c.budget.Nodes(1); err != nil {
				return err
			}
		case b == '#' && (i == 0 || content[i-1] == ' '):
			return nil
		default:
			// content[0] is not a space.
			begins = b == ' ' && (begins || strings.IndexByte(":-?", content[i-1]) >= 0)
		}
	}
	return nil
}

// quoted handles a byte inside quotes, and returns how many more bytes belong to it: the
// character that a backslash escapes, or the second of two single quotes.
func (c *nodeCounter) quoted(rest []byte) int {
	switch {
	case c.quote == '"' && rest[0] == '\\':
		return 1
	case rest[0] != c.quote:
		return 0
	case c.quote == '\'' && len(rest) > 1 && rest[1] == '\'':
		return 1
	}
	c.quote = 0
	return 0
}

// beginsBlockScalar reports whether a line ends in the header of a block scalar: | or >,
// with indicators such as |2-.
func beginsBlockScalar(content []byte) bool {
	header := bytes.TrimRight(content, "0123456789+-")
	return bytes.HasSuffix(header, []byte(" |")) || bytes.HasSuffix(header, []byte(" >")) ||
		len(header) == 1 && (header[0] == '|' || header[0] == '>')
}
