// The format in which a part of `make peers` reports the results of its peers.
// scripts/peers/README.md describes it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const work = process.env.PEERS_WORK;

// require resolves the npm packages that the part's pins.json lists.
export const require = createRequire(join(work, 'package.json'));

// packageVersion returns the version of an installed npm package.
export function packageVersion(name) {
  return JSON.parse(readFileSync(join(work, 'node_modules', name, 'package.json'), 'utf8')).version;
}

// Result collects what one run reports.
export class Result {
  versions = {};
  counts = [];
  failures = [];

  // count adds to the count of a case; the first call adds the case.
  count(name, n = 1) {
    const known = this.counts.find((c) => c.case === name);
    if (known) known.count += n;
    else this.counts.push({ case: name, count: n });
  }

  fail(name, code, text = '') {
    this.failures.push({ case: name, code: String(code), text: String(text) });
  }

  // write writes the result to the file that the runner reads.
  write() {
    writeFileSync(process.env.PEERS_OUT, JSON.stringify(this, null, 2) + '\n');
  }
}
