package oas

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-exportbuckets/exportbuckets/internal/slowtest"
)

// encodedTexts are documents whose form Encode must keep.
var encodedTexts = []string{
	"a", "[]", "{}", "a: {}", "a: []", "a: {b: {c: {d: {e: [1, {f: g}]}}}}", "'a b': {'': {'c:': {'1': {}}}}",
	"a: {b: {c: \"two\\nlines\\n\\n  and more\\n\"}}", "a: {\"x\\ny\": {b: 1}}", "? \"a\\nb\"\n: {c: {d: 1}}", "a: {b: {c: {d: \"x\\n\\n\\ny\"}}}",
	"a: {" + strings.Repeat("k", 150) + ": {b: 1}, " + strings.Repeat("k", 100) + ": {b: 1}, " + strings.Repeat("é", 64) + ": {b: 1}}",
	"200: {true: {null_: {1.5: x}}}", "a: {b: '200', c: 200, d: 'true', e: ~, f: \"1e400\", g: \"0xffffffffffffffffffffffff\"}", "- {a: {b: c}}\n- [[1], 2]",
}

// TestEncode checks that Encode writes the same text as the library does for the whole
// tree, and that the text parses to the same tree.
func TestEncode(t *testing.T) {
	all := Sequence()
	for _, text := range encodedTexts {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(text), &root); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		checkEncode(t, root.Content[0])
		all.Content = append(all.Content, root.Content[0])
	}
	large := multiplied(all, 10)
	checkEncode(t, large)
	checkEncode(t, Mapping(String(strings.Repeat("k", 150)), large, String("a\nb"), large, String("c"), large))
}

// TestEncodeInPieces checks the encoding of trees, each of which is too large for one piece.
func TestEncodeInPieces(t *testing.T) {
	slowtest.Skip(t)
	for _, text := range encodedTexts {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(text), &root); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		checkEncode(t, multiplied(root.Content[0], 700))
	}
}

// multiplied returns a mapping, or a list, of copies of a tree that large trees contain.
func multiplied(n *Node, times int) *Node {
	members, items := Mapping(String("x"), n), Sequence()
	for i := range times {
		members.Content = append(members.Content, String("k"+strconv.Itoa(i)), Clone(n))
		items.Content = append(items.Content, Clone(n))
	}
	return Mapping(String("members"), members, String("a"), n, String("items"), items, String("z"), Sequence(items, members))
}

// TestEncodeRefuses checks that a tree that YAML cannot represent is an error, in one piece
// and in several.
func TestEncodeRefuses(t *testing.T) {
	bad := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!binary", Value: "\xff"}
	for _, times := range []int{1, 2 * pieceNodes} {
		if text, err := Encode(multiplied(bad, times)); err == nil {
			t.Errorf("no error, but %d bytes", len(text))
		}
	}
}

func checkEncode(t *testing.T, root *Node) {
	t.Helper()
	got, err := Encode(root)
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	if err := encodeWhole(&whole, root, 0); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, whole.Bytes()) {
		t.Errorf("got\n%.2000s\nwant\n%.2000s", got, whole.Bytes())
	}
	var back yaml.Node
	if err := yaml.Unmarshal(got, &back); err != nil || Canonical(root) != Canonical(back.Content[0]) {
		t.Errorf("%v, parsed as another value: %.2000s", err, got)
	}
}
