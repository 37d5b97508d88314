import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hintForOption } from '../../src/cli/terminal/synonyms.ts';
import { cellsOf } from '../../src/docs/sections.ts';
import { connectorTypes } from '../../src/registry.ts';
import { root } from '../architecture/sources.ts';
import { TestWorkspace } from '../support/workspace.ts';

const page = readFileSync(join(root, 'docs', 'coming-from.md'), 'utf8');
const [, words = ''] = /## Words and flags\n([\s\S]*?)\n## /.exec(page) ?? [];
const rows = words
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  .map(cellsOf);
const flagsIn = (cells: readonly (string | undefined)[]) =>
  cells.flatMap((cell = '') => [...cell.matchAll(/(?<![\w-])(--[a-z-]+)/g)].map(([, flag = '']) => flag));

describe('docs/coming-from.md', () => {
  const theirs = [...new Set(rows.slice(1).flatMap(([, sling, ingestr]) => flagsIn([sling, ingestr])))].filter(
    (flag) => flag !== '--primary-key',
  );

  test('names flags of Sling and ingestr', () => {
    expect(theirs.length).toBeGreaterThan(10);
  });

  test.each([...theirs, '--primary-key'])('%s, typed at hygge copy, ends with a hint', (flag) => {
    expect(hintForOption(flag, 'copy')).toMatch(/./);
  });

  test('the flags in its last column are those of hygge', async () => {
    const ours = [...new Set(rows.slice(1).flatMap((cells) => flagsIn([cells.at(-1)])))];
    using workspace = new TestWorkspace();
    const help = `${(await workspace.run(['copy', '--help'])).stdout}${(await workspace.run(['backfill', '--help'])).stdout}`;
    expect(ours.filter((flag) => !help.includes(flag))).toEqual([]);
  });

  test('calls nothing missing that exists', () => {
    const [, missing = ''] = /## What hygge does not have[^\n]*\n([\s\S]*)/.exec(page) ?? [];
    const types = connectorTypes();
    for (const system of ['sftp', 'ftp', 'excel', 'snowflake', 'bigquery', 'redshift', 'oracle', 'mongodb', 'delta', 'iceberg']) {
      expect(missing.toLowerCase()).toContain(system);
      expect(types.filter((type) => type.includes(system))).toEqual([]);
    }
  });
});
