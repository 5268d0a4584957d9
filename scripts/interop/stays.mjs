// Groups what Specmatic's contract test found, and holds it against the list of what
// stays, with the reason for each. Something new, or something that is gone, fails.
//
//     node stays.mjs JUNIT.xml
import { readFileSync } from 'node:fs';

const stays = {
  'POST 200: expected status 200 but response contained status 400':
    'Specmatic makes Azure service URLs up within their length. Atlas documents in prose, not in the schema, ' +
    'that they name a host below blob.core.windows.net, and so does the fake.',
  'GET 4xx: expected status 401 but response contained status 400':
    'A query parameter of the wrong type. The contract declares no 400 for a list, so Specmatic looks for the ' +
    'first 4xx that it declares. The fake says 400 all the same: no declared status fits.',
  'DELETE 204: expected status 204 but response contained status 404':
    'Specmatic deletes the bucket of its example once for each combination of parameters. The fake has state: ' +
    'the second time the bucket is gone.',
};

const xml = readFileSync(process.argv[2], 'utf8');
const [, failures, tests] = xml.match(/<testsuite [^>]*failures="(\d+)"[^>]*tests="(\d+)"/);
const found = {};
for (const [, name, text] of xml.matchAll(/<testcase [^>]*name="([^"]*)"[^>]*>\s*<failure[^>]*>([\s\S]*?)<\/failure>/g)) {
  const [, method, expected] = name.match(/Scenario: (\w+) \S+ -&gt; (\w+)/) ?? [null, '?', '?'];
  const why = text.match(/(?:Specification )?(expected status \d+ but response contained status \d+|Property "[^"]*" in the response was not in the specification)/);
  const group = `${method} ${expected}: ${why?.[1] ?? text.trim().split('\n').filter(Boolean).slice(0, 12).join(' ')}`;
  found[group] = (found[group] ?? 0) + 1;
}

console.log(`specmatic: ${tests} tests, ${tests - failures} hold, ${failures} do not`);
let news = Number(tests) === 0;
for (const group of Object.keys(found).sort()) {
  console.log(`  ${found[group]} times ${group}`);
  console.log(`    ${stays[group] ? 'stays: ' + stays[group] : 'NEW: no reason is written down'}`);
  news ||= !stays[group];
}
for (const group of Object.keys(stays).filter((group) => !found[group])) {
  console.log(`  GONE: ${group}; take its reason out of stays.mjs`);
  news = true;
}
process.exit(news ? 1 : 0);
