/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import type { Edit, PlantedBug } from './planted-bug.ts';

const protocol = 'src/engine/protocol/protocol.ts';
const claim = 'src/engine/protocol/claim.ts';
const filesCommit = 'src/files/store/commit.ts';
const replacedFiles = 'src/files/store/replaced-files.ts';
const nextHead = 'src/files/store/head/next-head.ts';
const stagedParts = 'src/files/store/staging/staged-parts.ts';
const memoryFiles = 'tests/support/memory-filesystem.ts';
const overwritingUploads: Edit = {
  file: memoryFiles,
  find: 'if (this.#files.has(names.staged)) throw usedTwice(names.staged);',
  replace: '',
};
const noSweep: Edit = {
  file: claim,
  find: 'await sweep(ports, spec, store, row, mine.epoch);',
  replace: "'swept';",
};

/** Rules that one kind of store keeps in its own way. */
export const plantedInStores: readonly PlantedBug[] = [
  {
    name: 'no fence in the files store',
    hole: 'H23 noStoreFence',
    edits: [
      {
        file: filesCommit,
        find: "return (now?.head.id ?? null) === intent.prev ? undefined : 'fenced';",
        replace: 'return undefined;',
      },
    ],
  },
  {
    name: 'no fence in the SQL store',
    hole: 'H13 noStoreFence',
    edits: [
      {
        file: 'tests/support/sim/database.ts',
        find: "if ((this.head?.id ?? null) !== intent.prev) return 'fenced'; if (!intent.parts",
        replace: "if ([...this.commits.values()].some(({ epoch }) => epoch === intent.epoch)) return 'already'; if (!intent.parts",
      },
    ],
  },
  {
    name: 'a repeated slice overwrites its parts',
    hole: 'H1 partOverwrite',
    edits: [
      overwritingUploads,
      { file: 'src/files/store/staging/part-writer.ts', find: 'nonce: this.#options.random.nonce()', replace: "nonce: '0'" },
    ],
  },
  {
    name: 'a staging table is filled again by a repeat',
    hole: 'H1 partOverwrite',
    edits: [
      { file: 'tests/support/sim/sql-store.ts', find: '_${role}_${this.#random.nonce()}`', replace: '_${role}`' },
      {
        file: 'tests/support/sim/database.ts',
        find: 'if (this.staging.has(name)) throw new Error(`staging table ${name} exists already`);',
        replace: '',
      },
    ],
  },
  {
    name: 'an upload is sent again under the same name',
    hole: 'H2 putAgain',
    edits: [
      overwritingUploads,
      {
        file: 'tests/support/sim/disk.ts',
        find: "return this.#call( 'stage', names.staged, 'write',",
        replace: "for (;;) try { return await this.#call( 'stage', names.staged, 'write',",
      },
      {
        file: 'tests/support/sim/disk.ts',
        find: '() => this.#disk.tear(names, whole), );',
        replace: "() => this.#disk.tear(names, whole), ); } catch (error) { if ((error as Error).name !== 'OutcomeUnknown') throw error; }",
      },
    ],
    ignoresStaging: true,
  },
  {
    name: 'publishing copies, and staging is emptied some time later',
    hole: 'H21 lazyUnstage + noSweep',
    edits: [
      noSweep,
      { file: memoryFiles, find: 'this.#delete(file.staged); if (final)', replace: 'if (final)' },
      { file: 'tests/support/sim/disk.ts', find: "if (outcome !== 'gone') this.bodies.delete(file.staged);", replace: '' },
      {
        file: stagedParts,
        find: 'await mapConcurrent(left, (file) => retry(() => files.discard(file)));',
        replace: '',
      },
    ],
    ignoresStaging: true,
  },
  {
    name: 'a full load removes everything else',
    hole: 'H22 replaceAll',
    edits: [{ file: filesCommit, find: 'if (epoch !== undefined && epoch <= head.epoch) doomed.add(path);', replace: 'doomed.add(path);' }],
  },
  {
    name: 'epochs start again with the state',
    hole: 'H13 epochRestart',
    edits: [
      {
        file: protocol,
        find: 'write(row, { lineage, epoch: headEpoch + 1, owner: lease })',
        replace: 'write(row, { lineage, epoch: 1, owner: lease })',
      },
      { file: protocol, find: 'Math.max(row.epoch, headEpoch) + 1', replace: 'row.epoch + 1' },
      {
        file: 'src/engine/repair/reset.ts',
        find: 'const above = Math.max(claimed.epoch, head?.epoch ?? 0)',
        replace: 'const above = claimed.epoch',
      },
      {
        file: 'src/files/store/fence.ts',
        find: 'Math.max(request.above, now?.head.epoch ?? 0, ...seen) + 1',
        replace: 'request.above + 1',
      },
    ],
  },
  {
    name: 'the sweep forgets lineages',
    hole: 'H14 noLineage',
    edits: [{ file: stagedParts, find: 'owner.lineage === lineage && owner.epoch < before', replace: 'owner.epoch < before' }],
  },
  {
    name: 'nobody looks whether the mark of an upload still stands',
    hole: 'H2 putAgain, for what is staged without a name',
    edits: [
      {
        file: 'tests/support/sim/uploads.ts',
        find: 'if (!stands) throw new OutcomeUnknown(`${staged} was swept away`);',
        replace: 'void stands;',
      },
    ],
  },
  {
    name: 'a boundary group that is closed stays marked as open',
    hole: 'planted from outside: rows below the watermark are lost',
    edits: [
      {
        file: nextHead,
        find: "(file.role === 'boundary' && !target.keepsGroup ? { ...file, role: 'data' } : file)",
        replace: '(file)',
      },
    ],
  },
  {
    name: 'a head that has moved meanwhile is taken for won',
    hole: 'planted from outside: If-Match is not looked at',
    edits: [{ file: nextHead, find: "if (outcome === 'moved') return step.to;", replace: 'void outcome; return step.to;' }],
  },
  {
    name: 'of several files that changed only the first is replaced',
    hole: 'own invention: one for all',
    edits: [
      {
        file: replacedFiles,
        find: 'file.source !== undefined && supersede.sources.includes(file.source)',
        replace: 'file.source !== undefined && supersede.sources[0] === file.source',
      },
    ],
  },
  {
    name: 'a full load takes away the data of somebody else',
    hole: 'own invention: wrong comparison',
    edits: [
      {
        file: replacedFiles,
        find: "file.role !== 'foreign' || supersede.foreign === 'replace'",
        replace: "(file.role as string) !== 'nothing'",
      },
    ],
  },
  {
    name: 'a fence forgets which lineages were here before',
    hole: 'own invention: a record is lost',
    edits: [{ file: 'src/files/store/fence.ts', find: '...(before ? { earlier:', replace: '...(before && false ? { earlier:' }],
  },
];
