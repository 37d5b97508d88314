/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import type { PlantedBug } from './planted-bug.ts';

const publishing = 'src/databases/store/commit/table-commit.ts';
const preparing = 'src/databases/store/commit/prepare.ts';
const naming = 'src/databases/store/commit/rename-into-place.ts';
const fencing = 'src/databases/store/fence.ts';
const sweeping = 'src/databases/store/sweep.ts';
const stage = 'src/databases/store/staging/stage.ts';
const staging = 'src/databases/store/staging/staged-tables.ts';
const taking = 'src/databases/store/commit/adopt-staged-table.ts';
const head = 'src/databases/store/head.ts';
const replacing = 'src/databases/store/commit/delete-condition.ts';

const rules: readonly PlantedBug[] = [
  {
    name: 'the head of a table moves from wherever it is',
    hole: 'database: no fence',
    edits: [{ file: publishing, find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took", replace: 'const took' }],
  },
  {
    name: 'the head of a table is read without a lock',
    hole: 'database: no lock on the head',
    edits: [
      {
        file: publishing,
        find: 'const standing = await heads.lock(session);',
        replace: 'const standing = await heads.read(session);',
      },
      {
        file: head,
        find: 'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity} and ${is}`, values);',
        replace:
          'await this.lock(session); const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity}`, values.slice(0, 6));',
      },
    ],
  },
  {
    name: 'a head that was locked is not compared when it moves',
    hole: 'database: a server that ignores what asks for locks',
    edits: [
      {
        file: head,
        find: 'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity} and ${is}`, values);',
        replace:
          'const moved = await session.execute(`update ${this.#tables.heads} set ${sets} where ${this.#isEntity}`, values.slice(0, 6));',
      },
    ],
  },
  {
    name: 'a head that did not move is taken for moved',
    hole: 'database: the count of the UPDATE',
    edits: [{ file: head, find: 'if (moved !== 1) throw headNotMoved(this.#tables.heads);', replace: 'void headNotMoved; void moved;' }],
  },
  {
    name: 'a commit that is there already is made again',
    hole: 'database: delivered twice',
    edits: [
      { file: publishing, find: 'if (head?.id === intent.id) return committedAlready(context, intent);', replace: '' },
      {
        file: publishing,
        find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took",
        replace: "if ((head?.id ?? null) !== intent.prev && head?.id !== intent.id) return 'fenced'; const took",
      },
    ],
  },
  {
    name: 'a refused commit is made when the cause has gone',
    hole: 'database: the fence of a refusal is not looked at',
    edits: [
      { file: publishing, find: "if (head?.id === fenceHeadId(intent)) return 'given up';", replace: '' },
      {
        file: publishing,
        find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const took",
        replace: "if ((head?.id ?? null) !== intent.prev && head?.id !== fenceHeadId(intent)) return 'fenced'; const took",
      },
    ],
  },
  {
    name: 'the head moves before the table takes its name',
    hole: 'committing DDL: head before RENAME',
    edits: [
      {
        file: publishing,
        find: 'if (isAnew && committingDdl(dialect)) throw new TableNotYetThere();',
        replace:
          'if (isAnew && committingDdl(dialect)) return { total: 0, deleted: goes, counts: { inserted: intent.parts.reduce((sum, part) => sum + part.rows, 0), updated: 0, deleted: 0 } };',
      },
      {
        file: publishing,
        find: 'await transactions.lockOutOtherCommits( context, () => publishAhead(context, intent, attempt), () => countingIsolation(context, intent), ); return publish(context, intent, attempt);',
        replace:
          'if (committingDdl(context.dialect) === undefined) return publish(context, intent, attempt); const outcome = await publish(context, intent, attempt); await context.session.commit("write"); await context.session.begin({ mode: "write", isolation: "statement", label: "" }); if (typeof outcome === "object") await publishAhead(context, { ...intent, prev: intent.id }, attempt); return outcome;',
      },
    ],
  },
  {
    name: 'nobody looks which intent made the table that is there',
    hole: 'committing DDL: the comment is not read before a RENAME',
    edits: [
      {
        file: publishing,
        find: 'if ((await committingDdl(dialect)?.madeByIntent(session, place.table))?.id === intent.id) return; await mustBeRecorded',
        replace: 'await mustBeRecorded',
      },
    ],
  },
  {
    name: 'a table that any intent made is taken for one’s own',
    hole: 'committing DDL: the comment is not compared',
    edits: [
      { file: publishing, find: 'if (took?.id === intent.id)', replace: 'if (took != null && intent.writing?.mode === "swap")' },
      {
        file: publishing,
        find: 'if ((await committingDdl(dialect)?.madeByIntent(session, place.table))?.id === intent.id) return; await mustBeRecorded',
        replace: 'if ((await committingDdl(dialect)?.madeByIntent(session, place.table)) != null) return; await mustBeRecorded',
      },
    ],
  },
  {
    name: 'a RENAME leaves what was staged where it is',
    hole: 'committing DDL: the token is not used up',
    edits: [
      {
        file: naming,
        find: '...(token === undefined ? [] : [{ from: staging(token), to: staging(used) }]), ]), );',
        replace: ']), );',
      },
      { file: naming, find: ', ...(token === undefined ? [] : [used])', replace: '' },
      // Its twin: what a dead run was about to rename is swept by the next one.
      { file: sweeping, find: 'there?.has(name) || epoch', replace: '(there?.has(name) && !/^(new|whole)_/.test(name)) || epoch' },
    ],
    ignoresStaging: true,
  },
  {
    name: 'a fence leaves what is staged',
    hole: 'committing DDL: the late RENAME of a fenced run',
    edits: [
      {
        file: fencing,
        find: 'await transactions.lockOutOtherCommits(context, () => takeTokens(context, request));',
        replace: 'await transactions.lockOutOtherCommits(context, async () => undefined);',
      },
      {
        file: fencing,
        find: 'await dropTables( transactions, await transactions.inReadTransaction((context) => tablesToSweep(context, fenced.staged, fenced.head.epoch)), );',
        replace: '',
      },
    ],
    ignoresStaging: true,
  },
  {
    name: 'the counts of a swap are told of another table',
    hole: 'committing DDL: rows in the comment',
    edits: [
      {
        file: naming,
        find: 'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows, columns',
        replace: 'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows: rows + 1, columns',
      },
    ],
  },
  {
    name: 'a shadow gets another intent’s name',
    hole: 'committing DDL: the wrong intent',
    edits: [
      {
        file: naming,
        find: 'const parts = await ddl.likenessAndIntentClauses(session, { there, id, rows, columns',
        replace: 'const parts = await ddl.likenessAndIntentClauses(session, { there, id: intent.prev ?? id, rows, columns',
      },
    ],
  },
  {
    name: 'what somebody staged for another intent takes the name',
    hole: 'committing DDL: rows of attempts that are none of the intent’s',
    edits: [
      {
        file: taking,
        find: 'if (others > 0 && dialect.staging.attemptTags) await',
        replace: 'if (others < 0 && dialect.staging.attemptTags) await',
      },
    ],
  },
  {
    name: 'a shadow is not recorded before it is made',
    hole: 'committing DDL: tables that nobody knows of',
    edits: [{ file: naming, find: 'of [shadow, ...', replace: 'of [...' }],
  },
  {
    name: 'what is staged is not recorded before it is made',
    hole: 'committing DDL: staged tables that nobody knows of',
    edits: [
      {
        file: staging,
        find: 'await recordStaged(session, this.#dialect, this.#place, { name, run }); this.#made.push(name);',
        replace: '',
      },
      {
        file: staging,
        find: 'await dropDdlTriggers(session, this.#dialect, table); return table; }',
        replace:
          'await dropDdlTriggers(session, this.#dialect, table); await recordStaged(session, this.#dialect, this.#place, { name, run }); this.#made.push(name); return table; }',
      },
    ],
  },
  {
    name: 'a failed attempt leaves its tables',
    hole: 'committing DDL: what an attempt made',
    edits: [
      {
        file: stage,
        find: 'if (committingDdl(transactions.dialect) && attempt) await dropExistingTables(transactions, attempt.names).catch(() => undefined);',
        replace: '',
      },
    ],
  },
  {
    name: 'rows that go are not compared with those that were counted',
    hole: 'database: delete by value',
    edits: [
      {
        file: publishing,
        find: 'if (deletedRows !== goes) throw othersWrote(place.where, { found: deletedRows, prepared: goes });',
        replace: '',
      },
      {
        file: preparing,
        find: "if (supersede.what === 'boundary' && goes !== supersede.rows) throw destinationBoundaryChanged(where, { ...supersede, found: goes });",
        replace: '',
      },
    ],
  },
  {
    name: 'the boundary group stays when it is read again',
    hole: 'database: ties twice',
    edits: [
      { file: replacing, find: "case 'boundary': {", replace: "case 'boundary': { if (supersede.column !== '') return '1 = 0';" },
      {
        file: preparing,
        find: "if (supersede.what === 'boundary' && goes !== supersede.rows) throw destinationBoundaryChanged(where, { ...supersede, found: goes });",
        replace: '',
      },
    ],
  },
  {
    name: 'increments are not counted where the table took its name before',
    hole: 'committing DDL: columns ahead of the transaction',
    edits: [{ file: publishing, find: 'if ((standing.head?.id ?? null) !== intent.prev) return; const there', replace: 'const there' }],
  },
];

/** Rules of the store of databases, planted in it and not in a model of it. */
export const plantedInDatabases: readonly PlantedBug[] = rules.map((bug) => ({ ...bug, in: 'databases' }));
