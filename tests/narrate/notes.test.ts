import { describe, expect, test } from 'vitest';
import { messageOf, words } from '../../src/narrate/text/notes.ts';
import { codeOf, type DriftFound, type Note, type SilentNote } from '../../src/ports/notes.ts';

const fax: DriftFound = {
  kind: 'removed',
  column: 'fax',
  before: 'string',
  policy: 'remove_columns: warn',
  severity: 'warn',
  outcome: { code: 'stays_null' },
  since: '2026-11-20T08:00:00.000Z',
};

const onThursdays = 'no rows, though the last 5 runs on Thursdays around 02:00 UTC brought some (100 to 1,350)';

function silent(source: SilentNote['source']): SilentNote {
  return { code: 'silent', by: 'weeks', compared: 5, least: 100, most: 1350, weekday: 4, time: '02:00', zone: 'UTC', source };
}

type Ours = Exclude<Note['code'], `${string}.${string}`>;

/** One of each: a list that lacks a code does not compile. */
const said: { readonly [C in Ours]: readonly (readonly [Note & { readonly code: C }, string])[] } = {
  found_new: [
    [
      { code: 'found_new', flow: 'shop', entity: 'returns' },
      'new at the home of flow shop: it settles for the first time. Where it should not, entities: { exclude: [returns] } leaves it out',
    ],
  ],
  found_unseen: [
    [
      { code: 'found_unseen', flow: 'shop', what: 'The database did not answer.' },
      'what is new at the home of flow shop is not known, so only what has settled before is moved: The database did not answer',
    ],
  ],
  full_copy_each_run: [
    [{ code: 'full_copy_each_run' }, 'if_exists: append with run_type: full_drop adds a full copy of the source at every run'],
  ],
  rows_gone: [
    [
      { code: 'rows_gone', where: 'public.users', settled: 1200, left: 1 },
      '1,200 rows settled in public.users, and 1 of them is left: no increment brings the others back; hygge reset loads everything again, and with --adopt accepts what is left',
    ],
  ],
  others_go: [
    [
      { code: 'others_go', where: 'public.users', rows: 1 },
      '1 row of others goes with the rows that settled in public.users: if_exists: replace takes the whole place over',
    ],
    [
      { code: 'others_go', where: 'public.users', rows: 1200 },
      '1,200 rows of others go with the rows that settled in public.users: if_exists: replace takes the whole place over',
    ],
    [
      { code: 'others_go', where: 'public.users', rows: null },
      'what others may have put there goes with the rows that settled in public.users: if_exists: replace takes the whole place over',
    ],
  ],
  strays: [
    [
      { code: 'strays', where: 'lake/users', first: 'a.csv', files: 1 },
      "a.csv is not hygge's, but readers of lake/users count its rows: move it away",
    ],
    [
      { code: 'strays', where: 'lake/users', first: 'a.csv', files: 3 },
      "3 files are not hygge's, such as a.csv, but readers of lake/users count their rows: move them away",
    ],
  ],
  retypes: [
    [
      { code: 'retypes', columns: ['n'], parts: 1 },
      'n has no value so far: up to 1 settled file is written anew with the type of the first ones, in the same commit',
    ],
    [
      { code: 'retypes', columns: ['n', 'm'], parts: 1200 },
      'n, m have no value so far: up to 1,200 settled files are written anew with the type of the first ones, in the same commit',
    ],
  ],
  name_taken: [
    [{ code: 'name_taken', column: 'A b', as: 'a_b_1', wanted: 'a_b' }, 'column "A b" settles as a_b_1: another column has the name a_b'],
  ],
  renamed: [
    [{ code: 'renamed', column: 'abc', as: 'ab', why: 'too long', where: 'db' }, 'column "abc" settles as ab: its name is too long for db'],
    [
      { code: 'renamed', column: 'user', as: 'user_', why: 'reserved', where: 'db' },
      'column "user" settles as user_: db keeps its name for itself',
    ],
    [
      { code: 'renamed', column: 'A', as: 'A_1', why: 'taken', where: 'db' },
      'column "A" settles as A_1: db would not tell it from another column',
    ],
    [{ code: 'renamed', column: 'A', as: 'a', why: 'case', where: 'db' }, 'column "A" settles as a: so its name is spelt there'],
  ],
  deletes_instead: [
    [
      { code: 'deletes_instead', dependents: ['view a', 'view b', 'trigger c', 'view d'] },
      'what is there is deleted, and not swapped for another table, which would leave behind: view a, view b, trigger c, …',
    ],
    [
      { code: 'deletes_instead', dependents: ['owner boss, whose tables me may not rename'], refused: true },
      'what is there is deleted, and not swapped for another table, which the database would refuse: owner boss, whose tables me may not rename',
    ],
  ],
  deletes_pass_on: [
    [
      { code: 'deletes_pass_on', dependents: ['foreign key child_fk of child'] },
      'what points at a deleted row goes with it, or is changed, as the database was told (ON DELETE); a run does not count it: foreign key child_fk of child',
    ],
  ],
  alters: [
    [
      {
        code: 'alters',
        where: 'db public.orders',
        changes: [
          { change: 'widen', column: 'at', type: 'timestamp', how: 'rewrites' },
          { change: 'drop not null', column: 'n', how: 'in place' },
          { change: 'add column', column: 'who', type: 'string', how: 'in place' },
          { change: 'rename column', column: 'a', to: 'b', how: 'in place' },
        ],
      },
      'the commit alters db public.orders for the rows: it makes column at timestamp: every row there is written anew, lets column n be null, adds column who (string), renames column a to b',
    ],
  ],
  looks_renamed: [
    [
      { code: 'looks_renamed', from: 'a.csv', to: 'b.csv', more: 1200 },
      'b.csv looks like a.csv, which was taken and is gone, and 1,200 more like that: where it was only renamed, its rows settle twice',
    ],
  ],
  maybe_changed: [
    [
      { code: 'maybe_changed', file: 'a.csv', more: 2 },
      'a.csv may have changed since it was taken, and 2 more like that: size and time are the same, but it was written or replaced, and no checksum was noted of it then. If its content is new, load everything again (-d)',
    ],
  ],
  files_passed: [
    [
      { code: 'files_passed', files: ['B.csv'], more: 0, flow: 'my shop', entity: 'orders', column: 'at', from: '1', to: '3' },
      "B.csv is new, and all of its rows lie below what has settled by at: no run reads them. hygge backfill 'my shop.orders' --from 1 --to 3 brings its rows in",
    ],
    [
      { code: 'files_passed', files: ['B.csv', 'C.csv', 'D.csv'], more: 1200, flow: 'f', entity: 'f', column: 'at', from: null, to: '3' },
      'B.csv, C.csv, D.csv and 1,200 more files are new, and all of their rows lie below what has settled by at: no run reads them. hygge reset f.f, then hygge go, loads everything anew',
    ],
  ],
  files_partly_passed: [
    [
      { code: 'files_partly_passed', rows: 2, files: ['B.csv'], more: 0, flow: 'f', entity: 'f', column: 'at', from: '1', to: '3' },
      '2 rows of B.csv, which is new, lie below what has settled by at: no run reads them. hygge backfill f.f --from 1 --to 3 brings them in',
    ],
    [
      {
        code: 'files_partly_passed',
        rows: 1,
        files: ['B.csv', 'C.csv'],
        more: 0,
        flow: 'f',
        entity: 'f',
        column: 'at',
        from: null,
        to: '3',
        repeats: true,
      },
      '1 row of B.csv, C.csv, which are new, lies below what has settled by at: no run reads it. hygge reset f.f, then hygge go, loads everything anew, and settles once more each row that several files have',
    ],
  ],
  waits: [
    [
      { code: 'waits', column: 'at', rows: 1, latest: '2026-12-01' },
      '1 row has at in the future (2026-12-01) and waits until that time has come',
    ],
    [
      { code: 'waits', column: 'at', rows: 2000, latest: '2026-12-01' },
      '2,000 rows have at in the future (up to 2026-12-01) and wait until that time has come',
    ],
    [
      { code: 'waits', column: 'at', rows: null, latest: '2026-12-01' },
      'some rows have at in the future (up to 2026-12-01) and wait until that time has come',
    ],
  ],
  numbers_as_text: [
    [
      { code: 'numbers_as_text', column: 'no', text: '9' },
      'no is text, and looks like a number (9): as text "10" comes before "9", and rows that are new by number alone are not read',
    ],
  ],
  left_quarantine: [
    [
      { code: 'left_quarantine', flow: 'my shop', entity: 'orders', rows: 1, column: 'at', from: '2024-01-03', to: null },
      `1 row that was in quarantine can be read now, or is gone: rows whose at is below 2024-01-03 do not settle with this run, but do with hygge backfill 'my shop.orders' --from VALUE --to 2024-01-03`,
    ],
    [
      { code: 'left_quarantine', flow: 'f', entity: 'f', rows: 2, column: 'at', from: '1', to: '3' },
      '2 rows that were in quarantine can be read now, or are gone: rows whose at is outside of 1 … 3 do not settle with this run, but do with hygge backfill f.f --from VALUE --to VALUE',
    ],
  ],
  source_behind: [
    [
      { code: 'source_behind', flow: 'my shop', entity: 'orders', column: 'at', newest: '2024-01-03', settled: '2024-01-10' },
      "the newest at of the source is 2024-01-03, below 2024-01-10, which has settled: rows below that are never read. Where the source begins anew, hygge reset 'my shop.orders' loads all of it",
    ],
  ],
  deletes_unseen: [
    [{ code: 'deletes_unseen' }, 'rows deleted in the source are not seen by an incremental run'],
    [
      { code: 'deletes_unseen', until: '2026-11-30T02:00:00.000Z' },
      'rows deleted in the source are not seen by an incremental run; the next full load, which drops them, is due on 2026-11-30 02:00 UTC',
    ],
  ],
  full_due: [
    [
      { code: 'full_due', last: '2026-11-16T02:00:00.000Z', every: '7d' },
      'all of it is loaded anew: the last full load was on 2026-11-16 02:00 UTC, and full_every is 7d',
    ],
    [
      { code: 'full_due', last: null, every: '1d12h' },
      'all of it is loaded anew: when the last full load was is not known, and full_every is 1d12h',
    ],
  ],
  grows_only: [[{ code: 'grows_only', column: 'id' }, 'id is taken to only grow: a row that comes later with a smaller one is never read']],
  verifies: [
    [
      { code: 'verifies', by: 'checksums', every: null, fails: false },
      'source and destination are compared after the commit; a difference is a warning',
    ],
    [
      { code: 'verifies', by: 'counts', every: '7d', fails: true },
      'the rows of source and destination are counted after a commit, when the last comparison is 7d old; a difference fails the run',
    ],
  ],
  differs: [[{ code: 'differs', what: 'a.b differs from its source: 1 row changed.' }, 'a.b differs from its source: 1 row changed']],
  not_verified: [
    [
      { code: 'not_verified', what: 'The database did not answer.' },
      'the source could not be compared after the commit: The database did not answer',
    ],
    [{ code: 'not_verified', because: 'too long' }, 'the source could not be compared after the commit: it took too long'],
  ],
  not_replicated: [
    [
      { code: 'not_replicated', said: 'the table is Replicating, and Fabric counts 5 rows, of 9 that were published', waited: '30m' },
      'what settled was not replicated within 30m: the table is Replicating, and Fabric counts 5 rows, of 9 that were published',
    ],
    [{ code: 'not_replicated', said: null, waited: '1h' }, 'what settled was not replicated within 1h'],
  ],
  probably_replicated: [
    [
      { code: 'probably_replicated', said: 'the table is Replicating, and Fabric counts 12 rows, of 10 that were published' },
      'what settled is probably replicated: the table is Replicating, and Fabric counts 12 rows, of 10 that were published',
    ],
  ],
  replication_stopped: [
    [
      { code: 'replication_stopped', said: 'the mirrored database is Stopped' },
      'replication has stopped, and what settles waits: the mirrored database is Stopped',
    ],
  ],
  replication_unknown: [[{ code: 'replication_unknown', what: 'No answer.' }, 'the replication of what settled is not known: No answer']],
  verdict_unwritten: [[{ code: 'verdict_unwritten', what: 'disk full' }, 'the verdict could not be written into the journal: disk full']],
  drift: [
    [{ code: 'drift', drift: fax }, 'column fax is gone: it stays, and new rows have null there (remove_columns: warn)'],
    [
      { code: 'drift', drift: fax, since: '2026-11-20' },
      'column fax is gone since 2026-11-20: it stays, and new rows have null there (remove_columns: warn)',
    ],
  ],
  sunk: [
    [
      { code: 'sunk', flow: 'f', entity: 'f', rows: 1, column: 'at', from: '3' },
      '1 row that was settled at 3 or without at is not there any more, and went: if it has a smaller at by now, hygge backfill f.f --from VALUE --to 3 brings it back',
    ],
    [
      { code: 'sunk', flow: 'my shop', entity: 'orders', rows: 2, column: 'at', from: '3' },
      "2 rows that were settled at 3 or without at are not there any more, and went: if they have a smaller at by now, hygge backfill 'my shop.orders' --from VALUE --to 3 brings them back",
    ],
  ],
  mark_is_bare: [
    [
      { code: 'mark_is_bare', column: 'at', at: '2024-01-05' },
      'the source no longer has a row at the last watermark (at 2024-01-05): what had settled there went, together with the rows without at (nulls: include)',
    ],
  ],
  vanished: [
    [{ code: 'vanished', rows: 1 }, 'the source no longer has the row at the last watermark; it stays settled'],
    [{ code: 'vanished', rows: 2 }, 'the source no longer has the 2 rows at the last watermark; they stay settled'],
  ],
  silent: [
    [
      silent({
        kind: 'watermark',
        column: 'at',
        newest: '2026-11-19T14:02:00Z',
        age: 518_400,
        settled: '2026-11-19T14:02:00Z',
        isNewer: false,
        above: 0,
      }),
      `${onThursdays}; the source has nothing newer than 2026-11-19T14:02:00Z, 6 d ago`,
    ],
    [
      silent({ kind: 'watermark', column: 'id', newest: '9', age: null, settled: '9', isNewer: false, above: 0 }),
      `${onThursdays}; the source has nothing newer than 9`,
    ],
    [
      silent({ kind: 'watermark', column: 'at', newest: null, age: null, settled: '9', isNewer: false, above: 0 }),
      `${onThursdays}; the source has no row with a value in at`,
    ],
    [
      silent({ kind: 'watermark', column: 'id', newest: '30', age: null, settled: '9', isNewer: true, above: 1200 }),
      `${onThursdays}; 1,200 rows above 9 are there and were not read; the newest id is 30`,
    ],
    [
      silent({ kind: 'watermark', column: 'id', newest: '30', age: null, settled: '9', isNewer: true, above: 1 }),
      `${onThursdays}; 1 row above 9 is there and was not read; the newest id is 30`,
    ],
    [
      silent({ kind: 'watermark', column: 'id', newest: '30', age: null, settled: '9', isNewer: true, above: null }),
      `${onThursdays}; rows above 9 are there and were not read; the newest id is 30`,
    ],
    [silent({ kind: 'files', files: 0, fresh: 0, newest: null }), `${onThursdays}; no file is there that matches`],
    [
      silent({ kind: 'files', files: 3, fresh: 0, newest: '2026-11-19T14:02:00.000Z' }),
      `${onThursdays}; all of 3 files that match were taken before, the newest of 2026-11-19 14:02 UTC`,
    ],
    [silent({ kind: 'files', files: 1, fresh: 0, newest: null }), `${onThursdays}; the 1 file that matches was taken before`],
    [silent({ kind: 'files', files: 5, fresh: 2, newest: null }), `${onThursdays}; 2 of 5 files that match were not taken`],
    [silent({ kind: 'rows', rows: 0 }), `${onThursdays}; the source has no rows`],
    [silent({ kind: 'rows', rows: 40 }), `${onThursdays}; the source has 40 rows`],
    [silent({ kind: 'rows', rows: null }), onThursdays],
    [silent({ kind: 'unknown', error: null }), `${onThursdays}; the source does not tell its newest value`],
    [
      { ...silent({ kind: 'unknown', error: 'HYG-6001' }), by: 'runs', compared: 6, least: 7, most: 7 },
      'no rows, though all 6 earlier runs brought some (7); the source could not be asked (HYG-6001)',
    ],
  ],
  heartbeat_unsent: [[{ code: 'heartbeat_unsent', what: 'It answered 500.' }, 'the heartbeat could not be sent: It answered 500']],
  stands_still: [
    [
      { code: 'stands_still', seconds: 600, step: 'slice', home: 'postgres erp', store: 'parquet' },
      'nothing has happened for 10 min: it waits for rows of postgres erp, or parquet to take them',
    ],
    [
      { code: 'stands_still', seconds: 600, step: 'plan', home: 'postgres erp', store: 'parquet' },
      'nothing has happened for 10 min: it waits for an answer of postgres erp or parquet, to a look at both',
    ],
    [
      { code: 'stands_still', seconds: 9000, step: 'commit', home: 'postgres erp', store: 'parquet' },
      'nothing has happened for 2 h: it waits for parquet to publish what was staged',
    ],
    [
      { code: 'stands_still', seconds: 9000, step: 'other', home: 'postgres erp', store: 'parquet' },
      'nothing has happened for 2 h: it waits for postgres erp or parquet',
    ],
  ],
  emptied: [
    [{ code: 'emptied', rows: null }, 'the source has no rows: what was there is gone (on_empty: replace)'],
    [{ code: 'emptied', rows: 1 }, 'the source has no rows: the 1 row that was settled is gone (on_empty: replace)'],
    [
      { code: 'emptied', rows: 2, unsettled: 3 },
      'none of the 3 rows of the source can settle: the 2 rows that were settled are gone (on_empty: replace)',
    ],
    [{ code: 'emptied', rows: 1500 }, 'the source has no rows: the 1,500 rows that were settled are gone (on_empty: replace)'],
  ],
  shrunk: [
    [{ code: 'shrunk', rows: 1, before: 1500 }, 'the full load has 1 row, in place of 1,500: at most half (on_shrink: warn)'],
    [{ code: 'shrunk', rows: 750, before: 1500 }, 'the full load has 750 rows, in place of 1,500: at most half (on_shrink: warn)'],
  ],
  bad_rows: [
    [{ code: 'bad_rows', rows: 1, kept: false, first: 'a.csv:7: no number.' }, "1 row that can't be read was skipped (a.csv:7: no number)"],
    [
      { code: 'bad_rows', rows: 2, kept: true, first: 'a.csv:7' },
      "2 rows that can't be read were put into quarantine (the first: a.csv:7)",
    ],
    [{ code: 'bad_rows', rows: 2, kept: false, first: null }, "2 rows that can't be read were skipped"],
    [
      { code: 'bad_rows', rows: 1, kept: true, first: null, later: { flow: 'f', entity: 'e', column: 'name', from: 'a b', to: "d'e" } },
      "1 row that can't be read was put into quarantine; later runs read above name d'e: once it is corrected, hygge backfill f.e --from 'a b' --to 'd'\\''e' brings it in",
    ],
  ],
  read_as_null: [
    [{ code: 'read_as_null', columns: { born: 1 } }, '1 special value was read as null (born: 1), as special_values: to_null says'],
    [
      { code: 'read_as_null', columns: Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`c${n}`, 1000])) },
      '12,000 special values were read as null (c0: 1,000, c1: 1,000, c2: 1,000, c3: 1,000, c4: 1,000, c5: 1,000, c6: 1,000, c7: 1,000, c8: 1,000, c9: 1,000 and 2 more columns), as special_values: to_null says',
    ],
  ],
  parents_missed: [
    [
      { code: 'parents_missed', parents: 1, first: 'hygge/shop', why: '404' },
      'the rows of the parent hygge/shop could not be read (the API answered 404): a later run reads them from where they ended',
    ],
    [
      { code: 'parents_missed', parents: 1200, first: 'hygge/shop', why: '403' },
      'the rows of 1,200 parents could not be read (the API answered 403; the first is hygge/shop): a later run reads them from where they ended',
    ],
  ],
  asked: [
    [{ code: 'asked', requests: 1 }, 'reading took 1 request'],
    [
      { code: 'asked', requests: 1200, quota: { used: 3100, of: 15_000 } },
      'reading took 1,200 requests; the source counts 3,100 of 15,000 that the account has',
    ],
    [{ code: 'asked', requests: 5, ended: { empty: 1 } }, 'reading took 5 requests; the list ended with an empty page'],
    [
      { code: 'asked', requests: 5000, ended: { empty: 1200, word: 1 } },
      'reading took 5,000 requests; lists ended with an empty page (1,200), an answer that says that no more records follow (1)',
    ],
  ],
  broken_rows: [
    [{ code: 'broken_rows', rows: 1, rules: { 'id not null': 1 } }, '1 row breaks a rule and lies in quarantine (id not null: 1)'],
    [
      {
        ...{ code: 'broken_rows', rows: 2, rules: { mail: 2 }, of: 9 },
        told: [{ rule: 'mail', column: 'email', rows: 2, samples: ['a a@'], since: '2026-11-20' }],
      },
      '2 rows of 9 break a rule and lie in quarantine (mail of email: 2, looking like "a a@", since 2026-11-20)',
    ],
    [{ code: 'broken_rows', rows: 1300, rules: { a: 1300, b: 2 } }, '1,300 rows break a rule and lie in quarantine (a: 1,300, b: 2)'],
  ],
  file_lacks: [
    [
      { code: 'file_lacks', file: 'in/2.csv', columns: ['amt'], rules: ['amt min'] },
      'in/2.csv has no value in the column amt of the contract: its rows settle with null there, and no rule about it (amt min) judged them. If files may be without it, say optional: true in the contract',
    ],
    [
      { code: 'file_lacks', file: 'in/2.csv', columns: ['amt', 'a'] },
      'in/2.csv has no value in the columns amt, a of the contract: its rows settle with null there, and no rule about them judged them. If files may be without them, say optional: true in the contract',
    ],
  ],
  rules_idle: [
    [{ code: 'rules_idle', rules: ['amt min'], rows: 1, file: 'in/2.csv' }, '1 row of in/2.csv had nothing to judge for amt min'],
    [{ code: 'rules_idle', rules: ['amt min', 'small'], rows: 1200 }, '1,200 rows had nothing to judge for amt min, small'],
  ],
  none_settled: [
    [
      { code: 'none_settled', flow: 'f', entity: 'e', rows: 1, at: '7' },
      'none of the new rows settled; the watermark stays at 7, and each run reads the row again: correct it in the source, or the rule in the contract, then hygge go -e f.e',
    ],
    [
      { code: 'none_settled', flow: 'f', entity: 'e', rows: 1300, at: null },
      'none of the new rows settled, and each run reads the 1,300 rows again: correct them in the source, or the rule in the contract, then hygge go -e f.e',
    ],
  ],
  rules_warn: [
    [
      { code: 'rules_warn', of: 1300, told: [{ rule: 'age', column: 'age', rows: 3, samples: ['-9', '9'] }] },
      'rows that settled break a rule (age: 3, looking like "-9" "9"; 1,300 rows were judged)',
    ],
  ],
  check_warns: [
    [
      { code: 'check_warns', check: 'fresh', found: '3d old', expected: 'the newest at is at most 24h old', clock: 'source' },
      'the check fresh failed: 3d old by the clock of the source, expected: the newest at is at most 24h old',
    ],
    [
      { code: 'check_warns', check: 'all', found: '3', expected: 'rows: at least 5' },
      'the check all failed: 3, expected: rows: at least 5',
    ],
  ],
  judges: [
    [
      { code: 'judges', contract: 'e.yml', rules: [], checks: [] },
      'e.yml has no rule and no check: columns and types are compared, and no row is judged',
    ],
    [{ code: 'judges', contract: null, rules: ['a'], checks: [] }, 'rows are judged by the rule a'],
    [
      { code: 'judges', contract: 'contracts/e.yml', rules: ['a', 'b', 'c', 'd'], checks: ['v'] },
      'rows are judged by 4 rules a, b, c, … and the check v (contracts/e.yml)',
    ],
  ],
  checks_ask: [[{ code: 'checks_ask', checks: ['open orders'] }, 'open orders: the source is asked once a run, before its rows are read']],
  judges_unseen: [[{ code: 'judges_unseen' }, 'columns show only while they are read: whether the rules fit them is told then']],
  rules_without_values: [
    [
      { code: 'rules_without_values', column: 'v', as: 'v_string', rules: ['v min'] },
      'the rule v min judges nothing of v any more: its values settle as v_string, of which the contract has to speak',
    ],
    [
      { code: 'rules_without_values', column: 'v', as: 'v_string', rules: ['a', 'b'] },
      '2 rules a, b judge nothing of v any more: its values settle as v_string, of which the contract has to speak',
    ],
  ],
  checks_fail: [
    [
      { code: 'checks_fail', checks: ['v'] },
      'v: all rows together are judged, and no single one could lie in quarantine, so the check fails the run',
    ],
  ],
  nothing_there: [[{ code: 'nothing_there' }, 'nothing new: there is no file at all any more, where files were taken before']],
  nothing_new: [[{ code: 'nothing_new' }, 'nothing new']],
  nothing_to_load: [[{ code: 'nothing_to_load' }, 'the source has nothing to load, and the destination is empty']],
  kept_though_empty: [
    [{ code: 'kept_though_empty' }, 'the source is empty; on_empty: keep leaves the destination as it is'],
    [
      { code: 'kept_though_empty', unsettled: 1 },
      "the only row of the source can't settle; on_empty: keep leaves the destination as it is, and quarantine as well",
    ],
  ],
  nothing_in_range: [
    [{ code: 'nothing_in_range' }, 'no rows, neither in the source nor settled'],
    [{ code: 'nothing_in_range', below: '2024-01-03' }, 'no rows below the watermark 2024-01-03, neither in the source nor settled'],
  ],
  above_watermark: [[{ code: 'above_watermark' }, 'not below the watermark: live runs read it']],
  kept_newer: [
    [
      { code: 'kept_newer', rows: 1 },
      'kept as newer: 1. This row of the range has a key whose newer row has settled. hygge go -d settles what the source has now',
    ],
    [
      { code: 'kept_newer', rows: 1200 },
      'kept as newer: 1,200. These rows of the range have a key whose newer row has settled. hygge go -d settles what the source has now',
    ],
  ],
  waits_until: [
    [
      { code: 'waits_until', until: '2026-11-20T05:30:00.000Z' },
      'waits until 2026-11-20 05:30 UTC: the source or the store asks for a pause',
    ],
  ],
  not_started: [
    [{ code: 'not_started', why: 'stopped' }, 'not started: interrupted before it started'],
    [{ code: 'not_started', why: 'earlier_failed' }, 'not started: an earlier entity failed'],
    [{ code: 'not_started', why: 'run_ended' }, 'not started: its run has ended'],
    [{ code: 'not_started', why: 'done_before' }, 'not started: it was done before'],
    [{ code: 'not_started', why: 'held' }, 'not started: another run has the entity'],
  ],
  replaces_rows: [
    [{ code: 'replaces_rows', rows: 1, where: 'lake' }, 'the 1 row in lake'],
    [{ code: 'replaces_rows', rows: 2000, where: 'lake' }, 'all 2,000 rows in lake'],
  ],
  replaces_all: [[{ code: 'replaces_all', where: 'lake' }, 'everything in lake']],
  replaces_boundary: [[{ code: 'replaces_boundary' }, 'the rows at the last watermark, if they changed']],
  replaces_file: [[{ code: 'replaces_file', path: 'a.csv' }, 'the rows that came from a.csv']],
  replaces_range: [
    [
      { code: 'replaces_range', column: 'at', from: { text: '1', inclusive: true }, to: { text: '5', inclusive: false } },
      'the rows with at from 1 to before 5',
    ],
    [{ code: 'replaces_range', column: 'at', from: { text: '1', inclusive: false }, to: null }, 'the rows with at above 1 on'],
  ],
  commit_unfinished: [
    [
      { code: 'commit_unfinished', intent: '01J' },
      'an earlier run decided a commit (01J) that is not finished: hygge go finishes it first, then plans',
    ],
  ],
  compacted: [
    [
      { code: 'compacted', files: 1095, bytes: 2_200_000, into: { files: 1, bytes: 400_000 } },
      '1,095 files of 2.2 MB became 1 file of 400 kB, with equal row sums',
    ],
  ],
  compacts_next: [
    [{ code: 'compacts_next', every: '7d', after: 'this run' }, 'small files are put together after this run'],
    [
      { code: 'compacts_next', every: '7d', after: 'a full load' },
      'small files are put together after the first run that comes 7d after this full load',
    ],
    [
      { code: 'compacts_next', every: '7d', at: '2026-12-03T02:00:07.512Z' },
      'small files are put together after the first run from 2026-12-03 02:00 UTC on',
    ],
  ],
  compaction_failed: [
    [
      { code: 'compaction_failed', error: 'HYG-4117', what: 'The files of f.e were written anew with other rows.' },
      'small files were not put together, and the next run tries again: HYG-4117 The files of f.e were written anew with other rows',
    ],
  ],
  nothing_to_compact: [[{ code: 'nothing_to_compact' }, 'nothing to compact: no partition has two small files']],
  not_compacted: [
    [
      { code: 'not_compacted', name: 'e/1.parquet', column: 'old', why: 'not settled', more: 0 },
      'e/1.parquet stays as it is: column old no longer settles, and would be lost',
    ],
    [
      { code: 'not_compacted', name: 'e/1.parquet', column: 'n', why: 'other type', more: 2 },
      'e/1.parquet and 2 more files stay as they are: column n has a type that the settled one does not hold',
    ],
  ],
  nothing_in_quarantine: [
    [{ code: 'nothing_in_quarantine' }, 'no such rows are in quarantine'],
    [
      { code: 'nothing_in_quarantine', unreadable: 10, ofOtherRuns: 1 },
      "no such rows are in quarantine: the 10 rows that lie there can't be read, so no rule judges them. Correct them in the source",
    ],
    [
      { code: 'nothing_in_quarantine', unreadable: 0, ofOtherRuns: 1 },
      'no such rows are in quarantine: the 1 row there is of other runs, which hygge journal names',
    ],
  ],
  quarantine_expires: [
    [
      { code: 'quarantine_expires', flow: 'shop', entity: 'orders', rows: 12, at: '2026-12-01T08:00:00.000Z' },
      '12 rows in quarantine leave it for good from 2026-12-01 on, as keep_quarantined says. See them: hygge quarantine show shop.orders',
    ],
    [
      { code: 'quarantine_expires', flow: 'shop', entity: 'orders', rows: 1, at: '2026-12-01T08:00:00.000Z' },
      '1 row in quarantine leaves it for good from 2026-12-01 on, as keep_quarantined says. See it: hygge quarantine show shop.orders',
    ],
  ],
  quarantine_expired: [
    [
      { code: 'quarantine_expired', rows: 12, after: '30d' },
      '12 rows in quarantine were older than 30d and were removed, as keep_quarantined says',
    ],
    [
      { code: 'quarantine_expired', rows: 1, after: '30d' },
      '1 row in quarantine was older than 30d and was removed, as keep_quarantined says',
    ],
  ],
  mended_rows_stay: [
    [
      { code: 'mended_rows_stay', rows: 1, rules: { 'amount min': 1 } },
      '1 mended row still breaks a rule, so the row in quarantine stays as before (amount min: 1)',
    ],
    [
      { code: 'mended_rows_stay', rows: 3, rules: { a: 1, b: 2 } },
      '3 mended rows still break a rule, so the rows in quarantine stay as before (a: 1, b: 2)',
    ],
  ],
  released: [
    [{ code: 'released', settled: 12, stay: 0, dropped: 0 }, '12 rows left the quarantine and settled'],
    [{ code: 'released', settled: 1, stay: 3, dropped: 0 }, '1 row left the quarantine and settled'],
    [{ code: 'released', settled: 0, stay: 0, dropped: 1 }, '1 row in quarantine was dropped'],
  ],
  would_compact: [
    [
      { code: 'would_compact', files: 21, bytes: 2_200_000, into: 1, target: 134_217_728 },
      '21 small files of 2.2 MB would become about 1 file of up to 134 MB',
    ],
  ],
  keys_compared: [
    [
      { code: 'keys_compared', source: 97, settled: 100, gone: 3, stay: 0 },
      '100 settled rows compared with 97 rows of the source: 3 are gone there',
    ],
    [
      { code: 'keys_compared', source: 1, settled: 2, gone: 1, stay: 0 },
      '2 settled rows compared with 1 row of the source: 1 is gone there',
    ],
    [
      { code: 'keys_compared', source: 100, settled: 100, gone: 0, stay: 1 },
      '100 settled rows compared with 100 rows of the source: none was deleted there; 1 row stays, since the source has the key again, or one that differs in case, accents or blanks alone',
    ],
  ],
  keys_older: [
    [
      { code: 'keys_older', rows: 3 },
      '3 settled rows that the source lacks stay, since they are older than its oldest row and may be archived: deletes: { complete: true } says that the source archives none, and lets them go',
    ],
    [
      { code: 'keys_older', rows: 1 },
      '1 settled row that the source lacks stays, since it is older than its oldest row and may be archived: deletes: { complete: true } says that the source archives none, and lets them go',
    ],
  ],
  keys_would_go: [
    [
      { code: 'keys_would_go', source: 97, settled: 100, gone: 3 },
      '100 settled rows compared with 97 rows of the source: 3 are gone there; a run looks twice before it changes a row',
    ],
    [
      { code: 'keys_would_go', source: 97, settled: 100, gone: 3, rewrites: { files: 2, bytes: 2_500_000 } },
      '100 settled rows compared with 97 rows of the source: 3 are gone there; a run looks twice before it changes a row, and writes 2 files anew (2.5 MB)',
    ],
    [
      { code: 'keys_would_go', source: 100, settled: 100, gone: 0 },
      '100 settled rows compared with 100 rows of the source: none was deleted there',
    ],
  ],
  keys_compared_next: [
    [
      { code: 'keys_compared_next', flow: 'shop', entity: 'orders', due: true, complete: true },
      'keys are compared after this run, and rows that the source no longer has go: hygge go -e shop.orders --dry-run --compare-deletes counts them',
    ],
    [
      { code: 'keys_compared_next', flow: 'shop', entity: 'orders', due: true, complete: true, marks: true },
      'keys are compared after this run, and rows that the source no longer has are marked as deleted: hygge go -e shop.orders --dry-run --compare-deletes counts them',
    ],
    [
      { code: 'keys_compared_next', flow: 'shop', entity: 'orders', due: false },
      'keys are compared after a later run, and rows that the source no longer has go, but for those older than its oldest row, which it may have archived: hygge go -e shop.orders --dry-run --compare-deletes counts them',
    ],
  ],
  records_left: [[{ code: 'records_left', what: 'No right.' }, 'old records could not be removed: No right.']],
  journal_unpublished: [[{ code: 'journal_unpublished', what: 'No right.' }, 'the journal could not be published: No right.']],
  page_unwritten: [[{ code: 'page_unwritten', what: 'No right.' }, 'the page could not be put where `report` says: No right.']],
  page_partial: [[{ code: 'page_partial', what: 'No right.' }, 'the page tells only what can be read: No right.']],
  page_late: [[{ code: 'page_late', seconds: 60 }, 'the page was not put where `report` says within 60 seconds']],
  left_behind: [
    [{ code: 'left_behind', what: 'No right.' }, 'what the run staged could not be removed; the next run removes it: No right'],
  ],
  staged_by_others: [
    [
      { code: 'staged_by_others', path: '_hygge/f/e/staging/x.' },
      '"_hygge/f/e/staging/x." is not hygge\'s, and lies where hygge stages files: it stays. Move it to another folder, or remove it',
    ],
  ],
  claim_kept: [[{ code: 'claim_kept', what: 'No right.' }, 'could not clean up: No right. The next run does it.']],
};

