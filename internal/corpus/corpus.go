// Package corpus creates large recordings from small ones, for measurements. Ids and names
// differ in every repetition, so that a cache cannot make the measurement faster.
package corpus

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// Multiply writes a HAR of count entries to w, which repeats the entries of hars.
func Multiply(w io.Writer, count int, hars ...[]byte) error {
	var entries []json.RawMessage
	for i, text := range hars {
		var har struct {
			Log struct{ Entries []json.RawMessage }
		}
		if err := json.Unmarshal(text, &har); err != nil {
			return fmt.Errorf("HAR %d: %w", i, err)
		}
		entries = append(entries, har.Log.Entries...)
	}
	if len(entries) == 0 {
		return errors.New("no entries to multiply")
	}
	b := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprint(b, "{\n \"log\": {\n  \"version\": \"1.2\",\n  \"creator\": {\"name\": \"corpus\", \"version\": \"1\"},\n  \"entries\": [\n   ")
	for i := range count {
		if i > 0 {
			fmt.Fprint(b, ",\n   ")
		}
		fmt.Fprintf(b, "%s", vary(entries[i%len(entries)], uint64(i/len(entries))))
	}
	fmt.Fprint(b, "\n  ]\n }\n}\n")
	return b.Flush()
}

// varying finds ids, and the names of buckets in JSON that is quoted in JSON.
var varying = regexp.MustCompile(`[0-9a-f]{24}|\\"bucketName\\":\\"[a-z0-9.-]+`)

// vary changes every id and bucket name of an entry. Equal values stay equal.
func vary(entry []byte, round uint64) []byte {
	return varying.ReplaceAllFunc(entry, func(found []byte) []byte {
		if len(found) != 24 {
			return fmt.Appendf(found[:len(found):len(found)], "-%06d", round)
		}
		tail, _ := strconv.ParseUint(string(found[8:]), 16, 64)
		return fmt.Appendf(found[:8:8], "%016x", tail^(round*0x9e3779b97f4a7c15))
	})
}
