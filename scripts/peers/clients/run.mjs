// Lets third-party HTTP clients make the five calls on the fake with their own HTTP Digest,
// and records the requests that they send.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startFake, startProxy } from '../lib/fake.mjs';
import { run } from '../lib/process.mjs';
import { packageVersion, require, Result, work } from '../lib/result.mjs';

// The recordings that the tests of the fake replay.
const stored = 'contracttest/fakeatlas/internal/digestauth/testdata/clients.json';

const type = 'application/vnd.atlas.2024-05-30+json';
const aws = { cloudProvider: 'AWS', bucketName: 'peers-aws', iamRoleId: '5f00000000000000000000c1' };

// calls lists the calls of one client. Each returns the request to send, given the id of
// the bucket that the first call added.
const calls = [
  { method: 'POST', at: () => '', body: aws, status: 200 },
  { method: 'GET', at: () => '?itemsPerPage=2&pageNum=1', status: 200 },
  { method: 'GET', at: (id) => `/${id}`, status: 200 },
  { method: 'PATCH', at: (id) => `/${id}`, body: { requirePrivateNetworking: true }, status: 200 },
  { method: 'DELETE', at: (id) => `/${id}`, status: 204 },
];

const headersOf = (body) => ({ Accept: type, ...(body && { 'Content-Type': type }) });

// Each client sends one request and returns {status, text}.
const clients = {
  async curl(fake, { method, url, body }) {
    const headers = Object.entries(headersOf(body)).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
    const data = body ? ['--data', JSON.stringify(body)] : [];
    const args = ['--silent', '--noproxy', '*', '--digest', '--user', `${fake.publicKey}:${fake.privateKey}`, '--write-out', '\n%{http_code}'];
    const { output } = await run('curl', [...args, '--request', method, ...headers, ...data, url]);
    const at = output.lastIndexOf('\n');
    return { status: Number(output.slice(at + 1)), text: output.slice(0, at) };
  },

  async newman(fake, { method, url, body }) {
    const auth = ['username', 'password'].map((key, i) => ({ key, value: [fake.publicKey, fake.privateKey][i], type: 'string' }));
    const request = { method, url, header: Object.entries(headersOf(body)).map(([key, value]) => ({ key, value })) };
    request.auth = { type: 'digest', digest: auth };
    if (body) request.body = { mode: 'raw', raw: JSON.stringify(body) };
    const collection = { info: { name: 'call', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' }, item: [{ name: 'call', request }] };
    const summary = await new Promise((done, failed) =>
      require('newman').run({ collection, reporters: [] }, (err, result) => (err ? failed(err) : done(result))),
    );
    const { response } = summary.run.executions.at(-1);
    return { status: response.code, text: response.stream.toString() };
  },

  async 'digest-fetch'(fake, { method, url, body }) {
    const { default: DigestClient } = await import(require.resolve('digest-fetch'));
    const client = new DigestClient(fake.publicKey, fake.privateKey);
    const response = await client.fetch(url, { method, headers: headersOf(body), body: body && JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  },

  async urllib(fake, { method, url, body }) {
    const digestAuth = `${fake.publicKey}:${fake.privateKey}`;
    const { status, data } = await require('urllib').request(url, { method, digestAuth, headers: headersOf(body), content: body && JSON.stringify(body) });
    return { status, text: data.toString() };
  },
};

// signedRequests makes the calls of one client and returns the signed requests that it sent.
async function signedRequests(result, name, fake) {
  const seen = [];
  const proxy = await startProxy(fake.url, (request, response) => {
    seen.push({ client: name, method: request.method, uri: request.url, headers: pairs(request.rawHeaders), body: request.text, status: response.status });
  });
  const buckets = fake.buckets.replace(fake.url, proxy.url);
  let id;
  for (const { method, at, body, status } of calls) {
    const got = await clients[name](fake, { method, url: buckets + at(id), body });
    if (got.status !== status) result.fail(`${name} ${method}`, `status ${got.status}`, got.text);
    else result.count(`${name}: calls that succeed`);
    if (method === 'POST') id = JSON.parse(got.text)._id;
  }
  proxy.close();
  result.count(`${name}: requests`, seen.length);
  result.count(`${name}: of which 401`, seen.filter(({ status }) => status === 401).length);
  return seen.filter(({ headers }) => headers.some(([header]) => /^authorization$/i.test(header)));
}

// pairs returns raw headers as pairs of name and value.
function pairs(raw) {
  return raw.flatMap((name, i) => (i % 2 ? [] : [[name, raw[i + 1]]]));
}

// shape returns the parts that do not change between two recordings of one client: the
// method, the names of the headers, and the names and quoting of the fields of
// Authorization.
function shape({ client, method, headers }) {
  const fields = ([name, value]) =>
    /^authorization$/i.test(name) ? `${name}: ${value.replace(/"(?:[^"\\]|\\.)*"/g, '"…"').replace(/=[^",]+/g, '=…')}` : name;
  return `${client} ${method} ${headers.map(fields).join(' | ')}`;
}

const result = new Result();
for (const name of ['newman', 'digest-fetch', 'urllib']) result.versions[name] = packageVersion(name);
result.versions.curl = (await run('curl', ['--version'])).output.match(/curl (\S+)/)[1];
const fake = await startFake();
const recorded = [];
try {
  for (const name of Object.keys(clients)) recorded.push(...(await signedRequests(result, name, fake)));
} finally {
  fake.stop();
}
const fresh = join(work, 'clients.json');
writeFileSync(fresh, '[\n' + recorded.map((request) => JSON.stringify(request)).join(',\n') + '\n]\n');
const old = JSON.parse(readFileSync(stored, 'utf8')).map(shape);
result.count('signed requests', recorded.length);
recorded.map(shape).forEach((text, i) => {
  if (text !== old[i]) result.fail(`stored request ${i + 1}`, 'outdated', `now ${text}\nstored ${old[i]}\nreview ${fresh} and copy it to ${stored}`);
});
result.write();
