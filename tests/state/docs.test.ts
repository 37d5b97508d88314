import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { blocksOf } from '../docs/blocks.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();
const page = readFileSync(join(import.meta.dirname, '../../docs/state.md'), 'utf8');
const snippets = blocksOf(page).filter(({ language }) => language === 'yml');

describe('the page on state', () => {
  it('shows both ways in', () => {
    expect(snippets).toHaveLength(2);
  });

  it.each(snippets.map(({ line, text }) => [line, text] as const))(
    'line %i is a workspace that runs, or is right but for the account',
    async (_, text) => {
      using workspace = new TestWorkspace({ 'flows/f/flow.yml': 'home: in/*.parquet\nstore: lake\n', 'hygge.yml': text });
      workspace.write({ '.env': `STATE_CONNECTION=${(await azurite()).connectionString}\n` });
      await workspace.parquet('in/1.parquet', 'select 1 as id');
      const byString = text.includes('connection_string');
      expect(await hygge(byString ? ['go'] : ['list', 'flows'], workspace.root)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('names every row of the table', () => {
    for (const start of ['s', 'j', 'e', 'r\\|current']) expect(page).toContain(`\`${start}\\|`);
  });
});
