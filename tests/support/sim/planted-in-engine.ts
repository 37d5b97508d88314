import type { PlantedBug } from './planted-bug.ts';

const protocol = 'src/engine/protocol/protocol.ts';
const claim = 'src/engine/protocol/claim.ts';
const agreement = 'src/engine/plan/agreement.ts';
const survey = 'src/engine/plan/survey.ts';
const windows = 'src/engine/plan/windows.ts';
const commit = 'src/engine/commit/commit.ts';

/** Rules of the engine, and what is the same in every store. */
export const plantedInEngine: readonly PlantedBug[] = [
  {
    name: 'settle before commit',
    hole: 'settleFirst',
    edits: [
      {
        file: 'src/engine/protocol/finish.ts',
        find: 'let mark = refused;',
        replace: 'await settle(ports, spec, intent); let mark = refused;',
      },
    ],
  },
  {
    name: 'sweep by age, before the roll-forward',
    hole: 'H6 sweepByAge',
    edits: [
      {
        file: claim,
        find: "if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
        replace: "await sweep(ports, spec, store, row, mine.epoch); if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
      },
    ],
  },
  {
    name: 'a pending intent is not rolled forward',
    hole: 'noRollForward',
    edits: [
      {
        file: claim,
        find: "if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
        replace: "if (row) { const swept = mine.isBorn ? 'swept' : await sweep",
      },
    ],
  },
  {
    name: 'a repeated plan claims again',
    hole: 'H3 claimTwice',
    edits: [{ file: protocol, find: 'if (row.owner?.run === lease.run) return already;', replace: '' }],
  },
  {
    name: 'a repeated plan overwrites the plan',
    hole: 'H3 planOverwrite',
    edits: [
      { file: 'tests/support/sim/memory-state.ts', find: 'if (there !== undefined) return there;', replace: '' },
      { file: 'src/engine/plan/plan.ts', find: 'if (made) return', replace: 'if (made === 0) return' },
    ],
  },
  {
    name: 'cancel looks for a pending intent and does not burn the epoch',
    hole: 'H5 cancelNoFence',
    edits: [
      {
        file: 'src/engine/commit/abandon.ts',
        find: 'await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
        replace: '',
      },
    ],
  },
  {
    name: 'an intent that is not seen is taken for failed',
    hole: 'H4 abandonOnLook',
    edits: [
      { file: 'src/engine/protocol/row.ts', find: 'if (now.etag !== write.etag) return false;', replace: 'throw error;' },
      {
        file: commit,
        find: 'await moveRow(ports, spec, intend, { seen });',
        replace:
          'await moveRow(ports, spec, intend, { seen }).catch(async (error: unknown) => { await sweepEnded(ports, spec, { store, lineage: plan.lineage, epoch: plan.epoch }); throw error; });',
      },
    ],
  },
  {
    name: 'adopt does not fence the head',
    hole: 'H14 noResetFence',
    edits: [
      {
        file: 'src/engine/repair/reset.ts',
        find: 'const fence = await fenceHead(',
        replace: 'const fence = head ? { ...head, epoch: above + 1 } : await fenceHead(',
      },
    ],
  },
  {
    name: 'an intent that can never commit stays pending',
    hole: 'H14 looseIntend, no void',
    edits: [{ file: 'src/engine/protocol/finish.ts', find: "await moveRow(ports, spec, { event: 'void', id: intent.id });", replace: '' }],
  },
  {
    name: 'the sweep of objects forgets lineages',
    hole: 'H14 noLineage, in the state',
    edits: [{ file: claim, find: '=> lineage === row.lineage && epoch < before', replace: '=> lineage !== null && epoch < before' }],
  },
  {
    name: 'what came while an empty source was loaded is taken for the watermark',
    hole: 'H10, without an upper bound',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: 'if (plan.upper || !plan.column || !plan.observed) return',
        replace: 'if (plan.upper || !plan.column) return',
      },
    ],
  },
  {
    name: 'the upper bound falls below the lower',
    hole: 'H9 upperBelowLower',
    edits: [
      { file: survey, find: 'const upper = step.done ?? lower;', replace: 'const upper = step.done ?? null;' },
      {
        file: survey,
        find: 'if (!lower || !upper || compareWatermarks(upper, lower) >= 0) return { ...step, done: upper };',
        replace: 'if (home) return { ...step, done: upper };',
      },
    ],
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
  },
  {
    name: 'settle does not compare the intent',
    hole: 'H8 settleBlind',
    edits: [
      {
        file: protocol,
        find: 'if (row.pending?.id !== id) return already; const overtaken = row.epoch > row.pending.epoch; const lanes',
        replace: 'const overtaken = row.epoch > committed.epoch; const lanes',
      },
      {
        file: protocol,
        find: "idle: { claim, intend: () => refused('fenced'), settle: nothing,",
        replace: "idle: { claim, intend: () => refused('fenced'), settle,",
      },
      { file: protocol, find: 'claimed: { claim, intend, settle: nothing,', replace: 'claimed: { claim, intend, settle,' },
    ],
  },
  {
    name: 'a row is taken for settled state',
    hole: 'H11 rowMeansState',
    edits: [
      { file: survey, find: 'destination: target.content,', replace: "destination: (row?.epoch ?? 0) > 1 ? 'ours' : target.content," },
    ],
  },
  {
    name: 'a lost destination is not noticed',
    hole: 'H12 destLost',
    edits: [
      {
        file: agreement,
        find: "if (target.content !== 'ours' || target.head.id !== row.settled.id) {",
        replace: "if (target.content !== 'ours') return; if (target.head === null) {",
      },
      { file: agreement, find: 'if (target.missing.length > 0 && !row.fullNext)', replace: 'if (target.head === null)' },
    ],
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
  },
  {
    name: 'a strict lower bound',
    hole: 'ties at the watermark are lost',
    edits: [
      { file: windows, find: "if (spec.watermark?.boundary === 'open' || !row?.settled?.boundary) return", replace: 'if (row) return' },
    ],
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
  },
  {
    name: 'a zombie whose list of files was replaced takes it for damage',
    hole: 'found by the simulator 2',
    edits: [{ file: windows, find: 'if (now.row?.settled?.seen !== ref) throw claimedByLaterRun(spec);', replace: '' }],
  },
  {
    name: 'a reset that was overtaken fences the later run',
    hole: 'found by the simulator 3',
    edits: [
      {
        file: 'src/engine/repair/reset.ts',
        find: 'if (row?.epoch !== epoch || row.owner?.run !== run) throw claimedByLaterRun(spec);',
        replace: '',
      },
    ],
  },
  {
    name: 'the snapshot of the row before is kept although the schema changed',
    hole: 'new data under an old snapshot',
    edits: [
      {
        file: 'src/engine/schema/snapshot.ts',
        find: 'if (settled && sameSnapshot(settled, snapshot)) return { ref: before, put: null };',
        replace: 'if (settled) return { ref: before, put: null };',
      },
    ],
  },
  {
    name: 'slices that were read under different schemas settle together',
    hole: 'new data under an old schema',
    edits: [
      { file: 'src/engine/commit/gather.ts', find: 'if (changes.length > 0) throw slicesDisagree(spec, changes);', replace: '' },
      {
        file: 'src/engine/move/slice-reader.ts',
        find: 'if (changes.length > 0) throw slicesDisagree(this.#of.spec, changes);',
        replace: '',
      },
    ],
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
  },
  {
    name: 'a run that gives up sweeps the parts that another one has decided on',
    hole: 'planted from outside: abandon sweeps',
    edits: [{ file: 'src/engine/commit/abandon.ts', find: "if (row.pending) return { outcome: 'abandoned' };", replace: '' }],
  },
  {
    name: 'a source that has not changed is not read again, though a lag held rows back',
    hole: 'planted from outside: a young row is forgotten',
    edits: [{ file: survey, find: '&& spec.watermark?.lagMs === 0', replace: '' }],
  },
  {
    name: 'a boundary group that vanished goes from the destination too',
    hole: 'planted from outside: rows at the watermark are lost',
    edits: [{ file: 'src/engine/commit/gather.ts', find: 'const stays = isGone || (same', replace: 'const stays = (same' }],
  },
  {
    name: 'a run counts the rows that it replaced as new ones',
    hole: 'own invention: the journal',
    edits: [
      {
        file: 'src/engine/protocol/finish.ts',
        find: 'const rows = isAllThereIs(intent) ? settled : settled - replaced;',
        replace: 'const rows = settled;',
      },
    ],
  },
  {
    name: 'a row remembers the intent for the run that ended',
    hole: 'own invention: ids mixed up',
    edits: [
      {
        file: 'src/engine/protocol/finish.ts',
        find: 'const last = { run: intent.entityRunId, at, status: journal.status, rows: journal.rows };',
        replace: 'const last = { run: intent.id, at, status: journal.status, rows: journal.rows };',
      },
    ],
  },
  {
    name: 'a run that gives up sweeps before it has let go',
    hole: 'own invention: the wrong order',
    edits: [
      {
        file: 'src/engine/commit/abandon.ts',
        find: 'await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
        replace:
          'if (!row.pending) await sweepEnded(ports, spec, { store: await ports.store(spec), lineage: row.lineage, epoch: row.epoch }); await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
      },
    ],
  },
  {
    name: 'the list of settled files is swept with its epoch',
    hole: 'own invention: an exception forgotten',
    edits: [
      {
        file: claim,
        find: 'row.settled?.snapshot, row.settled?.seen, row.pending?.ref',
        replace: 'row.settled?.snapshot, row.pending?.ref',
      },
    ],
  },
  {
    name: 'a full load that was asked for by a reset is never done with',
    hole: 'own invention: a flag stays',
    edits: [
      {
        file: protocol,
        find: 'pending: null, settled, binding, lanes, last, fullNext: false,',
        replace: 'pending: null, settled, binding, lanes, last,',
      },
    ],
  },
  {
    name: 'rows without a watermark stay behind when the group is the same',
    hole: 'own invention: a condition dropped',
    edits: [
      {
        file: 'src/engine/commit/gather.ts',
        find: "(same && (spec.watermark?.nulls !== 'include' || nothingNew))",
        replace: 'same',
      },
    ],
  },
];
