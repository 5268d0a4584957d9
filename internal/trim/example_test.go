package trim_test

import (
	"fmt"
	"log"

	"github.com/atlas-exportbuckets/exportbuckets/internal/oas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/trim"
)

func ExampleCut() {
	upstream, err := oas.ParseFile("testdata/zoo.yaml")
	if err != nil {
		log.Fatal(err)
	}
	contract, err := trim.Cut(upstream, trim.Selection{Operations: []string{"deleteAnimal"}, Version: "2024-05-30"})
	if err != nil {
		log.Fatal(err)
	}
	operations, err := contract.Operations()
	if err != nil {
		panic(err)
	}
	for _, op := range operations {
		fmt.Println(op, op.Versions)
	}
	// Output: DELETE /zoo/{zooId}/animals/{animalId} [2023-01-01]
}
