package drift

import "fmt"

// maxMarks bounds the characters that can begin a node in YAML or JSON; the Atlas
// specification of 2026 has 180,000. A tree takes some 250 bytes a node.
const maxMarks = 2_500_000

// plausible refuses, before it is parsed, a document that would grow out of
// proportion in memory.
func plausible(in Input) error {
	marks := 0
	for _, b := range in.Data {
		switch b {
		case '\n', ',', ':', '[', '{', '-', '?':
			marks++
		}
	}
	if marks > maxMarks {
		return fmt.Errorf("%s: more than %d nodes: no specification of this API is that large", in.Name, maxMarks)
	}
	return nil
}
