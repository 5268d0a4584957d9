package trim_test

import (
	"fmt"
	"log"

	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

func ExampleDocument_Cut() {
	upstream, err := trim.ParseFile("testdata/zoo.yaml")
	if err != nil {
		log.Fatal(err)
	}
	contract, err := upstream.Cut(trim.Selection{Operations: []string{"deleteAnimal"}, Version: "2024-05-30"})
	if err != nil {
		log.Fatal(err)
	}
	for _, op := range contract.Operations() {
		fmt.Println(op, op.Versions)
	}
	// Output: DELETE /zoo/{zooId}/animals/{animalId} [2023-01-01]
}
