// Programs that a part starts, on separate loopback ports.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

// freePort returns a loopback port that nothing listens on.
export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

// run runs a program to its end and returns {code, output}. output is standard output and
// standard error together. cwd is the working directory.
export async function run(command, args, env = {}, cwd = '.') {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

// startServer starts a program and returns once it listens on the port. The function
// that it returns ends the program.
export async function startServer(port, command, args, env = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } });
  const ended = once(child, 'close');
  while (!(await listens(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ended before it listened on ${port}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return async () => {
    child.kill();
    await ended;
  };
}

function listens(port) {
  return new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => done(true)).on('error', () => done(false));
    socket.on('connect', () => socket.destroy());
  });
}
