import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort } from './postgresql';

/** A real OpenSSH server on loopback, an ordinary process with files of its own. */
export interface SshServer {
  readonly host: string;
  readonly port: number;
  /** Who may log in, by the keys below: the user that runs the tests. */
  readonly user: string;
  /** Admitted private keys; the second is behind `passphrase`. */
  readonly keyFile: string;
  readonly lockedKeyFile: string;
  readonly passphrase: string;
  /** As `ssh-keygen -l` tells it. */
  readonly fingerprint: string;
  /** A line for a known_hosts file. */
  readonly knownHostsLine: string;
  readonly folder: string;
  /** Kills what serves the connections that are open: the line is cut, and the server stays. */
  cut(): void;
  /** Stops and continues them, so that they hold the line and answer nothing, as after a sleep. */
  freeze(): void;
  thaw(): void;
  /** How many connections are being served. */
  connections(): number;
  /** Another host key from now on. */
  changeHostKey(): Promise<void>;
  stop(): Promise<void>;
}

export interface SshOptions {
  /** More lines of sshd_config. */
  readonly config?: readonly string[];
}

/** Debian's sshd, or null; the tests that need it then say so. */
export function sshdProgram(): string | null {
  return ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((file) => existsSync(file)) ?? null;
}

export async function startSsh({ config = [] }: SshOptions = {}): Promise<SshServer> {
  const program = sshdProgram();
  if (!program) throw new Error('sshd is not installed. On Debian: apt-get install openssh-server');
  // Debian's sshd separates its privileges there, and only its service makes the folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ai-shell-ssh-'));
  const file = (name: string): string => path.join(folder, name);
  const passphrase = randomBytes(9).toString('hex');
  makeKey(file('host'), '');
  makeKey(file('user'), '');
  makeKey(file('locked'), passphrase);
  writeFileSync(file('authorized_keys'), [readFileSync(file('user.pub')), readFileSync(file('locked.pub'))].join(''));
  const port = await freePort();
  writeFileSync(
    file('sshd_config'),
    [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${file('host')}`, `AuthorizedKeysFile ${file('authorized_keys')}`, 'PidFile none', 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'MaxStartups 100', 'LogLevel ERROR', ...config, ''].join('\n'),
  );
  let child: ChildProcess;
  const start = async (): Promise<void> => {
    child = spawn(program, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4000)));
    const deadline = Date.now() + 10_000;
    while (!(await listens(port))) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`sshd did not start: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  };
  const end = (): Promise<void> =>
    new Promise((resolve) => {
      signalChildren(child, 'KILL');
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  const onExit = (): void => {
    signalChildren(child, 'KILL');
    child.kill('SIGKILL');
  };
  await start();
  process.on('exit', onExit);
  return {
    host: '127.0.0.1',
    port,
    user: os.userInfo().username,
    keyFile: file('user'),
    lockedKeyFile: file('locked'),
    passphrase,
    get fingerprint() {
      return fingerprint(file('host.pub'));
    },
    get knownHostsLine() {
      return `[127.0.0.1]:${port} ${readFileSync(file('host.pub'), 'utf8').split(' ').slice(0, 2).join(' ')}\n`;
    },
    folder,
    cut: () => signalChildren(child, 'KILL'),
    freeze: () => signalChildren(child, 'STOP'),
    thaw: () => signalChildren(child, 'CONT'),
    connections: () => childrenOf(child.pid ?? 0).length,
    changeHostKey: async () => {
      await end();
      ['host', 'host.pub'].forEach((name) => rmSync(file(name)));
      makeKey(file('host'), '');
      await start();
    },
    stop: async () => {
      process.off('exit', onExit);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A system user with a password, for servers that are asked for one: needs root. Null where that cannot be. */
export function passwordUser(): { user: string; password: string; remove(): void } | null {
  if (process.getuid?.() !== 0 || spawnSync('which', ['useradd']).status !== 0) return null;
  const user = `aishell-${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('hex');
  execFileSync('useradd', ['--no-create-home', '--shell', '/usr/sbin/nologin', user]);
  execFileSync('chpasswd', { input: `${user}:${password}\n` });
  return { user, password, remove: () => void spawnSync('userdel', [user]) };
}

/** An ssh-agent of its own with these keys; ends with `stop`. */
export function startAgent(keyFile: string): { socket: string; stop(): void } {
  const output = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
  const socket = /SSH_AUTH_SOCK=([^;]+);/.exec(output)?.[1] ?? '';
  const pid = /SSH_AGENT_PID=(\d+)/.exec(output)?.[1] ?? '';
  chmodSync(keyFile, 0o600);
  execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  return { socket, stop: () => void process.kill(Number(pid)) };
}

/** Adds a line to a file, such as a known_hosts. */
export function addLine(file: string, line: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  appendFileSync(file, line);
}

function makeKey(file: string, passphrase: string): void {
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'ai-shell test', '-f', file]);
}

function fingerprint(publicKey: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', publicKey], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

function childrenOf(pid: number): number[] {
  return spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean).map(Number);
}

function signalChildren(child: ChildProcess, signal: 'KILL' | 'STOP' | 'CONT'): void {
  const all = (pid: number): number[] => childrenOf(pid).flatMap((one) => [one, ...all(one)]);
  for (const pid of all(child.pid ?? 0)) spawnSync('kill', [`-${signal}`, String(pid)]);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
