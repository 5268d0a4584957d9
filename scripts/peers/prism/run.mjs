// Sends every request of every version through Prism's proxy, which validates it and the
// fake's response.
import { join } from 'node:path';
import { files, load, versions } from '../lib/contract.mjs';
import { drive, fetchText } from '../lib/exchanges.mjs';
import { startFake, token } from '../lib/fake.mjs';
import { freePort, startServer } from '../lib/process.mjs';
import { packageVersion, Result, work } from '../lib/result.mjs';

// violations reads the violations that Prism found in an exchange. With --errors=false,
// Prism passes the response on and reports violations in a header.
function violations(headers) {
  return JSON.parse(headers.get('sl-violations') ?? '[]');
}

async function check(result, version, fake) {
  const port = await freePort();
  const prism = join(work, 'node_modules/.bin/prism');
  const args = ['proxy', files[version], fake.url, '--port', port, '--errors=false', '--verboseLevel', 'silent'];
  const stop = await startServer(port, prism, args);
  const access = await token(fake);
  try {
    await drive(version, load(version), { ...fake, url: `http://127.0.0.1:${port}` }, access, async (request) => {
      const response = await fetchText(request);
      result.count(`${version}: exchanges`);
      if (response.status !== request.status) result.fail(request.name, `status ${response.status}`, response.text);
      const found = violations(response.headers);
      if (found.length === 0) result.count(`${version}: exchanges without a violation`);
      for (const { location, code, message } of found) {
        const where = location.map((step) => (/^\d+$/.test(step) ? '*' : step)).join('.');
        result.fail(request.name, `${code} ${where}`, message);
      }
      return response;
    });
  } finally {
    await stop();
  }
}

const result = new Result();
result.versions['@stoplight/prism-cli'] = packageVersion('@stoplight/prism-cli');
for (const version of versions) {
  const fake = await startFake();
  await check(result, version, fake).finally(() => fake.stop());
}
result.write();
