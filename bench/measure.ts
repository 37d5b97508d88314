import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One process to measure: always Node, so that both sides start equally. */
export interface Command {
  readonly name: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Measurement {
  readonly wallMs: number;
  /** Largest resident memory of the process, bytes; null where the platform does not tell. */
  readonly peakBytes: number | null;
  /** Processor time of all its threads; barely changes when the machine has other work. 0 when measured from outside. */
  readonly cpuMs: number;
  /** Bytes that the process has read, those of the program among them; null where the platform does not tell. */
  readonly readBytes: number | null;
  readonly fsyncs: number;
  /** Time in which at least one fsync was under way. */
  readonly fsyncMs: number;
  readonly stdout: string;
}

const preload = join(import.meta.dirname, 'preload.mjs');

/**
 * Runs a command to its end. With `inside`, a module loaded before it counts memory and fsyncs from within, at a cost of about
 * 2 ms; without, only time is measured. Throws when it exits with anything but 0.
 */
export async function measure(command: Command, inside = true): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'hygge-measure-'));
  const report = join(folder, 'report.json');
  try {
    const startedAt = performance.now();
    const stdout = await run(command, inside ? ['--import', preload] : [], { HYGGE_BENCH_REPORT: report });
    const wallMs = performance.now() - startedAt;
    const own = inside ? (JSON.parse(await readFile(report, 'utf8')) as Omit<Measurement, 'wallMs' | 'stdout'>) : nothingSeen;
    return { wallMs, ...own, stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nothingSeen = { peakBytes: null, cpuMs: 0, readBytes: null, fsyncs: 0, fsyncMs: 0 };

/** What the first line of bin/hygge.mjs sets, for both sides. */
const asInstalled = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

function run(command: Command, nodeFlags: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeFlags, ...command.args], {
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      env: { ...process.env, ...asInstalled, NO_COLOR: '1', ...command.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${command.name} ended with ${signal ?? code}:\n${stderr}\n${stdout}`));
    });
  });
}
