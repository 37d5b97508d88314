import { describe, expect, it } from 'vitest';
import { narrate } from '../../src/narrate/run/narrator.ts';
import { noColor } from '../../src/narrate/text/palette.ts';
import type { EventBody } from '../../src/ports/events.ts';
import { event, summary, summaryOf } from './recordings.ts';

type Plan = Extract<EventBody, { readonly event: 'plan' }>;

const told = { palette: noColor, live: false, dryRun: true, verbose: false };

const column = (name: string, type: string, more: Partial<Plan['schema'][number]> = {}) =>
  ({ name, source_type: type, type, store_type: type, fidelity: 'exact', ...more }) as const;

const base: Plan = {
  event: 'plan',
  from: 'in/*.parquet',
  to: 'lake/users',
  mode: 'full',
  window: { column: null, lower: null, upper: null },
  rows: { n: 3_000_000, exact: true },
  bytes: 61_000_000,
  slices: 3,
  schema: [column('id', 'int64')],
  creates: ['lake/users'],
  replaces: [],
  guarantee: 'readers see the old rows or the new',
  warnings: [],
};

function planned(entity: string, more: Partial<Plan> = {}) {
  return event(0, { ...base, ...more }, { flow: 'crm', entity });
}

const end = summary(1, [summaryOf('crm', 'users')]);

