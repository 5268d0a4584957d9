// Compiles the schemas of the contract with Ajv in strict mode, and validates with them
// a table of bodies and the responses of the fake.
import { readFileSync } from 'node:fs';
import { load, resolve, versions } from '../lib/contract.mjs';
import { drive, fetchText } from '../lib/exchanges.mjs';
import { startFake, token } from '../lib/fake.mjs';
import { packageVersion, require, Result } from '../lib/result.mjs';

const Ajv = require('ajv').default;
const addFormats = require('ajv-formats').default;

// extensions lists the keywords x-… of a document.
function extensions(value, found = new Set()) {
  if (Array.isArray(value)) value.forEach((v) => extensions(v, found));
  else if (value && typeof value === 'object') {
    for (const [name, v] of Object.entries(value)) {
      if (name.startsWith('x-')) found.add(name);
      extensions(v, found);
    }
  }
  return [...found];
}

// newAjv returns an Ajv in which a contract has the id "contract". Its option discriminator
// stays off: it refuses a discriminator with a mapping.
function newAjv(doc) {
  const ajv = new Ajv({ strict: true, allErrors: true });
  addFormats(ajv);
  ajv.addKeyword('discriminator');
  ajv.addVocabulary([...Object.keys(doc), ...extensions(doc)]);
  ajv.addSchema(doc, 'contract');
  return ajv;
}

// compile returns the validator of a schema of the contract, or undefined.
function compile(ajv, result, name, pointer) {
  try {
    return ajv.getSchema('contract#' + pointer);
  } catch (err) {
    result.fail(`compile ${name}`, 'strict', err.message);
  }
}

const schema = (name) => '/components/schemas/' + name;

// branches lists the schemas of a union, or the schema itself.
function branches(doc, name) {
  return doc.components.schemas[name].oneOf?.map((branch) => branch.$ref.split('/').at(-1)) ?? [name];
}

function compileAll(result, version, doc) {
  const ajv = newAjv(doc);
  for (const name of Object.keys(doc.components.schemas)) {
    if (compile(ajv, result, `${version} ${name}`, schema(name))) result.count(`${version}: schemas compiled in strict mode`);
  }
}

// checkBodies validates the table. A good body matches exactly one branch, a wrong one
// none.
function checkBodies(result, doc) {
  const table = JSON.parse(readFileSync('scripts/peers/ajv/bodies.json', 'utf8'));
  const ajv = newAjv(doc);
  for (const { of, name, good, body } of table) {
    const fits = branches(doc, of).filter((branch) => compile(ajv, result, branch, schema(branch))?.(body));
    const accepted = compile(ajv, result, of, schema(of))?.(body);
    const label = good ? 'good bodies that fit one branch' : 'wrong bodies that fit no branch';
    result.count(`${label}: asked`);
    if (fits.length === Number(good) && accepted === good) result.count(`${label}: as expected`);
    else result.fail(name, accepted ? 'accepted' : 'refused', `fits ${fits.join(', ') || 'none'}`);
  }
}

// checkFake validates every response of the fake.
async function checkFake(result, version, doc) {
  const fake = await startFake();
  const ajv = newAjv(doc);
  try {
    await drive(version, doc, fake, await token(fake), async (request) => {
      const response = await fetchText(request);
      result.count(`${version}: exchanges with the fake`);
      checkRequest(result, ajv, doc, request);
      checkResponse(result, ajv, doc, request, response);
      return response;
    });
  } finally {
    fake.stop();
  }
}

function checkRequest(result, ajv, doc, { name, status, operation, body }) {
  if (!body || status >= 400) return;
  validate(result, ajv, `${name}: request`, resolve(doc, operation.operation.requestBody).content, body);
}

function checkResponse(result, ajv, doc, { name, status, operation }, response) {
  if (response.status !== status) return result.fail(name, `status ${response.status}`, response.text);
  const content = resolve(doc, operation.operation.responses[status]).content;
  if (status === 204) return response.text && result.fail(name, 'body', response.text);
  const type = response.headers.get('content-type').split(';')[0];
  if (!content[type]) return result.fail(name, `media type ${type}`);
  validate(result, ajv, name, { [type]: content[type] }, JSON.parse(response.text));
}

function validate(result, ajv, name, content, body) {
  for (const { schema } of Object.values(content)) {
    const validate = compile(ajv, result, name, schema.$ref.slice(1));
    if (validate && !validate(body)) {
      const codes = [...new Set(validate.errors.map((err) => `${err.keyword} ${err.instancePath.replace(/\d+/g, '*')}`))];
      result.fail(name, codes.sort().join(', '), ajv.errorsText(validate.errors));
    }
  }
}

const result = new Result();
result.versions.ajv = packageVersion('ajv');
result.versions['ajv-formats'] = packageVersion('ajv-formats');
for (const version of versions) {
  const doc = load(version);
  compileAll(result, version, doc);
  if (version === '2024-05-30') checkBodies(result, doc);
  await checkFake(result, version, doc);
}
result.write();
