/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources are quoted here as they are written */
import type { PlantedBug } from './planted-bug.ts';

const publishing = 'src/databases/store/table-commit.ts';
const naming = 'src/databases/store/rename-into-place.ts';
const store = 'src/databases/store/store.ts';
const staging = 'src/databases/store/staged-tables.ts';
const taking = 'src/databases/store/adopt-staged-table.ts';
const head = 'src/databases/store/head.ts';
const replacing = 'src/databases/store/delete-condition.ts';

const rules: readonly PlantedBug[] = [
  {
    name: 'the head of a table moves from wherever it is',
    hole: 'database: no fence',
    edits: [
      { file: publishing, find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const prepared", replace: 'const prepared' },
    ],
  },
  {
    name: 'the head of a table is read without a lock',
    hole: 'database: no lock on the head',
    edits: [
      {
        file: publishing,
        find: 'const standing = await this.#heads.lock(this.#session);',
        replace: 'const standing = await this.#heads.read(this.#session);',
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
    edits: [{ file: head, find: 'if (moved !== 1) throw headStays(this.#tables.heads);', replace: 'void headStays; void moved;' }],
  },
  {
    name: 'a commit that is there already is made again',
    hole: 'database: delivered twice',
    edits: [
      { file: publishing, find: 'if (head?.id === intent.id) return this.#already(intent);', replace: '' },
      {
        file: publishing,
        find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const prepared",
        replace: "if ((head?.id ?? null) !== intent.prev && head?.id !== intent.id) return 'fenced'; const prepared",
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
        find: "if ((head?.id ?? null) !== intent.prev) return 'fenced'; const prepared",
        replace: "if ((head?.id ?? null) !== intent.prev && head?.id !== fenceHeadId(intent)) return 'fenced'; const prepared",
      },
    ],
  },
  {
    name: 'the head moves before the table takes its name',
    hole: 'committing DDL: head before RENAME',
    edits: [
      {
        file: publishing,
        find: 'if (isAnew && committingDdl(this.#dialect)) throw new TableNotYetThere();',
        replace:
          'if (isAnew && committingDdl(this.#dialect)) return this.#settle(intent, standing, { total: 0, deleted: goes, counts: { inserted: intent.parts.reduce((sum, part) => sum + part.rows, 0), updated: 0, deleted: 0 } });',
      },
      {
        file: store,
        find: 'await this.#alone( session, () => publishing.ahead(intent), () => publishing.isolation(intent), ); return publishing.publish(intent);',
        replace:
          'if (committingDdl(this.#dialect) === undefined) return publishing.publish(intent); const outcome = await publishing.publish(intent); await session.commit("write"); await session.begin({ ...writing, label: "" }); if (typeof outcome === "object") await publishing.ahead({ ...intent, prev: intent.id }); return outcome;',
      },
    ],
  },
  {
    name: 'nobody looks which intent made the table that is there',
    hole: 'committing DDL: the comment is not read before a RENAME',
    edits: [
      {
        file: publishing,
        find: 'if ((await committingDdl(this.#dialect)?.bearing(this.#session, this.#place.table))?.id === intent.id) return; await this.#allStaged',
        replace: 'await this.#allStaged',
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
        find: 'if ((await committingDdl(this.#dialect)?.bearing(this.#session, this.#place.table))?.id === intent.id) return; await this.#allStaged',
        replace:
          'if ((await committingDdl(this.#dialect)?.bearing(this.#session, this.#place.table)) != null) return; await this.#allStaged',
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
      { file: store, find: 'there?.has(name) || epoch', replace: '(there?.has(name) && !/^(new|whole)_/.test(name)) || epoch' },
    ],
    ignoresStaging: true,
  },
  {
    name: 'a fence leaves what is staged',
    hole: 'committing DDL: the late RENAME of a fenced run',
    edits: [
      {
        file: store,
        find: 'await this.#alone(session, () => this.#takeTokens(session, request));',
        replace: 'await this.#alone(session, async () => undefined);',
      },
      {
        file: store,
        find: 'await this.#drop(await this.#in.looked((session) => this.#swept(session, fenced.staged, fenced.head.epoch)));',
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
        find: 'const parts = await ddl.likeThere(session, { there, id, rows, columns',
        replace: 'const parts = await ddl.likeThere(session, { there, id, rows: rows + 1, columns',
      },
    ],
  },
  {
    name: 'a shadow gets another intent’s name',
    hole: 'committing DDL: the wrong intent',
    edits: [
      {
        file: naming,
        find: 'const parts = await ddl.likeThere(session, { there, id, rows, columns',
        replace: 'const parts = await ddl.likeThere(session, { there, id: intent.prev ?? id, rows, columns',
      },
    ],
  },
  {
    name: 'what somebody staged for another intent takes the name',
    hole: 'committing DDL: rows of attempts that are none of the intent’s',
    edits: [
      { file: taking, find: 'if (others > 0 && dialect.staging.tags) await', replace: 'if (others < 0 && dialect.staging.tags) await' },
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
        find: 'await recordStaged(session, this.#dialect, this.#place, { name: table.name, run }); this.#made.push(table.name);',
        replace: '',
      },
      {
        file: staging,
        find: 'this.#tables.push(table); return table; } #totalsOf',
        replace:
          'await recordStaged(session, this.#dialect, this.#place, { name: table.name, run }); this.#tables.push(table); return table; } #totalsOf',
      },
    ],
  },
  {
    name: 'a failed attempt leaves its tables',
    hole: 'committing DDL: what an attempt made',
    edits: [
      {
        file: store,
        find: 'if (committingDdl(this.#dialect) && attempt) await this.#dropNow(attempt.names).catch(() => undefined);',
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
        find: 'if (deleted !== goes) throw othersWrote(this.#place.where, { found: deleted, prepared: goes });',
        replace: '',
      },
      {
        file: store,
        find: "if (supersede.what === 'boundary' && goes !== supersede.rows) throw boundaryChanged(this.where, { ...supersede, found: goes });",
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
        file: store,
        find: "if (supersede.what === 'boundary' && goes !== supersede.rows) throw boundaryChanged(this.where, { ...supersede, found: goes });",
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
