// The input of Specmatic in addition to the contract: an overlay for features that it lacks,
// passed by its own option, and an example of each request.
import { mediaType, operations } from '../lib/contract.mjs';
import { bodies } from '../lib/exchanges.mjs';

// overlay returns an OpenAPI Overlay with the reason of each action.
export function overlay(version, doc) {
  const actions = [
    {
      target: '$.components.securitySchemes.DigestAuth',
      description: 'Specmatic does not support HTTP Digest. It uses the access token.',
      remove: true,
    },
    {
      target: `$.security[${doc.security.findIndex((scheme) => 'DigestAuth' in scheme)}]`,
      description: 'The same.',
      remove: true,
    },
  ];
  for (const path of Object.keys(doc.paths)) {
    actions.push({
      target: `$.paths['${path}']`,
      description: 'Specmatic asks for */*, for which Atlas has no version. It sends an Accept header if one is declared.',
      update: {
        parameters: [{ name: 'Accept', in: 'header', required: true, schema: { type: 'string', enum: [mediaType(version)] } }],
      },
    });
  }
  const { path } = operations(doc).find((op) => op.method === 'DELETE');
  actions.push({
    target: `$.paths['${path}'].delete.responses['204'].content`,
    description: 'Specmatic expects a body where a media type is declared. A 204 has a media type, its version, and no body.',
    remove: true,
  });
  return { overlay: '1.0.0', info: { title: 'What Specmatic lacks', version: '1.0.0' }, actions };
}

// examples returns an example of each operation, and of create with each of the known
// providers. ids are those of two buckets: one to read and one to delete.
export function examples(version, doc, fake, ids, known) {
  const list = [];
  for (const op of operations(doc)) {
    const request = (body) => ({
      method: op.method,
      path: op.path.replace('{groupId}', fake.projectID).replace('{exportBucketId}', op.method === 'DELETE' ? ids.remove : ids.keep),
      // With an envelope the body has a form that the contract does not declare.
      query: { envelope: false },
      headers: { Accept: mediaType(version), ...(body && { 'Content-Type': mediaType(version) }) },
      ...(body && { body }),
    });
    for (const provider of op.method === 'POST' ? known : ['AWS']) {
      const body = { POST: bodies[provider], PATCH: { requirePrivateNetworking: true } }[op.method];
      const name = op.method === 'POST' ? `${op.id}-${provider}` : op.id;
      list.push({ name, 'http-request': request(body), 'http-response': success(version, op, body) });
    }
  }
  return list;
}

// success returns the response of an example that succeeds.
function success(version, op, body) {
  if (op.method === 'DELETE') return { status: 204 };
  const id = '5f00000000000000000000e1';
  const tenantId = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const bucket = { _id: id, bucketName: 'peers', ...bodies.AWS, ...body };
  if (body?.cloudProvider === 'AZURE') bucket.tenantId = tenantId;
  if (body && body.cloudProvider && body.cloudProvider !== 'AWS') delete bucket.iamRoleId;
  const isList = op.method === 'GET' && !op.path.endsWith('}');
  return {
    status: 200,
    headers: { 'Content-Type': mediaType(version) },
    body: isList ? { results: [bucket], totalCount: 1 } : bucket,
  };
}
