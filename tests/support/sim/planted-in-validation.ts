import type { PlantedBug } from './planted-bug.ts';

const gather = 'src/engine/commit/gather.ts';
const commit = 'src/engine/commit/commit.ts';
const plan = 'src/engine/plan/settled-plan.ts';
const store = 'src/files/store/replaced-files.ts';
const replaying = 'src/engine/move/move-quarantine.ts';
const repeats = 'src/engine/commit/repeats-apart.ts';

const countedOnce = 'mustBeJudgedOnce(spec, taken);';

/** Rules of verdicts, and of rows that settle apart. */
export const plantedInValidation: readonly PlantedBug[] = [
  {
    name: 'a verdict after the intent',
    hole: 'validation: settled before judged',
    in: 'validation',
    edits: [
      {
        file: commit,
        find: 'const verdict = await verdictOf(request, ports, { spec, plan, keeps }, { ...gathered, repeated: keys.done, apart });',
        replace:
          'const judging = verdictOf(request, ports, { spec, plan, keeps }, { ...gathered, repeated: keys.done, apart }); judging.catch(() => undefined); const verdict: Verdict = { notes: [], counts: { quarantined: 0, checksWarned: 0 } };',
      },
      {
        file: commit,
        find: 'return conclude(request, ports, spec, { intent }); }',
        replace: 'await judging; return conclude(request, ports, spec, { intent }); }',
      },
    ],
  },
  {
    name: 'measures of an attempt that the commit does not take',
    hole: 'validation: judged though not taken',
    in: 'validation',
    edits: [
      { file: gather, find: 'const measures = taken.reduce(', replace: 'const measures = receipts.reduce(' },
      { file: gather, find: countedOnce, replace: '' },
    ],
  },
  {
    name: 'measures of a slice counted twice',
    hole: 'validation: judged twice',
    in: 'validation',
    edits: [{ file: gather, find: 'const measures = taken.reduce(', replace: 'const measures = [...taken, ...taken.slice(-1)].reduce(' }],
  },
  {
    name: 'quarantine without the commit of its rows',
    hole: 'validation: apart without its commit',
    in: 'validation',
    edits: [
      {
        file: gather,
        find: 'return { parts, keyRuns:',
        replace: "return { parts: parts.filter(({ role }) => role !== 'broken'), keyRuns:",
      },
    ],
  },
  {
    name: 'a replay that settles rows and leaves them in quarantine',
    hole: 'replay: rows doubled',
    in: 'validation',
    edits: [
      {
        file: plan,
        find: "supersede: { what: 'quarantine', parts: taken.map(({ part }) => part.slice) },",
        replace: "supersede: { what: 'quarantine', parts: taken.slice(1).map(({ part }) => part.slice) },",
      },
    ],
  },
  {
    name: 'a replay that takes rows out of quarantine before they settle',
    hole: 'replay: rows lost',
    in: 'validation',
    edits: [
      {
        file: replaying,
        find: 'if (kept.rows > 0) yield await this.#settling(kept);',
        replace: "if (kept.rows > 0) { const settling = await this.#settling(kept); if (settling.role === 'boundary') yield settling; }",
      },
      {
        file: replaying,
        find: 'checkRowCounts(spec, { rows, quarantined: 0, broken: this.#apart,',
        replace: 'checkRowCounts(spec, { rows: parts.reduce((sum, one) => sum + one.rows, 0), quarantined: 0, broken: this.#apart,',
      },
      { file: replaying, find: 'checkNullCounts(spec, this.#schema, this.#nulls, parts);', replace: '' },
      { file: gather, find: countedOnce, replace: '' },
    ],
  },
  {
    name: 'a replay that closes the open group',
    hole: 'replay: group closed',
    in: 'validation',
    edits: [{ file: replaying, find: "role: this.#of.slice.apart?.ofGroup === true ? 'boundary' : 'data'", replace: "role: 'data'" }],
  },
  {
    name: 'rows in quarantine that stay where their open group is read again',
    hole: 'quarantine: group doubled',
    in: 'validation',
    edits: [{ file: store, find: "role: file.ofGroup ? 'boundary' : 'data' });", replace: "role: 'data' });" }],
  },
  {
    name: 'rows in quarantine that stay where their range is replaced',
    hole: 'quarantine: range doubled',
    in: 'validation',
    edits: [
      {
        file: store,
        find: "if (supersede.what === 'range' && ((apart",
        replace: "if (supersede.what === 'range' && !file.broken && ((apart",
      },
    ],
  },
  {
    name: 'rows in quarantine that stay where a full load replaces all',
    hole: 'quarantine: full load doubled',
    in: 'validation',
    edits: [
      {
        file: store,
        find: "if (supersede.what === 'all' || supersede.what === 'unmatched') return true;",
        replace: "if (supersede.what === 'all') return !file.broken;",
      },
    ],
  },
  {
    name: 'a duplicate that settles beside the row that it is one of',
    hole: 'uniqueness: apart and settled',
    in: 'validation',
    edits: [
      { file: repeats, find: 'gathered: { ...gathered, parts: told.parts, ...open }', replace: 'gathered: { ...gathered, ...open }' },
    ],
  },
  {
    name: 'duplicates that lie nowhere',
    hole: 'uniqueness: rows lost',
    in: 'validation',
    edits: [
      { file: repeats, find: 'mustBeAll(spec, gathered, told);', replace: '' },
      {
        file: repeats,
        find: 'gathered: { ...gathered, parts: told.parts, ...open }',
        replace: "gathered: { ...gathered, parts: told.parts.filter(({ role }) => role !== 'broken'), ...open }",
      },
    ],
  },
];
