import type { PlantedBug } from './planted-bug.ts';

const gather = 'src/engine/commit/gather.ts';
const commit = 'src/engine/commit/commit.ts';
const plan = 'src/engine/plan/settled-plan.ts';
const store = 'src/files/store/replaced-files.ts';
const replaying = 'src/engine/move/move-quarantine.ts';

const countedOnce = 'mustBeJudgedOnce(spec, measures, parts);';

/** Rules of verdicts, and of rows that settle apart. */
export const plantedInValidation: readonly PlantedBug[] = [
  {
    name: 'a verdict after the intent',
    hole: 'validation: settled before judged',
    in: 'validation',
    edits: [
      {
        file: commit,
        find: 'const verdict = await verdictOf(request, ports, { spec, plan }, gathered);',
        replace:
          'const judging = verdictOf(request, ports, { spec, plan }, gathered); judging.catch(() => undefined); const verdict: Verdict = { notes: [], counts: { quarantined: 0, checksWarned: 0 } };',
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
        find: 'return { parts, keptParts:',
        replace: "return { parts: parts.filter(({ role }) => role !== 'broken'), keptParts:",
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
        find: "supersede: { what: 'quarantine', parts: parts.map(({ slice }) => slice) },",
        replace: "supersede: { what: 'quarantine', parts: parts.slice(1).map(({ slice }) => slice) },",
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
        find: "yield { frame: kept, role: ofGroup ? 'boundary' : 'data' };",
        replace: "if (ofGroup) yield { frame: kept, role: 'boundary' };",
      },
      {
        file: replaying,
        find: 'checkRowCounts(spec, { rows: this.#read,',
        replace: 'checkRowCounts(spec, { rows: parts.reduce((sum, one) => sum + one.rows, 0),',
      },
      { file: replaying, find: 'checkNullCounts(spec, this.#schema, this.#nulls, parts);', replace: '' },
    ],
  },
  {
    name: 'a replay that closes the open group',
    hole: 'replay: group closed',
    in: 'validation',
    edits: [{ file: replaying, find: "role: ofGroup ? 'boundary' : 'data'", replace: "role: 'data'" }],
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
];
