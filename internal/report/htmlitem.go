package report

import (
	"strconv"
	"strings"

	"github.com/atlas-exportbuckets/exportbuckets/internal/phrase"
)

// itemView is one finding or change on the page.
type itemView struct {
	Words                  pageWords
	Number                 int
	Anchor, Class, Mark    string
	Rule, RuleName, Times  string
	OperationList          string
	Message                string
	Place, Entry, Pointer  string
	Expected               string
	Actual                 string
	Hint, Next, Curl, More string
	Facts                  []factView
	Places                 []string
	MorePlaces             string
}

type factView struct {
	Name   string
	Values []string
}

func newItemView(n int, i Item, k Kind) itemView {
	words := k.words()
	expected, actual := i.values(k)
	v := itemView{
		Words:  pageWords{words.items, words.expected, words.actual},
		Number: n, Anchor: words.item + "-" + strconv.Itoa(n), Class: class(i.Verdict, i.Level), Mark: i.mark(),
		Rule: i.Rule, RuleName: i.rule(), OperationList: strings.Join(i.Operations, " "),
		Message: i.headline(),
		Place:   i.Location.position(), Entry: i.Location.entry(), Pointer: i.Location.Pointer,
		Expected: expected, Actual: actual, Hint: i.Hint, Next: i.Next, Curl: i.Curl,
	}
	if i.Count > 1 {
		v.Times = "× " + strconv.Itoa(i.Count)
	}
	v.facts(i, words)
	v.places(i)
	return v
}

// facts adds the lines of details in their order on the page.
func (v *itemView) facts(i Item, w words) {
	add := func(name string, values ...string) {
		if values = nonEmpty(values); len(values) > 0 {
			v.Facts = append(v.Facts, factView{name, values})
		}
	}
	add(phrase.Noun(len(i.Operations), "operation"), i.Operations...)
	add(phrase.Noun(len(i.Versions), "version"), i.Versions...)
	for _, l := range i.Labels {
		add(l.Name, l.Value)
	}
	add("affects", i.Affects...)
	if i.Related != nil {
		add(w.related, i.Related.position(), i.Related.Pointer)
	}
	add("id", i.ID)
}

func (v *itemView) places(i Item) {
	places, more := i.otherPlaces()
	for _, p := range places {
		v.Places = append(v.Places, placeName(p))
	}
	if more > 0 {
		v.MorePlaces = "and " + strconv.Itoa(more) + " more"
	}
	var parts []string
	if len(places) > 0 {
		parts = append(parts, "other places")
	}
	if i.Curl != "" {
		parts = append(parts, "repeat the request with curl")
	}
	v.More = strings.Join(parts, ", ")
	if v.More != "" {
		v.More = strings.ToUpper(v.More[:1]) + v.More[1:]
	}
}
