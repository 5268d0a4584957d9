// The fake Atlas of a part, on a separate loopback port, and the defects that a self-test
// applies to its responses.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';

// Each defect changes a response in place: {status, headers, body}.
const breaks = {
  // Every delete responds with 404.
  'delete-404': (request, response) => {
    if (request.method !== 'DELETE') return;
    const detail = { error: 404, errorCode: 'EXPORT_BUCKET_NOT_FOUND', reason: 'Not Found', detail: 'Gone.', parameters: [] };
    response.status = 404;
    response.headers = { 'content-type': 'application/json', 'x-error-code': detail.errorCode };
    response.body = Buffer.from(JSON.stringify(detail));
  },
  // An Azure bucket lacks its tenantId, by itself or in a list.
  'azure-without-tenant': (_, response) => {
    if (!/json/.test(response.headers['content-type'] ?? '') || response.body.length === 0) return;
    const body = JSON.parse(response.body);
    for (const bucket of body.results ?? [body]) delete bucket.tenantId;
    response.body = Buffer.from(JSON.stringify(body));
  },
};

// startFake starts `exportbuckets serve` and returns its URL, its credentials and a
// function that ends it. With PEERS_BREAK, clients reach it through a proxy that applies
// the defect.
export async function startFake(...flags) {
  const child = spawn(process.env.EXPORTBUCKETS, ['serve', '--addr', '127.0.0.1:0', '--no-rate-limit', '--quiet', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const env = await assignments(child, 6);
  const fake = {
    url: env.MONGODB_ATLAS_BASE_URL,
    projectID: env.MONGODB_ATLAS_PROJECT_ID,
    publicKey: env.MONGODB_ATLAS_PUBLIC_API_KEY,
    privateKey: env.MONGODB_ATLAS_PRIVATE_API_KEY,
    clientID: env.MONGODB_ATLAS_CLIENT_ID,
    clientSecret: env.MONGODB_ATLAS_CLIENT_SECRET,
  };
  const change = process.env.PEERS_BREAK ? breaks[process.env.PEERS_BREAK] : undefined;
  const proxy = change && (await startProxy(fake.url, change));
  if (proxy) fake.url = proxy.url;
  fake.buckets = `${fake.url}/api/atlas/v2/groups/${fake.projectID}/backup/exportBuckets`;
  fake.stop = () => {
    proxy?.close();
    child.kill('SIGINT');
  };
  return fake;
}

// assignments reads n lines NAME=VALUE from a process's standard output.
async function assignments(child, n) {
  const env = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const at = line.indexOf('=');
    env[line.slice(0, at)] = line.slice(at + 1).replace(/^'(.*)'$/, '$1');
    if (Object.keys(env).length === n) return env;
  }
  throw new Error('serve ended before it listened');
}

// startProxy passes requests on to target, calls change with each request, its body and the
// response, and returns the changed response.
export async function startProxy(target, change) {
  const server = http.createServer((request, response) => {
    request.text = '';
    request.on('data', (chunk) => (request.text += chunk));
    // A change needs the uncompressed body.
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    const upstream = http.request(target + request.url, { method: request.method, headers }, async (got) => {
      const chunks = [];
      for await (const chunk of got) chunks.push(chunk);
      const answer = { status: got.statusCode, headers: { ...got.headers }, body: Buffer.concat(chunks) };
      change(request, answer);
      delete answer.headers['transfer-encoding'];
      answer.headers['content-length'] = answer.body.length;
      if (answer.status === 204) delete answer.headers['content-length'];
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
    upstream.on('error', (err) => response.destroy(err));
    request.pipe(upstream);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

// token asks the fake for an access token of its service account.
export async function token(fake) {
  const response = await fetch(`${fake.url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: 'Basic ' + Buffer.from(`${fake.clientID}:${fake.clientSecret}`).toString('base64'),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  return (await response.json()).access_token;
}
