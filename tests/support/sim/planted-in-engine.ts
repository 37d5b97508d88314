import type { PlantedBug } from './planted-bug.ts';
import type { Pair } from './world.ts';

const plain: Pair = { store: 'plain', state: 'memory' };
const protocol = 'src/engine/protocol.ts';
const claim = 'src/engine/claim.ts';
const agreement = 'src/engine/agreement.ts';
const survey = 'src/engine/survey.ts';
const windows = 'src/engine/windows.ts';
const commit = 'src/engine/commit.ts';

/** Rules of the engine, and what is the same in every store. */
export const plantedInEngine: readonly PlantedBug[] = [
  {
    name: 'settle before commit',
    hole: 'settleFirst',
    edits: [
      {
        file: 'src/engine/finish.ts',
        find: 'const store = await ports.storeAt(spec, intent.place);',
        replace: 'const store = await ports.storeAt(spec, intent.place); await settle(ports, spec, intent);',
      },
    ],
    scenarios: ['two drivers'],
  },
  {
    name: 'sweep by age, before the roll-forward',
    hole: 'H6 sweepByAge',
    edits: [
      {
        file: claim,
        find: 'if (!row.pending) { await sweep',
        replace: 'await sweep(ports, spec, store, row, mine.epoch); if (!row.pending) { await sweep',
      },
    ],
    scenarios: ['two drivers'],
  },
  {
    name: 'a pending intent is not rolled forward',
    hole: 'noRollForward',
    edits: [{ file: claim, find: 'if (!row.pending) { await sweep', replace: 'if (row) { await sweep' }],
    scenarios: ['two drivers'],
  },
  {
    name: 'a repeated plan claims again',
    hole: 'H3 claimTwice',
    edits: [{ file: protocol, find: 'if (row.owner?.run === lease.run) return already;', replace: '' }],
    scenarios: ['one durable'],
  },
  {
    name: 'a repeated plan overwrites the plan',
    hole: 'H3 planOverwrite',
    edits: [
      { file: 'tests/support/sim/memory-state.ts', find: 'if (there !== undefined) return there;', replace: '' },
      { file: 'src/engine/plan.ts', find: 'if (made) return', replace: 'if (made === 0) return' },
    ],
    scenarios: ['delivered twice', 'two plans'],
  },
  {
    name: 'cancel looks for a pending intent and does not burn the epoch',
    hole: 'H5 cancelNoFence',
    edits: [
      {
        file: 'src/engine/abandon.ts',
        find: 'await releaseWith(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
        replace: '',
      },
    ],
    scenarios: ['cancel'],
  },
  {
    name: 'an intent that is not seen is taken for failed',
    hole: 'H4 abandonOnLook',
    edits: [
      { file: 'src/engine/row.ts', find: 'if (now.etag !== write.etag) return false;', replace: 'throw error;' },
      {
        file: commit,
        find: "{ event: 'intend', run: plan.run, epoch: plan.epoch, prev: plan.prev, intent: pending });",
        replace:
          "{ event: 'intend', run: plan.run, epoch: plan.epoch, prev: plan.prev, intent: pending }).catch(async (error: unknown) => { await sweepEnded(ports, spec, { store, lineage: plan.lineage, epoch: plan.epoch }); throw error; });",
      },
    ],
    scenarios: ['two drivers'],
    moves: [
      { process: 'A', until: /put intents/, more: 1 },
      { process: 'A', first: 'delay', until: /drop stg/ },
      { process: 'A', first: 'land' },
    ],
  },
  {
    name: 'adopt does not fence the head',
    hole: 'H14 noResetFence',
    edits: [
      {
        file: 'src/engine/reset.ts',
        find: 'const fence = await fenceHead(',
        replace: 'const fence = head ? { ...head, epoch: above + 1 } : await fenceHead(',
      },
    ],
    scenarios: ['state lost'],
  },
  {
    name: 'an intent that can never commit stays pending',
    hole: 'H14 looseIntend, no void',
    edits: [{ file: 'src/engine/finish.ts', find: "await moveRow(ports, spec, { event: 'void', id: intent.id });", replace: '' }],
    scenarios: ['adopt while'],
  },
  {
    name: 'the sweep of objects forgets lineages',
    hole: 'H14 noLineage, in the state',
    edits: [{ file: claim, find: '=> lineage === row.lineage && epoch < before', replace: '=> lineage !== null && epoch < before' }],
    scenarios: ['zombie of a lost lineage'],
    moves: [
      { process: 'A', until: /list receipts/ },
      { process: 'the state is lost' },
      { process: 'C', until: /\(intend\)/ },
      { process: 'A' },
    ],
  },
  {
    name: 'what came while an empty source was loaded is taken for the watermark',
    hole: 'H10, without an upper bound',
    edits: [
      {
        file: 'src/engine/gather.ts',
        find: 'if (plan.upper || !plan.column || !plan.observed) return',
        replace: 'if (plan.upper || !plan.column) return',
      },
    ],
    scenarios: ['starts empty'],
    pairs: [plain],
  },
  {
    name: 'the upper bound falls below the lower',
    hole: 'H9 upperBelowLower',
    edits: [
      { file: survey, find: 'const upper = step.done ?? lower;', replace: 'const upper = step.done ?? null;' },
      {
        file: survey,
        find: 'return { done: lower && upper && compareWatermarks(upper, lower) < 0 ? lower : upper };',
        replace: 'return { done: upper };',
      },
    ],
    scenarios: ['boundary row'],
  },
  {
    name: 'a full load is not bounded',
    hole: 'H10 fullUnbounded',
    edits: [
      {
        file: windows,
        find: 'lower: lowest, upper: upTo,',
        replace: 'lower: lowest, upper: null,',
      },
    ],
    scenarios: ['first full'],
  },
  {
    name: 'settle does not compare the intent',
    hole: 'H8 settleBlind',
    edits: [
      { file: protocol, find: 'if (row.pending?.id !== id) return already;', replace: '' },
      { file: protocol, find: 'const overtaken = row.epoch > row.pending.epoch;', replace: 'const overtaken = row.epoch > settled.epoch;' },
      {
        file: protocol,
        find: "idle: { claim, intend: () => refused('fenced'), settle: nothing,",
        replace: "idle: { claim, intend: () => refused('fenced'), settle,",
      },
      { file: protocol, find: 'claimed: { claim, intend, settle: nothing,', replace: 'claimed: { claim, intend, settle,' },
    ],
    scenarios: ['two drivers'],
  },
  {
    name: 'a row is taken for settled state',
    hole: 'H11 rowMeansState',
    edits: [
      { file: survey, find: 'destination: target.content,', replace: "destination: (row?.epoch ?? 0) > 1 ? 'ours' : target.content," },
    ],
    scenarios: ['someone else'],
  },
  {
    name: 'a lost destination is not noticed',
    hole: 'H12 destLost',
    edits: [
      {
        file: agreement,
        find: "if (target.content !== 'ours' || head !== row.settled.id) {",
        replace: "if (target.content !== 'ours') return; if (target.head === null) {",
      },
      { file: agreement, find: 'if (target.missing.length > 0 && !row.fullNext)', replace: 'if (target.head === null)' },
    ],
    scenarios: ['destination lost'],
  },
  {
    name: 'an epoch may intend again after it settled',
    hole: 'H7 noSettledGuard + looseIntend',
    edits: [
      { file: protocol, find: "if (row.epoch !== epoch || row.owner?.run !== run) return refused('fenced');", replace: '' },
      {
        file: protocol,
        find: "if ((row.settled?.epoch ?? 0) >= epoch || (row.settled?.id ?? null) !== prev) return refused('stale plan');",
        replace: '',
      },
      { file: protocol, find: "idle: { claim, intend: () => refused('fenced'),", replace: 'idle: { claim, intend,' },
    ],
    scenarios: ['delivered twice', 'step twice'],
  },
  {
    name: 'a strict lower bound',
    hole: 'ties at the watermark are lost',
    edits: [
      { file: windows, find: "if (spec.watermark?.boundary === 'open' || !row?.settled?.boundary) return", replace: 'if (row) return' },
    ],
    scenarios: ['two drivers'],
  },
  {
    name: 'a commit that is delivered again looks for its run by the wrong id',
    hole: 'found by the simulator 1',
    edits: [
      {
        file: commit,
        find: 'ports.state.journal({ run: runId, flow, entity })',
        replace: 'ports.state.journal({ run: entityRunId, flow, entity })',
      },
    ],
    scenarios: ['one durable'],
  },
  {
    name: 'a zombie whose list of files was replaced takes it for damage',
    hole: 'found by the simulator 2',
    edits: [{ file: windows, find: 'if (now.row?.settled?.seen !== ref) throw fenced(spec);', replace: '' }],
    scenarios: ['by file'],
  },
  {
    name: 'a reset that was overtaken fences the later run',
    hole: 'found by the simulator 3',
    edits: [
      {
        file: 'src/engine/reset.ts',
        find: 'if (now.row?.epoch !== epoch || now.row.owner?.run !== run) throw fenced(spec);',
        replace: '',
      },
    ],
    scenarios: ['reset while'],
  },
  {
    name: 'the snapshot of the row before is kept although the schema changed',
    hole: 'new data under an old snapshot',
    edits: [
      {
        file: 'src/engine/snapshot.ts',
        find: 'if (settled && sameSnapshot(settled, snapshot)) return before;',
        replace: 'if (settled) return before;',
      },
    ],
    scenarios: ['a column comes', 'a column goes'],
  },
  {
    name: 'slices that were read under different schemas settle together',
    hole: 'new data under an old schema',
    edits: [
      { file: 'src/engine/gather.ts', find: 'if (changes.length > 0) throw slicesDisagree(spec, changes);', replace: '' },
      { file: 'src/engine/reading.ts', find: 'if (changes.length > 0) throw slicesDisagree(this.#of.spec, changes);', replace: '' },
    ],
    scenarios: ['schema changes while reading'],
  },
  {
    name: 'a roll-forward settles the snapshot that was settled before',
    hole: 'new data under an old snapshot, after a crash',
    edits: [
      {
        file: protocol,
        find: 'pending: null, settled, binding, lanes, last, fullNext: false,',
        replace:
          'pending: null, settled: overtaken && row.settled ? { ...settled, snapshot: row.settled.snapshot } : settled, binding, lanes, last, fullNext: false,',
      },
    ],
    scenarios: ['a new column'],
  },
];
