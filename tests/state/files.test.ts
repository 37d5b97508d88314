import { describe, expect, test } from 'vitest';
import { StateError, StoreError } from '../../src/errors/hygge-error.ts';
import { OutcomeUnknown } from '../../src/ports/retry.ts';
import type { EntityKey } from '../../src/ports/values.ts';
import { filesState } from '../../src/state/files.ts';
import { brokenFileSystem } from '../support/broken-filesystem.ts';
import { MemoryFileSystem } from '../support/memory-filesystem.ts';
import { sampled } from '../support/samples.ts';
import { emptyRow, journalRowOf, stateRow } from '../support/state-rows.ts';

const account: EntityKey = { flow: 'crm', entity: 'Account' };
const statePath = '.hygge/state/crm/Account.state.yml';
const journalPath = '.hygge/journal/2026-11.ndjson';
const at = '2026-11-20T08:00:01.000Z';

const textOf = (files: MemoryFileSystem, path: string): string => new TextDecoder().decode(files.snapshot().get(path));

async function thrown(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => {
      throw new Error(`expected an error, got ${JSON.stringify(answer)}`);
    },
    (error: unknown) => error,
  );
}

test('a state file is one that a person can read', async () => {
  const files = new MemoryFileSystem();
  await filesState({ files }).write(account, undefined, stateRow());
  expect(textOf(files, statePath)).toBe(`# hygge keeps the state of this entity here.
# Change it with \`hygge reset\` or \`hygge state\`: an edit by hand can lose rows or settle them twice.
entity: "Account"
last_run: "2026-11-20T08:00:01.000Z"
watermark:
  column: "updated_at"
  value: "2026-11-19T23:59:59.123456Z"
  type:
    kind: "timestamp"
    unit: "us"
    zone: "UTC"
rows_processed: 15420
status: "pass"
version: 1
protocol:
  flow: "crm"
  lineage: "lineage1"
  epoch: 7
  owner:
    run: "01JRUN.1"
    until: "2026-11-20T09:00:00.000Z"
    holder: {"host":"kitchen","boot":"boot","pid":42,"started":"1234","program":"hygge go"}
  pending:
    id: "intent7"
    epoch: 7
    ref: "intents/7-intent7"
  settled:
    id: "intent6"
    epoch: 6
    boundary: {"rows":2,"hash":"0123456789abcdef0123456789abcdef"}
    snapshot: "schemas/6"
    seen: "seen/6"
    source_version: "v1"
    rows: 15420
    at: "2026-11-20T08:00:00.000Z"
  lanes:
    "backfill:2024-01-01..2024-02-01": {"column":"updated_at","value":"2024-01-15","type":{"kind":"date"}}
  binding:
    source: "local:/data/in/*.parquet"
    target: "local:/lake/crm"
    watermark: "updated_at timestamp[us, UTC]"
  full_next: false
  last_entity_run: "01JRUN.0"
  journal: null
  write_id: "writeid001"
`);
});

