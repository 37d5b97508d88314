import { edit, type PlantedBug, planted } from './planted-bug.ts';

const gather = 'src/engine/commit/gather.ts';
const commit = 'src/engine/commit/commit.ts';
const plan = 'src/engine/plan/settled-plan.ts';
const store = 'src/files/store/replaced-files.ts';
const replaying = 'src/engine/move/move-quarantine.ts';
const repeats = 'src/engine/commit/repeats-apart.ts';

const countedOnce = 'mustBeJudgedOnce(spec, taken);';

/** Rules of verdicts, and of rows that settle apart. */
export const plantedInValidation: readonly PlantedBug[] = [
  planted(
    { name: 'a verdict after the intent', hole: 'validation: settled before judged', in: 'validation' },
    edit(
      commit,
      'const verdict = await verdictOf(request, ports, { spec, plan, keeps }, { ...gathered, repeated: keys.done, apart });',
      'const judging = verdictOf(request, ports, { spec, plan, keeps }, { ...gathered, repeated: keys.done, apart }); judging.catch(() => undefined); const verdict: Verdict = { notes: [], counts: { quarantined: 0, checksWarned: 0 } };',
    ),
    edit(
      commit,
      'return conclude(request, ports, spec, { intent }); }',
      'await judging; return conclude(request, ports, spec, { intent }); }',
    ),
  ),
  planted(
    { name: 'measures of an attempt that the commit does not take', hole: 'validation: judged though not taken', in: 'validation' },
    edit(gather, 'const measures = taken.reduce(', 'const measures = receipts.reduce('),
    edit(gather, countedOnce),
  ),
  planted(
    { name: 'measures of a slice counted twice', hole: 'validation: judged twice', in: 'validation' },
    edit(gather, 'const measures = taken.reduce(', 'const measures = [...taken, ...taken.slice(-1)].reduce('),
  ),
  planted(
    { name: 'quarantine without the commit of its rows', hole: 'validation: apart without its commit', in: 'validation' },
    edit(gather, 'return { parts, keyRuns:', "return { parts: parts.filter(({ role }) => role !== 'broken'), keyRuns:"),
  ),
  planted(
    { name: 'a replay that settles rows and leaves them in quarantine', hole: 'replay: rows doubled', in: 'validation' },
    edit(
      plan,
      "supersede: { what: 'quarantine', parts: taken.map(({ part }) => part.slice) },",
      "supersede: { what: 'quarantine', parts: taken.slice(1).map(({ part }) => part.slice) },",
    ),
  ),
  planted(
    { name: 'a replay that takes rows out of quarantine before they settle', hole: 'replay: rows lost', in: 'validation' },
    edit(
      replaying,
      'if (kept.rows > 0) yield await this.#settling(kept);',
      "if (kept.rows > 0) { const settling = await this.#settling(kept); if (settling.role === 'boundary') yield settling; }",
    ),
    edit(
      replaying,
      'checkRowCounts(spec, { rows, broken: this.#apart',
      'checkRowCounts(spec, { rows: parts.reduce((sum, one) => sum + one.rows, 0), broken: this.#apart',
    ),
    edit(replaying, 'checkNullCounts(spec, this.#schema, this.#nulls, parts);'),
    edit(gather, countedOnce),
  ),
  planted(
    { name: 'a replay that closes the open group', hole: 'replay: group closed', in: 'validation' },
    edit(replaying, "role: this.#of.slice.apart?.ofGroup === true ? 'boundary' : 'data'", "role: 'data'"),
  ),
  planted(
    { name: 'rows in quarantine that stay where their open group is read again', hole: 'quarantine: group doubled', in: 'validation' },
    edit(store, "role: file.ofGroup ? 'boundary' : 'data' });", "role: 'data' });"),
  ),
  planted(
    { name: 'rows in quarantine that stay where their range is replaced', hole: 'quarantine: range doubled', in: 'validation' },
    edit(store, "if (supersede.what === 'range' && ((apart", "if (supersede.what === 'range' && !file.broken && ((apart"),
  ),
  planted(
    { name: 'rows in quarantine that stay where a full load replaces all', hole: 'quarantine: full load doubled', in: 'validation' },
    edit(
      store,
      "if (supersede.what === 'all' || supersede.what === 'unmatched') return true;",
      "if (supersede.what === 'all') return !file.broken;",
    ),
  ),
  planted(
    { name: 'a duplicate that settles beside the row that it is one of', hole: 'uniqueness: apart and settled', in: 'validation' },
    edit(repeats, 'gathered: { ...gathered, parts: told.parts, ...open }', 'gathered: { ...gathered, ...open }'),
  ),
  planted(
    { name: 'duplicates that lie nowhere', hole: 'uniqueness: rows lost', in: 'validation' },
    edit(repeats, 'mustBeAll(spec, gathered, told);'),
    edit(
      repeats,
      'gathered: { ...gathered, parts: told.parts, ...open }',
      "gathered: { ...gathered, parts: told.parts.filter(({ role }) => role !== 'broken'), ...open }",
    ),
  ),
];
