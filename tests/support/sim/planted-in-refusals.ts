/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import { edit, type PlantedBug, planted } from './planted-bug.ts';

const protocol = 'src/engine/protocol/protocol.ts';
const finish = 'src/engine/protocol/finish.ts';
const heads = 'src/engine/contracts/heads.ts';
const filesFence = 'src/files/store/fence.ts';
const filesCommit = 'src/files/store/commit.ts';
const filesStore = 'src/files/store/store.ts';
const database = 'tests/support/sim/database.ts';
const sqlStore = 'tests/support/sim/sql-store.ts';

/** Rules of a commit that the store refuses for good: docs/protocol.md, the section on what the store refuses. */
export const plantedInRefusals: readonly PlantedBug[] = [
  planted(
    { name: 'a refused intent is dropped without a fence', hole: 'H28 noRefusedFence' },
    edit(
      filesFence,
      "const moved = standing === 'prev' ? await moveToFence(at, intent, reason) : standing;",
      "const moved = standing === 'prev' && reason ? 'fence' : standing;",
    ),
    edit(database, 'this.head = headOfRefusal(this.head, intent, reason);', 'void reason;'),
    edit(
      protocol,
      'const settled = row.settled ? { ...row.settled, id: fence } : nothingSettled(fence, last.at);',
      'const settled = fence ? row.settled : nothingSettled(fence, last.at);',
    ),
  ),
  planted(
    { name: 'a fence goes over whatever head there is', hole: 'fenceBlind' },
    edit(filesFence, "if (standing !== 'prev') return { ended: standing };"),
    edit(
      database,
      "if (this.head?.id === intent.id) return 'committed'; if (this.head?.id === fenceHeadId(intent)) return { removed: [] };",
      'if (this.head?.id === fenceHeadId(intent)) return { removed: [] };',
    ),
    edit(database, "if ((this.head?.id ?? null) !== intent.prev) return 'fenced'; this.head = headOfRefusal", 'this.head = headOfRefusal'),
  ),
  planted(
    { name: 'a fence is named by its maker', hole: 'H29 fenceRandom' },
    edit(heads, 'id: fenceHeadId(intent), prev, epoch, reason };', 'id: `${fenceHeadId(intent)}-mine`, prev, epoch, reason };'),
  ),
  planted(
    { name: 'a fence is taken for a store that moved on', hole: 'H29 refusedIsVoid' },
    edit(
      finish,
      "if (outcome === 'given up') return goOnFromFence(ports, spec, intent);",
      "if (outcome === 'given up') return voided(ports, spec, intent);",
    ),
    edit(
      finish,
      'await record(ports, spec, intent, { error, fullNext });',
      'await voided(ports, spec, intent); if (!error) await record(ports, spec, intent, { error, fullNext });',
    ),
  ),
  planted(
    { name: 'a refusal is written as a settle', hole: 'H34 refusedMovesWatermark' },
    edit(
      finish,
      "await moveRow(ports, spec, { event: 'give up', id: intent.id, fence: fenceHeadId(intent), last, ...next }, { journal });",
      "const { binding } = intent; const settled = { id: fenceHeadId(intent), epoch: 0, ...intent.settles, rows: 0, at }; await moveRow(ports, spec, { event: 'settle', id: intent.id, settled, added: 0, binding, lane: laneOf(intent), last }, { journal });",
    ),
  ),
  planted(
    { name: 'giving up does not compare the intent', hole: 'H8 giveUpBlind' },
    edit(
      protocol,
      'if (row.pending?.id !== id) return already; const overtaken = row.epoch > row.pending.epoch; const settled = row.settled ?',
      "const overtaken = id !== '' && row.epoch > (row.pending?.epoch ?? 0); const settled = row.settled ?",
    ),
    edit(
      protocol,
      "claimed: { claim, intend, settle: nothing, void: nothing, refuse: nothing, 'give up': nothing,",
      "claimed: { claim, intend, settle: nothing, void: nothing, refuse: nothing, 'give up': giveUp,",
    ),
    edit(
      protocol,
      "idle: { claim, intend: () => refused('fenced'), settle: nothing, void: nothing, refuse: nothing, 'give up': nothing,",
      "idle: { claim, intend: () => refused('fenced'), settle: nothing, void: nothing, refuse: nothing, 'give up': giveUp,",
    ),
  ),
  planted(
    { name: 'the token is taken before the row says why', hole: 'H31 noMark' },
    edit(
      finish,
      "? (await moveRow(ports, spec, { event: 'refuse', id, refused: reasonOf(because) })).row",
      '? (await readRow(ports, spec)).row',
    ),
    edit(
      finish,
      "return row?.pending?.id === id ? row.pending.refused : 'moved on';",
      "return row?.pending?.id === id ? because && reasonOf(because) : 'moved on';",
    ),
  ),
  planted(
    { name: 'all parts are published at once', hole: 'H32 noToken' },
    edit(
      filesCommit,
      "if (token && from === 0 && (await retry(() => files.publish(token))) === 'gone') return { done: await settleLoss(at, intent) };",
    ),
    edit(filesCommit, '.filter(({ staged }) => staged !== token?.staged);', ".filter(({ staged }) => staged !== '' || token);"),
  ),
  planted(
    { name: 'a token that is gone is taken, whoever used it up', hole: 'H30 refuseVisible' },
    edit(filesFence, 'return !(await isPublishedWhole(files, token));', 'return true;'),
  ),
  planted(
    { name: 'a discard does not fence', hole: 'discardNoFence' },
    edit(
      filesFence,
      "const moved = standing === 'prev' ? await moveToFence(at, intent, reason) : standing;",
      "const moved = standing !== 'prev' ? standing : how === 'by force' ? 'fence' : await moveToFence(at, intent, reason);",
    ),
  ),
  planted(
    { name: 'a discard takes back what is published before its sources', hole: 'H33 takeBackFirst' },
    edit(filesFence, 'await discardStaged(files, stagingOf(place, intent.epoch, intent.lineage)); const listed', 'const listed'),
    edit(
      filesFence,
      'await mapConcurrent(published, (final) => retry(() => files.remove(final)));',
      'await mapConcurrent(published, (final) => retry(() => files.remove(final))); await discardStaged(files, stagingOf(place, intent.epoch, intent.lineage));',
    ),
  ),
  planted(
    { name: 'a first load that was refused makes the destination ours', hole: 'H35 refusedIsOurs' },
    edit(filesStore, 'if (head && !head.nothing) {', 'if (head) {'),
    edit(filesStore, 'const found = read?.head.nothing ? undefined : read;', 'const found = read;'),
    edit(sqlStore, 'if (head && !head.nothing)', 'if (head)'),
  ),
];
