// A Portman configuration with a variation of a request for every operation, provider
// and declared status of a version.
import { mediaType, operations } from '../lib/contract.mjs';
import { bodies, nowhere, providers } from '../lib/exchanges.mjs';

const update = { requirePrivateNetworking: true };

const header = (key, value) => ({ key, value, overwrite: true, insert: true });

// variation returns one request of an operation and the tests of its response.
function variation(version, op, name, status, { fake, id = nowhere, groupId = fake.projectID, accept, body, prefer, security }) {
  const set = { openApiOperation: `${op.method}::${op.path}` };
  set.overwriteRequestPathVariables = [{ key: 'groupId', value: groupId, overwrite: true }];
  if (op.path.endsWith('}')) set.overwriteRequestPathVariables.push({ key: 'exportBucketId', value: id, overwrite: true });
  set.overwriteRequestHeaders = [header('Accept', accept ?? mediaType(version))];
  if (prefer) set.overwriteRequestHeaders.push(header('Prefer', prefer));
  if (body) set.overwriteRequestBody = [{ key: '.', value: body, overwrite: true }];
  set.overwriteRequestSecurity = security;
  const checks = { statusCode: { enabled: true, code: status }, contentType: { enabled: true } };
  if (status !== 204) Object.assign(checks, { jsonBody: { enabled: true }, schemaValidation: { enabled: true } });
  return {
    name: `${version} ${op.id} ${name}`,
    openApiResponse: String(status),
    overwrites: [set],
    tests: { contractTests: [checks] },
  };
}

// variationsOf returns the variations of one operation. ids maps a provider to its buckets:
// one to read and one to delete.
function variationsOf(version, op, fake, ids, token) {
  const digest = ['username', 'password'].map((key, i) => ({ key, value: [fake.publicKey, fake.privateKey][i] }));
  const key = { digest };
  const bearer = { bearer: { token } };
  const body = { POST: bodies.AWS, PATCH: update }[op.method];
  const list = [];
  for (const provider of op.method === 'PATCH' ? ['AWS'] : providers(version)) {
    const status = op.method === 'DELETE' ? 204 : 200;
    const id = ids[provider][op.method === 'DELETE' ? 'remove' : 'keep'];
    list.push(variation(version, op, provider, status, { fake, id, body: op.method === 'POST' ? bodies[provider] : body, security: key }));
  }
  for (const status of op.statuses.filter((status) => status >= 400)) {
    const how = { fake, body, security: bearer };
    if (status === 404) how.groupId = nowhere;
    else if (status === 401) how.security = { remove: true };
    else if (status === 406) how.accept = 'application/json';
    else if (status === 400 && op.method === 'POST') how.body = { ...bodies.AWS, bucketName: 'x' };
    else how.prefer = `code=${status}`;
    list.push(variation(version, op, String(status), status, how));
  }
  return list;
}

// config returns Portman's configuration for a version.
export function config(version, doc, fake, ids, token) {
  const variationTests = operations(doc).map((op) => ({
    openApiOperation: `${op.method}::${op.path}`,
    variations: variationsOf(version, op, fake, ids, token),
  }));
  return { version: 1.0, tests: { variationTests } };
}
