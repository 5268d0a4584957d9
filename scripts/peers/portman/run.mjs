// Lets Portman generate a Postman collection with tests from each file of the contract, and
// newman run it against the fake.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { files, load, mediaType, versions } from '../lib/contract.mjs';
import { bodies, fetchText, providers } from '../lib/exchanges.mjs';
import { startFake, token } from '../lib/fake.mjs';
import { run } from '../lib/process.mjs';
import { packageVersion, Result, work } from '../lib/result.mjs';
import { config } from './config.mjs';

const bin = (name) => join(work, 'node_modules/.bin', name);

// addBuckets adds two buckets for each provider: one to read and one to delete.
async function addBuckets(version, fake, access) {
  const headers = { accept: mediaType('2024-05-30'), 'content-type': mediaType('2024-05-30'), authorization: `Bearer ${access}` };
  const add = async (body) => JSON.parse((await fetchText({ method: 'POST', url: fake.buckets, headers, body })).text)._id;
  const ids = {};
  for (const provider of providers(version)) ids[provider] = { keep: await add(bodies[provider]), remove: await add(bodies[provider]) };
  return ids;
}

// collection lets Portman generate the collection of a version.
async function collection(version, fake) {
  const access = await token(fake);
  const ids = await addBuckets(version, fake, access);
  const [settings, made] = ['config', 'collection'].map((name) => join(work, `${name}-${version}.json`));
  writeFileSync(settings, JSON.stringify(config(version, load(version), fake, ids, access), null, 2));
  const args = ['-l', resolve(files[version]), '-b', fake.url, '-c', settings, '-o', made];
  const { code, output } = await run(bin('portman'), args, {}, work); // it writes tmp/ there
  if (code !== 0) throw new Error(output);
  // In addition to the variations, Portman adds each operation once, with the contract's
  // examples. The contract has no examples, so only the variations are run.
  const all = JSON.parse(readFileSync(made, 'utf8'));
  all.item = all.item.filter((item) => item.name === 'Variation Tests');
  writeFileSync(made, JSON.stringify(all));
  return made;
}

function report(result, version, { executions }) {
  for (const { item, assertions = [] } of executions) {
    result.count(`${version}: requests`);
    result.count(`${version}: assertions`, assertions.length);
    for (const { assertion, error } of assertions.filter(({ error }) => error)) {
      result.fail(item.name, assertion.replace(/^\[\w+\]::\S+ - /, ''), error.message);
    }
  }
}

const result = new Result();
for (const name of ['@apideck/portman', 'newman']) result.versions[name] = packageVersion(name);
for (const version of versions) {
  const fake = await startFake();
  try {
    const made = await collection(version, fake);
    const out = join(work, `newman-${version}.json`);
    await run(bin('newman'), ['run', made, '--reporters', 'json', '--reporter-json-export', out]);
    report(result, version, JSON.parse(readFileSync(out, 'utf8')).run);
  } finally {
    fake.stop();
  }
}
result.write();
