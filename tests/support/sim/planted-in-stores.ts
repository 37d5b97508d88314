/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import { type Edit, edit, type PlantedBug, planted } from './planted-bug.ts';

const protocol = 'src/engine/protocol/protocol.ts';
const claim = 'src/engine/protocol/claim.ts';
const filesCommit = 'src/files/store/commit.ts';
const replacedFiles = 'src/files/store/replaced-files.ts';
const nextHead = 'src/files/store/head/next-head.ts';
const stagedParts = 'src/files/store/staging/staged-parts.ts';
const memoryFiles = 'tests/support/memory-filesystem.ts';
const overwritingUploads: Edit = edit(memoryFiles, 'if (this.#files.has(names.staged)) throw usedTwice(names.staged);');
const noSweep: Edit = edit(claim, 'await sweep(ports, spec, store, row, mine.epoch);', "'swept';");

/** Rules that one kind of store keeps in its own way. */
export const plantedInStores: readonly PlantedBug[] = [
  planted(
    { name: 'no fence in the files store', hole: 'H23 noStoreFence' },
    edit(filesCommit, "return (now?.head.id ?? null) === intent.prev ? undefined : 'fenced';", 'return undefined;'),
  ),
  planted(
    { name: 'no fence in the SQL store', hole: 'H13 noStoreFence' },
    edit(
      'tests/support/sim/database.ts',
      "if ((this.head?.id ?? null) !== intent.prev) return 'fenced'; if (!intent.parts",
      "if ([...this.commits.values()].some(({ epoch }) => epoch === intent.epoch)) return 'already'; if (!intent.parts",
    ),
  ),
  planted(
    { name: 'a repeated slice overwrites its parts', hole: 'H1 partOverwrite' },
    overwritingUploads,
    edit('src/files/store/staging/part-writer.ts', 'nonce: this.#options.random.nonce()', "nonce: '0'"),
  ),
  planted(
    { name: 'a staging table is filled again by a repeat', hole: 'H1 partOverwrite' },
    edit('tests/support/sim/sql-store.ts', '_${role}_${this.#random.nonce()}`', '_${role}`'),
    edit('tests/support/sim/database.ts', 'if (this.staging.has(name)) throw new Error(`staging table ${name} exists already`);'),
  ),
  planted(
    { name: 'an upload is sent again under the same name', hole: 'H2 putAgain', ignoresStaging: true },
    overwritingUploads,
    edit(
      'tests/support/sim/disk.ts',
      "return this.#call( 'stage', names.staged, 'write',",
      "for (;;) try { return await this.#call( 'stage', names.staged, 'write',",
    ),
    edit(
      'tests/support/sim/disk.ts',
      '() => this.#disk.tear(names, whole), );',
      "() => this.#disk.tear(names, whole), ); } catch (error) { if ((error as Error).name !== 'OutcomeUnknown') throw error; }",
    ),
  ),
  planted(
    { name: 'publishing copies, and staging is emptied some time later', hole: 'H21 lazyUnstage + noSweep', ignoresStaging: true },
    noSweep,
    edit(memoryFiles, 'this.#delete(file.staged); if (final)', 'if (final)'),
    edit('tests/support/sim/disk.ts', "if (outcome !== 'gone') this.bodies.delete(file.staged);"),
    edit(stagedParts, 'await mapConcurrent(left, (file) => retry(() => files.discard(file)));'),
  ),
  planted(
    { name: 'a full load removes everything else', hole: 'H22 replaceAll' },
    edit(filesCommit, 'if (epoch !== undefined && epoch <= head.epoch) doomed.add(path);', 'doomed.add(path);'),
  ),
  planted(
    { name: 'epochs start again with the state', hole: 'H13 epochRestart' },
    edit(protocol, 'write(row, { lineage, epoch: headEpoch + 1, owner: lease })', 'write(row, { lineage, epoch: 1, owner: lease })'),
    edit(protocol, 'Math.max(row.epoch, headEpoch) + 1', 'row.epoch + 1'),
    edit('src/engine/repair/reset.ts', 'const above = Math.max(claimed.epoch, head?.epoch ?? 0)', 'const above = claimed.epoch'),
    edit('src/files/store/fence.ts', 'Math.max(request.above, now?.head.epoch ?? 0, ...seen) + 1', 'request.above + 1'),
  ),
  planted(
    { name: 'the sweep forgets lineages', hole: 'H14 noLineage' },
    edit(stagedParts, 'owner.lineage === lineage && owner.epoch < before', 'owner.epoch < before'),
  ),
  planted(
    { name: 'nobody looks whether the mark of an upload still stands', hole: 'H2 putAgain, for what is staged without a name' },
    edit('tests/support/sim/uploads.ts', 'if (!stands) throw new OutcomeUnknown(`${staged} was swept away`);', 'void stands;'),
  ),
  planted(
    { name: 'a boundary group that is closed stays marked as open', hole: 'planted from outside: rows below the watermark are lost' },
    edit(nextHead, "(file.role === 'boundary' && !target.keepsGroup ? { ...file, role: 'data' } : file)", '(file)'),
  ),
  planted(
    { name: 'a head that has moved meanwhile is taken for won', hole: 'planted from outside: If-Match is not looked at' },
    edit(nextHead, "if (outcome === 'moved') return step.to;", 'void outcome; return step.to;'),
  ),
  planted(
    { name: 'of several files that changed only the first is replaced', hole: 'own invention: one for all' },
    edit(
      replacedFiles,
      'file.source !== undefined && supersede.sources.includes(file.source)',
      'file.source !== undefined && supersede.sources[0] === file.source',
    ),
  ),
  planted(
    { name: 'a full load takes away the data of somebody else', hole: 'own invention: wrong comparison' },
    edit(replacedFiles, "file.role !== 'foreign' || supersede.foreign === 'replace'", "(file.role as string) !== 'nothing'"),
  ),
  planted(
    { name: 'a fence forgets which lineages were here before', hole: 'own invention: a record is lost' },
    edit('src/files/store/fence.ts', '...(before ? { earlier:', '...(before && false ? { earlier:'),
  ),
];
