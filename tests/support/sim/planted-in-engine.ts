import { edit, type PlantedBug, planted } from './planted-bug.ts';

const protocol = 'src/engine/protocol/protocol.ts';
const claim = 'src/engine/protocol/claim.ts';
const agreement = 'src/engine/plan/agreement.ts';
const survey = 'src/engine/plan/survey.ts';
const windows = 'src/engine/plan/windows.ts';
const commit = 'src/engine/commit/commit.ts';

/** Rules of the engine, and what is the same in every store. */
export const plantedInEngine: readonly PlantedBug[] = [
  planted(
    { name: 'settle before commit', hole: 'settleFirst' },
    edit('src/engine/protocol/finish.ts', 'let mark = refused;', 'await settle(ports, spec, intent); let mark = refused;'),
  ),
  planted(
    { name: 'sweep by age, before the roll-forward', hole: 'H6 sweepByAge' },
    edit(
      claim,
      "if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
      "await sweep(ports, spec, store, row, mine.epoch); if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
    ),
  ),
  planted(
    { name: 'a pending intent is not rolled forward', hole: 'noRollForward' },
    edit(
      claim,
      "if (!row.pending) { const swept = mine.isBorn ? 'swept' : await sweep",
      "if (row) { const swept = mine.isBorn ? 'swept' : await sweep",
    ),
  ),
  planted(
    { name: 'a repeated plan claims again', hole: 'H3 claimTwice' },
    edit(protocol, 'if (row.owner?.run === lease.run) return already;'),
  ),
  planted(
    { name: 'a repeated plan overwrites the plan', hole: 'H3 planOverwrite' },
    edit('tests/support/sim/memory-state.ts', 'if (there !== undefined) return there;'),
    edit('src/engine/plan/plan.ts', 'if (made) return', 'if (made === 0) return'),
  ),
  planted(
    { name: 'cancel looks for a pending intent and does not burn the epoch', hole: 'H5 cancelNoFence' },
    edit('src/engine/commit/abandon.ts', 'await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });'),
  ),
  planted(
    { name: 'an intent that is not seen is taken for failed', hole: 'H4 abandonOnLook' },
    edit('src/engine/protocol/row.ts', 'if (now.etag !== write.etag) return false;', 'throw error;'),
    edit(
      commit,
      'await moveRow(ports, spec, intend, { seen });',
      'await moveRow(ports, spec, intend, { seen }).catch(async (error: unknown) => { await sweepEnded(ports, spec, { store, lineage: plan.lineage, epoch: plan.epoch }); throw error; });',
    ),
  ),
  planted(
    { name: 'adopt does not fence the head', hole: 'H14 noResetFence' },
    edit(
      'src/engine/repair/reset.ts',
      'const fence = await fenceHead(',
      'const fence = head ? { ...head, epoch: above + 1 } : await fenceHead(',
    ),
  ),
  planted(
    { name: 'an intent that can never commit stays pending', hole: 'H14 looseIntend, no void' },
    edit('src/engine/protocol/finish.ts', "await moveRow(ports, spec, { event: 'void', id: intent.id });"),
  ),
  planted(
    { name: 'the sweep of objects forgets lineages', hole: 'H14 noLineage, in the state' },
    edit(claim, '=> lineage === row.lineage && epoch < before', '=> lineage !== null && epoch < before'),
  ),
  planted(
    { name: 'what came while an empty source was loaded is taken for the watermark', hole: 'H10, without an upper bound' },
    edit(
      'src/engine/commit/gather.ts',
      'if (plan.upper || !plan.column || !plan.observed) return',
      'if (plan.upper || !plan.column) return',
    ),
  ),
  planted(
    { name: 'the upper bound falls below the lower', hole: 'H9 upperBelowLower' },
    edit(survey, 'const upper = step.done ?? lower;', 'const upper = step.done ?? null;'),
    edit(
      survey,
      'if (!lower || !upper || compareWatermarks(upper, lower) >= 0) return { ...step, done: upper };',
      'if (home) return { ...step, done: upper };',
    ),
  ),
  planted(
    { name: 'a full load is not bounded', hole: 'H10 fullUnbounded' },
    edit(windows, 'lower: lowest, upper: upTo,', 'lower: lowest, upper: null,'),
  ),
  planted(
    { name: 'settle does not compare the intent', hole: 'H8 settleBlind' },
    edit(
      protocol,
      'if (row.pending?.id !== id) return already; const overtaken = row.epoch > row.pending.epoch; const lanes',
      'const overtaken = row.epoch > committed.epoch; const lanes',
    ),
    edit(
      protocol,
      "idle: { claim, intend: () => refused('fenced'), settle: nothing,",
      "idle: { claim, intend: () => refused('fenced'), settle,",
    ),
    edit(protocol, 'claimed: { claim, intend, settle: nothing,', 'claimed: { claim, intend, settle,'),
  ),
  planted(
    { name: 'a row is taken for settled state', hole: 'H11 rowMeansState' },
    edit(survey, 'destination: target.content,', "destination: (row?.epoch ?? 0) > 1 ? 'ours' : target.content,"),
  ),
  planted(
    { name: 'a lost destination is not noticed', hole: 'H12 destLost' },
    edit(
      agreement,
      "if (target.content !== 'ours' || target.head.id !== row.settled.id) {",
      "if (target.content !== 'ours') return; if (target.head === null) {",
    ),
    edit(agreement, 'if (target.missing.length > 0 && !row.fullNext)', 'if (target.head === null)'),
  ),
  planted(
    { name: 'an epoch may intend again after it settled', hole: 'H7 noSettledGuard + looseIntend' },
    edit(protocol, "if (row.epoch !== epoch || row.owner?.run !== run) return refused('fenced');"),
    edit(protocol, "if ((row.settled?.epoch ?? 0) >= epoch || (row.settled?.id ?? null) !== prev) return refused('stale plan');"),
    edit(protocol, "idle: { claim, intend: () => refused('fenced'),", 'idle: { claim, intend,'),
  ),
  planted(
    { name: 'a strict lower bound', hole: 'ties at the watermark are lost' },
    edit(windows, "if (spec.watermark?.boundary === 'open' || !row?.settled?.boundary) return", 'if (row) return'),
  ),
  planted(
    { name: 'a commit that is delivered again looks for its run by the wrong id', hole: 'found by the simulator 1' },
    edit(commit, 'ports.state.journal({ run: runId, flow, entity })', 'ports.state.journal({ run: entityRunId, flow, entity })'),
  ),
  planted(
    { name: 'a zombie whose list of files was replaced takes it for damage', hole: 'found by the simulator 2' },
    edit(windows, 'if (now.row?.settled?.seen !== ref) throw claimedByLaterRun(spec);'),
  ),
  planted(
    { name: 'a reset that was overtaken fences the later run', hole: 'found by the simulator 3' },
    edit('src/engine/repair/reset.ts', 'if (row?.epoch !== epoch || row.owner?.run !== run) throw claimedByLaterRun(spec);'),
  ),
  planted(
    { name: 'the snapshot of the row before is kept although the schema changed', hole: 'new data under an old snapshot' },
    edit(
      'src/engine/schema/snapshot.ts',
      'if (settled && sameSnapshot(settled, snapshot)) return { ref: before, put: null };',
      'if (settled) return { ref: before, put: null };',
    ),
  ),
  planted(
    { name: 'slices that were read under different schemas settle together', hole: 'new data under an old schema' },
    edit('src/engine/commit/gather.ts', 'if (changes.length > 0) throw slicesDisagree(spec, changes);'),
    edit('src/engine/move/slice-reader.ts', 'if (changes.length > 0) throw slicesDisagree(this.#of.spec, changes);'),
  ),
  planted(
    { name: 'a roll-forward settles the snapshot that was settled before', hole: 'new data under an old snapshot, after a crash' },
    edit(
      protocol,
      'pending: null, settled, binding, lanes, last, fullNext: false,',
      'pending: null, settled: overtaken && row.settled ? { ...settled, snapshot: row.settled.snapshot } : settled, binding, lanes, last, fullNext: false,',
    ),
  ),
  planted(
    { name: 'a run that gives up sweeps the parts that another one has decided on', hole: 'planted from outside: abandon sweeps' },
    edit('src/engine/commit/abandon.ts', "if (row.pending) return { outcome: 'abandoned' };"),
  ),
  planted(
    {
      name: 'a source that has not changed is not read again, though a lag held rows back',
      hole: 'planted from outside: a young row is forgotten',
    },
    edit(survey, '&& spec.watermark?.lagMs === 0'),
  ),
  planted(
    { name: 'a boundary group that vanished goes from the destination too', hole: 'planted from outside: rows at the watermark are lost' },
    edit('src/engine/commit/gather.ts', 'const stays = isGone || (same', 'const stays = (same'),
  ),
  planted(
    { name: 'a run counts the rows that it replaced as new ones', hole: 'own invention: the journal' },
    edit('src/engine/protocol/finish.ts', 'const rows = isAllThereIs(intent) ? settled : settled - replaced;', 'const rows = settled;'),
  ),
  planted(
    { name: 'a row remembers the intent for the run that ended', hole: 'own invention: ids mixed up' },
    edit(
      'src/engine/protocol/finish.ts',
      'const last = { run: intent.entityRunId, at, status: journal.status, rows: journal.rows };',
      'const last = { run: intent.id, at, status: journal.status, rows: journal.rows };',
    ),
  ),
  planted(
    { name: 'a run that gives up sweeps before it has let go', hole: 'own invention: the wrong order' },
    edit(
      'src/engine/commit/abandon.ts',
      'await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
      'if (!row.pending) await sweepEnded(ports, spec, { store: await ports.store(spec), lineage: row.lineage, epoch: row.epoch }); await releaseWithJournal(ports, spec, { run: request.entityRunId, epoch: row.epoch, journal });',
    ),
  ),
  planted(
    { name: 'the list of settled files is swept with its epoch', hole: 'own invention: an exception forgotten' },
    edit(claim, 'row.settled?.snapshot, row.settled?.seen, row.pending?.ref', 'row.settled?.snapshot, row.pending?.ref'),
  ),
  planted(
    { name: 'a full load that was asked for by a reset is never done with', hole: 'own invention: a flag stays' },
    edit(protocol, 'pending: null, settled, binding, lanes, last, fullNext: false,', 'pending: null, settled, binding, lanes, last,'),
  ),
  planted(
    { name: 'rows without a watermark stay behind when the group is the same', hole: 'own invention: a condition dropped' },
    edit('src/engine/commit/gather.ts', "(same && (spec.watermark?.nulls !== 'include' || nothingNew))", 'same'),
  ),
];
