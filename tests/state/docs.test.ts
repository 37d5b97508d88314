import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerClient } from '@azure/storage-blob';
import { describe, expect, it } from 'vitest';
import { objectsState } from '../../src/state/objects/state.ts';
import { hygge } from '../cli/workspace.ts';
import { blocksOf } from '../docs/blocks.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { emptyRow, journalRowOf } from '../support/state-rows.ts';
import { TestWorkspace } from '../support/workspace.ts';

const azurite = sharedAzurite();
const page = readFileSync(join(import.meta.dirname, '../../docs/state.md'), 'utf8');
const snippets = blocksOf(page).filter(({ language }) => language === 'yml');

describe('the page on state', () => {
  it('shows every way in', () => {
    expect(snippets).toHaveLength(6);
  });

  it.each(snippets.map(({ line, text }) => [line, text] as const))(
    'line %i is a workspace that runs, or is right but for the account',
    async (_, text) => {
      const flow = text.includes('flows:') ? {} : { 'flows/f/flow.yml': 'home: in/*.parquet\nstore: lake\n' };
      using workspace = new TestWorkspace({ ...flow, 'hygge.yml': text });
      const { connectionString } = await azurite();
      if (text.includes('az://lake/')) await new ContainerClient(connectionString, 'lake').createIfNotExists();
      workspace.write({ '.env': `STATE_CONNECTION=${connectionString}\nERP_PASSWORD=secret\n` });
      await workspace.parquet('in/1.parquet', 'select 1 as id');
      const runs = /connection_string|sqlite/.test(text);
      if (text.includes('data/orders')) await workspace.parquet('data/orders/1.parquet', 'select 1 as id');
      expect(await hygge(runs ? ['go'] : ['list', 'flows'], workspace.root)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('names every object of the folder', async () => {
    const files = new MemoryFileSystem();
    const state = objectsState({ files });
    const row = (n: number) => journalRowOf(`R${n}.1`, n < 256 ? '2026-11-19T08:00:00.000Z' : '2026-11-20T08:00:00.000Z');
    await state.write({ flow: 'crm', entity: 'Account' }, undefined, emptyRow, row(0));
    await state.putObject({ flow: 'crm', entity: 'Account' }, 'plans/1', 1);
    for (let n = 1; n < 256; n++) await state.appendJournal(row(n));
    await state.appendJournal(row(256));
    await state.pruneJournal('2026-01-01T00:00:00.000Z');
    const shapes = new Set(
      [...files.snapshot().keys()].map((path) => /^\.hygge\/((?:state|objects|journal\/rows|journal\/packs)\/|.*)/.exec(path)?.[1] ?? ''),
    );
    expect(shapes).toEqual(new Set(['conditions.json', 'state/', 'objects/', 'journal/rows/', 'journal/packs/']));
    for (const shape of shapes) expect(page).toContain(`\`${shape}`);
  });

  it('names every row of the table', () => {
    for (const start of ['s', 'j', 'e', 'r\\|current']) expect(page).toContain(`\`${start}\\|`);
  });
});