describe('a fact has its sentence', () => {
  test.each(Object.values(said).flatMap((all) => all as readonly (readonly [Note, string])[]))('%j', (note, text) => {
    expect(words(note)).toBe(text);
  });
});

describe('a home says in its own words', () => {
  test('an unknown code', () => {
    const note: Note = { code: 'erp.partial_month', text: 'November is not closed yet', params: { month: '2026-11' } };
    expect([words(note), codeOf(note)]).toEqual(['November is not closed yet', 'erp.partial_month']);
  });

  test('or without a code', () => {
    expect([words('November is not closed yet'), codeOf('November is not closed yet')]).toEqual(['November is not closed yet', 'text']);
  });
});

describe('what another version wrote', () => {
  test('a later one, of which only the code is known', () => {
    const note = { code: 'moon_phase', is: 'full', days: 2 } as unknown as Note;
    expect(words(note)).toBe('moon_phase (is: full, days: 2)');
  });

  test('an earlier one, whose drift is in sentences', () => {
    expect(words({ code: 'drift', drift: { ...fax, outcome: 'it stays where it is' } })).toBe(
      'column fax is gone: it stays where it is (remove_columns: warn)',
    );
  });
});

test('a journal row says its notes, an error’s words, or the sentence of an earlier version', () => {
  expect(messageOf({ message: null, notes: [{ code: 'nothing_new' }, { code: 'vanished', rows: 3 }] })).toBe(
    'nothing new; the source no longer has the 3 rows at the last watermark; they stay settled',
  );
  expect(messageOf({ message: 'nothing new' })).toBe('nothing new');
  expect(messageOf({ message: null, notes: [] })).toBeNull();
  expect(messageOf({ message: null })).toBeNull();
});

test('of many broken rules those that most rows break are named', () => {
  const told = Array.from({ length: 45 }, (_, n) => ({ rule: `r${n}`, column: null, rows: n + 1 }));
  const named = 'r44: 45; r43: 44; r42: 43; r41: 42; r40: 41; and 40 more rules';
  expect(words({ code: 'broken_rows', rows: 45, of: 50, rules: {}, told })).toBe(
    `45 rows of 50 break a rule and lie in quarantine (${named})`,
  );
  expect(words({ code: 'rules_warn', of: 50, told })).toBe(`rows that settled break a rule (${named}; 50 rows were judged)`);
  expect(words({ code: 'broken_rows', rows: 1, of: 1, kept: false, rules: {}, told: told.slice(0, 1) })).toBe(
    '1 row of 1 breaks a rule (r0: 1)',
  );
});