describe('a state file that cannot be trusted stops the run', () => {
  const whole = async (): Promise<string> => {
    const files = new MemoryFileSystem();
    await filesState({ files }).write(account, undefined, stateRow(), journalRowOf('R1.1', at));
    return textOf(files, statePath);
  };
  const reading = async (text: string | Uint8Array): Promise<unknown> => {
    const files = new MemoryFileSystem();
    files.plant(statePath, text);
    const error = await thrown(filesState({ files }).read(account));
    expect(error).toBeInstanceOf(StateError);
    expect(error).toMatchObject({ what: expect.stringContaining(statePath), tryThis: expect.arrayContaining([expect.any(String)]) });
    return error;
  };

  test('cut off at any byte', async () => {
    const text = await whole();
    for (const length of sampled(Array(text.length - 1).keys(), 16)) {
      const error = (await reading(text.slice(0, length))) as StateError;
      // Before the first line is whole it could be anybody's.
      if (length > 50) expect(error.code).toBe('HYG-5001');
    }
  });

  test('of zeros, as some file systems leave one after a power cut', async () => {
    expect(await reading(new Uint8Array(500))).toMatchObject({ code: 'HYG-5001' });
  });

  test.each(['', '\n', ' \n\n'])('of nothing, as a full disk leaves one: %j', async (text) => {
    expect(await reading(text)).toMatchObject({ code: 'HYG-5001' });
  });

  test('with a value that cannot be', async () => {
    const text = await whole();
    for (const [from, to] of [
      ['epoch: 7', 'epoch: "7"'],
      ['epoch: 7', 'epoch: -7'],
      ['kind: "timestamp"', 'kind: "moment"'],
      ['status: "pass"', 'status: "success"'],
      ['rows_processed: 15420', 'rows_processed: null'],
      ['write_id: "writeid001"', 'writing_id: "writeid001"'],
      ['full_next: false', 'full_next: false\n  full_load: true'],
      ['value: "2026-11-19T23:59:59.123456Z"', 'value: 2026'],
      ['last_run:', 'entity: "Account"\nlast_run:'],
    ] as const) {
      expect(text).toContain(from);
      expect(await reading(text.replace(from, to))).toMatchObject({
        code: 'HYG-5001',
        tryThis: [expect.any(String), expect.stringContaining('hygge reset crm.Account --adopt')],
      });
    }
  });

  test('that says there is a watermark, but nothing is settled', async () => {
    const files = new MemoryFileSystem();
    await filesState({ files }).write(account, undefined, stateRow({ settled: null }));
    const text = textOf(files, statePath).replace(
      'watermark: null',
      'watermark:\n  column: "id"\n  value: "9"\n  type:\n    kind: "int64"',
    );
    expect(await reading(text)).toMatchObject({ code: 'HYG-5001' });
  });

  test.each([['just words'], ['{"json": true}'], ['- a\n- list'], ['%PDF-1.7'], ['entity: Account\nwatermark: 5']])(
    'that is something else: %s',
    async (text) => {
      expect(await reading(text)).toMatchObject({ code: 'HYG-5003' });
    },
  );

  test('of a newer hygge, whatever else is in it', async () => {
    expect(await reading('version: 6\nsomething: new')).toMatchObject({ code: 'HYG-5002', tryThis: [expect.stringContaining('Upgrade')] });
    expect(await reading((await whole()).replace('version: 1', 'version: 17'))).toMatchObject({
      code: 'HYG-5002',
      what: expect.stringContaining('17'),
    });
  });

  test("of another entity: copied, renamed, or another one's on a disk that ignores case", async () => {
    const text = await whole();
    expect(await reading(text.replace('entity: "Account"', 'entity: "account"'))).toMatchObject({
      code: 'HYG-5004',
      what: expect.stringContaining('crm.account'),
    });
    expect(await reading(text.replace('flow: "crm"', 'flow: "erp"'))).toMatchObject({ code: 'HYG-5004' });
  });

  test('and an object that is damaged does too', async () => {
    const files = new MemoryFileSystem();
    files.plant('.hygge/objects/crm/Account/intents/7.json', '{"version":1,"par');
    const state = filesState({ files });
    const damaged = {
      name: 'StateError',
      code: 'HYG-5005',
      what: expect.stringContaining('intents/7.json'),
      tryThis: expect.arrayContaining([expect.any(String)]),
    };
    await expect(state.getObject(account, 'intents/7')).rejects.toMatchObject(damaged);
    await expect(state.putObject(account, 'intents/7', { version: 1 })).rejects.toMatchObject(damaged);
  });
});

describe('what could not be read again', () => {
  test('is not written', async () => {
    const files = new MemoryFileSystem();
    const state = filesState({ files });
    await expect(state.write(account, undefined, stateRow({ epoch: Number.NaN }))).rejects.toMatchObject({
      name: 'DefectError',
      code: 'HYG-9403',
    });
    expect([...files.snapshot().keys()]).toEqual([]);
  });

  test('is never a figure of the journal: a settled run must not stick on it', async () => {
    const files = new MemoryFileSystem();
    await filesState({ files }).write(account, undefined, emptyRow, journalRowOf('R1.1', at, { seconds: Number.NaN }));
    expect(await filesState({ files }).journal({})).toEqual([journalRowOf('R1.1', at, { seconds: 0 })]);
    expect((await filesState({ files }).read(account))?.row).toEqual(emptyRow);
  });
});

