// Lets Specmatic test the fake with each file of the contract: first with an example for
// each operation and provider, then with the valid and invalid requests that it generates.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { files, load, versions } from '../lib/contract.mjs';
import { providers } from '../lib/exchanges.mjs';
import { startFake, token } from '../lib/fake.mjs';
import { run } from '../lib/process.mjs';
import { packageVersion, Result, work } from '../lib/result.mjs';
import { examples, overlay } from './options.mjs';

// test runs Specmatic on a version and returns its JUnit report. Requests generated from an
// example of create cover every branch of the union, so one example is enough.
async function test(version, generative) {
  const folder = join(work, `${version}-${generative ? 'generated' : 'examples'}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'examples'), { recursive: true });
  const doc = load(version);
  const fake = await startFake('--buckets', '2');
  try {
    const access = await token(fake);
    const list = await fetch(fake.buckets, {
      headers: { accept: 'application/vnd.atlas.2024-05-30+json', authorization: `Bearer ${access}` },
    });
    const [keep, remove] = (await list.json()).results.map((bucket) => bucket._id);
    for (const example of examples(version, doc, fake, { keep, remove }, generative ? ['AWS'] : providers(version))) {
      writeFileSync(join(folder, 'examples', `${example.name}.json`), JSON.stringify(example));
    }
    const more = join(folder, 'overlay.yaml');
    writeFileSync(more, JSON.stringify(overlay(version, doc), null, 2));
    const args = ['test', '--testBaseURL', fake.url, '--examples', join(folder, 'examples'), '--overlay-file', more];
    args.push('--junitReportDir', folder, '--timeout', '60', resolve(files[version]));
    const env = { ServiceAccounts: access, SPECMATIC_TELEMETRY: 'off', SPECMATIC_GENERATIVE_TESTS: String(generative) };
    const { output } = await run(join(work, 'node_modules/.bin/specmatic'), args, env, folder); // it writes reports there
    writeFileSync(join(folder, 'log'), output);
    return readFileSync(join(folder, 'TEST-junit-jupiter.xml'), 'utf8');
  } finally {
    fake.stop();
  }
}

const unescape = (text) =>
  text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&#39;/g, "'").replace(/&amp;/g, '&');

// describe shortens a test's name to the operation, the status, the example and what
// Specmatic changed in it.
function describe(version, name) {
  const [, method, path, status, rest] = unescape(name).match(/Scenario: (\w+) (\S+) -> (\w+)(.*)/s) ?? [];
  if (!method) return `${version} ${unescape(name)}`;
  const what = rest
    .replace(/ with the request from the example '([^']*)'/, ', $1')
    .replace(/ where /, ': ')
    .replace(/REQUEST\.PARAMETERS\.HEADER contains the header 'Accept'( AND )?/, '')
    .replace(/REQUEST\./g, '')
    .replace(/: $/, '');
  return `${version} ${method} ${path.endsWith(')') ? 'bucket' : 'list'} ${status}${what}`;
}

function report(result, version, generative, xml) {
  const [, errors, skipped] = xml.match(/<testsuite errors="(\d+)"[^>]* skipped="(\d+)"/);
  if (Number(errors) + Number(skipped) > 0) result.fail(`${version}: tests that did not run`, 'skipped', `${errors} errors, ${skipped} skipped`);
  for (const [, name, body = ''] of xml.matchAll(/<testcase (?:[^>]* )?name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const how = /-&gt; 4xx/.test(name) ? 'generated, wrong' : generative ? 'generated, good' : 'from an example';
    // Generated names and addresses are random letters within the schema's length, which
    // the providers' naming rules accept or refuse by chance. The examples check creates.
    const byChance = how === 'generated, good' && /Scenario: POST /.test(name);
    result.count(`${version}: requests ${how}${byChance ? ' creates (sent, not checked)' : ''}`);
    if (byChance) continue;
    const text = body.match(/<failure[^>]*>([\s\S]*?)<\/failure>/)?.[1];
    if (text === undefined) continue;
    const rules = [...new Set(text.match(/\b[RB]\d{4}\b/g))].join(' ');
    const status = text.match(/expected status (\w+) but response contained status (\d+)|Expected (4xx) status, but received (\d+)/)?.filter(Boolean);
    result.fail(describe(`${version}${generative ? ' generated' : ''}`, name), [rules, status && `${status[2]} for ${status[1]}`].filter(Boolean).join(' '), unescape(text).slice(0, 1500));
  }
}

const result = new Result();
result.versions.specmatic = packageVersion('specmatic');
for (const version of versions) {
  report(result, version, false, await test(version, false));
  // In a run with a deliberate defect, the examples must show it.
  if (!process.env.PEERS_BREAK) report(result, version, true, await test(version, true));
}
result.write();
