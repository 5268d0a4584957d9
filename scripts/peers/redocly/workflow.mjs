// An Arazzo document with a step for every operation, version, provider and declared status.
import { resolve } from 'node:path';
import { files, load, mediaType, operations, versions } from '../lib/contract.mjs';
import { bodies, nowhere, providers } from '../lib/exchanges.mjs';

// sourceName returns the name of a version's contract in the document.
const sourceName = (version) => 'v' + version.replace(/\W/g, '');

const header = (name, value) => ({ in: 'header', name, value });

// step returns a step whose response must have the given status.
function step(version, op, stepId, status, { groupId = '$inputs.groupId', id = nowhere, accept, body, prefer } = {}) {
  const parameters = [{ in: 'path', name: 'groupId', value: groupId }, header('Accept', accept ?? mediaType(version))];
  if (op.path.endsWith('}')) parameters.push({ in: 'path', name: 'exportBucketId', value: id });
  if (prefer) parameters.push(header('Prefer', prefer));
  return {
    stepId,
    operationId: `$sourceDescriptions.${sourceName(version)}.${op.id}`,
    parameters,
    ...(body && { requestBody: { contentType: mediaType(version), payload: body } }),
    successCriteria: [{ condition: `$statusCode == ${status}` }],
  };
}

const update = { requirePrivateNetworking: true };

// successes are the steps of one provider: create, then every operation on that bucket.
function successes(version, all, provider) {
  const bucket = (more) => ({ id: `$steps.create${provider}.outputs.id`, ...more });
  const steps = [];
  for (const op of all) {
    const stepId = `${op.id}${provider}`;
    if (op.method === 'POST') {
      steps.unshift({ ...step(version, op, `create${provider}`, 200, { body: bodies[provider] }), outputs: { id: '$response.body#/_id' } });
    } else if (op.method === 'PATCH') {
      if (provider === 'AWS') steps.push(step(version, op, stepId, 200, bucket({ body: update })));
    } else if (op.method !== 'DELETE') {
      steps.push(step(version, op, stepId, 200, bucket()));
    }
  }
  const remove = all.find((op) => op.method === 'DELETE');
  return [...steps, step(version, remove, `${remove.id}${provider}`, 204, bucket())];
}

// refusals are the steps for the declared statuses of 4xx and 5xx except 401.
function refusals(version, op) {
  const body = { POST: bodies.AWS, PATCH: update }[op.method];
  return op.statuses
    .filter((status) => status >= 400 && status !== 401)
    .map((status) => {
      const how = { body };
      if (status === 404) how.groupId = nowhere;
      else if (status === 406) how.accept = 'application/json';
      else if (status === 400 && op.method === 'POST') how.body = { ...bodies.AWS, bucketName: 'x' };
      else how.prefer = `code=${status}`;
      return step(version, op, `${op.id}${status}`, status, how);
    });
}

// credentials are the x-security of a workflow: an API key, an access token, or none.
function credentials(version, scheme, values) {
  return { 'x-security': [{ schemeName: `$sourceDescriptions.${sourceName(version)}.${scheme}`, values }] };
}

// workflows returns the workflows of a version: requests that succeed with an API key, that
// fail with an access token, and that fail without credentials. Redocly's Digest expects a
// 401 first, which a requested status of the fake would replace.
function workflows(version) {
  const all = operations(load(version));
  const properties = Object.fromEntries(['groupId', 'publicKey', 'privateKey', 'token'].map((name) => [name, { type: 'string' }]));
  const workflow = (name, security, steps) => ({
    workflowId: `${version.replace('.', '-')}-${name}`,
    inputs: { type: 'object', properties },
    ...security,
    steps,
  });
  const key = credentials(version, 'DigestAuth', { username: '$inputs.publicKey', password: '$inputs.privateKey' });
  const token = credentials(version, 'ServiceAccounts', { accessToken: '$inputs.token' });
  const body = (op) => ({ POST: bodies.AWS, PATCH: update })[op.method];
  return [
    workflow('key', key, providers(version).flatMap((provider) => successes(version, all, provider))),
    workflow('token', token, all.flatMap((op) => refusals(version, op))),
    workflow('none', {}, all.map((op) => step(version, op, `${op.id}401`, 401, { body: body(op) }))),
  ];
}

// document returns the Arazzo document.
export function document() {
  return {
    arazzo: '1.0.1',
    info: { title: 'Every operation, version, provider and declared status', version: '1.0.0' },
    sourceDescriptions: versions.map((version) => ({ name: sourceName(version), type: 'openapi', url: resolve(files[version]) })),
    workflows: versions.flatMap(workflows),
  };
}

export const sources = versions.map(sourceName);
