import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';

/** As plain text: a process that loads a module of TypeScript has freed large pieces of memory for it already. */
const source = stripTypeScriptTypes(readFileSync(new URL('../../src/adapters/freed-memory.ts', import.meta.url), 'utf8')).replace(
  'export ',
  '',
);
const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };

/** Takes and gives back 8 MB in small pieces, forty times; tells how often the system had to find it a page. */
function faults(start: string): number {
  const program = `
    ${source}
    ${start}
    const before = process.resourceUsage().minorPageFault;
    for (let round = 0; round < 40; round++)
      for (const one of Array.from({ length: 80 }, () => new Uint8Array(100_000).fill(1)).reverse()) one.buffer.transfer(0);
    console.log(process.resourceUsage().minorPageFault - before);`;
  return Number(execFileSync(process.execPath, ['-e', program]));
}

describe.skipIf(header.glibcVersionRuntime === undefined)('memory that was freed', () => {
  it('stays with the process instead of being asked for again', () => {
    expect(faults('keepFreedMemory();')).toBeLessThan(faults('') / 5);
  });
});
