// Lints the contract with Redocly, and lets its `respect` run two Arazzo documents against
// the fake: the life of buckets in buckets.arazzo.yaml, and one with every status.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, versions } from '../lib/contract.mjs';
import { startFake, token } from '../lib/fake.mjs';
import { run } from '../lib/process.mjs';
import { packageVersion, Result, work } from '../lib/result.mjs';
import { document, sources } from './workflow.mjs';

const redocly = join(work, 'node_modules/.bin/redocly');
const quiet = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

async function lint(result, version) {
  const { output } = await run(redocly, ['lint', files[version], '--format', 'json'], quiet);
  const report = JSON.parse(output.slice(output.indexOf('{\n'), output.lastIndexOf('}') + 1));
  for (const { ruleId, location, message } of report.problems) {
    result.fail(`lint ${version} ${location[0].pointer}`, ruleId, message);
  }
  result.count(`${version}: problems found by lint`, report.problems.length);
}

// respect runs an Arazzo document and adds the results of its checks.
async function respect(result, file, sources) {
  const fake = await startFake('--buckets', '3');
  const report = join(work, 'respect.json');
  const servers = sources.flatMap((name) => ['--server', `${name}=${fake.url}`]);
  const inputs = { groupId: fake.projectID, publicKey: fake.publicKey, privateKey: fake.privateKey, token: await token(fake) };
  const given = Object.entries(inputs).flatMap(([name, value]) => ['--input', `${name}=${value}`]);
  const { output } = await run(redocly, ['respect', file, ...servers, ...given, '--json-output', report], quiet).finally(fake.stop);
  writeFileSync(join(work, 'respect.log'), output);
  const [{ executedWorkflows }] = Object.values(JSON.parse(readFileSync(report, 'utf8')).files);
  for (const { workflowId, executedSteps } of executedWorkflows) {
    for (const { stepId, checks } of executedSteps) {
      result.count(`respect ${workflowId}: steps`);
      result.count(`respect ${workflowId}: checks`, checks.length);
      for (const check of checks.filter((check) => !check.passed)) {
        result.fail(`respect ${workflowId} ${stepId}`, check.name, `${check.condition ?? ''} ${check.message}`);
      }
    }
  }
}

const result = new Result();
result.versions['@redocly/cli'] = packageVersion('@redocly/cli');
for (const version of versions) await lint(result, version);
const statuses = join(work, 'statuses.arazzo.json');
writeFileSync(statuses, JSON.stringify(document(), null, 2));
await respect(result, 'scripts/peers/redocly/buckets.arazzo.yaml', ['atlas', 'atlas2023']);
await respect(result, statuses, sources);
result.write();
