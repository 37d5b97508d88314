import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { realHost } from '../../src/adapters/real-host.ts';
import type { LeaseHolder } from '../../src/ports/host.ts';

const host = realHost('hygge go');
const linux = process.platform === 'linux';

/** A process that lives until it is told to end, as a holder. */
async function otherProcess(): Promise<{ readonly holder: LeaseHolder; end(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const fields = linux ? readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') : undefined;
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return { holder: { ...host.self, pid, started: fields?.[19] ?? '' }, end };
}

describe('the fate of a holder', () => {
  test('we ourselves are alive', async () => {
    expect(host.self).toMatchObject({ pid: process.pid, program: 'hygge go' });
    expect(await host.fate(host.self)).toBe(linux ? 'alive' : 'unknown');
  });

  test('a running process is alive, and dead once it was killed', async () => {
    const { holder, end } = await otherProcess();
    expect(await host.fate(holder)).toBe(linux ? 'alive' : 'unknown');
    await end();
    expect(await host.fate(holder)).toBe('dead');
  });

  test.runIf(linux)('another process with a pid used again does not keep the first one alive', async () => {
    expect(await host.fate({ ...host.self, started: '1' })).toBe('dead');
  });

  test.runIf(linux)('a process of an earlier boot is dead', async () => {
    expect(await host.fate({ ...host.self, boot: '00000000-0000-0000-0000-000000000000' })).toBe('dead');
  });

  test.runIf(linux)('of a process in another container on this kernel nothing is known', async () => {
    const [boot] = host.self.boot.split(' ');
    expect(await host.fate({ ...host.self, boot: `${boot} pid:[1]`, pid: 2 ** 22 + 1 })).toBe('unknown');
  });

  test('of another machine, or of a holder that says too little, nothing is known', async () => {
    expect(await host.fate({ ...host.self, host: 'another-machine' })).toBe('unknown');
    expect(await host.fate({ ...host.self, boot: '' })).toBe('unknown');
    expect(await host.fate({ ...host.self, started: '' })).toBe('unknown');
    for (const pid of [0, -1, 1.5, Number.NaN]) expect(await host.fate({ ...host.self, pid })).toBe('unknown');
  });

  test('a process of another user, whom we may not signal, is not taken for dead', async () => {
    expect(await host.fate({ ...host.self, pid: 1, started: '' })).toBe('unknown');
  });
});

test('there is a processor to work with', () => {
  expect(host.processors).toBeGreaterThanOrEqual(1);
});
