import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names a process so that it can be told from a later one with the same id: `pid-start`. On Linux `start` is the boot's id and the
 * process's start in clock ticks since then (proc(5), /proc/PID/stat field 22); elsewhere the start in seconds since 1970.
 * It stands in file names, so it holds only letters, digits and dashes.
 */
export function currentOwner(): string {
  return `${process.pid}-${linuxStart(process.pid) ?? Math.round(performance.timeOrigin / 1000)}`;
}

/** Whether the process of `currentOwner()`'s text still runs. What cannot be found out counts as alive, so that nothing of a live process is touched. */
export function ownerAlive(owner: string): boolean {
  const match = /^(\d+)-(.+)$/.exec(owner);
  if (!match) return false;
  const pid = Number(match[1]);
  const start = match[2] ?? '';
  if (!pidExists(pid)) return false;
  if (process.platform === 'linux') {
    const now = linuxStart(pid);
    return now === null || now === start;
  }
  if (pid === process.pid) return owner === currentOwner();
  const seconds = foreignStartSeconds(pid);
  return seconds === null || Math.abs(seconds - Number(start)) <= clockTolerance;
}

/** Between what a process believes to be its start and what the system says, in seconds. */
const clockTolerance = 10;

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    return ticks === undefined ? null : `${boot}-${ticks}`;
  } catch {
    // No /proc: another system, or the process ended in between, which `pidExists` finds at the next look.
    return null;
  }
}

function foreignStartSeconds(pid: number): number | null {
  const [file, args]: [string, string[]] =
    process.platform === 'win32'
      ? ['powershell.exe', ['-NoProfile', '-Command', `[DateTimeOffset]::new((Get-Process -Id ${pid}).StartTime).ToUnixTimeSeconds()`]]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]];
  try {
    const text = execFileSync(file, args, { encoding: 'utf8', timeout: 5000, stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, LC_ALL: 'C' } }).trim();
    const seconds = process.platform === 'win32' ? Number(text) : Date.parse(text) / 1000;
    return Number.isFinite(seconds) && text !== '' ? seconds : null;
  } catch {
    return null;
  }
}
