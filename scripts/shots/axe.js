// Runs axe-core's rules, the experimental ones too, and returns what they find. Left
// out are the rules of WCAG level AAA: the page aims at AA.
(async () => {
  const rules = axe.getRules().filter((r) => !r.tags.includes("wcag2aaa"));
  const options = { rules: Object.fromEntries(rules.map((r) => [r.ruleId, { enabled: true }])), resultTypes: ["violations"] };
  const { violations } = await axe.run(document, options);
  return violations.map((v) => `axe ${v.id} (${v.nodes.length} times): ${v.help}: ${v.nodes[0].html.slice(0, 120)}`);
})()