describe('row and journal row are one', () => {
  const written = (files: MemoryFileSystem): string[] => {
    const lines = textOf(files, journalPath).split('\n');
    return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { entity_run_id: string }).entity_run_id);
  };
  const diesAt = (files: MemoryFileSystem, call: string): ReturnType<typeof filesState> =>
    filesState({
      files: brokenFileSystem(files, {
        before: (each) => {
          if (each === call) throw new Error('the process died');
        },
      }),
    });

  test('a process that dies between them loses none: readers see it at once, the next writer brings it home, once', async () => {
    const files = new MemoryFileSystem();
    await expect(diesAt(files, 'append').write(account, undefined, emptyRow, journalRowOf('R1.1', at))).rejects.toThrow('died');
    expect(await filesState({ files }).journal({})).toEqual([journalRowOf('R1.1', at)]);
    expect(files.snapshot().has(journalPath)).toBe(false);

    const next = filesState({ files });
    const read = await next.read(account);
    expect(await next.write(account, read?.etag, { ...emptyRow, epoch: 1, writeId: 'b' })).toBe('written');
    expect(written(files)).toEqual(['R1.1']);
    const later = filesState({ files });
    await later.write(account, (await later.read(account))?.etag, { ...emptyRow, epoch: 2, writeId: 'c' });
    expect(written(files)).toEqual(['R1.1']);
  });

  test('a process that dies before the row leaves neither', async () => {
    const files = new MemoryFileSystem();
    await expect(diesAt(files, 'put').write(account, undefined, emptyRow, journalRowOf('R1.1', at))).rejects.toThrow('died');
    expect(await filesState({ files }).journal({})).toEqual([]);
    expect(await filesState({ files }).read(account)).toBeUndefined();
  });

  test.each([
    ['is refused', 'before', new StoreError({ code: 'HYG-4002', what: 'full', tryThis: ['x'] })],
    ['gets no answer', 'after', new OutcomeUnknown('lost')],
  ] as const)('a journal write that %s does not hide that the row is written', async (_, when, error) => {
    const files = new MemoryFileSystem();
    let broken = true;
    const fault = (call: string): void => {
      if (call === 'append' && broken) throw error;
    };
    const state = filesState({ files: brokenFileSystem(files, { [when]: fault }) });
    expect(await state.write(account, undefined, emptyRow, journalRowOf('R1.1', at))).toBe('written');
    broken = false;
    await state.write(account, (await state.read(account))?.etag, { ...emptyRow, epoch: 1, writeId: 'b' });
    expect(written(files)).toEqual(['R1.1']);
  });

  test('a state write without an answer says so, and its journal row is there if and only if the row is', async () => {
    for (const when of ['before', 'after'] as const) {
      const files = new MemoryFileSystem();
      const fault = (call: string): void => {
        if (call === 'put') throw new OutcomeUnknown('lost');
      };
      const state = filesState({ files: brokenFileSystem(files, { [when]: fault }) });
      await expect(state.write(account, undefined, emptyRow, journalRowOf('R1.1', at))).rejects.toThrow(OutcomeUnknown);
      expect((await filesState({ files }).read(account)) === undefined).toBe(when === 'before');
      expect(await filesState({ files }).journal({})).toHaveLength(when === 'before' ? 0 : 1);
    }
  });

  test('many others may write between a row and its check, and it is still found', async () => {
    const files = new MemoryFileSystem();
    const state = filesState({ files });
    await state.write(account, undefined, emptyRow, journalRowOf('R1.1', at));
    for (let i = 0; i < 300; i++) await state.appendJournal(journalRowOf(`Q${i}.1`, at, { message: 'x'.repeat(400) }));
    const other = filesState({ files });
    await other.write(account, (await other.read(account))?.etag, { ...emptyRow, epoch: 1, writeId: 'b' });
    expect(written(files).filter((id) => id === 'R1.1')).toHaveLength(1);
  });
});

describe('a damaged journal', () => {
  test('lines that are not rows are skipped and counted; the others are all there', async () => {
    const files = new MemoryFileSystem();
    const whole = filesState({ files });
    await whole.appendJournal(journalRowOf('R1.1', at));
    files.plant(journalPath, `${textOf(files, journalPath)}{"version":1,"entity_run_id":"R2.1","run_`);
    await whole.appendJournal(journalRowOf('R3.1', '2026-11-20T08:00:03.000Z'));
    files.plant(journalPath, `${textOf(files, journalPath)}not json\n\n[]\n`);
    const damage: unknown[] = [];
    const state = filesState({ files, onDamage: (each) => damage.push(each) });
    expect((await state.journal({})).map((row) => row.entity_run_id)).toEqual(['R3.1', 'R1.1']);
    expect(damage).toEqual([{ file: journalPath, lines: 3 }]);
  });

  test('a torn line with the id of a row does not stand for the row', async () => {
    const files = new MemoryFileSystem();
    const torn = filesState({
      files: brokenFileSystem(files, {
        before: (call) => {
          if (call === 'append') throw new Error('the process died');
        },
      }),
    });
    await expect(torn.write(account, undefined, emptyRow, journalRowOf('R1.1', at))).rejects.toThrow('died');
    files.plant(journalPath, JSON.stringify({ version: 1, ...journalRowOf('R1.1', at) }).slice(0, -20));
    const state = filesState({ files });
    await state.write(account, (await state.read(account))?.etag, { ...emptyRow, epoch: 1, writeId: 'b' });
    expect(await filesState({ files }).journal({})).toEqual([journalRowOf('R1.1', at)]);
  });

  test('a line of a newer hygge is an error that says to upgrade', async () => {
    const files = new MemoryFileSystem();
    files.plant(journalPath, '{"version":2,"entity_run_id":"R9.1"}\n');
    await expect(filesState({ files }).journal({})).rejects.toMatchObject({ name: 'StateError', code: 'HYG-5002' });
  });

  test('a state file that cannot be read does not hide the journal', async () => {
    const files = new MemoryFileSystem();
    const state = filesState({ files });
    await state.appendJournal(journalRowOf('R1.1', at));
    files.plant(statePath, 'torn');
    expect(await state.journal({})).toHaveLength(1);
  });
});

test('foreign files next to the state belong to no entity', async () => {
  const files = new MemoryFileSystem();
  for (const path of [
    '.hygge/state/README.md',
    '.hygge/state/crm/notes.yml',
    '.hygge/state/crm/deep/x.state.yml',
    '.hygge/state/c%zz/x.state.yml',
  ])
    files.plant(path, 'x');
  expect(await filesState({ files }).entities()).toEqual([]);
});

test('nothing that hygge names is created a second time after it was removed', async () => {
  const files = new MemoryFileSystem();
  const state = filesState({ files });
  await state.write(account, undefined, emptyRow);
  await state.write(account, (await state.read(account))?.etag, stateRow(), journalRowOf('R1.1', at));
  await state.putObject(account, 'plans/1', 1);
  await state.removeObjects(account, ['plans/1']);
  expect(files.reused).toEqual([]);
});
