// Every operation of every version, with every provider and every declared status.
import { mediaType, operations } from './contract.mjs';

const role = '5f00000000000000000000c1';
export const nowhere = '5f00000000000000000000ff';

// Bodies of create, by provider.
export const bodies = {
  AWS: { cloudProvider: 'AWS', bucketName: 'peers-aws', iamRoleId: role },
  AZURE: { cloudProvider: 'AZURE', roleId: role, serviceUrl: 'https://peersaccount.blob.core.windows.net/peers-azure' },
  GCP: { cloudProvider: 'GCP', bucketName: 'peers-gcp', roleId: role },
};

// The older versions support only AWS.
export function providers(version) {
  return version === '2024-05-30' ? Object.keys(bodies) : ['AWS'];
}

// drive sends a request for each case of a version. For each case it calls send, which gets
// {name, method, url, headers, body, status, operation} and returns {status, headers,
// text}; status is the required status of the response.
export async function drive(version, doc, fake, token, send) {
  const driver = new Driver(version, fake, token, send);
  const all = operations(doc);
  for (const provider of providers(version)) {
    const id = await driver.create(all.find((op) => op.method === 'POST'), provider);
    for (const op of all.filter((op) => op.path.endsWith('}') && op.method !== 'DELETE')) {
      if (op.method === 'PATCH' && provider !== 'AWS') continue; // changes AWS buckets only
      await driver.succeed(op, provider, id);
    }
    const list = all.find((op) => op.method === 'GET' && !op.path.endsWith('}'));
    await driver.succeed(list, provider);
    await driver.succeed(all.find((op) => op.method === 'DELETE'), provider, id);
  }
  for (const op of all) {
    for (const status of op.statuses.filter((status) => status >= 400)) await driver.refuse(op, status);
  }
}

class Driver {
  constructor(version, fake, token, send) {
    Object.assign(this, { version, fake, token, send });
  }

  // request returns the request of an operation that succeeds.
  request(op, provider, id = '') {
    const path = op.path.replace('{groupId}', this.fake.projectID).replace('{exportBucketId}', id);
    const headers = { accept: mediaType(this.version), authorization: `Bearer ${this.token}` };
    const body = { POST: bodies[provider], PATCH: { requirePrivateNetworking: true } }[op.method];
    if (body) headers['content-type'] = mediaType(this.version);
    return { method: op.method, url: this.fake.url + path, headers, body, operation: op };
  }

  async create(op, provider) {
    const response = await this.succeed(op, provider);
    return JSON.parse(response.text)._id;
  }

  succeed(op, provider, id) {
    const status = op.method === 'DELETE' ? 204 : 200;
    return this.send({ ...this.request(op, provider, id), status, name: `${this.version} ${op.id} ${provider}: ${status}` });
  }

  // refuse requests a status of 4xx or 5xx. If no request results in that status, it uses
  // the fake's Prefer header.
  async refuse(op, status) {
    const request = this.request(op, 'AWS', nowhere);
    if (status === 404) request.url = request.url.replace(this.fake.projectID, nowhere);
    else if (status === 401) delete request.headers.authorization;
    else if (status === 406) request.headers.accept = 'application/json';
    else if (status === 400 && op.method === 'POST') request.body = { ...request.body, bucketName: 'x' };
    else request.headers.prefer = `code=${status}`;
    await this.send({ ...request, status, name: `${this.version} ${op.id}: ${status}` });
  }
}

// fetchText sends a request and returns {status, headers, text}.
export async function fetchText({ method, url, headers, body }) {
  const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
