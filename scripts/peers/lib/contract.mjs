// The committed contract, unchanged: its bytes are never changed for a tool.
import { readFileSync } from 'node:fs';
import { require } from './result.mjs';

export const files = {
  'v1.0': 'openapi/v1.0.yaml',
  '2023-01-01': 'openapi/v2-2023-01-01.yaml',
  '2024-05-30': 'openapi/v2-2024-05-30.yaml',
};

// The versions that a run uses. A run with a deliberate defect uses only the newest
// version, to save time: the difference from the pins must occur in that version.
export const versions = process.env.PEERS_BREAK ? ['2024-05-30'] : Object.keys(files);

// load returns the contract of a version as a JavaScript value.
export function load(version) {
  return require('yaml').parse(readFileSync(files[version], 'utf8'));
}

// resolve follows a local reference.
export function resolve(doc, value) {
  if (!value?.$ref) return value;
  const names = value.$ref.slice(2).split('/').map((name) => name.replace(/~1/g, '/').replace(/~0/g, '~'));
  return names.reduce((at, name) => at[name], doc);
}

// operations lists the declarations of a contract: method, path, id, statuses and the
// operation.
export function operations(doc) {
  return Object.entries(doc.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      id: operation.operationId,
      statuses: Object.keys(operation.responses).map(Number).sort(),
      operation,
    })),
  );
}

// mediaType returns the media type that an Accept or Content-Type header of a version names.
export function mediaType(version) {
  return version === 'v1.0' ? 'application/json' : `application/vnd.atlas.${version}+json`;
}
