import { version } from '../package.json';
import { EXIT } from './cli/exit';
import { runCli } from './cli/main';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first asks the server to stop and waits for it; a second one does not wait.
    if (interrupted.signal.aborted) process.exit(EXIT.cancelled);
    interrupted.abort();
  });
}

let nobodyReads = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // As in `ai-shell ... | head`: the reader has what it wants; the server is told to stop.
  nobodyReads = true;
  interrupted.abort();
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const status = await runCli({
  args: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  signal: interrupted.signal,
  nobodyReads: () => nobodyReads,
});
// Not process.exit: what stdout still holds would be lost in a pipe.
process.exitCode = nobodyReads ? EXIT.done : status;
process.stdin.destroy();