describe('a plan', () => {
  it('says in its first line what and how much, then from where to where, and the types', () => {
    expect(narrate([planned('users'), end], { ...told, entities: 1 })).toBe(`
crm.users  full load, 3,000,000 rows (61 MB, in 3 slices)
    from      in/*.parquet
    to        lake/users  (new)
    columns   1, every type exact
              id  int64

During the commit, readers see the old rows or the new.

That is the plan: 3,000,000 rows to read. Nothing was moved, nothing was written.

next  hygge go        to move it

Done. PASS=1 WARN=0 ERROR=0 SKIP=0 TOTAL=1`);
  });

  it('calls no type exact where a note says that numbers or days settle as text', () => {
    const text = narrate([planned('users', { warnings: ['x'], codes: ['csv.as_text'] }), end], { ...told, entities: 1 });
    expect(text).toContain('columns   1, some as text for now');
  });

  it('says what becomes of the columns that the destination has', () => {
    const changes: Plan['changes'] = [
      { change: 'add column', column: 'email', type: 'string', how: 'in place' },
      { change: 'widen', column: 'id', type: 'int64', how: 'rewrites' },
      { change: 'drop not null', column: 'name', how: 'in place' },
      { change: 'rename column', column: 'old', to: 'new', how: 'in place' },
    ];
    expect(narrate([planned('users', { creates: [], changes })], { ...told, entities: 1 })).toContain(`
    alters    adds column email (string)
              makes column id int64: every row there is rewritten
              makes column name nullable
              renames column old to new`);
  });

  it('shows the statements that make or alter tables as they are run, and of many entities how many', () => {
    const ddl = ['create schema "s"', 'create table "s"."t" (\n  "id" bigint\n)'];
    const shown = narrate([planned('users', { ddl })], { ...told, entities: 1 });
    expect(shown).toContain(
      '    ddl       create schema "s";\n              create table "s"."t" (\n                "id" bigint\n              );\n',
    );
    const brief = narrate([planned('users', { ddl })], { ...told, entities: 4 });
    expect(brief).toContain('    ddl       2 statements  (-v shows them)');
    expect(brief).not.toContain('create table');
    expect(narrate([planned('users', { ddl: [] })], { ...told, entities: 1 })).not.toContain('ddl');
  });

  it('says that content is swapped where it could as well be deleted', () => {
    const write = { mode: 'swap', key: [], why: 'full_load' };
    expect(narrate([planned('users', { ddl: [], write })], told)).toContain('writes    replaces the old content by the new: a full load');
    expect(narrate([planned('users', { write })], told)).not.toContain('writes');
  });

  it('of many files of which only a few were looked at promises nothing for the others', () => {
    const few = { looked_at: { files: 8, of: 1_000 }, mode: 'incremental', rows: { n: 10, exact: false } } as const;
    const window = { column: 'at', lower: '2026-01-01', upper: '2026-01-01' };
    const lines = (more: Partial<Plan>) => narrate([planned('users', { ...few, ...more })], told);
    const still = lines({ window });
    expect(still).toContain('nothing is new in the 8 of 1,000 files that were looked at');
    expect(still).not.toContain('unchanged:');
    expect(lines({ window: { ...window, lower: null, upper: null }, slices: 0 })).toContain('nothing is new in the 8 of 1,000 files');
    // Neither a source that is as it was, nor a list of files without a new one, has anything to open.
    for (const certain of [{ window }, { window: base.window, mode: 'files' }])
      expect(lines({ ...certain, slices: 0 })).toMatch(/nothing is new$/m);
  });

  it('of an incremental run shows the window, and that nothing waits when the newest value is the watermark', () => {
    const window = { column: 'at', lower: '2026-01-01T00:00:00.000', upper: '2026-02-01T10:30:00.500' };
    const text = narrate([planned('users', { mode: 'incremental', window, rows: { n: 10, exact: false } })], told);
    expect(text).toContain('crm.users  new rows only, found among ~10 rows');
    expect(text).toContain('    window    2026-01-01 ≤ at ≤ 2026-02-01T10:30:00.500');
    const still = narrate([planned('users', { mode: 'incremental', window: { ...window, upper: window.lower } }), end], told);
    expect(still).toContain('crm.users  new rows only, nothing is new');
    expect(still).toContain('newest at unchanged: 2026-01-01');
    expect(still).toContain('That is the plan. Nothing was moved');
  });

  it('says what is replaced, and of types that are not exact which', () => {
    const schema = [column('id', 'int64'), column('n', 'money', { store_type: 'decimal(19,4)', fidelity: 'widened' })];
    const text = narrate([planned('users', { creates: [], replaces: ['all 5 rows in lake/users'], schema })], { ...told, entities: 40 });
    expect(text).toContain('    to        lake/users\n    replaces  all 5 rows in lake/users\n');
    expect(text).toContain('    columns   2, 1 not exact\n              n  money → decimal(19,4)  widened');
    expect(text).not.toContain('id  int64');
  });

  it('of many entities tells a warning beside the first, and once at the end of whom else it is true', () => {
    const warnings = ['deletes are not seen'];
    const plans = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => planned(name, { warnings, rows: { n: 10, exact: name !== 'c' } }));
    const text = narrate([...plans, end], { ...told, entities: 6 });
    expect(text.split('deletes are not seen')).toHaveLength(3);
    expect(text).toContain('! deletes are not seen: crm.b, crm.c, crm.d and 2 more too');
    const notes = narrate([...plans.map((one) => ({ ...one, notes: 1 }) as never), end], { ...told, entities: 6 });
    expect(notes).toContain('    · deletes are not seen\n');
    expect(notes).toContain('· deletes are not seen: crm.b, crm.c, crm.d and 2 more too');
    expect(text.split('readers see the old rows')).toHaveLength(2);
    expect(text).toContain('~60 rows to read');
    expect(text).toContain('columns   1, every type exact  (-v shows them)');
  });

  it('says what a renamed column is called at the source, and which are added', () => {
    const schema = [
      column('user_id', 'int64', { source_name: 'User ID' }),
      column('loaded_at', 'timestamp[us, UTC]', { source_name: null }),
    ];
    const text = narrate([planned('a', { schema })], told);
    expect(text).toContain('user_id    int64  (from User ID)\n');
    expect(text).toContain('loaded_at  timestamp[us, UTC]  (added)');
  });

  it('shows only so many columns, and with -v all', () => {
    const schema = Array.from({ length: 30 }, (_, n) => column(`c${n}`, 'int64'));
    expect(narrate([planned('a', { schema })], told)).toContain('and 18 more (-v shows all)');
    expect(narrate([planned('a', { schema })], { ...told, verbose: true })).toContain('c29');
  });
});
