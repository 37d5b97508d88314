/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import { edit, type PlantedBug, planted } from './planted-bug.ts';

const publishing = 'src/databases/store/commit/table-commit.ts';
const preparing = 'src/databases/store/commit/prepare.ts';
const naming = 'src/databases/store/commit/rename-into-place.ts';
const fencing = 'src/databases/store/fence.ts';
const sweeping = 'src/databases/store/sweep.ts';
const staging = 'src/databases/store/staging/staged-tables.ts';
const taking = 'src/databases/store/commit/adopt-staged-table.ts';
const head = 'src/databases/store/head.ts';
const replacing = 'src/databases/store/commit/delete-condition.ts';

const rules: readonly PlantedBug[] = [
  planted(
    { name: 'the head of a table moves from wherever it is', hole: 'database: no fence' },
    edit(publishing, "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took", 'const took'),
  ),
  planted(
    { name: 'the head of a table is read without a lock', hole: 'database: no lock on the head' },
    edit(publishing, 'const standing = await heads.lock(session);', 'const standing = await heads.read(session);'),
    edit(
      head,
      'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity} and ${is}`, values);',
      'await this.lock(session); const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity}`, values.slice(0, 6));',
    ),
  ),
  planted(
    { name: 'a head that was locked is not compared when it moves', hole: 'database: a server that ignores what asks for locks' },
    edit(
      head,
      'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity} and ${is}`, values);',
      'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity}`, values.slice(0, 6));',
    ),
  ),
  planted(
    { name: 'a head that did not move is taken for moved', hole: 'database: the count of the UPDATE' },
    edit(head, 'if (moved !== 1) throw headNotMoved(this.#tables.heads);', 'void headNotMoved; void moved;'),
  ),
  planted(
    { name: 'a commit that is there already is made again', hole: 'database: delivered twice' },
    edit(publishing, 'if (head?.id === intent.id) return committedAlready(context, intent);'),
    edit(
      publishing,
      "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took",
      "if ((head?.id ?? null) !== intent.prev && head?.id !== intent.id) return 'fenced'; const took",
    ),
  ),
  planted(
    { name: 'a refused commit is made when the cause has gone', hole: 'database: the fence of a refusal is not looked at' },
    edit(publishing, "if (head?.id === fenceHeadId(intent)) return 'given up';"),
    edit(
      publishing,
      "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took",
      "if ((head?.id ?? null) !== intent.prev && head?.id !== fenceHeadId(intent)) return 'fenced'; const took",
    ),
  ),
  planted(
    { name: 'the head moves before the table takes its name', hole: 'committing DDL: head before RENAME' },
    edit(
      publishing,
      'if (isAnew && committingDdl(dialect)) throw new TableNotYetThere();',
      'if (isAnew && committingDdl(dialect)) return { total: 0, deleted: goes, counts: { inserted: intent.parts.reduce((sum, part) => sum + part.rows, 0), updated: 0, deleted: 0 } };',
    ),
    edit(
      publishing,
      'await transactions.lockOutOtherCommits( context, () => publishAhead(context, intent, attempt), () => countingIsolation(context, intent), ); return publish(context, intent, attempt);',
      'if (committingDdl(context.dialect) === undefined) return publish(context, intent, attempt); const outcome = await publish(context, intent, attempt); await context.session.commit("write"); await context.session.begin({ mode: "write", isolation: "statement", label: "" }); if (typeof outcome === "object") await publishAhead(context, { ...intent, prev: intent.id }, attempt); return outcome;',
    ),
  ),
  planted(
    { name: 'nobody looks which intent made the table that is there', hole: 'committing DDL: the comment is not read before a RENAME' },
    edit(
      publishing,
      'if ((await committingDdl(dialect)?.madeByIntent(session, place.table))?.id === intent.id) return; await mustBeRecorded',
      'await mustBeRecorded',
    ),
  ),
  planted(
    { name: 'a table that any intent made is taken for one’s own', hole: 'committing DDL: the comment is not compared' },
    edit(publishing, 'if (took?.id === intent.id)', 'if (took != null && intent.writing?.mode === "swap")'),
    edit(
      publishing,
      'if ((await committingDdl(dialect)?.madeByIntent(session, place.table))?.id === intent.id) return; await mustBeRecorded',
      'if ((await committingDdl(dialect)?.madeByIntent(session, place.table)) != null) return; await mustBeRecorded',
    ),
  ),
  planted(
    { name: 'a RENAME leaves what was staged where it is', hole: 'committing DDL: the token is not used up', ignoresStaging: true },
    edit(naming, '...(token === undefined ? [] : [{ from: staging(token), to: staging(used) }]), ]), );', ']), );'),
    edit(naming, ', ...(token === undefined ? [] : [used])'), // Its twin: what a dead run was about to rename is swept by the next one.
    edit(sweeping, 'there?.has(name) || epoch', '(there?.has(name) && !/^(new|whole)_/.test(name)) || epoch'),
  ),
  planted(
    { name: 'a fence leaves what is staged', hole: 'committing DDL: the late RENAME of a fenced run', ignoresStaging: true },
    edit(
      fencing,
      'await transactions.lockOutOtherCommits(context, () => takeTokens(context, request));',
      'await transactions.lockOutOtherCommits(context, async () => undefined);',
    ),
    edit(
      fencing,
      'await dropTables( transactions, await transactions.inReadTransaction((context) => tablesToSweep(context, fenced.staged, fenced.head.epoch)), );',
    ),
  ),
  planted(
    { name: 'the counts of a swap are told of another table', hole: 'committing DDL: rows in the comment' },
    edit(
      naming,
      'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows, columns',
      'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows: rows + 1, columns',
    ),
  ),
  planted(
    { name: 'a shadow gets another intent’s name', hole: 'committing DDL: the wrong intent' },
    edit(
      naming,
      'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows, columns',
      'const parts = await ddl.likenessAndIntentClauses(session, { there, id: intent.prev ?? id, rows, columns',
    ),
  ),
  planted(
    {
      name: 'what somebody staged for another intent takes the name',
      hole: 'committing DDL: rows of attempts that are none of the intent’s',
    },
    edit(taking, 'if (others > 0 && dialect.staging.attemptTags) await', 'if (others < 0 && dialect.staging.attemptTags) await'),
  ),
  planted(
    { name: 'a shadow is not recorded before it is made', hole: 'committing DDL: tables that nobody knows of' },
    edit(naming, 'of [shadow, ...', 'of [...'),
  ),
  planted(
    { name: 'what is staged is not recorded before it is made', hole: 'committing DDL: staged tables that nobody knows of' },
    edit(staging, 'await recordStaged(session, this.#dialect, this.#place, { name, run }); this.#made.push(name);'),
    edit(
      staging,
      'await dropDdlTriggers(session, this.#dialect, table); return table; }',
      'await dropDdlTriggers(session, this.#dialect, table); await recordStaged(session, this.#dialect, this.#place, { name, run }); this.#made.push(name); return table; }',
    ),
  ),
  planted(
    { name: 'rows that go are not compared with those that were counted', hole: 'database: delete by value' },
    edit(publishing, 'if (deletedRows !== goes) throw othersWrote(place.where, { found: deletedRows, prepared: goes });'),
    edit(
      preparing,
      "if (supersede.what === 'boundary' && goes !== supersede.rows) throw destinationBoundaryChanged(where, { ...supersede, found: goes });",
    ),
  ),
  planted(
    { name: 'the boundary group stays when it is read again', hole: 'database: ties twice' },
    edit(replacing, "case 'boundary': {", "case 'boundary': { if (supersede.column !== '') return '1 = 0';"),
    edit(
      preparing,
      "if (supersede.what === 'boundary' && goes !== supersede.rows) throw destinationBoundaryChanged(where, { ...supersede, found: goes });",
    ),
  ),
  planted(
    { name: 'increments are not counted where the table took its name before', hole: 'committing DDL: columns ahead of the transaction' },
    edit(publishing, 'if ((standing.head?.id ?? null) !== intent.prev) return; const there', 'const there'),
  ),
];

/** Rules of the store of databases, planted in it and not in a model of it. */
export const plantedInDatabases: readonly PlantedBug[] = rules.map((bug) => ({ ...bug, in: 'databases' }));
