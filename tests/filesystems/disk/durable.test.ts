import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as local from '../../../src/filesystems/disk/local.ts';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type * as filesStates from '../../../src/state/files.ts';
import { filesState } from '../../../src/state/files.ts';
import { Durability, watching } from '../../support/durability.ts';
import { sampled } from '../../support/samples.ts';
import { plantedIn } from '../../support/sim/plant.ts';
import type { Edit } from '../../support/sim/planted-bug.ts';
import { journalRowOf, stateRow } from '../../support/state-rows.ts';

type Product = Pick<typeof local, 'localFileSystem'> & Pick<typeof filesStates, 'filesState'>;

const key = { flow: 'crm', entity: 'Account' };
const text = (content: string) => new TextEncoder().encode(content);
/** The files that locks are taken on hold nothing. */
const passes = (risk: string) => risk.includes('.hygge-lock');

async function* pieces(...contents: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const content of contents) yield text(content);
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hygge-durable-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Each promise in turn; answers what a power cut right after an answer would take. */
async function risks(product: Product, durability = new Durability(root)): Promise<readonly string[]> {
  const found: string[] = [];
  const answered = (promise: string) => {
    found.push(
      ...durability
        .atRisk()
        .filter((risk) => !passes(risk))
        .map((risk) => `${promise}: ${risk}`),
    );
  };
  const promises = async () => {
    const files = product.localFileSystem(root);
    const names = { staged: '_hygge/e/staging/1/a', final: 'e/day=1/a' };
    const staged = await files.stage(names, pieces('one', 'two'));
    answered('stage');
    await files.publish(staged);
    answered('publish');
    const head = await files.put('_hygge/e/current.json', text('1'), { ifNoneMatch: '*' });
    answered('put if none');
    if (head.outcome === 'written') await files.put('_hygge/e/current.json', text('2'), { ifMatch: head.etag });
    answered('put if match');
    await files.append('log/lines.ndjson', text('{}'));
    answered('append to a new file');
    await files.append('log/lines.ndjson', text('{}'));
    answered('append');
    const state = product.filesState({ files });
    await state.write(key, undefined, stateRow({ writeId: 'w1' }), journalRowOf('a.1', '2026-11-20T08:00:01.000Z'));
    answered('the first state row');
    const etag = (await state.read(key))?.etag;
    await state.write(key, etag, stateRow({ writeId: 'w2' }), journalRowOf('b.1', '2026-11-20T08:00:01.000Z'));
    answered('a state row');
    await state.putObject(key, 'intents/1', { id: 'i' });
    answered('an intent');
    await state.appendJournal(journalRowOf('c.1', '2026-11-20T08:00:01.000Z'));
    answered('a journal row');
  };
  await watching(durability, () => promises().catch((error: unknown) => void found.push(String(error))));
  return found;
}

const write = 'src/filesystems/disk/write.ts';
const disk = 'src/filesystems/disk/local.ts';
const folders = 'src/filesystems/disk/folders.ts';

/** Every sync of the product, taken out. */
const removed: readonly Edit[] = [
  { file: write, find: 'await pushing; await file.datasync(); return', replace: 'await pushing; return' },
  { file: write, find: '.then(() => file.datasync())', replace: '' },
  { file: write, find: 'await file.datasync(); return { created', replace: 'return { created' },
  { file: write, find: 'await named; return written;', replace: 'return written;' },
  { file: disk, find: "if (outcome !== 'gone') await this.#folders.sync(dirname(to));", replace: '' },
  { file: disk, find: "await this.#folders.sync(dirname(at)); return { outcome: 'written'", replace: "return { outcome: 'written'" },
  { file: disk, find: 'if (created) await this.#folders.sync(dirname(at));', replace: '' },
  { file: folders, find: 'await handle.sync();', replace: '' },
  { file: folders, find: 'await Promise.all([this.#sync(folder), ...this.#above(folder)]);', replace: 'await this.#sync(folder);' },
  {
    file: folders,
    find: 'await Promise.all([this.#sync(folder), ...this.#above(folder)]);',
    replace: 'await Promise.all([...this.#above(folder)]);',
  },
];

describe('what is answered is on the disk', () => {
  it('what is told as done is found after a power cut: files, heads, state and journal', async () => {
    const durability = new Durability(root);
    expect(await risks({ localFileSystem, filesState }, durability)).toEqual([]);
    expect(durability.calls.filter((call) => call.startsWith('write')).length).toBeGreaterThan(9);
  });

  it.each(sampled(removed, 4).map((edit) => ({ name: edit.find, edit })))('is noticed missing: $name', async ({ edit }) => {
    const product = (await plantedIn('a sync is missing', ['src/filesystems/disk/local.ts', 'src/state/files.ts'], [edit])) as Product;
    expect(await risks(product)).not.toEqual([]);
  });
});
