/** Every kind of drift with every policy, and what a model of the policies says comes of it. In SQL, so that no code of ours is its own judge. */

export type Load = 'full' | 'incremental';

/** Column lists: what settles of rows settled before, and of rows read now. */
export interface Outcome {
  readonly old: string;
  readonly fresh: string;
  readonly status: 'pass' | 'warn';
}

export interface DriftCase {
  readonly name: string;
  readonly load: Load;
  /** Column lists of the source before and after, over `id` and `n`. */
  readonly before: string;
  readonly after: string;
  /** What the entity says about it, in YAML. */
  readonly config: string;
  /** Null: the run stops, and nothing changes. */
  readonly expected: Outcome | null;
}

type Answer = (load: Load) => Outcome | null;

interface Kind {
  readonly before: string;
  readonly after: string;
  readonly policy: string;
  readonly answers: Readonly<Record<string, Answer>>;
  /** The policy that each mode stands for. */
  readonly modes: Readonly<Record<'strict' | 'warn' | 'adapt', string>>;
}

const stop: Answer = () => null;
const settles =
  (old: string, fresh: string, status: Outcome['status']): Answer =>
  () => ({ old, fresh, status });

const nullOld = 'id, v, null::varchar as gone';
const goneStays = (status: Outcome['status']) => settles('id, v, gone', nullOld, status);

const kinds: Readonly<Record<string, Kind>> = {
  added: {
    before: 'id, n as v',
    after: "id, n as v, 'x' || n as extra",
    policy: 'add_columns',
    answers: {
      auto: settles('id, v, null::varchar as extra', 'id, v, extra', 'warn'),
      warn: settles('id, v', 'id, v', 'warn'),
      ignore: settles('id, v', 'id, v', 'pass'),
      fail: stop,
    },
    modes: { strict: 'fail', warn: 'auto', adapt: 'auto' },
  },
  removed: {
    before: "id, n as v, 'x' || n as gone",
    after: 'id, n as v',
    policy: 'remove_columns',
    answers: {
      warn: goneStays('warn'),
      null_fill: goneStays('pass'),
      ignore: (load) => (load === 'full' ? { old: '', fresh: 'id, v', status: 'pass' } : goneStays('pass')(load)),
      fail: stop,
    },
    modes: { strict: 'fail', warn: 'warn', adapt: 'ignore' },
  },
  widened: {
    before: 'id, n::int as v',
    after: 'id, n::bigint as v',
    policy: 'type_changes',
    answers: {
      fail: stop,
      warn: settles('id, v', 'id, v::int as v', 'warn'),
      cast: settles('id, v', 'id, v::int as v', 'pass'),
      widen: settles('id, v::bigint as v', 'id, v', 'warn'),
      new_column: settles('id, v, null::bigint as v_int64', 'id, null::int as v, v as v_int64', 'warn'),
    },
    modes: { strict: 'fail', warn: 'fail', adapt: 'widen' },
  },
  narrowed: {
    before: 'id, n::bigint as v',
    after: 'id, n::int as v',
    policy: 'type_changes',
    answers: {
      fail: stop,
      warn: settles('id, v', 'id, v::bigint as v', 'warn'),
      cast: settles('id, v', 'id, v::bigint as v', 'pass'),
      widen: settles('id, v', 'id, v::bigint as v', 'pass'),
      new_column: settles('id, v, null::int as v_int32', 'id, null::bigint as v, v as v_int32', 'warn'),
    },
    modes: { strict: 'fail', warn: 'fail', adapt: 'widen' },
  },
  'as text': {
    before: 'id, n::bigint as v',
    after: 'id, n::varchar as v',
    policy: 'type_changes',
    answers: {
      fail: stop,
      warn: settles('id, v', 'id, v::bigint as v', 'warn'),
      cast: settles('id, v', 'id, v::bigint as v', 'pass'),
      widen: stop,
      new_column: settles('id, v, null::varchar as v_string', 'id, null::bigint as v, v as v_string', 'warn'),
    },
    modes: { strict: 'fail', warn: 'fail', adapt: 'widen' },
  },
  incompatible: {
    before: 'id, n::bigint as v',
    after: '[n, n + 1] as v, id',
    policy: 'type_changes',
    answers: { fail: stop, warn: stop, cast: stop, widen: stop },
    modes: { strict: 'fail', warn: 'fail', adapt: 'widen' },
  },
};

const reordered: Pick<DriftCase, 'before' | 'after' | 'expected'> = {
  before: "id, n as v, 'x' || n as w",
  after: "'x' || n as w, n as v, id",
  expected: { old: 'id, v, w', fresh: 'id, v, w', status: 'pass' },
};

function casesOf(load: Load): DriftCase[] {
  const cases: DriftCase[] = [];
  for (const [kind, { before, after, policy, answers, modes }] of Object.entries(kinds)) {
    for (const [value, answer] of Object.entries(answers)) {
      const config = `schema_evolution: { ${policy}: ${value} }`;
      cases.push({ name: `${kind}, ${policy} ${value}`, load, before, after, config, expected: answer(load) });
      // A policy that is written wins, whatever the mode.
      cases.push({
        name: `${kind}, ${policy} ${value}, strict`,
        load,
        before,
        after,
        config: `schema: { mode: strict }, ${config}`,
        expected: answer(load),
      });
    }
    for (const [mode, value] of Object.entries(modes))
      cases.push({
        name: `${kind}, mode ${mode}`,
        load,
        before,
        after,
        config: `schema: { mode: ${mode} }`,
        expected: answers[value]?.(load) ?? null,
      });
    cases.push({ name: `${kind}, nothing said`, load, before, after, config: '', expected: answers[modes.warn]?.(load) ?? null });
  }
  cases.push({ name: 'reordered, strict', load, config: 'schema: { mode: strict }', ...reordered });
  return cases;
}

export const driftCases: readonly DriftCase[] = [...casesOf('full'), ...casesOf('incremental')];
