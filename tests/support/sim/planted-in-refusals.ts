/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import type { PlantedBug } from './planted-bug.ts';

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
  {
    name: 'a refused intent is dropped without a fence',
    hole: 'H28 noRefusedFence',
    edits: [
      {
        file: filesFence,
        find: "const moved = standing === 'prev' ? await moveToFence(at, intent, reason) : standing;",
        replace: "const moved = standing === 'prev' && reason ? 'fence' : standing;",
      },
      { file: database, find: 'this.head = headOfRefusal(this.head, intent, reason);', replace: 'void reason;' },
      {
        file: protocol,
        find: 'const settled = row.settled ? { ...row.settled, id: fence } : nothingSettled(fence, last.at);',
        replace: 'const settled = fence ? row.settled : nothingSettled(fence, last.at);',
      },
    ],
  },
  {
    name: 'a fence goes over whatever head there is',
    hole: 'fenceBlind',
    edits: [
      { file: filesFence, find: "if (standing !== 'prev') return { ended: standing };", replace: '' },
      {
        file: database,
        find: "if (this.head?.id === intent.id) return 'committed'; if (this.head?.id === fenceHeadId(intent)) return { removed: [] };",
        replace: 'if (this.head?.id === fenceHeadId(intent)) return { removed: [] };',
      },
      {
        file: database,
        find: "if ((this.head?.id ?? null) !== intent.prev) return 'fenced'; this.head = headOfRefusal",
        replace: 'this.head = headOfRefusal',
      },
    ],
  },
  {
    name: 'a fence is named by its maker',
    hole: 'H29 fenceRandom',
    edits: [
      {
        file: heads,
        find: 'id: fenceHeadId(intent), prev, epoch, reason };',
        replace: 'id: `${fenceHeadId(intent)}-mine`, prev, epoch, reason };',
      },
    ],
  },
  {
    name: 'a fence is taken for a store that moved on',
    hole: 'H29 refusedIsVoid',
    edits: [
      {
        file: finish,
        find: "if (outcome === 'given up') return goOnFromFence(ports, spec, intent);",
        replace: "if (outcome === 'given up') return voided(ports, spec, intent);",
      },
      {
        file: finish,
        find: 'await record(ports, spec, intent, { error, isTargetGone });',
        replace: 'await voided(ports, spec, intent); if (!error) await record(ports, spec, intent, { error, isTargetGone });',
      },
    ],
  },
  {
    name: 'a refusal is written as a settle',
    hole: 'H34 refusedMovesWatermark',
    edits: [
      {
        file: finish,
        find: "await moveRow(ports, spec, { event: 'give up', id: intent.id, fence: fenceHeadId(intent), last, ...gone }, { journal });",
        replace:
          "const { binding } = intent; const settled = { id: fenceHeadId(intent), epoch: 0, ...intent.settles, rows: 0, at }; await moveRow(ports, spec, { event: 'settle', id: intent.id, settled, added: 0, binding, lane: laneOf(intent), last }, { journal });",
      },
    ],
  },
  {
    name: 'giving up does not compare the intent',
    hole: 'H8 giveUpBlind',
    edits: [
      {
        file: protocol,
        find: 'if (row.pending?.id !== id) return already; const overtaken = row.epoch > row.pending.epoch; const settled = row.settled ?',
        replace: "const overtaken = id !== '' && row.epoch > (row.pending?.epoch ?? 0); const settled = row.settled ?",
      },
      {
        file: protocol,
        find: "claimed: { claim, intend, settle: nothing, void: nothing, refuse: nothing, 'give up': nothing,",
        replace: "claimed: { claim, intend, settle: nothing, void: nothing, refuse: nothing, 'give up': giveUp,",
      },
      {
        file: protocol,
        find: "idle: { claim, intend: () => refused('fenced'), settle: nothing, void: nothing, refuse: nothing, 'give up': nothing,",
        replace: "idle: { claim, intend: () => refused('fenced'), settle: nothing, void: nothing, refuse: nothing, 'give up': giveUp,",
      },
    ],
  },
  {
    name: 'the token is taken before the row says why',
    hole: 'H31 noMark',
    edits: [
      {
        file: finish,
        find: "? (await moveRow(ports, spec, { event: 'refuse', id, refused: reasonOf(because) })).row",
        replace: '? (await readRow(ports, spec)).row',
      },
      {
        file: finish,
        find: "return row?.pending?.id === id ? row.pending.refused : 'moved on';",
        replace: "return row?.pending?.id === id ? because && reasonOf(because) : 'moved on';",
      },
    ],
  },
  {
    name: 'all parts are published at once',
    hole: 'H32 noToken',
    edits: [
      {
        file: filesCommit,
        find: "if (token && from === 0 && (await retry(() => files.publish(token))) === 'gone') return { done: await settleLoss(at, intent) };",
        replace: '',
      },
      {
        file: filesCommit,
        find: '.filter(({ staged }) => staged !== token?.staged);',
        replace: ".filter(({ staged }) => staged !== '' || token);",
      },
    ],
  },
  {
    name: 'a token that is gone is taken, whoever used it up',
    hole: 'H30 refuseVisible',
    edits: [{ file: filesFence, find: 'return !(await isPublishedWhole(files, token));', replace: 'return true;' }],
  },
  {
    name: 'a discard does not fence',
    hole: 'discardNoFence',
    edits: [
      {
        file: filesFence,
        find: "const moved = standing === 'prev' ? await moveToFence(at, intent, reason) : standing;",
        replace: "const moved = standing !== 'prev' ? standing : how === 'by force' ? 'fence' : await moveToFence(at, intent, reason);",
      },
    ],
  },
  {
    name: 'a discard takes back what is published before its sources',
    hole: 'H33 takeBackFirst',
    edits: [
      {
        file: filesFence,
        find: 'await discardStaged(files, stagingOf(place, intent.epoch, intent.lineage)); const listed',
        replace: 'const listed',
      },
      {
        file: filesFence,
        find: 'await mapConcurrent(published, (final) => retry(() => files.remove(final)));',
        replace:
          'await mapConcurrent(published, (final) => retry(() => files.remove(final))); await discardStaged(files, stagingOf(place, intent.epoch, intent.lineage));',
      },
    ],
  },
  {
    name: 'a first load that was refused makes the destination ours',
    hole: 'H35 refusedIsOurs',
    edits: [
      { file: filesStore, find: 'if (head && !head.nothing) {', replace: 'if (head) {' },
      { file: filesStore, find: 'const found = read?.head.nothing ? undefined : read;', replace: 'const found = read;' },
      { file: sqlStore, find: 'if (head && !head.nothing)', replace: 'if (head)' },
    ],
  },
];
