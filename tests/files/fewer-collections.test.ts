import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../../src/files/bytes/gc-tuning.ts');

async function stderrOf(call: string): Promise<string> {
  return (await saidBy(`it.${call}; it.${call};`)).stderr;
}

function saidBy(calls: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const script = `const it = await import(${JSON.stringify(module)}); ${calls}`;
  return promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', script]);
}

test.each(['fewerCollections()', 'framesAreLetGo()', 'framesAreKept()'])(
  '%s is known to this version of V8, which says so of what it does not know',
  async (call) => {
    expect(await stderrOf(call)).toBe('');
  },
);

test('versions of V8 that may not know a flag are not asked', async () => {
  for (const version of ['12.9.202.28-node.14', '15.0.1', ''])
    expect(await stderrOf(`framesAreLetGo(${JSON.stringify(version)})`)).toBe('');
  expect(await stderrOf(`framesAreLetGo('13.6.1')`)).toBe('');
});

test('who keeps frames has the last word', async () => {
  const told = 'console.log(it.framesAreLetGo("14.0"));';
  expect(await saidBy(`${told} it.framesAreKept(); ${told} ${told}`)).toMatchObject({ stdout: 'true\nfalse\nfalse\n' });
});
