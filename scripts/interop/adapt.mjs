// Makes a contract that two other tools can work with out of ours:
//
//     node adapt.mjs CONTRACT.json OUT.json TOOL
//
// Each change has its reason. None of them loosens what an answer must look like.
import { readFileSync, writeFileSync } from 'node:fs';

const [from, to, tool] = process.argv.slice(2);
const doc = JSON.parse(readFileSync(from, 'utf8'));
const operations = Object.values(doc.paths).flatMap((path) => Object.values(path));

// Redocly's validator (Ajv) wants a discriminator's values to differ from branch to
// branch. Upstream's branches all list every provider.
for (const schema of Object.values(doc.components.schemas)) {
  for (const [value, ref] of Object.entries(schema.discriminator?.mapping ?? {})) {
    const branch = doc.components.schemas[ref.split('/').at(-1)];
    branch.properties[schema.discriminator.propertyName].enum = [value];
  }
}

// Ajv refuses nullable without a type. An empty schema allows the same values.
doc.components.schemas.ApiError.properties.parameters.items = {};

// Specmatic knows OAuth 2.0 and no Digest; Redocly takes its scheme from here.
if (tool === 'specmatic') {
  delete doc.components.securitySchemes.DigestAuth;
  doc.security = [{ ServiceAccounts: [] }];
}

// The contract does not declare what an envelope looks like, and Specmatic throws
// dice whether to ask for one.
for (const operation of operations) {
  if (tool !== 'specmatic') continue;
  operation.parameters = operation.parameters.filter((p) => !p.$ref?.endsWith('/envelope'));
}

// Specmatic wants a schema with every media type. A 204 has a media type and no body.
for (const operation of operations) {
  if (tool === 'specmatic') delete operation.responses['204']?.content;
}

// Specmatic asks for */*, and Atlas has no version for that. OpenAPI takes the version
// from the media types; Specmatic sends it only as a parameter.
for (const operation of operations) {
  if (tool !== 'specmatic') continue;
  operation.parameters.push({
    name: 'Accept', in: 'header', required: true,
    schema: { type: 'string', enum: ['application/vnd.atlas.2024-05-30+json'] },
  });
}

writeFileSync(to, JSON.stringify(doc, null, 1));
