package selection

import (
	"strings"
	"testing"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
)

// shop has two operations of one tag, one preview, and a name that is the short name of
// one operation and the id of another.
var shop = []*oas.Operation{
	{ID: "listGroupItems", ShortName: "listItems", Method: "GET", Path: "/groups/{groupId}/items", Tags: []string{"Items"}},
	{ID: "createGroupItem", ShortName: "createItem", Method: "POST", Path: "/groups/{groupId}/items", Tags: []string{"Items", "Write"}},
	{ID: "getGroupItem", ShortName: "getItem", Method: "GET", Path: "/groups/{groupId}/items/{itemId}", Tags: []string{"Items"}},
	{ID: "listStreams", ShortName: "listStreams", Method: "GET", Path: "/streams", Tags: []string{"Live Streams"}},
	{ID: "peekStream", ShortName: "peekStream", Method: "GET", Path: "/streams/{id}/peek", Tags: []string{"Live Streams"}, Versions: []string{"preview"}},
	{ID: "listItems", ShortName: "listOldItems", Method: "GET", Path: "/old/items", Tags: []string{"Old"}},
	{ID: "", ShortName: "", Method: "DELETE", Path: "/old/items/{a}", Tags: nil},
}

func TestSelect(t *testing.T) {
	for _, test := range []struct {
		words    string
		want     string // positions
		previews int
	}{
		{"all", "012356", 1},
		{"listStreams", "3", 0},
		{"getGroupItem", "2", 0},
		{"getItem", "2", 0},
		{"listItems", "5", 0}, // an operationId takes precedence over another operation's short name
		{"getItem,listStreams,getItem", "23", 0},
		{"tag:Items", "012", 0},
		{"tag:items", "012", 0},
		{"tag:live streams", "3", 1},
		{"tag:*streams", "3", 1},
		{"*item*", "0125", 0},
		{"list*", "035", 0},
		{"get?tem", "2", 0},
		{"GET /groups/{x}/items", "0", 0},
		{"get /groups/{x}/items/{y}", "2", 0},
		{"/groups/{x}/items", "01", 0},
		{"* /groups/{x}/items", "01", 0},
		{"/groups/*", "012", 0},
		{"GET /groups/*", "02", 0},
		{"DELETE /old/items/{b}", "6", 0},
		{"-tag:Items", "356", 1},
		{"all,-tag:Items,-/old/*", "3", 1},
		{"-createItem,tag:Items", "02", 0},
		{"tag:Items,-tag:Write", "02", 0},
		{"peekStream", "4", 0},
		{"GET /streams/{any}/peek", "4", 0},
		{"tag:Live Streams,peekStream", "34", 0},
		{"listStreams,-listStreams,getItem", "2", 0},
		{" listStreams , - getItem ", "3", 0},
	} {
		s, err := Parse(strings.Split(test.words, ","))
		if err != nil {
			t.Errorf("%q: %v", test.words, err)
			continue
		}
		c, err := s.Select(shop, Options{})
		if err != nil || c.Err() != nil {
			t.Errorf("%q: %v, %v", test.words, err, c.Err())
			continue
		}
		if got := positions(c); got != test.want || c.Previews != test.previews {
			t.Errorf("%q selects %s and skips %d previews, want %s and %d", test.words, got, c.Previews, test.want, test.previews)
		}
	}
}

func positions(c *Choice) string {
	var b strings.Builder
	for _, i := range c.Selected {
		b.WriteByte('0' + byte(i))
	}
	return b.String()
}

func TestSelectPreviews(t *testing.T) {
	s, err := Parse([]string{"tag:Live Streams"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Select(shop, Options{Previews: true})
	if err != nil || positions(c) != "34" || c.Previews != 0 {
		t.Errorf("selected %v, skipped %d previews, %v", c.Selected, c.Previews, err)
	}
}

func TestSelectNamedPositions(t *testing.T) {
	s, _ := Parse([]string{"tag:Items", "getItem"})
	c, err := s.Select(shop, Options{})
	if err != nil || c.Named[0] || !c.Named[2] {
		t.Errorf("named %v, %v; want position 2 only", c.Named, err)
	}
}

func TestErrors(t *testing.T) {
	twice := append([]*oas.Operation{{ID: "listStreams", ShortName: "x", Method: "GET", Path: "/again"}}, shop...)
	for _, test := range []struct {
		words string
		all   []*oas.Operation
		want  string
	}{
		{"", shop, "empty word"},
		{"getItem,", shop, "empty word"},
		{"-", shop, "empty word"},
		{"tag:", shop, `"tag:" has no tag: expected tag:NAME`},
		{"getItems", shop, `no operation matches "getItems" (of 7); did you mean "getItem"?`},
		{"launch", shop, `no operation matches "launch" (of 7)`},
		{"-getItems", shop, `no operation matches "getItems" (of 7); did you mean "getItem"?`},
		{"tag:Item", shop, `no tag matches "tag:Item" (of 4); did you mean "tag:Items"?`},
		{"tag:Items", shop[6:], `no tag matches "tag:Items" (of 0); no operation of the document has a tag, and trim removes them`},
		{"*cluster*", shop, `no operation matches "*cluster*" (of 7)`},
		{"GET /nothing", shop, `no operation matches "GET /nothing" (of 7)`},
		{"listStreams", twice, `operation "listStreams" is ambiguous: name it by method and path, "GET /again" or "GET /streams"`},
		{"all,-listStreams", twice, `operation "listStreams" is ambiguous`},
	} {
		if err := selectError(strings.Split(test.words, ","), test.all); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: %v, want %q", test.words, err, test.want)
		}
	}
	if _, err := Parse(nil); err == nil {
		t.Error("no error for an empty list")
	}
}

func selectError(words []string, all []*oas.Operation) error {
	s, err := Parse(words)
	if err != nil {
		return err
	}
	c, err := s.Select(all, Options{})
	if err != nil {
		return err
	}
	return c.Err()
}

// FuzzParse checks that no word causes a panic, and that every parsed word can be applied.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"all", "tag:*", "-GET /a/{b}", "*?*", "[", "tag:[a", "-", `\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, word string) {
		s, err := Parse([]string{word})
		if err != nil {
			return
		}
		if c, err := s.Select(shop, Options{}); err == nil && len(c.Selected) > len(shop) {
			t.Errorf("%q selects %d of %d", word, len(c.Selected), len(shop))
		}
	})
}
