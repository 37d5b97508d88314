import { describe, expect, it } from 'vitest';
import { startAzurite } from '../support/azurite.ts';
import { victims } from '../support/database-kill-rounds.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { growingIntoPostgres, growingRows, raceRounds, seeded } from '../support/kill-rounds.ts';
import { countConnections, noPostgres, postgresDatabase } from '../support/postgres.ts';
import { postgresRounds } from '../support/postgres-kill-rounds.ts';
import { startPostgres } from '../support/postgres-process.ts';
import { SEED } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { record } from './record.ts';

describe.skipIf(noPostgres() !== '')('real processes and PostgreSQL', () => {
  it.each(victims)('seven flows from and to it, 50 times with %s killed in the middle', async (victim) => {
    await using server = await startPostgres({ conf: ['synchronous_commit = on'] });
    await using db = await postgresDatabase(server);
    await using rounds = await postgresRounds(db, { server, step: 5_000, fraction: seeded(SEED) });
    let hit = 0;
    for (let n = 0; n < 50; n++) if (await rounds.round(victim)) hit++;
    record(
      `PostgreSQL, ${victim} killed`,
      `50 runs of seven flows, ${hit} of them hit while at work (seed ${SEED}); ${rounds.rows.toLocaleString('en-US')} rows each, equal as multisets after every next run, nothing left in staging`,
    );
    expect(hit).toBeGreaterThan(15);
  });

  it('racing 200 times for one entity', async () => {
    await using db = await postgresDatabase();
    const { flow, growing } = growingIntoPostgres(db);
    using workspace = new TestWorkspace(flow);
    const { held } = await raceRounds(workspace, 200, growing);
    record(
      'two at once into PostgreSQL',
      `200 races: one commit each, ${held} times the other was told who holds the entity; equal as multisets, nothing left in staging`,
    );
    expect(held).toBeGreaterThan(20);
  });

  it('the app fills 200 tables over a pool of 5 and reads them back, workers and the server killed', async () => {
    const random = seeded(SEED);
    await using azurite = await startAzurite();
    await using server = await startPostgres({ conf: ['synchronous_commit = on'] });
    await using db = await postgresDatabase(server);
    await db.sql(
      `create role app login password 'app'; grant create on database "${db.database}" to app; grant create on schema public to app`,
    );
    const names = Array.from({ length: 200 }, (_, n) => `table_${n}`);
    const pg = `type: postgres, host: ${db.host}, port: ${db.port}, database: ${db.database}, user: app, password: "\${PG_SECRET}", pool_size: 5`;
    const entities = `entities: [${names.join(', ')}]\n`;
    const files = {
      'flows/up/flow.yml': `home: { type: parquet, path: "in/{entity}" }\nstore: { ${pg} }\nrun_type: incremental\nwatermark: { column: at }\n${entities}`,
      'flows/down/flow.yml': `home: { ${pg}, table: "{entity}" }\nstore: { type: parquet, path: lake }\nrun_type: incremental\nwatermark: { column: at }\n${entities}`,
    };
    const settings = { PG_SECRET: 'app' };
    await using app = await startHyggeApp({ azurite, files, settings, options: '{ continue_on_error: true }' });
    let part = -1;
    const grow = async () => {
      part += 1;
      for (const [at, name] of names.entries())
        await app.workspace.parquet(`in/${name}/${part}.parquet`, growingRows(part * (100 + at), (part + 1) * (100 + at)));
    };
    const mustBeExact = async () => {
      for (const name of names) {
        const source = `select id, "at", noise from '${app.workspace.path('in', name)}/*.parquet'`;
        const differing = await app.difference('lake', 'down', name, source);
        if (differing > 0) throw new Error(`${differing} rows of ${name} differ after part ${part}`);
      }
      const left = await db.sql(`select tablename from pg_tables where schemaname = 'hygge_staging'`);
      if (left.length > 0) throw new Error(`left in staging: ${left.length} tables`);
    };
    await grow();
    const counted = await countConnections(db, 'app');
    for (const flow of ['up', 'down']) expect(await app.run(flow)).toMatchObject({ status: 'pass' });
    const { most } = await counted.end();
    expect(most).toBeLessThanOrEqual(5);
    await mustBeExact();
    const kills = { workers: 0, server: 0 };
    for (let n = 1; n <= 5; n++) {
      await grow();
      for (const flow of ['up', 'down']) {
        const before = (await app.host.ask('stats')).replaced;
        await app.host.ask('armWorker', 0, {
          atWrite: 1 + Math.floor(random() * 400),
          when: random() < 0.5 ? 'before' : 'after',
          what: 'kill',
        });
        await app.begin(flow);
        let isOver = false;
        const ended = app.ended(flow).finally(() => {
          isOver = true;
        });
        await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, random() * 10_000))]);
        if (!isOver) {
          await server.crash();
          kills.server += 1;
        }
        await ended;
        kills.workers += (await app.host.ask('stats')).replaced - before;
        await app.host.ask('armWorker', 0, null);
        expect(['pass', 'skip']).toContain((await app.run(flow)).status);
      }
      await mustBeExact();
    }
    record(
      'function app and PostgreSQL',
      `200 tables both ways on a pool of 5, at most ${most} connections by the server's count; ${kills.workers} kills of a worker, ${kills.server} crashes of the server (seed ${SEED}); equal as multisets after every next run, nothing left in staging`,
    );
    expect(kills.workers + kills.server).toBeGreaterThan(3);
  });
});
