package report

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// mdEscaper escapes the syntax of Markdown and HTML, htmlEscaper that of HTML. Both also
// escape the texts that GitHub interprets (gitHubTriggers): a zero-width space prevents
// "@name" from notifying someone, "#12" from linking to an issue, and a URL from becoming a
// link.
var (
	gitHubTriggers = []string{
		"@", "@&#8203;", "#", "#&#8203;", "://", ":&#8203;//", "www.", "www&#8203;.",
	}
	mdEscaper = strings.NewReplacer(append([]string{
		"&", "&amp;", "<", "&lt;", ">", "&gt;", `\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`,
		"[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "!", `\!`, "$", `\$`, "{", `\{`, "}", `\}`,
	}, gitHubTriggers...)...)
	htmlEscaper = strings.NewReplacer(append([]string{
		"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "[", "&#91;", "]", "&#93;", "`", "&#96;", `\`, "&#92;",
	}, gitHubTriggers...)...)
)

// codeEscaper escapes text within <code>, where GitHub interprets Markdown but not mentions
// and links.
var codeEscaper = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "'", "&#39;", "|", "&#124;", "*", "&#42;", "_", "&#95;",
	"`", "&#96;", "[", "&#91;", "]", "&#93;", `\`, "&#92;", "~", "&#126;", "$", "&#36;", ":", "&#58;", "@", "&#64;", "www.", "www&#46;",
)

// mdText returns s as text within a line of Markdown.
func mdText(s string) string { return mdEscaper.Replace(s) }

// htmlText returns s as text within an HTML element in Markdown.
func htmlText(s string) string { return htmlEscaper.Replace(s) }

// mdCode returns s as a code span with a fence that is longer than any run of backticks in
// s. If s contains a vertical bar, which ends a table cell even within backticks, it
// returns HTML. For "" it returns "".
func mdCode(s string) string {
	if s == "" {
		return ""
	}
	if strings.Contains(s, "|") {
		return "<code>" + codeEscaper.Replace(s) + "</code>"
	}
	fence := strings.Repeat("`", longestRun(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.TrimSpace(s) != s {
		s = " " + s + " "
	}
	return fence + s + fence
}

func mdCodes(values []string) string {
	var out []string
	for _, v := range values {
		out = append(out, mdCode(v))
	}
	return strings.Join(nonEmpty(out), ", ")
}

// mdFirstCodes lists the first n values and counts the rest.
func mdFirstCodes(values []string, n int) string {
	if len(values) <= n {
		return mdCodes(values)
	}
	return mdCodes(values[:n]) + " and " + strconv.Itoa(len(values)-n) + " more"
}

// mdFence returns s as a code block.
func mdFence(language, s string) string {
	fence := strings.Repeat("`", max(longestRun(s, '`')+1, 3))
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s%s\n%s\n%s\n", fence, language, s, fence)
	return b.String()
}

// longestRun returns the length of the longest run of c in s.
func longestRun(s string, c byte) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
